"""The data files of this room."""

import tomllib
from pathlib import Path

from territoires_en_commun.base.html_blocks import blocks_from_html
from territoires_en_commun.base.typography import typeset

DATA = Path(__file__).parent.parent / "data"


def read_toml(name: str) -> dict:
    """A data file of this room. Raise FileNotFoundError or tomllib.TOMLDecodeError."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def read_body(name: str) -> list[dict]:
    """The blocks of an HTML file of this room, by its path without suffix."""
    return blocks_from_html(typeset((DATA / f"{name}.html").read_text(encoding="utf-8")))
