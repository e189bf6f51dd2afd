"""Erasing the person of a registration: nothing that names them is left, counts stay as they were."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.utils import timezone

from agenda.events.kinds import QuestionKind
from agenda.events.kinds import RegistrationState as State
from agenda.models import EventQuestion, Registration
from agenda.registrations import services
from agenda.registrations import transfer_services as transfers
from agenda.registrations.erasure import erase_address, erase_person
from agenda.registrations.reminders import send_reminders
from agenda.registrations.seats import seats_of
from agenda.sessions import services as session_services
from territoires_en_commun.mailing.models import MailAttachment, OutgoingMail
from tests.agenda.events import ONSITE, enrol, fresh, make_event, make_session, person
from tests.factories import TerritoryFactory, UserFactory

SECRETS = ("camille", "Zéphyrin", "Structure secrète", "Fonction secrète", "Besoin secret", "Réponse secrète", "Motif")


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


def said_all(session, name="camille"):
    question = EventQuestion.objects.create(event=session.event, label="Repas ?", kind=QuestionKind.TEXT)
    return enrol(
        session,
        name,
        last_name="Zéphyrin",
        organisation="Structure secrète",
        role="Fonction secrète",
        needs="Besoin secret",
        commune=TerritoryFactory(population=500),
        answers={str(question.uuid): "Réponse secrète"},
        in_list=True,
    )


def whole_database() -> str:
    """Every row of the rooms that hear of registrations, as text."""
    rows = []
    for label in ("agenda", "mailing"):
        for model in apps.get_app_config(label).get_models():
            rows += [row["fields"] for row in json.loads(serializers.serialize("json", model.objects.all()))]
    return json.dumps(rows, ensure_ascii=False)


def test_nothing_names_the_person_any_more():
    session = make_session(make_event(small_quota=1), seats=3)
    camille = said_all(session)
    transfers.propose(registration=camille, email="dominique@exemple.fr")
    services.cancel_registration(registration=camille, by=UserFactory(), reason="Motif personnel")
    assert all(secret in whole_database() for secret in SECRETS)
    erase_person(camille := fresh(camille))
    left = whole_database()
    assert [secret for secret in (*SECRETS, "dominique@exemple.fr") if secret in left] == []
    kept = fresh(camille)
    assert (kept.state, kept.presence, kept.is_small, kept.erased_at) == (
        State.CANCELLED,
        ONSITE,
        True,
        timezone.now(),
    )
    assert [move.after for move in kept.moves.all()] == [State.TO_CONFIRM, State.CONFIRMED, State.CANCELLED]
    assert (kept.commune, kept.answers, kept.in_list, MailAttachment.objects.count()) == (None, {}, False, 0)


def test_counts_stay_as_they_were(freeze):
    session = make_session(seats=2)
    camille, anne = said_all(session), enrol(session, "anne")
    services.check_in(registration=camille, by=None)
    before = seats_of(session, ONSITE, timezone.now())
    freeze(session.ends_at)
    for row in (camille, anne):
        erase_person(fresh(row))
    assert seats_of(session, ONSITE, timezone.now()) == before
    assert sorted(session.registrations.values_list("state", flat=True)) == [State.CONFIRMED, State.PRESENT]


def test_who_was_erased_receives_nothing_more(freeze):
    session = make_session(seats=2)
    camille = enrol(session)
    freeze(session.starts_at + timedelta(minutes=1))
    erase_person(fresh(camille))
    before = OutgoingMail.objects.count()
    session_services.move_session(
        session=session, starts_at=session.starts_at, ends_at=session.ends_at + timedelta(hours=1), message="Plus long"
    )
    freeze(session.ends_at + timedelta(hours=2))
    assert send_reminders(timezone.now()) == 0
    assert OutgoingMail.objects.count() == before


def test_mail_that_was_sent_is_erased_and_that_of_others_stays():
    session = make_session(seats=2)
    camille, anne = enrol(session), enrol(session, "anne")
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT, sent_at=timezone.now(), settled_at=timezone.now())
    erase_person(fresh(camille))
    rows = OutgoingMail.objects.filter(key__startswith=f"registration:{camille.uuid}:")
    assert set(rows.values_list("state", "recipient", "subject", "text", "html")) == {
        ("sent", "", "(contenu effacé)", "", "")
    }
    assert OutgoingMail.objects.filter(recipient="anne@exemple.fr").exclude(text="").count() == 2
    assert fresh(anne).erased_at is None


def test_address_that_took_a_place_is_erased_from_the_proposal_too():
    session = make_session(seats=1)
    transfer = transfers.propose(registration=enrol(session), email="dominique@exemple.fr")
    transfers.accept_transfer(transfer=transfer, person=person("autre"))
    assert erase_address("dominique@exemple.fr") == 1
    transfer.refresh_from_db()
    assert (transfer.email, transfer.email_key) == ("", "")
    assert "dominique@exemple.fr" not in whole_database()
    assert Registration.objects.get(state=State.CANCELLED, erased_at=None).email == "camille@exemple.fr"


def test_address_that_was_only_proposed_a_place_is_erased():
    camille = enrol(make_session(seats=1))
    transfer = transfers.propose(registration=camille, email="dominique@exemple.fr")
    assert erase_address("dominique@exemple.fr") == 0
    transfer.refresh_from_db()
    assert (transfer.email, transfer.ended_at) == ("", timezone.now())
    assert "dominique@exemple.fr" not in whole_database()
    assert fresh(camille).state == State.CONFIRMED


def test_several_persons_of_a_session_are_erased():
    session = make_session(seats=3)
    rows = [enrol(session, name) for name in ("anne", "bruno", "chloe")]
    for row in rows:
        erase_address(row.email)
    assert set(session.registrations.values_list("state", "email")) == {(State.CANCELLED, "")}
