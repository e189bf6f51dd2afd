"""Synonyms and acronyms: what is refused, what a query then finds, live at once."""

import pytest
from django.core.exceptions import ValidationError

from search import rules
from search.models import Acronym, SearchSynonym
from tests.search.contents import titles_found, write_contents

pytestmark = pytest.mark.django_db


@pytest.fixture
def contents(small_france):
    return write_contents()[1]


def errors_of(rule):
    with pytest.raises(ValidationError) as caught:
        rule.full_clean()
    return {name: " ".join(messages) for name, messages in caught.value.message_dict.items()}


def test_acronym_finds_what_it_stands_for_and_back(client, contents):
    assert titles_found(client, "PVD") == []
    Acronym.objects.create(acronym="PVD", expansion="Petites villes de demain")
    assert titles_found(client, "pvd") == ["Petites villes de demain en Creuse"]
    assert titles_found(client, "P.V.D. creuse") == ["Petites villes de demain en Creuse"]


def test_expansion_finds_a_page_that_only_has_the_acronym(client, contents):
    contents["market"].title = "Le PCAET expliqué"
    contents["market"].save()
    Acronym.objects.create(acronym="PCAET", expansion="Plan climat air énergie territorial")
    assert titles_found(client, "plan climat air-énergie territorial") == ["Le PCAET expliqué"]


def test_synonyms_find_one_another_whatever_the_accents_and_plurals(client, contents):
    SearchSynonym.objects.create(expressions="covoiturage\npartage de voiture\nautopartage")
    both = {"Covoiturage en zone blanche", "Partager une voiture au village"}
    assert set(titles_found(client, "AUTOPARTAGES")) == both
    assert set(titles_found(client, "partage d’une voiture")) == both


def test_change_and_deletion_are_live_at_the_next_search(client, contents):
    rule = SearchSynonym.objects.create(expressions="foire\nmarché")
    assert titles_found(client, "foire") == ["Tenir un marché de plein vent"]
    rule.expressions = "foire\nécole"
    rule.save()
    assert titles_found(client, "foire") == ["Rénover une école communale"]
    rule.delete()
    assert titles_found(client, "foire") == []


def test_rules_are_read_once_while_nothing_moves(contents, django_assert_num_queries):
    Acronym.objects.create(acronym="PVD", expansion="Petites villes de demain")
    first = rules.current()
    with django_assert_num_queries(1):  # the marks
        assert rules.current() is first
    Acronym.objects.get().save()
    with django_assert_num_queries(2):
        assert rules.current() == first


def test_rules_that_are_tried_change_nothing_for_others(client, contents):
    tried = rules.rules_with(SearchSynonym(expressions="foire\nmarché"))
    with rules.trying(tried):
        assert rules.current() == tried
    assert titles_found(client, "foire") == []


@pytest.mark.parametrize(
    ("expressions", "words"),
    [
        ("", "Ce champ"),
        ("vélo", "deux expressions au moins"),
        ("vélo\n\n  ", "deux expressions au moins"),
        ("école\nÉcoles", "déjà la même chose"),
        ("vélo\nle vélo", "déjà la même chose"),
        ("vélo\n!!!", "ne contient aucun mot"),
        ("vélo\npour les", "n’a que des mots vides"),
        ("vélo\nun deux trois quatre cinq six sept huit neuf", "a 9 mots"),
    ],
)
def test_synonyms_that_mean_nothing_are_refused(expressions, words):
    assert words in errors_of(SearchSynonym(expressions=expressions))["expressions"]


@pytest.mark.parametrize(
    ("acronym", "expansion", "field", "words"),
    [
        ("", "Petites villes de demain", "acronym", "Ce champ"),
        ("PVD", "", "expansion", "Ce champ"),
        ("PVD", "p.v.d.", "expansion", "déjà la même chose"),
        ("P V D", "Petites villes de demain", "acronym", "un seul mot"),
        ("ON", "Office national", "acronym", "n’a que des mots vides"),
        ("…", "Points", "acronym", "ne contient aucun mot"),
        ("LONG", "un deux trois quatre cinq six sept huit neuf", "expansion", "a 9 mots"),
    ],
)
def test_acronyms_that_mean_nothing_are_refused(acronym, expansion, field, words):
    assert words in errors_of(Acronym(acronym=acronym, expansion=expansion))[field]


def test_an_expression_is_in_one_rule_only():
    synonym = SearchSynonym.objects.create(expressions="vélo\nbicyclette")
    Acronym.objects.create(acronym="PVD", expansion="Petites villes de demain")
    assert "« vélo = bicyclette »" in errors_of(SearchSynonym(expressions="deux-roues\nBicyclettes"))[
        "expressions"
    ].replace("\u00a0", " ")
    assert "PVD : Petites villes" in errors_of(SearchSynonym(expressions="pvd\nbourgs"))["expressions"]
    assert "« vélo" in errors_of(Acronym(acronym="VLO", expansion="le vélo"))["expansion"].replace("\u00a0", " ")
    synonym.expressions += "\ndeux-roues"
    synonym.full_clean()
