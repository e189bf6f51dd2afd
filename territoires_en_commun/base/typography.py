"""French typography of the texts that this room keeps in data files."""

import re


def typeset(text: str) -> str:
    """The apostrophes and no-break spaces that French asks for."""
    return re.sub(r" (?=[:;?!»])|(?<=«) ", "\u00a0", text.replace("'", "’"))
