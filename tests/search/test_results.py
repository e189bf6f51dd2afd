"""What is found, on each engine: the same queries, the same answers."""

import pytest

from territoires_en_commun.base.models import BasePage, Theme
from tests.base.listing_site import add_page

SCHOOLS = "Les écoles rurales"
BUS = "Un bus à la demande pour la vallée"
BIKES = "Kit mobilité : choisir ses pistes cyclables"
HEARTS = "Cœurs de ville : rouvrir les commerces"
SMALL_TOWNS = "Petites villes de demain, mode d’emploi"


TYPED = [
    ("école", SCHOOLS),
    ("ecole", SCHOOLS),
    ("ÉCOLES", SCHOOLS),
    ("l’école rurale", SCHOOLS),
    ("coeur de ville", HEARTS),
    ("CŒUR", HEARTS),
    ("coeurs", HEARTS),
    ("prudhommes", HEARTS),
    ("prud'hommes", HEARTS),
    ("mobilitee", BIKES),  # one letter too many
    ("mobilte", BIKES),
    ("cyclabel", BIKES),  # two letters exchanged
    ("pist", BIKES),  # the beginning of a word
    ("demandde bus", BUS),
    ("busdemande", BUS),  # no space
    ("dela vallée", BUS),
    ("quel bus pour ma vallée", BUS),
    ("PVD", SMALL_TOWNS),
    ("petites villes de demain", SMALL_TOWNS),
    ('"villes de demain"', SMALL_TOWNS),
    ("« à la demande »", BUS),
    ("à la", BUS),  # nothing but small words: those of titles
]
NOWHERE = ["PVB", "xyzzyx", "1234", "éc", '"demain villes"', "bis"]


def test_people_find_what_they_type(engine, titles):
    assert {query: titles(query)[:1] for query, _first in TYPED} == {query: [first] for query, first in TYPED}


def test_what_is_nowhere_is_not_found(engine, titles):
    assert {query: titles(query) for query in NOWHERE} == {query: [] for query in NOWHERE}


def test_answers_say_who_answered_and_how_fast(engine, ask):
    answer = ask("école")
    assert answer["moteur"] == engine
    assert answer["total"] == len(answer["resultats"]) == 1
    assert 0 <= answer["ms"] < 5000
    assert answer["suggestion"] is None
    assert answer["resultats"][0]["score"] > 0


def test_title_typed_in_full_comes_first(engine, corpus, titles, refreshed):
    add_page(corpus, "Commerce", summary="Autre chose.")
    add_page(corpus, "Le commerce, toujours le commerce", summary="Commerce et commerces : du commerce.")
    refreshed()
    assert titles("commerce")[0] == "Commerce"


def test_minus_excludes_and_two_words_are_both_required(engine, titles):
    both = titles("commune")
    assert {SCHOOLS, "Médecins : ouvrir une maison de santé"} <= set(both)
    assert titles("commune -école -quartiers") == ["Médecins : ouvrir une maison de santé"]
    assert titles("commune soignants") == ["Médecins : ouvrir une maison de santé"]


def test_words_that_no_page_holds_together_find_those_that_hold_some(engine, ask, client):
    assert {found["titre"] for found in ask("vallée soignants")["resultats"]} == {
        BUS,
        "Médecins : ouvrir une maison de santé",
    }
    page = client.get("/recherche/?q=vallée soignants").content.decode()
    assert "Aucun contenu ne contient tous ces mots" in page


def test_what_was_read_for_a_typing_error_is_said(engine, client):
    page = client.get("/recherche/?q=mobilitee").content.decode()
    assert "«&nbsp;mobilitee&nbsp;»" in page
    assert "«&nbsp;mobilite&nbsp;»" in page


def test_acronyms_and_digits_are_never_corrected(engine, corpus, titles, refreshed):
    add_page(corpus, "Fonds FNADT", summary="Le fonds national.")
    add_page(corpus, "Règlement 20261", summary="Un numéro.")
    refreshed()
    assert titles("Le FNADE") == []
    assert titles("règlement 20262") == ["Règlement 20261"]  # the other word alone
    assert titles("20262") == []


def test_excerpts_are_safe_and_marked(engine, corpus, ask, client, refreshed):
    add_page(
        corpus,
        "Attaque <b>vive</b>",
        summary="Un résumé.",
        body="<p>Du texte &lt;script&gt;alert(1)&lt;/script&gt; zèbre.</p>",
    )
    refreshed()
    found = ask("zèbres")["resultats"][0]
    assert "<mark>zèbre</mark>" in found["extrait"]
    assert "<script" not in found["extrait"]
    page = client.get("/recherche/?q=attaque").content.decode()
    assert "<mark>Attaque</mark> &lt;b&gt;vive&lt;/b&gt;" in page


def test_counts_of_a_facet_ignore_its_own_choice(engine, ask):
    whole = ask("commune ville kit")["facettes"]
    assert {value["valeur"]: value["nombre"] for value in ask("mobilité")["facettes"]["thematique"]} == {
        "mobilites": 1
    }
    chosen = ask("mobilité", genre="contenu-d-essai")
    assert chosen["total"] == 1
    assert {value["valeur"] for value in whole["genre"]} == {"contenu-d-essai"}


def test_renamed_theme_is_found_at_once(engine, titles, refreshed):
    theme = Theme.objects.get(slug="mobilites")
    theme.name = "Déplacements doux"
    theme.save()
    refreshed()
    assert titles("déplacements doux") == [BIKES]


def test_unpublished_drafts_and_private_pages_are_nowhere(engine, corpus, ask, refreshed):
    from wagtail.models import PageViewRestriction

    add_page(corpus, "Brouillon secret", summary="Rien.").unpublish()
    private = add_page(corpus, "Réservé aux membres", summary="Rien.")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    page = BasePage.objects.get(title=BUS).specific
    page.unpublish()
    for refresh in (lambda: None, refreshed):
        refresh()
        assert ask("brouillon secret")["resultats"] == []
        assert ask("réservé membres")["resultats"] == []
        assert ask("bus")["resultats"] == []
    answer = ask("brouillon secret bus réservé")
    assert answer["total"] == 0
    assert answer["facettes"] == {"genre": [], "thematique": []} or not any(answer["facettes"].values())
    assert answer["suggestion"] is None


def test_published_again_page_is_found_by_its_new_words(engine, ask, refreshed):
    page = BasePage.objects.get(title=BUS).specific
    page.title = "Un autocar sur réservation"
    page.save_revision().publish()
    refreshed()
    assert [found["titre"] for found in ask("autocar")["resultats"]] == ["Un autocar sur réservation"]
    page.delete()
    refreshed()
    assert ask("autocar")["total"] == 0


@pytest.mark.parametrize("order", ["recent", "titre"])
def test_results_in_another_order(engine, corpus, titles, refreshed, order):
    add_page(corpus, "Zones communes", summary="De la commune.", day=1)
    add_page(corpus, "Ateliers de la commune", summary="De la commune.", day=2)
    refreshed()
    found = titles("commune", tri=order)
    by_date = ["Ateliers de la commune", "Zones communes"]
    assert found[:2] == by_date if order == "recent" else found == sorted(found, key=str.lower)


def test_pages_follow_each_other(engine, corpus, ask, refreshed):
    for number in range(25):
        add_page(corpus, f"Fontaine {number}", summary="De l’eau.")
    refreshed()
    first, second = ask("fontaine", limite=20), ask("fontaine", limite=20, page=2)
    assert (first["total"], first["pages"], len(first["resultats"]), len(second["resultats"])) == (25, 2, 20, 5)
    assert not {found["id"] for found in first["resultats"]} & {found["id"] for found in second["resultats"]}


def test_page_beyond_the_last_shows_the_last(engine, client):
    page = client.get("/recherche/?q=école&page=99").content.decode()
    assert "la page 99 n" in page
    assert SCHOOLS.replace("écoles", "<mark>écoles</mark>").split()[0] in page


def test_a_page_published_again_is_found_once_and_by_its_new_words_alone(engine, corpus, ask, refreshed):
    page = BasePage.objects.get(title=BUS).specific
    assert len(ask("vallée")["resultats"]) == 1
    for title in ("Un autocar sur réservation", "Une navette sur réservation"):
        page.title = title
        page.save_revision().publish()
        refreshed()
        assert [found["titre"] for found in ask("réservation")["resultats"]] == [title]
    assert ask("vallée autocar")["total"] == 0
    assert ask("autocar")["total"] == 0
