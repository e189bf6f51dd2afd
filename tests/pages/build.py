"""Builds content pages for the tests: complete ones, and drafts that lack everything."""

from datetime import timedelta

from django.utils import timezone
from wagtail.models import Site

from territoires_en_commun.base.models import BasePage
from tests.factories import ThemeFactory, UserFactory
from tests.pages.models import ContentPage, SectionPage


def make_section(title="Rubrique"):
    """A published index page, root of the default site if there is none."""
    root = BasePage.objects.filter(depth=1).first() or BasePage.add_root(title="Racine", slug="racine", live=False)
    section = root.add_child(instance=SectionPage(title=title))
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True, hostname="testserver")
    if site.pk is None or not isinstance(site.root_page.specific, SectionPage):
        site.root_page = section
        site.save()
    return section


def complete(**fields):
    """An unsaved page that lacks nothing."""
    themes = fields.pop("themes", None)
    page = ContentPage(
        **{
            "title": "Une ressourcerie intercommunale",
            "summary": "Comment trois communes ont ouvert une ressourcerie commune.",
            "body": "<p>Le récit du projet.</p>",
            "review_date": timezone.localdate() + timedelta(days=365),
            "review_owner": fields.pop("review_owner", None) or UserFactory(),
            "live": False,
            **fields,
        }
    )
    page.themes = themes if themes is not None else [ThemeFactory()]
    return page


def make_page(parent=None, *, live=True, **fields):
    """A complete page under ``parent``, with one revision; published unless ``live`` is false."""
    parent = parent or make_section()
    page = (parent.add_child(instance=complete(**fields))).specific
    revision = page.save_revision()
    if live:
        revision.publish()
    return ContentPage.objects.get(pk=page.pk)


def make_draft(parent=None, title="Brouillon vide"):
    """A page that lacks everything but its title, with one revision."""
    parent = parent or make_section()
    page = parent.add_child(instance=ContentPage(title=title, live=False))
    page.save_revision(clean=False)
    return ContentPage.objects.get(pk=page.pk)
