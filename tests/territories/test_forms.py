"""The territory field, its input, and what it does of a text without script."""

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string

from territoires_en_commun.territories.forms import TerritoryField
from territoires_en_commun.territories.models import Territory


class PlaceForm(forms.Form):
    territoire = TerritoryField(label="Territoire", required=False)


class CommuneForm(forms.Form):
    commune = TerritoryField(label="Commune", types={"commune"})


def place_form(text: str) -> PlaceForm:
    data = QueryDict(mutable=True)
    data["territoire"] = text
    return PlaceForm(data)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("commune:44109", "commune:44109"),
        ("epci:200046977", "epci:200046977"),
        ("commune:20004", "commune:2A004"),  # Ajaccio's old code
        ("commune-deleguee:74011", "commune:74010"),  # Annecy-le-Vieux
        ("Nantes – Loire-Atlantique (44)", "commune:44109"),
        ("Saint-Denis – Seine-Saint-Denis (93)", "commune:93066"),
        ("44109", "commune:44109"),
        ("200046977", "epci:200046977"),
        ("  le havre ", "commune:76351"),
        ("saint-denis (93)", "commune:93066"),
    ],
)
def test_field_cleans_to_todays_territory(small_france, text, expected):
    form = place_form(text)
    assert form.errors == {}
    assert form.cleaned_data["territoire"].key == expected


@pytest.mark.parametrize("text", ["", "   "])
def test_field_not_required_cleans_to_none(small_france, text):
    form = place_form(text)
    assert form.errors == {}
    assert form.cleaned_data == {"territoire": None}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("saint-denis", "ambiguous"),
        ("nante", "ambiguous"),
        ("commune:99999", "unknown"),
        ("zzzzqqqq", "unknown"),
        ("a\x00b", "unreadable"),
        ("�", "unreadable"),
        ("a" * 201, "too_long"),
    ],
)
def test_field_refuses_what_names_no_territory_for_sure(small_france, text, code):
    form = place_form(text)
    assert not form.is_valid()
    assert [error.code for error in form.errors.as_data()["territoire"]] == [code]


def test_required_field_says_what_to_type(small_france):
    form = CommuneForm({"commune": ""})
    assert form.errors["commune"] == ["Indiquez un territoire : son nom, son code postal ou son code INSEE."]


def test_field_of_communes_refuses_another_type(small_france):
    assert CommuneForm({"commune": "departement:44"}).is_valid() is False
    assert CommuneForm({"commune": "nantes"}).is_valid() is True


def test_candidates_are_radio_buttons_of_the_same_name(small_france):
    form = place_form("saint-denis")
    html = render_to_string("components/territory_field.html", {"field": form["territoire"]})
    assert [hit.id for hit in form["territoire"].candidates][:2] == ["commune:97411", "commune:93066"]
    assert 'type="radio" name="territoire"' in html
    assert 'value="commune:93066"' in html
    assert 'type="text"' not in html


def test_candidates_of_a_hostile_text_are_none(small_france):
    form = place_form("\x00")
    assert form["territoire"].candidates == []
    assert "caractères de contrôle" in render_to_string(
        "components/territory_field.html", {"field": form["territoire"]}
    )


def test_input_shows_the_name_of_the_key_and_escapes(small_france):
    form = place_form("commune:44109")
    html = render_to_string("components/territory_field.html", {"field": form["territoire"]})
    assert 'value="Nantes – Loire-Atlantique (44)"' in html
    assert 'data-territory-key="commune:44109"' in html
    assert 'data-territory-url="/api/v1/territoires"' in html
    assert '"><script>' not in str(place_form('"><script>')["territoire"])


def test_initial_territory_is_shown_and_unchanged(small_france):
    nantes = Territory.objects.get_by_key("commune:44109")
    form = PlaceForm(initial={"territoire": nantes})
    assert 'value="Nantes – Loire-Atlantique (44)"' in str(form["territoire"])
    assert form.fields["territoire"].has_changed(nantes, "commune:44109") is False
    assert form.fields["territoire"].has_changed(nantes, "commune:35238") is True


def test_media_is_a_module():
    assert 'type="module"' in str(PlaceForm().media)
