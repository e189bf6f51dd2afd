"""How a page looks elsewhere than on its own: as a card, and as a result of a search."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.text import capfirst

CARD, SNIPPET = "carte", "extrait"
MODES = [("", "Page"), (CARD, "Carte"), (SNIPPET, "Extrait de recherche")]
TEMPLATES = {CARD: "base/preview_card.html", SNIPPET: "base/preview_snippet.html"}
TITLES = {CARD: "Aperçu de la carte", SNIPPET: "Aperçu de l’extrait de recherche"}
# What search engines show of a title and of a description, in characters, before they cut.
TITLE_SHOWN, DESCRIPTION_SHOWN = 60, 160


@dataclass(frozen=True)
class EngineSnippet:
    """What a search engine shows of a page."""

    title: str
    address: str
    description: str

    @property
    def is_long(self) -> bool:
        """Whether the engine may cut something."""
        return len(self.title) > TITLE_SHOWN or len(self.description) > DESCRIPTION_SHOWN


class PreviewsMixin:
    """The preview modes of every page type; a draft that lacks everything has them too."""

    @property
    def preview_modes(self):
        return MODES

    def get_preview_template(self, request, mode_name):
        return TEMPLATES.get(mode_name) or super().get_preview_template(request, mode_name)

    def get_preview_context(self, request, mode_name):
        if mode_name not in TEMPLATES:
            return super().get_preview_context(request, mode_name)
        return {
            "page": self,
            "request": request,
            "preview_title": TITLES[mode_name],
            "row": preview_row(self, request),
            "snippet": engine_snippet(self),
        }


def preview_row(page, request):
    """The page as the lists of the site show it."""
    from territoires_en_commun.base.listing.display import Row

    detail = capfirst(str(page._meta.verbose_name))
    return Row(page, page.get_url(request) or "#", detail, [theme.name for theme in page.themes.all()])


def engine_snippet(page) -> EngineSnippet:
    """The page as search engines show it."""
    from territoires_en_commun.base.site_info import get_site_info

    site = get_site_info()
    return EngineSnippet(
        f"{page.seo_title or page.title} – {site.name}",
        settings.SITE_URL + (page.get_url() or "/"),
        page.search_description or page.summary or site.description,
    )
