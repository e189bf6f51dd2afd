"""Opening hours: one canonical form, whatever the spreadsheet says, and nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.fields import OpeningHoursFormField
from annuaire.hours import CLOSED, normalise, opening_hours_specification, ranges

DAY = "9 h – 12 h 30, 13 h 30 – 17 h".replace(" h", "\u00a0h").replace("h 30", "h\u00a030")


@pytest.mark.parametrize(
    "text",
    [
        "9:00 - 12:30 / 13:30 - 17:00",
        "09:00-12:30/13:30-17:00",
        "9h-12h30 / 13h30-17h",
        "9 h à 12 h 30 et 13 h 30 à 17 h",
        "de 9h00 à 12h30 puis de 13h30 à 17h00",
        "9:00 – 12:30 13:30 – 17:",
        "9:00\u00a0- 12 :30 / 13:30 -17:00",
        DAY,
    ],
)
def test_hours_written_in_many_ways_read_the_same(text):
    assert normalise(text) == DAY


@pytest.mark.parametrize("text", ["-", "–", "fermé", "Fermé", "FERME", "Espace fermé ce jour"])
def test_closed_day_is_said_closed(text):
    assert normalise(text) == CLOSED


@pytest.mark.parametrize("text", ["", "  ", "Horaires non communiqués", "non renseigné", "NC"])
def test_hours_that_are_not_given_are_empty(text):
    assert normalise(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Sur RDV",
        "9:00 - 12:00 / Sur RDV : 14:00 - 17:00",
        "Semaines paires : 9:00 - 12:00",
        "12:00 - 9:00",
        "9:00 - 25:00",
        "9:00",
        "Fermé le matin, 14:00 - 17:00",
    ],
)
def test_words_are_kept_as_they_are(text):
    assert normalise(f"  {text} ") == text
    assert ranges(text) is None


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


def test_plain_days_are_told_to_search_engines():
    week = {"mo": normalise("9:00-12:00 / 14:00-17:30"), "tu": "Sur RDV", "su": CLOSED}
    assert [(day["dayOfWeek"][19:], day["opens"], day["closes"]) for day in opening_hours_specification(week)] == [
        ("Monday", "09:00", "12:00"),
        ("Monday", "14:00", "17:30"),
        ("Sunday", "00:00", "00:00"),
    ]


def test_form_keeps_the_days_that_are_given():
    field = OpeningHoursFormField(required=False)
    assert field.clean(["9-12", "", "-", "Sur RDV", "", "", ""]) == {
        "mo": "9\u00a0h – 12\u00a0h",
        "we": "fermé",
        "th": "Sur RDV",
    }
    assert field.clean([""] * 7) == {}
