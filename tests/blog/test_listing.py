"""The list of articles: filters, archives, sections of partners, what visitors never see."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from blog.highlights import latest_articles
from blog.models import ArticleIndexPage, ArticlePage
from tests.base.test_listing_export import rows_of
from tests.blog.build import library_image, make_article
from tests.factories import PartnerFactory, PartnerSectionPageFactory, ProgrammeFactory, ThemeFactory
from tests.filled_site import fill_once
from tests.test_bad_inputs import VALUES

pytestmark = pytest.mark.django_db


@pytest.fixture
def blog(home):
    return ArticleIndexPage.objects.get()


@pytest.fixture
def articles(blog, small_france):
    fill_once(write_articles, small_france)


def write_articles(small_france):
    water = ThemeFactory(name="Eau", slug="eau")
    towns = ProgrammeFactory(name="Petites villes de demain", slug="petites-villes-de-demain")
    partner = PartnerFactory(name="Réseau d’exemple", slug="reseau-d-exemple")
    make_article(
        "actualite", title="Nouvelle", published_on=date(2022, 3, 15), partner=partner, programmes=[towns], authors=[]
    )
    make_article("reportage", title="Récit", published_on=date(2022, 6, 20), themes=[water])
    make_article(
        "entretien", title="Entretien", published_on=date(2024, 5, 16), territories=[small_france["commune:23096"]]
    )
    make_article("focus", title="Dossier", published_on=date(2026, 3, 18), themes=[water], programmes=[towns])
    make_article("focus", title="Brouillon", live=False, published_on=date(2022, 3, 1), themes=[water])


def listing_of(client, query="", path="/actualites/"):
    response = client.get(f"{path}{query}")
    assert response.status_code == 200
    return response.context["listing"]


def titles(client, query="", **kwargs):
    return [row.page.title for row in listing_of(client, query, **kwargs).rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Dossier", "Entretien", "Récit", "Nouvelle"]),
        ("?type=reportage", ["Récit"]),
        ("?type=reportage&type=focus", ["Dossier", "Récit"]),
        ("?thematique=eau&type=focus", ["Dossier"]),
        ("?programme=petites-villes-de-demain", ["Dossier", "Nouvelle"]),
        ("?territoire=departement:23", ["Entretien"]),
        ("?partenaire=reseau-d-exemple", ["Nouvelle"]),
        ("?annee=2022", ["Récit", "Nouvelle"]),
        ("?mois=2022-03", ["Nouvelle"]),
        ("?annee=2022&type=focus", []),
        ("?annee=2019", []),
        ("?tri=titre", ["Dossier", "Entretien", "Nouvelle", "Récit"]),
        ("?q=dossier", ["Dossier"]),
    ],
)
def test_filters_keep_the_right_articles(client, articles, query, expected):
    assert titles(client, query) == expected


def test_text_gives_the_title_that_holds_it_before_the_others(client, articles):
    first, *others = titles(client, "?q=récit")
    assert first == "Récit"
    assert sorted(others) == ["Dossier", "Entretien", "Nouvelle"]


@pytest.mark.parametrize(
    ("query", "parameter", "message"),
    [
        ("annee=abc", "annee", "la valeur « abc » est refusée : écrivez une année, comme 2022"),
        ("annee=20222", "annee", "la valeur « 20222 » est refusée : écrivez une année, comme 2022"),
        ("annee=0000", "annee", "la valeur « 0000 » est refusée : écrivez une année, comme 2022"),
        ("annee=٢٠٢٢", "annee", "la valeur « ٢٠٢٢ » est refusée : écrivez une année, comme 2022"),
        ("mois=2022-13", "mois", "la valeur « 2022-13 » est refusée : écrivez un mois, comme 2022-03"),
        ("mois=2022", "mois", "la valeur « 2022 » est refusée : écrivez un mois, comme 2022-03"),
        ("type=tribune", "type", "la valeur « tribune » n'existe pas ici"),
        ("partenaire=inconnu", "partenaire", "la valeur « inconnu » n'existe pas ici"),
        ("limite=abc", "limite", "la valeur « abc » est refusée : un flux donne de 1 à 100 contenus"),
        ("export=xls", "export", "la valeur « xls » est refusée : les formats proposés sont : csv, rss, atom"),
    ],
)
def test_bad_value_is_told_and_left_aside(client, articles, query, parameter, message):
    listing = listing_of(client, f"?{query}")
    assert {item.parameter: item.message for item in listing.ignored} == {parameter: message}
    assert listing.count == 4


@pytest.mark.parametrize("day", [date(1998, 7, 12), date(202, 3, 1), date(9999, 12, 31)])
def test_archives_lead_to_every_year(client, articles, day):
    """An article of before the site, or a date mistyped: the list accepts the addresses that it gives."""
    ArticlePage.objects.filter(title="Nouvelle").update(published_on=day)
    year = next(year for year in listing_of(client).archives if int(year.label) == day.year)
    chosen = listing_of(client, path=year.url)
    [month] = next(year for year in chosen.archives if year.is_current).months
    for listing in (chosen, listing_of(client, path=month.url)):
        assert ([row.page.title for row in listing.rows], listing.ignored) == (["Nouvelle"], [])


def test_archives_count_the_years_and_the_months_of_the_one_chosen(client, articles):
    def told(query):
        return [
            (year.label, year.count, year.is_current, [(month.label, month.count) for month in year.months])
            for year in listing_of(client, query).archives
        ]

    assert told("") == [("2026", 1, False, []), ("2024", 1, False, []), ("2022", 2, False, [])]
    assert told("?annee=2022")[2] == ("2022", 2, True, [("juin 2022", 1), ("mars 2022", 1)])
    assert told("?mois=2022-03")[2] == ("2022", 2, False, [("juin 2022", 1), ("mars 2022", 1)])
    assert told("?thematique=eau") == [("2026", 1, False, []), ("2022", 1, False, [])]
    year = listing_of(client, "?thematique=eau&mois=2022-03").archives[1]
    assert year.url == "/actualites/?thematique=eau&annee=2022"
    assert year.months[0].url == "/actualites/?thematique=eau&mois=2022-06"


def test_period_is_kept_by_the_form_and_taken_off_by_its_tag(client, articles):
    html = client.get("/actualites/?annee=2022&mois=abc").content.decode()
    assert '<input type="hidden" name="annee" value="2022"' in html
    assert 'name="mois"' not in html
    assert 'aria-label="Publié en 2022, retirer ce filtre"' in html
    tags = [tag.label for tag in listing_of(client, "?mois=2022-03").tags]
    assert tags == ["Publié en mars 2022"]


def test_row_tells_its_kind_its_partner_and_the_date_shown(client, articles):
    rows = listing_of(client, "?annee=2022").rows
    assert [row.detail for row in rows] == [
        "Reportage – 20 juin 2022",
        "Actualité de partenaire – Réseau d’exemple – 15 mars 2022",
    ]


def test_csv_tells_the_kind_and_the_partner(client, articles):
    rows = rows_of(client.get("/actualites/?annee=2022&export=csv"))
    header = rows[0]
    assert header[1:3] == ["Type d’article", "Partenaire"]
    day = header.index("Publié le")
    assert [(row[0], row[1], row[2], row[day]) for row in rows[1:]] == [
        ("Récit", "reportage", "", "2022-06-20"),
        ("Nouvelle", "actualité de partenaire", "Réseau d’exemple", "2022-03-15"),
    ]


@pytest.mark.parametrize("form", ["", "csv", "rss", "atom"])
def test_hostile_values_are_answered_in_every_format(client, articles, form):
    client.raise_request_exception = False
    addresses = [
        f"/actualites/?{name}={value}&export={form}"
        for name in ("annee", "mois", "partenaire", "limite", "type", "q")
        for value in VALUES
    ]
    assert {address[:80]: status for address in addresses if (status := client.get(address).status_code) != 200} == {}


# The section of a partner


def test_section_lists_its_own_articles_only(client, articles, blog):
    partner = PartnerFactory(name="Fédération d’exemple", logo=library_image(), logo_alt="Fédération d’exemple")
    section = PartnerSectionPageFactory(parent=blog, title="Fédération", slug="federation", partner=partner)
    make_article(title="À elle", parent=section)
    assert titles(client, path=section.url) == ["À elle"]
    assert "À elle" in titles(client)
    html = client.get(section.url).content.decode()
    assert 'alt="Fédération d’exemple"' in html
    assert 'href="https://association.exemple.fr/" target="_blank"' in html
    assert "Partenaires" not in [facet.label for facet in listing_of(client, path=section.url).facets]
    assert f'title="Fédération – Territoires en commun (RSS)" href="{section.url}?export=rss"' in html


def test_section_without_partner_answers(client, blog):
    section = PartnerSectionPageFactory(parent=blog, title="Sans partenaire")
    assert client.get(section.url).status_code == 200


# What visitors never see


def test_expired_article_disappears_from_the_list_and_from_the_highlights(client, articles, freeze):
    article = ArticlePage.objects.get(title="Dossier")
    article.expire_at = timezone.now() + timedelta(days=1)
    article.save_revision().publish()
    assert "Dossier" in titles(client)
    freeze(timezone.now() + timedelta(days=2))
    call_command("publish_scheduled")
    assert titles(client) == ["Entretien", "Récit", "Nouvelle"]
    assert [row.page.title for row in latest_articles(4)] == ["Entretien", "Récit", "Nouvelle"]
    assert client.get(article.url).status_code == 404


def test_scheduled_article_waits_for_its_time(client, articles, freeze):
    draft = ArticlePage.objects.get(title="Brouillon")
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.save_revision().publish()
    assert "Brouillon" not in titles(client)
    freeze(timezone.now() + timedelta(days=2))
    call_command("publish_scheduled")
    assert titles(client)[-1] == "Brouillon"


def test_private_article_is_in_no_list(client, articles):
    PageViewRestriction.objects.create(
        page=ArticlePage.objects.get(title="Récit").basepage_ptr, restriction_type="login"
    )
    assert titles(client) == ["Dossier", "Entretien", "Nouvelle"]
    assert [facet.value for facet in listing_of(client).facets[0].values] == ["actualite", "entretien", "focus"]


def test_highlights_are_the_latest_articles(client, articles):
    rows = latest_articles(2)
    assert [(row.page.title, row.url, row.detail) for row in rows] == [
        ("Dossier", "/actualites/dossier/", "Focus – 18 mars 2026"),
        ("Entretien", "/actualites/entretien/", "Entretien – 16 mai 2024"),
    ]
    assert rows[0].tags == [], "cards of the home page show no theme"


# Cost


@pytest.mark.parametrize("path", ["/actualites/", "/actualites/?type=focus&annee=2022", "/actualites/?export=atom"])
def test_list_costs_the_same_for_one_article_and_for_three(client, blog, path):
    def queries():
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    image = library_image()
    make_article(title="Un", image=image, image_decorative=True, published_on=date(2022, 1, 1))
    one = queries()
    for title in ("Deux", "Trois"):
        make_article("actualite", title=title, image=image, image_decorative=True, published_on=date(2022, 1, 2))
        make_article(title=f"{title} encore", image=image, image_decorative=True, published_on=date(2022, 1, 2))
    assert queries() == one
    assert one <= 10


def test_highlights_cost_two_queries(blog, django_assert_max_num_queries):
    make_article(image=library_image(), image_decorative=True)
    latest_articles(3)
    with django_assert_max_num_queries(2):
        assert len(latest_articles(3)) == 1


def partners_offered(client):
    facet = next(facet for facet in listing_of(client).facets if facet.name == "partenaire")
    return [value.label for value in facet.values]


def test_renamed_partner_shows_at_once(client, articles):
    assert partners_offered(client) == ["Réseau d’exemple"]
    partner = ArticlePage.objects.get(title="Nouvelle").partner
    partner.name = "Réseau renommé"
    partner.save()
    assert partners_offered(client) == ["Réseau renommé"]
