"""SIREN, SIRET and RNA numbers, as people write them."""

import pytest
from django.core.exceptions import ValidationError

from annuaire.identifiers import compact, grouped, validate_rna, validate_siren, validate_siret


@pytest.mark.parametrize("siren", ["200054781", "217500016", "356000000", "000000000"])
def test_siren_with_a_true_check_digit_is_accepted(siren):
    assert validate_siren(siren) is None


@pytest.mark.parametrize(
    ("siren", "message"),
    [
        ("200054782", "clé de contrôle"),
        ("20005478", "neuf chiffres"),
        ("2000547811", "neuf chiffres"),
        ("20005478A", "neuf chiffres"),
        ("２00054781", "neuf chiffres"),
        ("", "neuf chiffres"),
    ],
)
def test_siren_that_cannot_be_is_refused(siren, message):
    with pytest.raises(ValidationError, match=message):
        validate_siren(siren)


# La Poste's branches don't follow Luhn: the sum of their digits is a multiple of five.
@pytest.mark.parametrize("siret", ["20005478100022", "35600000000048", "35600000049837"])
def test_siret_is_accepted_and_those_of_la_poste_too(siret):
    assert validate_siret(siret) is None


@pytest.mark.parametrize(
    ("siret", "message"),
    [("20005478100023", "clé de contrôle"), ("35600000049838", "clé de contrôle"), ("200054781", "quatorze chiffres")],
)
def test_siret_that_cannot_be_is_refused(siret, message):
    with pytest.raises(ValidationError, match=message):
        validate_siret(siret)


def test_rna_is_a_w_and_nine_characters():
    assert validate_rna("W751234567") is None
    with pytest.raises(ValidationError, match="RNA"):
        validate_rna("751234567")


def test_number_is_read_as_people_write_it_and_shown_in_groups():
    assert compact(" 200 054.781-00022\u00a0") == "20005478100022"
    assert grouped("20005478100022") == "200\u00a0054\u00a0781\u00a000022"
    assert grouped("200054781") == "200\u00a0054\u00a0781"
    assert grouped("") == ""
