"""What people type: dates, amounts, texts."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from ressources.submission_fields import AmountField, DayOrMonthField
from territoires_en_commun.base.text_fields import AddressField, LineField, TextField


def cleaned(field, value):
    try:
        return field.clean(value)
    except ValidationError as error:
        return error.messages


@pytest.mark.parametrize(
    ("text", "day", "month_only"),
    [
        ("03/2024", date(2024, 3, 1), True),
        ("3.2024", date(2024, 3, 1), True),
        ("12/03/2024", date(2024, 3, 12), False),
        (" 12 03 2024 ", date(2024, 3, 12), False),
        ("29-02-2024", date(2024, 2, 29), False),
        ("2024-03", date(2024, 3, 1), True),
        ("2024-03-12", date(2024, 3, 12), False),
        ("Février 2024", date(2024, 2, 1), True),
        ("1 août 2024", date(2024, 8, 1), False),
        ("1er mars 2024", date(2024, 3, 1), False),
        ("le lundi 1er avril 2024", date(2024, 4, 1), False),
        ("12 déc. 2024", date(2024, 12, 12), False),
        ("janv. 2024", date(2024, 1, 1), True),
        ("Juil 2024", date(2024, 7, 1), True),
        ("12-mars-2024", date(2024, 3, 12), False),
    ],
)
def test_dates_are_read_as_people_write_them(text, day, month_only):
    assert cleaned(DayOrMonthField(), text) == (day, month_only)


@pytest.mark.parametrize(
    "text",
    [
        "32/01/2024", "29/02/2023", "13/2024", "0/2024", "2024", "demain", "03/24", "03/0000", "03/9999",
        "2026-02-31", "0000-00-00", "٠٣/٢٠٢٤", "1e4", "machin 2024", "ju 2024", "jui 2024", "2-3 mars 2024",
        "31 avril 2024", "1er mars 1944", "mars 2024 2025", "printemps 2024", "a\x00b", "3/2024/", "9" * 5000, "<b>",
    ],
)  # fmt: skip
def test_other_dates_are_refused_with_the_format(text):
    assert cleaned(DayOrMonthField(), text) == ["Indiquez un mois ou un jour, par exemple 03/2024 ou 12/03/2024."]


def test_month_ends_on_its_last_day():
    assert DayOrMonthField().clean("02/2024").end == date(2024, 2, 29)
    assert DayOrMonthField().clean("03/02/2024").end == date(2024, 2, 3)
    assert DayOrMonthField(required=False).clean("  ") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12500", "12500"),
        ("12 500,50 €", "12500.50"),
        ("12\u202f500\u00a0euros", "12500"),
        ("1.250.000,5", "1250000.5"),
        ("0,5 ETP", "0.5"),
        ("0", "0"),
        ("12.50", "12.50"),
    ],
)
def test_amounts_are_read_as_people_write_them(text, value):
    assert cleaned(AmountField(example="12", max_digits=12, min_value=0), text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["beaucoup", "-1", "1,234", "12.500", "NaN", "Infinity", "1e400", "9" * 5000, "12 à 15", "1,2,3", "\x00"]
)
def test_other_amounts_are_refused_with_an_example(text):
    field = AmountField(example="12 500 ou 12 500,50", max_digits=12, min_value=0)
    assert cleaned(field, text) == ["Indiquez un nombre en chiffres, par exemple 12 500 ou 12 500,50."]


def test_indicator_may_be_negative():
    assert AmountField(example="12", max_digits=14).clean("\u22123,5 %") == Decimal("-3.5")


@pytest.mark.parametrize("text", ["😀 Été", "مرحبا", "<b>Camille</b>", "N’Diaye", "Cher"])
def test_lines_keep_what_people_are_called(text):
    assert LineField(label="Votre nom", max_length=150).clean(f" {text} ") == text


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "a\u2028b", "a\x07b", "x" * 151])
def test_lines_refuse_what_is_not_one(text):
    assert isinstance(cleaned(LineField(label="Votre nom", max_length=150), text), list)


def test_texts_keep_their_lines_and_refuse_control_characters():
    field = TextField(label="Contexte", max_length=20)
    assert field.clean("a\r\nb\n\tc") == "a\nb\n\tc"
    refused = ["Contexte : le texte contient des caractères de contrôle, retirez-les."]
    assert cleaned(field, "a\x00b") == cleaned(field, "a\x1bb") == refused
    assert len(cleaned(field, "x" * 21)) == 1


def test_addresses_are_checked_and_their_domain_lowered():
    field = AddressField(label="Votre adresse électronique", max_length=254)
    assert field.clean(" Camille@Exemple.FR ") == "Camille@exemple.fr"
    for bad in ("camille", "a@b", "a@exemple.fr\nBcc: b@exemple.fr", f"{'x' * 65}@exemple.fr"):
        assert isinstance(cleaned(field, bad), list)
