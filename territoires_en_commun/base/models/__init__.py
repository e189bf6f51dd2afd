"""What every page shares."""

from .accessibility import AccessibilityAudit, AccessibilityStatus, accessibility_status
from .changes import ChangeMark, mark_change
from .media import CustomDocument, CustomImage, CustomRendition
from .pages import BasePage, Licence
from .reports import ErrorReport
from .site import HeaderLink, SiteSettings, SocialLink
from .taxonomies import Partner, Programme, ProgrammeTerritory, Theme
from .terms import Term

__all__ = [
    "AccessibilityAudit",
    "AccessibilityStatus",
    "BasePage",
    "ChangeMark",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "ErrorReport",
    "HeaderLink",
    "Licence",
    "Partner",
    "Programme",
    "ProgrammeTerritory",
    "SiteSettings",
    "SocialLink",
    "Term",
    "Theme",
    "accessibility_status",
    "mark_change",
]
