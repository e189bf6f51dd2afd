"""What every page shares."""

from .media import CustomDocument, CustomImage, CustomRendition
from .pages import BasePage, Licence
from .taxonomies import Partner, Programme, ProgrammeTerritory, Term, Theme

__all__ = [
    "BasePage",
    "CustomDocument",
    "CustomImage",
    "Licence",
    "Partner",
    "Programme",
    "ProgrammeTerritory",
    "CustomRendition",
    "Term",
    "Theme",
]
