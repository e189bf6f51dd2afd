"""What every page shares."""

from .accessibility import AccessibilityAudit, AccessibilityStatus, accessibility_status
from .changes import ChangeMark, mark_change
from .index_pages import IndexPage
from .link_checks import LinkCheck, LinkState, LinkUse
from .links import LinkKind, PageLink
from .media import CustomDocument, CustomImage, CustomRendition
from .pages import BasePage, Licence
from .reports import ErrorReport
from .reviews import ReminderStage, ReviewReminder
from .site import HeaderLink, SiteSettings, SocialLink
from .taxonomies import Audience, Partner, Programme, ProgrammeTerritory, Theme
from .terms import Term

__all__ = [
    "AccessibilityAudit",
    "AccessibilityStatus",
    "Audience",
    "BasePage",
    "ChangeMark",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "ErrorReport",
    "HeaderLink",
    "IndexPage",
    "Licence",
    "LinkCheck",
    "LinkKind",
    "LinkState",
    "LinkUse",
    "PageLink",
    "Partner",
    "Programme",
    "ProgrammeTerritory",
    "ReminderStage",
    "ReviewReminder",
    "SiteSettings",
    "SocialLink",
    "Term",
    "Theme",
    "accessibility_status",
    "mark_change",
]
