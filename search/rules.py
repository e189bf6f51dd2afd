"""The synonyms and acronyms of editors, as the engines expand queries by."""

from .text.expansion import Rules


def current() -> Rules:
    """The rules of now."""
    return Rules()
