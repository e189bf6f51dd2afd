"""Amounts and rates: read as people write them, refused with the cause, shown as French does."""

import contextlib

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from agenda.calls.amounts import amounts, euros, rates
from agenda.fields import AmountField
from territoires_en_commun.base.amounts import MAX_EUROS, read_euros


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("  ", None),
        ("0", 0),
        ("10000", 10_000),
        ("10 000 €", 10_000),
        ("10\u00a0000\u202f€", 10_000),
        ("10.000 €", 10_000),
        ("10000,00", 10_000),
        ("10000.50 €", 10_001),
        ("1 234 567,49 euros", 1_234_567),
        ("1,5 M€", 1_500_000),
        ("1.5 M€", 1_500_000),
        ("1,250 M€", 1_250_000),
        ("500 k€", 500_000),
        ("500K€", 500_000),
        ("2 Md€", 2_000_000_000),
        ("3 millions d’euros", 3_000_000),
        ("2,5 milliards d'euros", 2_500_000_000),
        ("15 EUR", 15),
    ],
)
def test_amount_is_read_as_people_write_it(text, expected):
    assert read_euros(text) == expected


@pytest.mark.parametrize(
    "text",
    ["-5", "1,2345", "10 00", "1.5.2", "abc", "10 000 $", "1e9", "de 10 à 20 €", "€", "=1+1", "1,5 M€ 3", "١٠ ans"],
)
def test_anything_else_is_refused_with_an_example(text):
    with pytest.raises(ValidationError, match="n’est pas un montant, comme 10 000 € ou 1,5 M€"):
        read_euros(text)


@pytest.mark.parametrize("text", ["5 000 milliards d’euros", "9" * 40])
def test_amount_that_cannot_be_is_refused(text):
    with pytest.raises(ValidationError, match="vérifiez l’unité"):
        read_euros(text)


@given(st.integers(min_value=0, max_value=MAX_EUROS))
def test_what_is_shown_is_read_again(amount):
    assert read_euros(euros(amount)) == amount


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(ValidationError):
        assert read_euros(text) is None or 0 <= read_euros(text) <= MAX_EUROS


@pytest.mark.parametrize(
    ("least", "most", "amount", "rate"),
    [
        (None, None, "", ""),
        (20, 20, "20\u00a0€", "20\u00a0%"),
        (20, 80, "de 20\u00a0€ à 80\u00a0€", "de 20\u00a0% à 80\u00a0%"),
        (None, 80, "jusqu’à 80\u00a0€", "jusqu’à 80\u00a0%"),
        (20, None, "à partir de 20\u00a0€", "au moins 20\u00a0%"),
        (0, None, "", ""),
        (0, 80, "de 0\u00a0€ à 80\u00a0€", "de 0\u00a0% à 80\u00a0%"),
    ],
)
def test_bounds_are_told_in_words(least, most, amount, rate):
    assert (amounts(least, most), rates(least, most)) == (amount, rate)


def test_editor_types_an_amount_in_words_and_sees_it_grouped():
    class Form(forms.Form):
        amount = AmountField("montant", null=True, blank=True).formfield()

    form = Form({"amount": "1,5 M€"})
    assert form.is_valid()
    assert form.cleaned_data == {"amount": 1_500_000}
    assert 'value="1\u202f500\u202f000\u00a0€"' in str(Form(initial={"amount": 1_500_000})["amount"])
    assert not Form({"amount": "1\u202f500\u202f000\u00a0€"}, initial={"amount": 1_500_000}).has_changed()
    assert Form({"amount": ""}).is_valid()
    wrong = Form({"amount": "beaucoup"})
    assert wrong.errors == {"amount": ["« beaucoup » n’est pas un montant, comme 10 000 € ou 1,5 M€."]}
    assert 'value="beaucoup"' in str(wrong["amount"])
