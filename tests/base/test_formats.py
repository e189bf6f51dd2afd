"""Amounts as French writes them."""

from decimal import Decimal

import pytest

from territoires_en_commun.base.formats import euros


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0\u00a0€"),
        (10_000, "10\u202f000\u00a0€"),
        (Decimal("1250.00"), "1\u202f250\u00a0€"),
        (Decimal("99.9"), "99,90\u00a0€"),
        (Decimal("99.999"), "100\u00a0€"),
    ],
)
def test_euros_have_cents_only_when_there_are_some(amount, text):
    assert euros(amount) == text
