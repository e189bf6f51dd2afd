"""What base.html needs besides the site information: title, description, breadcrumb, where we are in the menu."""

import json
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from .models import BasePage
from .pictures import SOCIAL_PICTURE, prepare_pictures
from .site_info import MenuPage, Notice, Picture, SiteInfo, get_site_info

JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the main navigation, knowing whether the visitor is there (``is_current``) or below."""

    id: int
    title: str
    url: str
    children: tuple["MenuEntry", ...]
    is_current: bool
    is_active: bool


class Frame:
    """Everything computed once per page for base.html, lazily."""

    def __init__(self, request, page: BasePage | None, variables: dict):
        self.request = request
        self.page = page
        self.variables = variables
        self.site: SiteInfo = get_site_info()

    @property
    def title_prefix(self) -> str:
        """A title that starts with the error is read first by screen readers (RGAA 8.6, 11.10)."""
        form = self.variables.get("form")
        return "Erreur – " if form is not None and form.is_bound and form.errors else ""

    @cached_property
    def title(self) -> str:
        """« page – section », or the ``title`` of a view; the name of the site is added by base.html."""
        if self.page is None:
            if title := self.variables.get("title"):
                return str(title)
            return " – ".join(item["title"] for item in reversed(self.breadcrumb)) or "Accueil"
        own = self.page.seo_title or self.page.title
        section = self.breadcrumb[0]["title"] if len(self.breadcrumb) > 1 else ""
        return f"{own} – {section}" if section else own

    @cached_property
    def description(self) -> str:
        if self.page is None:
            return self.variables.get("description") or self.site.description
        return self.page.search_description or self.page.summary or self.site.description

    @cached_property
    def breadcrumb(self) -> list[dict[str, str]]:
        """From the first section to this page, « Accueil » left out; empty on the home page."""
        if self.page is None:
            return list(self.variables.get("breadcrumb") or [])
        if self.page.depth <= 2:
            return []
        root_path = "/".join(self.page.url_path.split("/")[:2]) + "/"
        own = {"title": self.page.title, "url": "/" + self.page.url_path.removeprefix(root_path)}
        above = own["url"].removesuffix(f"{self.page.slug}/")
        section = next((entry for entry in self.site.menu if entry.url == above), None)
        if section is not None:  # most pages are right below a section, whose title is known
            return [{"title": section.title, "url": section.url}, own]
        ancestors = (
            BasePage.objects.ancestor_of(self.page)
            .filter(depth__gt=2)
            .order_by("path")
            .values_list("title", "url_path")
            if self.page.depth > 3
            else []
        )
        steps = [*ancestors, (self.page.title, self.page.url_path)]
        return [{"title": title, "url": "/" + url_path.removeprefix(root_path)} for title, url_path in steps]

    @cached_property
    def path(self) -> str:
        """The address of this page on the site, without parameters."""
        if self.page is not None and self.breadcrumb:
            return self.breadcrumb[-1]["url"]
        return "/" if self.page is not None or self.request is None else self.request.path

    @cached_property
    def canonical_url(self) -> str:
        return settings.SITE_URL + (self.variables.get("canonical_url") or self.path)

    @property
    def noindex(self) -> bool:
        return not settings.SITE_IS_INDEXABLE or bool(self.variables.get("noindex"))

    @property
    def og_type(self) -> str:
        return "article" if self.page is not None and self.page.is_content else "website"

    @cached_property
    def image(self) -> Picture | None:
        """The picture shown by social networks, 1200 × 630 pixels or less, with an absolute address."""
        image = self.page.image if self.page is not None else None
        if image is None:
            return None
        prepare_pictures(content=[image])  # which most pages show as well
        rendition = image.get_rendition(SOCIAL_PICTURE)
        url = rendition.url if "://" in rendition.url else settings.SITE_URL + rendition.url
        return Picture(url, rendition.width, rendition.height, self.page.image_alt or self.page.title)

    @cached_property
    def menu_section(self) -> int | None:
        """Identifier of the section of the menu where the visitor is."""
        return next((section.id for section in self.site.menu if self.path.startswith(section.url)), None)

    @cached_property
    def menu_page(self) -> int | None:
        """Identifier of the page of the menu that the visitor reads."""
        pages = [page for section in self.site.menu for page in (section, *section.children)]
        return next((page.id for page in pages if page.url == self.path), None)

    @property
    def notice(self) -> Notice | None:
        return self.site.notice(timezone.now())

    @property
    def has_session(self) -> bool:
        """Whether somebody may be signed in; asking ``request.user`` of others would open their session."""
        return self.request is not None and settings.SESSION_COOKIE_NAME in self.request.COOKIES

    @property
    def structured_data(self) -> SafeString | str:
        """The breadcrumb for search engines (schema.org BreadcrumbList)."""
        if not self.breadcrumb:
            return ""
        steps = [{"title": "Accueil", "url": "/"}, *self.breadcrumb]
        items = [
            {
                "@type": "ListItem",
                "position": position,
                "name": step["title"],
                "item": settings.SITE_URL + (step.get("url") or self.path),
            }
            for position, step in enumerate(steps, start=1)
        ]
        return json_ld({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items})


def menu_entries(menu: tuple[MenuPage, ...], section: int | None, current: int | None) -> list[MenuEntry]:
    """The menu seen from the page ``current`` of the section ``section``."""
    return [
        MenuEntry(
            page.id,
            page.title,
            page.url,
            tuple(menu_entries(page.children, None, current)),
            is_current=page.id == current,
            is_active=page.id == section,
        )
        for page in menu
    ]


def json_ld(data: dict) -> SafeString:
    """A JSON-LD element in which no text can close the script."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(JSON_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 (escaped above)


def frame_of(context) -> Frame:
    """The frame of the page being rendered, from its template context."""
    page = context.get("page")
    return Frame(context.get("request"), page if isinstance(page, BasePage) else None, context.flatten())
