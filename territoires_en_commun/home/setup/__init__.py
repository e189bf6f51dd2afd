"""What a new site needs; every step can run again and leaves alone what people changed."""

from .pages import ensure_directory, ensure_home, ensure_legal_pages, ensure_site
from .roles import ensure_roles, ensure_workflow
from .themes import ensure_themes

__all__ = [
    "ensure_directory",
    "ensure_home",
    "ensure_legal_pages",
    "ensure_roles",
    "ensure_site",
    "ensure_themes",
    "ensure_workflow",
]
