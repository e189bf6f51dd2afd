"""What every page shows of the site, read once and kept in the cache: no query on a warm page."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DatabaseError, transaction
from django.db.models import Q, Value
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site
from wagtail.signals import post_page_move

from .models import (
    AccessibilityAudit,
    AccessibilityStatus,
    BasePage,
    HeaderLink,
    SiteSettings,
    SocialLink,
    accessibility_status,
)

logger = logging.getLogger(__name__)

CACHE_KEY = "base.site_info"
# Seconds; only bounds what another process shows when the cache is not shared between them (locmem).
CACHE_SECONDS = 60
MENU_DEPTH = 4  # the tree's root is 1, the home page 2, the menu 3 and 4
CONTACT_URL = "/contact/"
LOCAL_ADDRESS = "contact@localhost"


@dataclass(frozen=True)
class Link:
    """A labelled address."""

    label: str
    url: str
    icon: str = ""


# DSFR, footer: these four, in this order.
STATE_LINKS = (
    Link("info.gouv.fr", "https://www.info.gouv.fr"),
    Link("service-public.gouv.fr", "https://www.service-public.gouv.fr"),
    Link("legifrance.gouv.fr", "https://www.legifrance.gouv.fr"),
    Link("data.gouv.fr", "https://www.data.gouv.fr"),
)
ACCESSIBILITY_URL = "/accessibilite/"
FOOTER_LINKS_BEFORE = (Link("Plan du site", "/plan-du-site/"),)
FOOTER_LINKS_AFTER = (
    Link("Mentions légales", "/mentions-legales/"),
    Link("Données personnelles", "/donnees-personnelles/"),
    Link("Gestion des cookies", "/gestion-des-cookies/"),
    Link("Conditions générales d’utilisation", "/cgu/"),
)
# Shown once a page with that slug is published under the home page.
OPTIONAL_FOOTER_LINKS = (
    Link("Écoconception", "/ecoconception/"),
    Link("Statistiques", "/stats/"),
    Link("Budget", "/budget/"),
)


@dataclass(frozen=True)
class MenuPage:
    """A page of the main navigation."""

    id: int
    title: str
    url: str
    children: tuple["MenuPage", ...] = ()


@dataclass(frozen=True)
class Picture:
    """An image ready for a template: its address and its size in pixels."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Notice:
    """The banner under the header."""

    level: str
    title: str
    text: str
    url: str
    link_label: str


@dataclass(frozen=True, eq=False)
class SiteInfo:
    """The site settings, the latest accessibility audit, the main navigation; equal when read at the same time."""

    settings: SiteSettings
    only_site: Site | None = None  # None as well when there are several: Wagtail then looks for the right one
    audit: AccessibilityAudit | None = None
    menu: tuple[MenuPage, ...] = ()
    header_links: tuple[Link, ...] = (Link("Contact", CONTACT_URL, "fr-icon-mail-line"),)
    social_links: tuple[Link, ...] = ()
    operator_logo: Picture | None = None
    optional_footer_links: tuple[Link, ...] = ()
    name: str = settings.WAGTAIL_SITE_NAME
    version: str = ""  # changes whenever this is read again
    state_links: Sequence[Link] = field(default=STATE_LINKS, repr=False)

    def __eq__(self, other) -> bool:
        return isinstance(other, SiteInfo) and self.version == other.version

    def __hash__(self) -> int:
        return hash(self.version)

    @property
    def state_lines(self) -> list[str]:
        return [line for line in self.settings.state_name.splitlines() if line.strip()]

    @property
    def state_name(self) -> str:
        return " ".join(self.state_lines)

    @property
    def tagline(self) -> str:
        return self.settings.tagline

    @property
    def description(self) -> str:
        return self.settings.description

    @property
    def operator_name(self) -> str:
        return self.settings.operator_name

    @property
    def home_title(self) -> str:
        """Title of the home link, as the DSFR words it: « Accueil - service - operator - State »."""
        return " - ".join(filter(None, ["Accueil", self.name, self.operator_name, self.state_name]))

    @property
    def accessibility_status(self) -> AccessibilityStatus:
        """Today's status: an audit expires without anybody touching it."""
        return self.accessibility_status_on(timezone.localdate())

    def accessibility_status_on(self, today: date) -> AccessibilityStatus:
        return accessibility_status(self.audit, today)

    @property
    def footer_links(self) -> list[Link]:
        """The mandated bottom list (DSFR, footer; arrêté du 20 septembre 2019 for the wording of the status)."""
        accessibility = Link(f"Accessibilité : {self.accessibility_status.label}", ACCESSIBILITY_URL)
        return [*FOOTER_LINKS_BEFORE, accessibility, *FOOTER_LINKS_AFTER, *self.optional_footer_links]

    def notice(self, now: datetime) -> Notice | None:
        """The banner to show at that time, or None."""
        if not self.settings.shows_notice(now):
            return None
        return Notice(
            level=self.settings.notice_level,
            title=self.settings.notice_title,
            text=self.settings.notice_text,
            url=self.settings.notice_url,
            link_label=self.settings.notice_link_label,
        )


def get_site_info() -> SiteInfo:
    """The site information, from the cache when it is there.

    Never raises for a database that does not answer: error pages need it too. The defaults are then returned,
    and not kept.
    """
    try:
        info = cache.get(CACHE_KEY)
        if info is None:
            info = read_site_info()
            cache.set(CACHE_KEY, info, CACHE_SECONDS)
    except (DatabaseError, OSError):
        logger.warning("Site information is not available, defaults are shown", exc_info=True)
        return SiteInfo(settings=SiteSettings())
    return info


def read_site_info() -> SiteInfo:
    """Read everything from the database."""
    site_settings = SiteSettings.objects.select_related("operator_logo").first() or SiteSettings()
    header_links, social_links = read_links(site_settings) if site_settings.pk else ((), ())
    sites = list(Site.objects.select_related("root_page"))
    root = next((site.root_page for site in sites if site.is_default_site), None)
    menu, optional_links = read_pages(root) if root else ((), ())
    return SiteInfo(
        settings=site_settings,
        only_site=sites[0] if len(sites) == 1 else None,
        version=uuid4().hex,
        audit=AccessibilityAudit.objects.first(),
        menu=menu,
        social_links=social_links,
        operator_logo=logo_picture(site_settings),
        optional_footer_links=optional_links,
        **({"header_links": header_links} if header_links else {}),
    )


def logo_picture(site_settings: SiteSettings) -> Picture | None:
    """The logo at twice the height at which it is shown."""
    if site_settings.operator_logo is None:
        return None
    rendition = site_settings.operator_logo.get_rendition("max-400x180|format-png")
    return Picture(rendition.url, rendition.width, rendition.height, site_settings.operator_logo_alt)


def read_links(site_settings: SiteSettings) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """The links of the header and those to social networks, in the order of the editors; one query."""
    header = (
        HeaderLink.objects.filter(settings=site_settings)
        .order_by()
        .values_list(Value("header"), "label", "url", "sort_order")
    )
    social = (
        SocialLink.objects.filter(settings=site_settings)
        .order_by()
        .values_list(Value("social"), "network", "url", "sort_order")
    )
    rows = sorted(header.union(social, all=True), key=lambda row: row[3] or 0)
    networks = dict(SocialLink._meta.get_field("network").flatchoices)
    return (
        tuple(Link(label, url) for part, label, url, _order in rows if part == "header"),
        tuple(Link(networks.get(name, name), url) for part, name, url, _order in rows if part == "social"),
    )


def read_pages(root: BasePage) -> tuple[tuple[MenuPage, ...], tuple[Link, ...]]:
    """The menu, two levels of live and public pages in the order of the tree, and the optional links that lead
    somewhere; one query."""
    footer = Q(depth=root.depth + 1, slug__in=[link.url.strip("/") for link in OPTIONAL_FOOTER_LINKS])
    pages = BasePage.objects.descendant_of(root).filter(footer | Q(show_in_menus=True), depth__lte=root.depth + 2)
    names = ("id", "title", "url_path", "path", "depth", "show_in_menus")
    children: dict[str, list[MenuPage]] = {}
    sections, urls = [], set()
    for pk, title, url_path, path, depth, in_menu in pages.live_public().order_by("path").values_list(*names):
        page = MenuPage(pk, title, "/" + url_path.removeprefix(root.url_path))
        urls.add(page.url)
        if in_menu and depth == root.depth + 1:
            sections.append((path, page))
        elif in_menu:
            children.setdefault(path[: -BasePage.steplen], []).append(page)
    menu = tuple(MenuPage(page.id, page.title, page.url, tuple(children.get(path, ()))) for path, page in sections)
    return menu, tuple(link for link in OPTIONAL_FOOTER_LINKS if link.url in urls)


@receiver(post_page_move)
@receiver([post_save, post_delete], sender=Site)
@receiver([post_save, post_delete], sender=SiteSettings)
@receiver([post_save, post_delete], sender=HeaderLink)
@receiver([post_save, post_delete], sender=SocialLink)
@receiver([post_save, post_delete], sender=AccessibilityAudit)
@receiver([post_save, post_delete], sender=PageViewRestriction)
def forget_site_info(**_kwargs) -> None:
    """Read again at the next page; once more when the change is committed, for a reader that came in between."""
    cache.delete(CACHE_KEY)
    transaction.on_commit(partial(cache.delete, CACHE_KEY))


@receiver([post_save, post_delete])
def forget_on_page_change(sender, instance, **_kwargs) -> None:
    """Publishing, unpublishing and renaming save the page; only the two levels under the home page matter."""
    if issubclass(sender, BasePage) and instance.depth <= MENU_DEPTH:
        forget_site_info()


def contact_address() -> str:
    """Where messages go: the contact address of the settings, else the sender of the site's own mails.

    A site on an IP address or a bare name has no such sender: its mails stay on the machine.
    """
    address = get_site_info().settings.contact_email or settings.DEFAULT_FROM_EMAIL.rsplit("<", 1)[-1].rstrip(">")
    try:
        validate_email(address)
    except ValidationError:
        return LOCAL_ADDRESS
    return address
