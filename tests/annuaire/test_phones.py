"""Telephone numbers, as people dial them in France and overseas."""

import pytest
from django.core.exceptions import ValidationError

from annuaire.models import ActorPage
from annuaire.phones import PhoneFormField


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("05 36 49 12 34", "+33536491234", "05 36 49 12 34"),
        ("05.36.49.12.34", "+33536491234", "05 36 49 12 34"),
        ("+33 5 36 49 12 34", "+33536491234", "05 36 49 12 34"),
        ("0590 20 12 34", "+590590201234", "0590 20 12 34"),
        ("0262-20-12-34", "+262262201234", "0262 20 12 34"),
        ("0639 20 12 34", "+262639201234", "0639 20 12 34"),
    ],
)
def test_number_is_read_as_dialled(typed, kept, shown):
    number = PhoneFormField().clean(typed)
    assert (number.as_e164, number.as_national) == (kept, shown)
    assert ActorPage(phone=typed).phone.as_e164 == kept


@pytest.mark.parametrize("typed", ["12", "99 99 99 99 99", "bonjour", "0" * 300])
def test_number_that_cannot_be_is_refused_in_french(typed):
    with pytest.raises(ValidationError, match=r"n’existe pas|caractères"):
        PhoneFormField().clean(typed)
