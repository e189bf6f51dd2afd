"""Texts of pages, kept as plain HTML files and turned into the blocks that editors know."""

import re
import tomllib
import uuid
from pathlib import Path

from territoires_en_commun.base.typography import typeset

DATA = Path(__file__).parent.parent / "data"


def read_toml(name: str) -> dict:
    """A data file of this room. Raise FileNotFoundError or tomllib.TOMLDecodeError."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def read_body(name: str) -> list[dict]:
    """The blocks of an HTML file of this room, by its path without suffix."""
    return blocks_from_html(typeset((DATA / f"{name}.html").read_text(encoding="utf-8")))


def blocks_from_html(html: str) -> list[dict]:
    """Blocks of a simple HTML text: each ``<h2>`` is a heading, what lies between is rich text."""
    blocks = []
    for piece in re.split(r"(<h2>.*?</h2>)", html, flags=re.DOTALL):
        text = re.sub(r"[ \n]+", " ", piece).strip()
        if not text:
            continue
        if text.startswith("<h2>"):
            value = {"text": text.removeprefix("<h2>").removesuffix("</h2>"), "level": "h2"}
            blocks.append(new_block("heading", value))
        else:
            blocks.append(new_block("text", text))
    return blocks


def new_block(kind: str, value) -> dict:
    """A block as it is stored, with an identifier of its own."""
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}
