"""How a text is read, before any engine is asked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.places import named_place
from search.text.analysis import stems, words
from search.text.expansion import Alternative, Group, Rules, expand
from search.text.highlighting import Highlighter
from search.text.query import Word, parse

pytestmark = pytest.mark.any_database


class Known:
    """A vocabulary of a few words."""

    def __init__(self, *known):
        self.known = known

    def frequency(self, word):
        return self.known.count(word)

    def beginning_with(self, prefix, limit):
        return [word for word in self.known if word.startswith(prefix)][:limit]

    def near(self, word, distance):
        return [(other, 1) for other in self.known if abs(len(other) - len(word)) <= 1 and other[:3] == word[:3]]


def typed(text):
    return [word.text for word in parse(text).words]


def test_accents_case_ligatures_and_articles_make_no_difference():
    assert words("L’ÉCOLE d'Œuvre, qu’on dit") == ["ecole", "oeuvre", "on", "dit"]
    assert stems("Les écoles rurales") == stems("ecole rurale")
    assert words("la C.A.F. et le n° 12") == ["la", "caf", "et", "le", "n", "12"]
    assert words("prud’hommes") == words("prudhommes")


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("élu", "élus"),
        ("vélo", "vélos"),
        ("rue", "rues"),
        ("usager", "usagers"),
        ("forfait", "forfaits"),
        ("démission", "démissions"),
        ("lieu", "lieux"),
        ("jeu", "jeux"),
        ("local", "locaux"),
        ("réseau", "réseaux"),
        ("tuyau", "tuyaux"),
        ("nombreuse", "nombreux"),
        ("bus", "bus"),
    ],
)
def test_a_word_and_its_plural_are_one(one, several):
    assert stems(one) == stems(several)


def test_words_that_end_as_plurals_are_not_taken_for_others():
    assert len({stems(word)[0] for word in ("pause", "Pau", "cause", "prix", "prise", "mobilier", "mobiliser")}) == 7


def test_phrases_exclusions_and_identifiers():
    query = parse('kit "petites villes" -mobilité -"à la demande" 200 054 781 « cœur de ville » W123456789')
    assert [word.text for word in query.words] == ["kit"]
    assert query.phrases == (("petites", "villes"), ("coeur", "de", "ville"))
    assert query.excluded == (("a", "la", "demande"), ("mobilite",))
    assert query.identifiers == ("200054781", "w123456789")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Saint-Denis", ["saint", "denis"]),
        ("eau - école", ["eau", "ecole"]),
        ('un "guillemet seul', ["guillemet", "seul"]),
        ("-", []),
        ("*", []),
        ('""', []),
        ("comment faire pour", ["comment", "faire", "pour"]),  # nothing else to look for
        ("comment ouvrir une école", ["ouvrir", "ecole"]),
    ],
)
def test_words_of_a_text(text, expected):
    assert typed(text) == expected


def test_capitals_among_small_letters_are_acronyms_which_are_never_corrected():
    assert parse("aide PCAET").words == (Word("aide"), Word("pcaet", is_acronym=True))
    assert parse("AIDE PCAET").words == (Word("aide"), Word("pcaet"))
    assert not Word("pcaet", is_acronym=True).may_be_mistyped
    assert not Word("eaux").may_be_mistyped
    assert not Word("2026a").may_be_mistyped
    assert Word("ecole").may_be_mistyped


def test_readings_of_a_word_that_nothing_holds():
    vocabulary = Known("essai", "mobilite", "mobilites", "velo", "bus")
    found = {text: expand(parse(text), vocabulary, Rules())[0] for text in ("dessai", "mobi", "mobilitte", "busvelo")}
    assert found["dessai"] == Group((Alternative(("dessai",)), Alternative(("essai",), 0.9)), "dessai", "essai")
    assert [a.words for a in found["mobi"].alternatives] == [("mobi",), ("mobilite",), ("mobilites",)]
    assert found["mobi"].correction == ""
    assert found["mobilitte"].correction == "mobilite"
    assert found["busvelo"].correction == "bus velo"


def test_rules_stand_for_the_longest_expression():
    rules = Rules({("petit", "vill", "demain"): (("pvd",),), ("pvd",): (("petites", "villes", "demain"),)})
    rules = Rules(
        {tuple(stems("petites villes de demain")): (("pvd",),), ("pvd",): (("petites", "villes", "demain"),)}
    )
    long, kit = expand(parse("petites villes de demain kit"), Known("kit"), rules)
    assert [alternative.words for alternative in long.alternatives] == [("petites", "villes", "demain"), ("pvd",)]
    assert kit.alternatives == (Alternative(("kit",)),)
    (short,) = expand(parse("PVD"), Known(), rules)
    assert [alternative.words for alternative in short.alternatives] == [("pvd",), ("petites", "villes", "demain")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "rest", "key"),
    [
        ("kit mobilité à Nantes", "kit mobilité", "commune:44109"),
        ("kit mobilité en Loire-Atlantique", "kit mobilité", "departement:44"),
        ("école 44109", "école", "commune:44109"),
        ("aide dans les Hauts-de-Seine", "aide", "departement:92"),
    ],
)
def test_a_place_in_a_text(small_france, text, rest, key):
    named = named_place(text)
    assert (named.rest, named.place.key) == (rest, key)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["nantes", "aide à domicile", "à nantes", "école à l’hôpital", "12345678", "retour à"]
)
def test_texts_that_name_no_place_for_sure(small_france, text):
    assert named_place(text) is None


def marked(text, query):
    parsed = parse(query)
    return Highlighter(parsed, expand(parsed, Known(*words(query)), Rules())).marked(text)


def test_marks_follow_inflections_and_escape_everything():
    assert marked("Les Écoles <b>rurales</b>", "école rurale") == (
        "Les <mark>Écoles</mark> &lt;b&gt;<mark>rurales</mark>&lt;/b&gt;"
    )
    assert marked("L’œuvre", "oeuvres") == "L’<mark>œuvre</mark>"
    assert marked("Rien ici", "école") == "Rien ici"


def test_excerpt_is_where_most_of_the_query_is():
    parsed = parse("école rurale")
    highlighter = Highlighter(parsed, expand(parsed, Known("ecole", "rurale"), Rules()))
    text = "L’école. " + "Des mots pour rien. " * 40 + "Une école vraiment rurale, enfin. " + "Et la suite. " * 40
    html, told = highlighter.excerpt(text)
    assert told == 2
    assert "<mark>école</mark> vraiment <mark>rurale</mark>" in html
    assert html.startswith("… ")
    assert html.endswith(" …")
    assert highlighter.excerpt("Rien à voir") == ("", 0)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_no_text_is_an_error(text):
    query = parse(text)
    groups = expand(query, Known("ecole"), Rules())
    html, _told = Highlighter(query, groups).excerpt(text)
    assert "<script" not in html
    assert len(query.words) <= 32
