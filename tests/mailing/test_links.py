"""Signed links: purpose, expiry, single use, keys."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from territoires_en_commun.mailing.links import LinkState, SignedLink
from territoires_en_commun.mailing.models import UsedLink

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ONCE = SignedLink("essai-unique", url_name="essai-unique", lifetime=timedelta(days=7), single_use=True)
MANY = SignedLink("essai-durable", url_name="essai-durable", lifetime=timedelta(days=30))


@pytest.mark.django_db
def test_verify_gives_back_what_was_signed():
    result = ONCE.verify(ONCE.token("inscription-12", now=NOW), NOW)
    assert (result.state, result.payload) == (LinkState.VALID, "inscription-12")
    assert result.expires_at == NOW + timedelta(days=7)
    assert result.message == "Ce lien est valable."


@pytest.mark.django_db
def test_verify_any_number_of_times_changes_nothing():
    token = ONCE.token("12", now=NOW)
    assert {ONCE.verify(token, NOW).state for _ in range(20)} == {LinkState.VALID}
    assert UsedLink.objects.count() == 0


@pytest.mark.django_db
def test_consume_works_once():
    token, other = ONCE.token("12", now=NOW), ONCE.token("12", now=NOW)
    assert [ONCE.consume(token, NOW).state for _ in range(3)] == [LinkState.VALID, LinkState.USED, LinkState.USED]
    used = ONCE.verify(token, NOW)
    assert (used.state, used.payload) == (LinkState.USED, "12")
    assert "déjà été utilisé" in used.message
    assert ONCE.consume(other, NOW).is_valid, "two links for one thing are two links"


@pytest.mark.django_db
def test_consume_gives_the_link_back_when_the_transaction_fails():
    token = ONCE.token("12", now=NOW)
    with transaction.atomic():
        assert ONCE.consume(token, NOW).is_valid
        transaction.set_rollback(True)
    assert ONCE.verify(token, NOW).is_valid


@pytest.mark.django_db
def test_consume_leaves_a_reusable_link_usable():
    token = MANY.token("12", now=NOW)
    assert [MANY.consume(token, NOW).state for _ in range(2)] == [LinkState.VALID, LinkState.VALID]
    assert UsedLink.objects.count() == 0


def test_consume_refuses_to_run_outside_of_a_transaction():
    with pytest.raises(RuntimeError):
        ONCE.consume(ONCE.token("12"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(days=7) - timedelta(seconds=1), LinkState.VALID),
        (timedelta(days=7), LinkState.EXPIRED),
        (timedelta(days=400), LinkState.EXPIRED),
    ],
)
def test_verify_after_the_expiry(age, state):
    result = ONCE.verify(ONCE.token("12", now=NOW), NOW + age)
    assert (result.state, result.payload) == (state, "12")


@pytest.mark.django_db
def test_token_may_live_until_a_given_date():
    token = MANY.token("12", expires_at=NOW + timedelta(days=200), now=NOW)
    assert MANY.verify(token, NOW + timedelta(days=199)).is_valid
    assert MANY.verify(token, NOW + timedelta(days=200)).state is LinkState.EXPIRED


def test_link_of_another_purpose_is_refused():
    other = SignedLink("autre-usage", lifetime=timedelta(days=7))
    assert other.verify(MANY.token("12", now=NOW), NOW).state is LinkState.INVALID


def test_tampered_link_is_refused():
    token = MANY.token("12", now=NOW)
    for position in range(len(token)):
        changed = token[:position] + ("A" if token[position] != "A" else "B") + token[position + 1 :]
        assert MANY.verify(changed, NOW).state is LinkState.INVALID
    for changed in (token[:-1], token + "A", token + "=", token.upper(), f" {token}", token.replace(".", ":")):
        assert MANY.verify(changed, NOW).state is LinkState.INVALID


@given(token=st.text(max_size=600))
def test_any_text_is_refused_without_an_error(token):
    result = MANY.verify(token, NOW)
    assert (result.state, result.payload) == (LinkState.INVALID, "")
    assert "n’est pas valable" in result.message


@pytest.mark.parametrize("token", ["", "x" * 5000, "\x00", "é", ".", "a.b", "=.=", "%00"])
def test_hostile_tokens_are_refused(token):
    assert MANY.verify(token, NOW).state is LinkState.INVALID


@pytest.mark.django_db
def test_key_rotation_keeps_the_links_already_sent(settings):
    token = ONCE.token("12", now=NOW)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "nouvelle-cle-nouvelle-cle-nouvelle-cle-nouvelle-cle"
    assert ONCE.consume(token, NOW).state is LinkState.VALID
    assert ONCE.consume(token, NOW).state is LinkState.USED
    settings.SECRET_KEY_FALLBACKS = []
    assert ONCE.verify(token, NOW).state is LinkState.INVALID


def test_url_is_absolute_and_short(settings):
    settings.ROOT_URLCONF = "tests.mailing.link_urls"
    settings.SITE_URL = "https://communs.exemple.fr"
    url = MANY.url("2f1c3f0e-8d9b-4a57-9a43-6f1f9a1f2b3c")
    assert url.startswith("https://communs.exemple.fr/lien/durable/")
    assert len(url) < 220


@pytest.mark.parametrize("purpose", ["", "a", "Majuscule", "avec espace", "x" * 51])
def test_link_with_a_bad_purpose_is_refused(purpose):
    with pytest.raises(ValueError, match="Bad link purpose"):
        SignedLink(purpose, lifetime=timedelta(days=1))


def test_single_use_link_lives_seven_days_at_most():
    with pytest.raises(ValueError, match="seven days"):
        SignedLink("essai-long", lifetime=timedelta(days=8), single_use=True)
    with pytest.raises(ValueError, match="seven days"):
        ONCE.token("12", expires_at=NOW + timedelta(days=8), now=NOW)


def test_token_refuses_a_long_payload():
    with pytest.raises(ValueError, match="120 characters"):
        MANY.token("x" * 121)
