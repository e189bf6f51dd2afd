"""The listing of every index page: what it keeps, in which order, with which counts."""

from urllib.parse import quote

import pytest
from django import forms
from wagtail.models import PageViewRestriction

from territoires_en_commun.base.listing import ChoiceFacet, Listing, QueryFilter, TextFilter, ThemeFacet
from territoires_en_commun.base.models import BasePage, Licence, Theme
from tests.base.listing_site import add_page, counts, listing_of, make_section, titles
from tests.factories import ProgrammeFactory, ThemeFactory
from tests.pages.models import ContentPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    return make_section("Accueil")


@pytest.fixture
def themed(section):
    """Four pages: two on water, one on water and energy, one on energy only."""
    water = ThemeFactory(name="Eau", slug="eau")
    energy = ThemeFactory(name="Énergie", slug="energie")
    add_page(section, "Réparer les fuites", themes=[water], day=1)
    add_page(section, "Zones humides", themes=[water], day=2)
    add_page(section, "Barrage et turbine", themes=[water, energy], day=3)
    add_page(section, "Éolienne citoyenne", themes=[energy], day=4)
    return section


def test_listing_shows_live_pages_latest_first(themed):
    listing = listing_of()
    assert titles(listing) == ["Éolienne citoyenne", "Barrage et turbine", "Zones humides", "Réparer les fuites"]
    assert listing.count_label == "4\u00a0résultats"
    assert listing.ignored == []


def test_values_of_a_facet_add_up_and_facets_restrict_each_other(themed, section):
    assert titles(listing_of("?thematique=eau")) == ["Barrage et turbine", "Zones humides", "Réparer les fuites"]
    assert listing_of("?thematique=eau&thematique=energie").count == 4
    add_page(section.add_child(instance=type(section)(title="Rubrique vide", slug="vide")), "Solaire")
    assert counts(listing_of("?thematique=energie"), "genre") == {"contenu-d-essai": 2, "rubrique-d-essai": 0}
    assert titles(listing_of("?thematique=energie&genre=rubrique-d-essai")) == []


def test_counts_of_a_facet_ignore_its_own_selection_only(themed, section):
    programme = ProgrammeFactory(name="Villages d’avenir", slug="villages-d-avenir", acronym="")
    water = BasePage.objects.get(title="Zones humides")
    water.programmes = [programme]
    water.save()
    assert counts(listing_of("?thematique=eau"), "thematique") == {"eau": 3, "energie": 2}
    assert counts(listing_of("?thematique=eau"), "programme") == {"villages-d-avenir": 1}
    assert counts(listing_of("?thematique=energie"), "programme") == {"villages-d-avenir": 0}
    assert counts(listing_of("?programme=villages-d-avenir"), "thematique") == {"eau": 1, "energie": 0}


def test_counts_are_the_numbers_of_results_that_each_value_gives(themed):
    for query in ("", "?thematique=eau", "?q=turbine"):
        for value, count in counts(listing_of(query), "thematique").items():
            joined = f"{query or '?'}&thematique={value}".replace("?&", "?").replace("thematique=eau&", "")
            assert listing_of(joined).count == count


def test_value_without_result_is_dead_unless_chosen(themed):
    facet = next(f for f in listing_of("?q=fuites").facets if f.name == "thematique")
    assert [(value.value, value.count, value.is_dead) for value in facet.values] == [
        ("eau", 1, False),
        ("energie", 0, True),
    ]
    chosen = next(f for f in listing_of("?q=fuites&thematique=energie").facets if f.name == "thematique")
    assert [value.is_dead for value in chosen.values] == [False, False]


def test_parent_theme_gathers_the_pages_of_its_children(section):
    parent = ThemeFactory(name="Environnement", slug="environnement")
    child = ThemeFactory(name="Déchets", slug="dechets", parent=parent)
    add_page(section, "Composter", themes=[child])
    listing = listing_of("?thematique=environnement")
    assert titles(listing) == ["Composter"]
    facet = next(f for f in listing.facets if f.name == "thematique")
    assert [(v.value, v.level, v.count) for v in facet.values] == [("environnement", 0, 1), ("dechets", 1, 1)]


def test_merged_theme_leads_to_the_one_that_replaced_it(section):
    new = ThemeFactory(name="Transports", slug="transports")
    old = ThemeFactory(name="Mobilité", slug="mobilite", is_active=False, replaced_by=new)
    add_page(section, "Covoiturage", themes=[new])
    add_page(section, "Pistes cyclables", themes=[old])
    listing = listing_of("?thematique=mobilite")
    assert sorted(titles(listing)) == ["Covoiturage", "Pistes cyclables"]
    assert listing.ignored == []
    assert listing.canonical_url == "/recherche/?thematique=transports"
    assert counts(listing, "thematique") == {"transports": 2}


def test_retired_theme_still_filters_but_is_no_longer_offered(section):
    retired = ThemeFactory(name="Minitel", slug="minitel", is_active=False)
    add_page(section, "Le dernier annuaire", themes=[retired])
    assert counts(listing_of(), "thematique") == {}
    assert titles(listing_of("?thematique=minitel")) == ["Le dernier annuaire"]


def test_text_needs_every_word_or_says_that_nothing_has_them_all(themed):
    assert titles(listing_of("?q=barrage+turbine")) == ["Barrage et turbine"]
    some = listing_of("?q=barrage+fuites")
    assert sorted(titles(some)) == ["Barrage et turbine", "Réparer les fuites"]
    assert some.is_partial
    assert titles(listing_of("?q=l%27éolienne")) == ["Éolienne citoyenne"]


@pytest.mark.parametrize(
    "query",
    ['"', "'", '"barrage', "barrage*", "AND", "barrage AND", "NEAR(", "(", "100%", "%s", "a:b", "-x", "\\", "{"],
)
def test_text_with_the_syntax_of_an_engine_is_only_text(themed, query):
    assert listing_of(f"?q={quote(query)}").count in (0, 1, 4)


def test_orders(themed):
    assert titles(listing_of("?tri=titre")) == [
        "Barrage et turbine",
        "Éolienne citoyenne",
        "Réparer les fuites",
        "Zones humides",
    ]
    assert [sort.name for sort in listing_of().available_sorts] == ["recent", "titre"]
    assert [sort.name for sort in listing_of("?q=barrage").available_sorts] == ["pertinence", "recent", "titre"]
    ignored = listing_of("?tri=pertinence").ignored
    assert [(item.parameter, item.message) for item in ignored] == [
        ("tri", "cet ordre demande une recherche ou un territoire")
    ]


def test_drafts_private_and_unpublished_pages_are_nowhere(themed, section):
    theme = ThemeFactory(name="Secret", slug="secret")
    draft = add_page(section, "Brouillon", themes=[theme])
    BasePage.objects.filter(pk=draft.pk).update(live=False)
    private = add_page(section, "Réservé aux agents", themes=[theme])
    below = add_page(private, "Sous la page réservée")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    listing = listing_of("?thematique=secret")
    assert (listing.count, titles(listing)) == (0, [])
    assert counts(listing_of(), "thematique") == {"eau": 3, "energie": 2}
    lines = b"".join(listing_of("?export=csv").export_csv()).decode()
    assert "Réservé" not in lines
    assert below.title not in lines
    assert titles(listing_of("?q=réservé")) == []


def test_page_made_private_leaves_at_once_even_when_another_process_did_it(themed):
    page = BasePage.objects.get(title="Zones humides")
    assert "Zones humides" in titles(listing_of())
    PageViewRestriction.objects.bulk_create([PageViewRestriction(page=page, restriction_type="login")])
    assert listing_of().count == 3
    assert "Zones humides" not in titles(listing_of())


def test_page_published_or_removed_shows_at_once_even_when_another_process_did_it(themed):
    assert listing_of().count == 4
    BasePage.objects.filter(title="Zones humides").update(live=False)
    assert listing_of().count == 3
    BasePage.objects.filter(title="Zones humides").update(live=True)
    assert listing_of().count == 4


def test_renamed_theme_shows_at_once(themed):
    assert "Eau" in [value.label for facet in listing_of().facets for value in facet.values]
    theme = Theme.objects.get(slug="eau")
    theme.name = "Eau et rivières"
    theme.save()
    assert "Eau et rivières" in [value.label for facet in listing_of().facets for value in facet.values]


def published_after(pages, day):
    return pages.filter(first_published_at__date__gt=day)


class ContentListing(Listing):
    """What a room would declare."""

    nouns = ("contenu", "contenus")
    filters = (
        TextFilter(),
        ThemeFacet(),
        ChoiceFacet("licence", "Licence", "licence", Licence.choices),
        QueryFilter("apres", "Après", lambda: forms.DateField(required=False), published_after),
    )
    per_page = 2

    def pages(self):
        return ContentPage.objects.descendant_of(self.scope)


def test_room_listing_has_its_own_scope_filters_and_size(themed, section):
    other = section.add_child(instance=type(section)(title="Autre rubrique", slug="autre"))
    add_page(other, "Ailleurs", licence=Licence.CC_BY_4)
    listing = listing_of("", ContentListing, scope=section)
    assert (listing.count, listing.page_count, len(listing.items)) == (5, 3, 2)
    assert counts(listing, "licence") == {"etalab-2.0": 4, "cc-by-4.0": 1}
    assert titles(listing_of("", ContentListing, scope=other)) == ["Ailleurs"]
    dated = listing_of("?apres=2026-01-08", ContentListing, scope=section)
    assert titles(dated) == ["Éolienne citoyenne"]
    assert dated.export_url == "/recherche/?apres=2026-01-08&export=csv"
    refused = listing_of("?apres=2026-02-31&licence=cc-by-4.0", ContentListing, scope=section)
    assert (refused.count, [item.parameter for item in refused.ignored]) == (1, ["apres"])
    assert all("body" in page.get_deferred_fields() for page in listing.items)
