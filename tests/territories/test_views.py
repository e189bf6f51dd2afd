"""The page of candidates, where the form goes without script."""

import pytest

PAGE = "/territoires/"


def page(client, text: str | None = None):
    return client.get(PAGE, {} if text is None else {"q": text})


def test_page_starts_with_the_form_alone(client, site):
    html = page(client).content.decode()
    assert html.count("<h1") == 1
    assert 'name="q"' in html
    assert "territoires/liste/" in html


def test_candidates_are_links_best_first(client, site, small_france):
    response = page(client, "saint denis")
    html = response.content.decode()
    assert response.status_code == 200
    assert [hit.id for hit in response.context["hits"]][:2] == ["commune:97411", "commune:93066"]
    assert html.index("/territoires/commune-97411-saint-denis/") < html.index(
        "/territoires/commune-93066-saint-denis/"
    )
    assert "territoires pour «&nbsp;saint denis&nbsp;»" in html
    assert "« saint denis » – Trouver un territoire" in html


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("44109", "/territoires/commune-44109-nantes/"),
        ("200046977", "/territoires/epci-200046977-metropole-de-lyon/"),
    ],
)
def test_official_code_leads_to_the_page(client, site, small_france, text, address):
    response = page(client, text)
    assert (response.status_code, response["Location"]) == (302, address)


def test_exact_name_still_shows_the_list(client, site, small_france):
    response = page(client, "nantes")
    assert response.status_code == 200
    assert response.context["hits"][0].id == "commune:44109"


def test_no_answer_offers_ways_out(client, site, small_france):
    html = page(client, "nantzzzzqq wwwkkk").content.decode()
    assert "Aucun territoire pour «&nbsp;nantzzzzqq wwwkkk&nbsp;»" in html
    assert "Vouliez-vous dire" in html
    assert "/territoires/commune-44109-nantes/" in html
    assert "/territoires/liste/" in html


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Tapez le nom ou le code d’un territoire."),
        ("\x00", "Le texte contient des caractères de contrôle."),
        ("a" * 5000, "Le texte dépasse 200 caractères."),
    ],
)
def test_bad_query_is_explained(client, site, text, message):
    response = page(client, text)
    html = response.content.decode()
    assert response.status_code == 200
    assert message in html
    assert "<title>Erreur" in html
    assert 'aria-invalid="true"' in html


def test_query_is_escaped(client, site, small_france):
    assert "<script>alert" not in page(client, "<script>alert(1)</script>").content.decode()


def test_page_is_read_only(client, site):
    assert client.post(PAGE, {"q": "nantes"}).status_code == 405


def test_page_sets_no_cookie(client, site, small_france):
    assert not page(client, "nantes").cookies


def test_page_costs_few_queries(client, site, small_france, django_assert_max_num_queries):
    page(client, "nantes")
    with django_assert_max_num_queries(15):
        page(client, "nantes")
