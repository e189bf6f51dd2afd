"""What a new site needs; every step can run again and leaves alone what people changed."""

from .pages import ensure_home, ensure_legal_pages, ensure_sections, ensure_site
from .roles import ensure_roles, ensure_workflow
from .themes import ensure_audiences, ensure_themes

__all__ = [
    "ensure_audiences",
    "ensure_home",
    "ensure_legal_pages",
    "ensure_roles",
    "ensure_sections",
    "ensure_site",
    "ensure_themes",
    "ensure_workflow",
]
