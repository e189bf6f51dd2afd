"""What every page shares: identity, readers' queries, search."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import PageViewRestriction

from territoires_en_commun.base.models import BasePage, Theme
from territoires_en_commun.base.services import merge_term
from territoires_en_commun.territories.models import Territory
from tests.factories import ThemeFactory
from tests.pages.build import make_draft, make_page, make_section
from tests.pages.models import ContentPage

pytestmark = pytest.mark.django_db


def titles(queryset) -> set[str]:
    return set(queryset.values_list("title", flat=True))


def test_live_public_hides_drafts_and_restricted_pages():
    section = make_section()
    make_page(section, title="Publique")
    make_draft(section, title="Brouillon")
    hidden = make_page(section, title="Réservée")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)

    assert titles(ContentPage.objects.live_public()) == {"Publique"}


def test_with_theme_includes_children_and_replaced_terms_without_duplicates():
    section = make_section()
    parent, other = ThemeFactory(), ThemeFactory()
    child = ThemeFactory(parent=parent)
    make_page(section, title="Parent et enfant", themes=[parent, child])
    make_page(section, title="Enfant", themes=[child])
    make_page(section, title="Autre", themes=[other])
    late = ThemeFactory()
    tardy = make_page(section, title="Enregistrée pendant la fusion", themes=[parent])
    merge_term(source=late, target=parent)
    tardy.themes = [Theme.objects.get(pk=late.pk)]
    tardy.save()

    found = list(ContentPage.objects.with_theme(parent).values_list("title", flat=True))

    assert sorted(found) == ["Enfant", "Enregistrée pendant la fusion", "Parent et enfant"]
    assert titles(ContentPage.objects.with_theme(Theme.objects.get(pk=late.pk))) == set(found)
    assert titles(ContentPage.objects.with_theme(child)) == {"Enfant", "Parent et enfant"}


def test_for_territory_finds_what_is_inside_and_on_demand_what_is_around(small_france):
    section = make_section()
    nantes = Territory.objects.get(type="commune", code="44109")
    department = Territory.objects.get(type="departement", code="44")
    for title, territory in (("Nantes", nantes), ("Loire-Atlantique", department)):
        page = make_page(section, title=title)
        page.territories = [territory]
        page.save()

    assert titles(BasePage.objects.for_territory(department)) == {"Nantes", "Loire-Atlantique"}
    assert titles(BasePage.objects.for_territory(nantes)) == {"Nantes"}
    assert titles(BasePage.objects.for_territory(nantes, wider=True)) == {"Nantes", "Loire-Atlantique"}


def test_external_reference_is_unique_when_given():
    section = make_section()
    make_page(section, title="Une", external_ref="source:1")
    make_page(section, title="Deux")
    make_page(section, title="Trois")
    other = make_page(section, title="Quatre", live=False)
    other.external_ref = "source:1"

    with pytest.raises(ValidationError, match="Un contenu porte déjà cette référence externe"):
        other.full_clean()

    assert titles(ContentPage.objects.by_external_ref("source:1")) == {"Une"}
    assert not ContentPage.objects.by_external_ref("").exists()


def test_search_finds_pages_by_title_summary_and_theme():
    section = make_section()
    page = make_page(
        section,
        title="Ressourcerie",
        summary="Réemploi des objets du quotidien.",
        themes=[ThemeFactory(name="Économie circulaire", synonyms="déchets\nrecyclage")],
    )
    make_page(section, title="Médiathèque", summary="Lire ensemble.")

    for text in ("ressourcerie", "réemploi", "circulaire", "recyclage"):
        assert [found.pk for found in ContentPage.objects.search(text)] == [page.pk], text


def test_summary_is_limited_to_300_characters():
    page = make_page(live=False)
    page.summary = "a" * 301

    with pytest.raises(ValidationError) as refusal:
        page.full_clean()

    assert list(refusal.value.message_dict) == ["summary"]


def test_review_date_of_the_live_version_is_read_from_the_live_row():
    page = make_page(review_date=timezone.localdate() + timedelta(days=30))
    page.review_date = None

    assert page.live_review_date == timezone.localdate() + timedelta(days=30)
