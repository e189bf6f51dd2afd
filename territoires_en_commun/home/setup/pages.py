"""The site record, the home page and the legal pages."""

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Site

from agenda.models import CallIndexPage, EventIndexPage
from annuaire.models import DirectoryPage
from blog.models import ArticleIndexPage
from ressources.models import ExperienceIndexPage, ResourceIndexPage
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.typography import typeset
from territoires_en_commun.home.legal import LegalKind
from territoires_en_commun.home.models import HomePage, LegalPage

from .roles import settle_roles
from .texts import read_body, read_toml

# The index page of each section, by address; their texts are in pages.toml.
SECTIONS = {
    "annuaire": DirectoryPage,
    "ressources": ResourceIndexPage,
    "experiences": ExperienceIndexPage,
    "agenda": EventIndexPage,
    "appels-a-projets": CallIndexPage,
    "actualites": ArticleIndexPage,
}
WELCOME_TITLES = ("Welcome to your new Wagtail site!", "Bienvenue sur votre nouveau site Wagtail !")


def ensure_home() -> list[str]:
    """Create the home page under the root; return what was done, in French."""
    if HomePage.objects.exists():
        return []
    root = BasePage.objects.get(depth=1)
    free_slug = "accueil" if not root.get_children().filter(slug="accueil").exists() else "accueil-du-site"
    home = HomePage(title="Accueil", slug=free_slug, body=[], **texts_of("home"))
    root.add_child(instance=home)
    home.save_revision().publish()
    return ["Page d’accueil créée.", *settle_roles(home)]


def texts_of(*path: str) -> dict[str, str]:
    """Title, summary and other short texts of a page of the data file."""
    texts = read_toml("pages.toml")
    for key in path:
        texts = texts[key]
    return {name: typeset(text) for name, text in texts.items()}


def ensure_site() -> list[str]:
    """Make the default site the one of SITE_URL, with our home page, and remove Wagtail's welcome page."""
    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    home = HomePage.objects.order_by("path").first()
    site = Site.objects.filter(is_default_site=True).first()
    done = []
    if site is None:
        site = Site(is_default_site=True, root_page=home)
    wanted = {"hostname": address.hostname, "port": port}
    if not HomePage.objects.filter(pk=site.root_page_id).exists():
        wanted["root_page"] = home
    if not site.site_name:
        wanted["site_name"] = settings.WAGTAIL_SITE_NAME
    if site.pk is None or any(getattr(site, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(site, name, value)
        site.save()
        done.append(f"Site réglé sur {settings.SITE_URL}.")
    return done + remove_welcome_page()


def remove_welcome_page() -> list[str]:
    """Delete Wagtail's welcome page when nobody wrote in it, put a page below it or made it a site's root."""
    pages = BasePage.objects.filter(depth=2, title__in=WELCOME_TITLES, numchild=0, latest_revision=None)
    for page in pages.filter(content_type__app_label="base", content_type__model="basepage", sites_rooted_here=None):
        page.delete()
        return ["Page de bienvenue de Wagtail supprimée."]
    return []


def ensure_sections() -> list[str]:
    """Create the missing index pages under the home page; return what was done, in French."""
    home, done = HomePage.objects.order_by("path").first(), []
    for slug, model in SECTIONS.items():
        if model.objects.exists():
            continue
        page = model(slug=slug, show_in_menus=True, **texts_of("sections", slug))
        home.add_child(instance=page)
        page.save_revision().publish()
        done.append(f"Page « {page.title} » créée.")
    return done


def ensure_legal_pages() -> list[str]:
    """Create the legal pages that are missing; the text of those that exist belongs to the editors."""
    home = HomePage.objects.order_by("path").first()
    existing = set(LegalPage.objects.values_list("kind", flat=True))
    done = []
    for kind in LegalKind:
        if kind in existing:
            continue
        body = read_body(f"pages/{kind.value}")
        page = LegalPage(kind=kind, slug=kind.value, body=body, **texts_of("legal", kind.value))
        home.add_child(instance=page)
        page.save_revision().publish()
        done.append(f"Page « {page.title} » créée.")
    return done
