"""Texts of pages, kept as plain HTML files and turned into the blocks that editors know."""

import re
import uuid


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
