"""The forms of synonyms and acronyms: the queries concerned, the cases that would be lost, who may."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from search.models import Acronym, RelevanceCase, SearchLogEntry, SearchSynonym
from tests.search.contents import titles_found, write_contents

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
ADD = "/admin/synonymes/new/"
LISTS = ["synonymes", "sigles", "resultats-epingles", "cas-de-pertinence"]


@pytest.fixture
def contents(small_france):
    return write_contents()[1]


def typed(text, times=1, days=1):
    moment = timezone.now() - timezone.timedelta(days=days)
    entry = {"text": text, "normalised": text.lower(), "results": 0, "engine": "embarque", "moment": moment}
    SearchLogEntry.objects.bulk_create(SearchLogEntry(**entry) for _ in range(times))


def synonym(expressions, **more):
    return {"expressions": expressions, "note": "", **more}


def confirmation_of(response):
    return re.search(r'name="confirmation" value="([^"]*)"', response.content.decode())[1]


def case(query, page, **more):
    return RelevanceCase.objects.create(query=query, page=page.basepage_ptr, **more)


def test_rule_is_created_changed_and_deleted(admin_client, client, contents):
    response = admin_client.post(ADD, synonym("foire\r\nmarché"))
    assert (response.status_code, response.url) == (302, reverse("synonymes:index"))
    rule = SearchSynonym.objects.get()
    assert rule.texts == ["foire", "marché"]
    assert titles_found(client, "foire") == ["Tenir un marché de plein vent"]
    assert "foire = marché" in admin_client.get("/admin/synonymes/").content.decode()
    admin_client.post(f"/admin/synonymes/edit/{rule.pk}/", synonym("foire\nécole", note="À revoir"))
    assert titles_found(client, "foire") == ["Rénover une école communale"]
    admin_client.post(f"/admin/synonymes/delete/{rule.pk}/")
    assert titles_found(client, "foire") == []


def test_acronym_is_created(admin_client, client, contents):
    data = {"acronym": "PVD", "expansion": "Petites villes de demain", "note": ""}
    assert admin_client.post("/admin/sigles/new/", data).status_code == 302
    assert titles_found(client, "pvd") == ["Petites villes de demain en Creuse"]
    again = admin_client.post("/admin/sigles/new/", data)
    assert (again.status_code, Acronym.objects.count()) == (200, 1)
    assert "est déjà dans une autre règle" in again.content.decode()


@pytest.mark.parametrize(
    ("expressions", "words"),
    [("", "Champ requis"), ("école\nécoles", "déjà la même chose"), ("école", "deux expressions au moins")],
)
def test_refusal_is_said_beside_the_field(admin_client, contents, expressions, words):
    response = admin_client.post(ADD, synonym(expressions))
    assert (response.status_code, SearchSynonym.objects.count()) == (200, 0)
    assert words in response.content.decode()


def test_queries_concerned_are_counted_before_anything_is_saved(admin_client, client, contents):
    typed("grande foire", times=3)
    typed("foires", times=2)
    typed("foire", days=91)
    typed("foirail")
    typed("marché")
    html = admin_client.get(ADD).content.decode()
    assert "Voir l’effet" in html
    response = admin_client.post(ADD, synonym("foire\nmarché", apercu="on"))
    assert (response.status_code, SearchSynonym.objects.count()) == (200, 0)
    affected = response.context["affected"]
    assert [(query.text, query.times, query.before, query.after) for query in affected.queries] == [
        ("grande foire", 3, 0, 1),
        ("foires", 2, 0, 1),
        ("marché", 1, 1, 1),
    ]
    assert (affected.total, affected.times) == (3, 6)
    assert "3 requêtes différentes des 90 derniers jours, tapées 6 fois" in response.content.decode()
    assert "foire\nmarché</textarea>" in response.content.decode().replace("\r", "")


def test_ten_queries_have_their_results_counted(admin_client, contents):
    for rank in range(12):
        typed(f"foire numero{rank}", times=20 - rank)
    affected = admin_client.post(ADD, synonym("foire\nmarché", apercu="on")).context["affected"]
    assert [query.times for query in affected.queries] == [*range(20, 8, -1)]
    assert [query.before is None for query in affected.queries] == [False] * 10 + [True] * 2


def test_queries_of_the_former_expressions_are_concerned_too(admin_client, contents):
    rule = SearchSynonym.objects.create(expressions="foire\nmarché")
    typed("foire")
    url = f"/admin/synonymes/edit/{rule.pk}/"
    affected = admin_client.post(url, synonym("halle\nmarché", apercu="on")).context["affected"]
    assert [(query.text, query.before, query.after) for query in affected.queries] == [("foire", 1, 0)]
    rule.refresh_from_db()
    assert rule.texts == ["foire", "marché"]


def test_change_that_loses_a_case_asks_for_a_confirmation(admin_client, contents):
    rule = SearchSynonym.objects.create(expressions="foire\nmarché")
    kept, lost = case("école", contents["school"]), case("foire", contents["market"])
    url = f"/admin/synonymes/edit/{rule.pk}/"
    response = admin_client.post(url, synonym("foire\nécole"))
    html = response.content.decode().replace("\u00a0", " ")
    assert response.status_code == 200
    assert "« foire » → Tenir un marché de plein vent : page non trouvée, attendue au rang 3 au plus" in html
    assert "Enregistrer quand même" in html
    rule.refresh_from_db()
    assert rule.texts == ["foire", "marché"]
    confirmation = confirmation_of(response)
    assert admin_client.post(url, synonym("foire\nécole", confirmation="autre")).status_code == 200
    assert admin_client.post(url, synonym("foire\nécole", confirmation=confirmation)).status_code == 302
    rule.refresh_from_db()
    assert rule.texts == ["foire", "école"]
    for row in (kept, lost):
        row.refresh_from_db()
    assert (kept.rank, lost.rank) == (1, None)
    assert lost.state_label == "Perdu : page non trouvée"


def test_confirmation_holds_for_the_cases_that_were_seen_alone(admin_client, contents):
    rule = SearchSynonym.objects.create(expressions="foire\nmarché")
    case("foire", contents["market"])
    url = f"/admin/synonymes/edit/{rule.pk}/"
    confirmation = confirmation_of(admin_client.post(url, synonym("foire\nécole")))
    case("foires", contents["market"])
    response = admin_client.post(url, synonym("foire\nécole", confirmation=confirmation))
    assert (response.status_code, len(response.context["lost"])) == (200, 2)


def test_deletion_that_loses_a_case_asks_for_a_confirmation(admin_client, contents):
    rule = Acronym.objects.create(acronym="PVD", expansion="Petites villes de demain")
    case("pvd", contents["small"])
    url = f"/admin/sigles/delete/{rule.pk}/"
    response = admin_client.post(url)
    assert (response.status_code, Acronym.objects.count()) == (200, 1)
    assert "Supprimer quand même" in response.content.decode()
    assert admin_client.post(url, {"confirmation": confirmation_of(response)}).status_code == 302
    assert not Acronym.objects.exists()


def test_creation_that_loses_a_case_asks_for_a_confirmation(admin_client, contents):
    case("ecolle", contents["school"])  # found as a typing error, which a word of a rule never is
    response = admin_client.post(ADD, synonym("ecolle\nkermesse"))
    assert (response.status_code, SearchSynonym.objects.count()) == (200, 0)
    assert "des cas de pertinence seraient perdus" in response.content.decode()
    data = synonym("ecolle\nkermesse", confirmation=confirmation_of(response))
    assert admin_client.post(ADD, data).status_code == 302
    assert SearchSynonym.objects.count() == 1


@pytest.mark.parametrize("name", LISTS)
def test_editors_govern_and_others_do_not(small_france, editor, reviewer, contributor, name):
    for person, status in [(editor, 200), (reviewer, 302), (contributor, 302)]:
        client = Client()
        client.force_login(person)
        assert [client.get(f"/admin/{name}/{page}").status_code for page in ("", "new/")] == [status] * 2
    assert Client().get(f"/admin/{name}/").status_code == 302


def test_menu_has_the_search(small_france, editor):
    client = Client()
    client.force_login(editor)
    html = client.get("/admin/").content.decode()
    assert [name for name in LISTS if f"/admin/{name}/" not in html] == []
