"""What a listing does of a bad query string: 200, a sentence that names the parameter, the right filters kept."""

import pytest

from territoires_en_commun.base.listing.forms import shown
from tests.base.listing_site import add_page, listing_of, make_section, titles
from tests.factories import ThemeFactory

pytestmark = pytest.mark.django_db
BY_PAGE = 20


@pytest.fixture
def section():
    section = make_section("Accueil")
    water = ThemeFactory(name="Eau", slug="eau")
    for number in range(3):
        add_page(section, f"Fontaine {number}", themes=[water], day=number)
    return section


@pytest.mark.parametrize(
    ("query", "parameter", "message"),
    [
        ("couleur=bleu", "couleur", "il n'existe pas ici"),
        ("page=abc", "page", "la valeur « abc » est refusée : ce n'est pas un numéro de page"),
        ("page=0", "page", "la valeur « 0 » est refusée : la première page est la page 1"),
        ("page=-1", "page", "la valeur « -1 » est refusée : la première page est la page 1"),
        ("page=9999", "page", "la page 9999 n'existe pas : il y a une seule page"),
        ("page=1.5", "page", "la valeur « 1.5 » est refusée : ce n'est pas un numéro de page"),
        (f"page={'9' * 5000}", "page", None),
        ("thematique=inconnue", "thematique", "la valeur « inconnue » n'existe pas ici"),
        ("genre=%00", "genre", "la valeur « � » n'existe pas ici"),
        ("programme=1;DROP", "programme", "la valeur « 1;DROP » n'existe pas ici"),
        ("territoire=commune:99999", "territoire", None),
        ("territoire=nantes", "territoire", None),
        (f"territoire={'1' * 5000}", "territoire", None),
        ("territoire=commune:%00", "territoire", None),
        ("tri=couleur", "tri", "la valeur « couleur » est refusée : cet ordre n'existe pas"),
        ("export=xls", "export", "la valeur « xls » est refusée : les formats proposés sont : csv"),
        ("q=%00", "q", None),
        ("q=%FF%FE", "q", "la valeur « �� » est refusée : elle contient des caractères illisibles"),
        ("q=*", "q", "la valeur « * » est refusée : elle ne contient aucun mot"),
        (f"q={'a' * 5000}", "q", f"la valeur « {'a' * 60}… » est refusée : la recherche est limitée à 200 caractères"),
        ("page=1&page=2", "page", None),
        ("q=fontaine&q=puits", "q", "il est donné plusieurs fois ; seule la dernière valeur compte"),
    ],
)
def test_bad_parameter_is_named_and_the_others_kept(section, query, parameter, message):
    listing = listing_of(f"?{query}")
    ignored = {item.parameter: item.message for item in listing.ignored}
    assert parameter in ignored
    if message is not None:
        assert ignored[parameter] == message
    kept = listing_of(f"?thematique=eau&{query}")
    assert kept.parameters["thematique"] == ["eau"]
    assert parameter in {item.parameter for item in kept.ignored}


def test_a_wrong_value_beside_a_right_one_is_the_only_one_ignored(section):
    listing = listing_of("?thematique=eau&thematique=inconnue")
    assert listing.parameters == {"thematique": ["eau"]}
    assert [item.message for item in listing.ignored] == ["la valeur « inconnue » n'existe pas ici"]


def test_unknown_parameters_are_told_three_at_most_and_trackers_not_at_all(section):
    listing = listing_of("?a=1&b=2&c=3&d=4&e=5&utm_source=lettre&mtm_campaign=x&fbclid=y")
    assert [(item.parameter, item.message) for item in listing.ignored] == [
        ("a", "il n'existe pas ici"),
        ("b", "il n'existe pas ici"),
        ("c", "il n'existe pas ici"),
        ("…", "2 autres n'existent pas ici"),
    ]


def test_page_beyond_the_last_shows_the_last(section):
    for number in range(3, BY_PAGE + 3):
        add_page(section, f"Fontaine {number}", day=number)
    listing = listing_of("?page=9999&tri=titre")
    assert (listing.page_number, listing.page_count, len(titles(listing))) == (2, 2, 3)
    assert listing.ignored[0].message == "la page 9999 n'existe pas : il y a 2 pages"
    assert listing.canonical_url == "/recherche/?tri=titre&page=2"


def test_notice_names_the_parameter_on_the_page(client, section):
    response = client.get("/recherche/?couleur=<script>&page=abc")
    assert response.status_code == 200
    content = response.content.decode()
    assert "Paramètre «&nbsp;couleur&nbsp;»&nbsp;: il n&#x27;existe pas ici." in content
    assert "Paramètre «&nbsp;page&nbsp;»" in content
    assert "<script>" not in content.replace('<script type="', "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("simple", "simple"), ("a\x00b\u202ec\n", "a�b�c�"), ("x" * 61, "x" * 60 + "…"), ("x" * 60, "x" * 60)],
)
def test_quoted_value_is_printable_and_short(text, expected):
    assert shown(text) == expected
