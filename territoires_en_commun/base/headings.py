"""The outline of a page body: its parts, the headings of its blocks, and whether a level is skipped (RGAA 9.1)."""

import re
from collections.abc import Iterator

SUMMARY_THRESHOLD = 4  # parts from which a page opens with its table of contents
# Blocks whose own template prints headings.
OWN_HEADINGS = {"cards": [2, 3], "steps": [2, 3], "key_figures": [2]}


def heading_levels(block_type: str, value) -> list[int]:
    """The levels of the headings that a block shows, in order."""
    if block_type == "heading":
        level = value.get("level")
        return [int(level[1])] if level else []
    if block_type == "text":
        return [int(level) for level in re.findall(r"<h([2-6])[ >]", value.source)]
    return OWN_HEADINGS.get(block_type, [])


def skipped_levels(stream) -> Iterator[tuple[int, int, str]]:
    """Blocks that skip a level below what comes before: index, level found, what it follows.

    The title of the page is the h1 that comes first.
    """
    current = 1
    for index, child in enumerate(stream):
        for level in heading_levels(child.block_type, child.value):
            if level > current + 1:
                yield index, level, "le titre de la page" if current == 1 else f"un h{current}"
            current = level


def parts_of(stream) -> list[dict[str, str]]:
    """The parts of a body (its h2), for its table of contents; empty when there are few."""
    parts = [
        {"id": f"s-{child.id}", "title": child.value["text"]}
        for child in stream
        if child.block_type == "heading" and child.value["level"] == "h2"
    ]
    return parts if len(parts) >= SUMMARY_THRESHOLD else []
