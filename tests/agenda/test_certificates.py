"""Certificates of attendance: for the present alone, checked by a code."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from agenda.registrations import services
from agenda.registrations.certificates import ALPHABET, CERTIFICATE, CODE_LENGTH, new_code, printed
from agenda.registrations.mails import MANAGE
from agenda.registrations.reminders import send_reminders
from territoires_en_commun.mailing.models import OutgoingMail
from tests.agenda.events import enrol, fresh, make_event, make_session

CHECK = "/agenda/attestations/"


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-02 13:55")


@pytest.fixture
def session():
    event = make_event(title="Atelier des cafés")
    starts_at = timezone.now() + timedelta(minutes=5)
    return make_session(event, title="Séance 2", starts_at=starts_at, ends_at=starts_at + timedelta(minutes=150))


@pytest.fixture
def present(session, freeze):
    """Somebody who was checked in, once the session has begun."""
    registration, _ = services.check_in(registration=enrol(session), by=None)
    freeze("2027-03-02 14:30")
    return registration


def page_of(client, registration, link=CERTIFICATE, path="attestations"):
    return client.get(f"/agenda/{path}/{link.token(registration.uuid)}/")


def plain(response) -> str:
    html = response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_codes_are_long_enough_and_read_without_doubt():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert set("".join(codes)) <= set(ALPHABET)
    assert set(ALPHABET) & set("01ILO") == set()
    assert printed("K7M3P9QXRT") == "K7M3P-9QXRT"


def test_certificate_says_who_what_when_how_long_and_its_code(client, present):
    text = plain(page_of(client, present))
    for words in (
        "Sacha Camille",
        "Atelier des cafés",
        "Séance 2",
        "Mardi 2 mars 2027, de 14 h à 16 h 30",
        "Durée de la séance 2 h 30",
        "Organisation Association fictive",
        printed(present.certificate),
        "http://testserver/agenda/attestations/",
    ):
        assert words in text
    assert "exemple.fr" not in text


def test_session_over_several_days_has_no_number_of_hours(client, freeze):
    session = make_session(days=1, hours=30)
    registration, _ = services.check_in(registration=enrol(session), by=None)
    freeze("2027-03-03 15:00")
    text = plain(page_of(client, registration))
    assert ("Du mercredi 3 mars" in text, "Durée" in text) == (True, False)


def test_link_is_on_the_page_of_the_registration_and_in_the_mail_after(client, present, freeze):
    html = page_of(client, present, MANAGE, "inscription/gerer").content.decode()
    link = re.search(r'href="http://testserver(/agenda/attestations/[^"]+)"', html)[1]
    assert "Sacha Camille" in plain(client.get(link))
    freeze("2027-03-02 18:00")
    assert send_reminders(timezone.now()) == 1
    mail = OutgoingMail.objects.get(purpose="registration_after")
    link = re.search(r"http://testserver(/agenda/attestations/\S+)", mail.text)[1]
    assert link in mail.html
    freeze("2028-02-01 10:00")  # kept for a year
    assert "Sacha Camille" in plain(client.get(link))
    freeze("2028-03-02 18:00")
    assert client.get(link).status_code == 410


def test_mail_after_promises_nothing_to_who_was_not_checked_in(session, freeze):
    enrol(session)
    freeze("2027-03-02 18:00")
    assert send_reminders(timezone.now()) == 1
    mail = OutgoingMail.objects.get(purpose="registration_after")
    assert "attestation" not in mail.text + mail.html


def test_there_is_none_for_who_is_not_present(client, session, freeze):
    awaited, absent = enrol(session, "anne"), enrol(session, "bruno")
    freeze("2027-03-02 17:00")
    services.check_in(registration=absent, by=None)
    services.undo_check_in(registration=absent, by=None)
    services.mark_absents(session=session, by=None)
    for registration in (awaited, absent):
        assert page_of(client, registration).status_code == 410
        assert fresh(registration).certificate is None


def test_there_is_none_before_the_session_begins(client, session):
    registration, _ = services.check_in(registration=enrol(session), by=None)
    assert page_of(client, registration).status_code == 410
    assert "inconnu" in plain(client.get(CHECK, {"code": registration.certificate}))


def test_link_of_another_purpose_and_posts_are_refused(client, present):
    assert page_of(client, present, MANAGE).status_code == 404
    assert client.get("/agenda/attestations/faux/").status_code == 404
    assert client.post(f"/agenda/attestations/{CERTIFICATE.token(present.uuid)}/").status_code == 405


def test_anybody_checks_a_code(client, present):
    code = present.certificate
    for typed in (code, printed(code), f" {printed(code).lower()} ", code.replace("", " ")):
        response = client.get(CHECK, {"code": typed})
        text = plain(response)
        assert "Cette attestation est authentique" in text
        for words in ("Sacha Camille", "Atelier des cafés – Séance 2", "Mardi 2 mars 2027"):
            assert words in text
        assert ("exemple.fr" in text, response["X-Robots-Tag"]) == (False, "noindex")
        assert "no-store" in response["Cache-Control"]


def test_checking_page_asks_for_a_code(client):
    response = client.get(CHECK)
    assert response.status_code == 200
    text = plain(response)
    assert ("Code de l’attestation" in text, "inconnu" in text, "erreur" in text) == (True, False, False)
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_unknown_code_says_nothing_else(client, present):
    other = "2" * CODE_LENGTH
    assert "Ce code est inconnu" in plain(client.get(CHECK, {"code": other}))


@pytest.mark.parametrize("code", ["", "abc", "0" * CODE_LENGTH, "a" * 5000, "a\x00b", "é" * CODE_LENGTH, "<b>"])
def test_bad_codes_get_a_sentence(client, present, code):
    response = client.get(CHECK, {"code": code})
    text = plain(response)
    assert response.status_code == 200
    assert ("est à corriger" in text, "Sacha" in text) == (True, False)


def test_undone_check_in_makes_the_certificate_invalid(client, present):
    code = present.certificate
    services.undo_check_in(registration=present, by=None)
    assert page_of(client, present).status_code == 410
    assert "Ce code est inconnu" in plain(client.get(CHECK, {"code": code}))


def test_erased_person_has_no_certificate_any_more(client, present):
    present.erased_at = timezone.now()
    present.save()
    assert page_of(client, present).status_code == 410
    assert "Ce code est inconnu" in plain(client.get(CHECK, {"code": present.certificate}))


def test_codes_are_not_tried_without_end(client, present):
    for _ in range(60):
        assert client.get(CHECK, {"code": "2" * CODE_LENGTH}).status_code == 200
    response = client.get(CHECK, {"code": present.certificate})
    assert (response.status_code, "Sacha" in plain(response)) == (429, False)
    assert int(response["Retry-After"]) > 0
    assert client.get(CHECK).status_code == 200
