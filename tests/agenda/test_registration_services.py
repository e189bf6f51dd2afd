"""Registering, the queue, offers, cancellations: who holds a seat, and who comes next."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agenda.events.kinds import EventMode, RegistrationWay, SessionStatus
from agenda.events.kinds import RegistrationState as State
from agenda.models import Registration
from agenda.registrations import decisions, services
from agenda.registrations import queue as queue_verbs
from agenda.registrations import states as registration_states
from territoires_en_commun.mailing.models import OutgoingMail
from tests.agenda.events import REMOTE, ask, enrol, fresh, make_event, make_session, person, states
from tests.factories import TerritoryFactory, UserFactory


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


def mails(name="camille"):
    found = OutgoingMail.objects.filter(recipient=f"{name}@exemple.fr").exclude(state="cancelled")
    return list(found.order_by("pk").values_list("purpose", flat=True))


def refusal(call, **arguments) -> str:
    with pytest.raises(ValidationError) as raised:
        call(**arguments)
    return raised.value.messages[0]


# Registering


def test_form_holds_no_seat_until_its_address_is_confirmed():
    session = make_session(seats=1)
    first = ask(session, "anne")
    assert (first.state, first.seat, mails("anne")) == (State.TO_CONFIRM, None, ["registration_confirm"])
    second = enrol(session, "bruno")
    assert (second.state, second.seat, second.rank) == (State.CONFIRMED, 1, 1)
    assert services.confirm(registration=first).state == State.WAITING
    assert states(session) == {"bruno": State.CONFIRMED, "anne": State.WAITING}


def test_confirming_twice_is_once():
    registration = enrol(make_session())
    again = services.confirm(registration=registration)
    assert (again.pk, again.state, again.seat) == (registration.pk, State.CONFIRMED, 1)
    assert mails() == ["registration_confirm", "registration_confirmed"]
    assert registration.moves.count() == 2


@pytest.mark.parametrize("email", ["CAMILLE@exemple.fr", "camille@EXEMPLE.fr", "camille@exemple.fr"])
def test_same_address_gets_the_registration_that_it_has(email):
    session = make_session()
    enrol(session)
    assert ask(session, email=email) is None
    assert Registration.objects.count() == 1
    assert OutgoingMail.objects.filter(purpose="registration_known").count() == 1


def test_second_form_of_an_address_that_confirms_another_changes_nothing():
    session = make_session(seats=1)
    first, second = ask(session, last_name="Durand"), ask(session, last_name="Durant")
    confirmed = services.confirm(registration=second)
    assert services.confirm(registration=first).pk == confirmed.pk
    assert states(session)["camille"] in {State.CONFIRMED, State.TO_CONFIRM}
    assert session.registrations.seated().count() == 1


def test_form_sent_twice_is_one():
    session = make_session()
    for _ in range(2):
        services.register(session=session, presence="presentiel", person=person(), identity="a" * 32)
    assert (Registration.objects.count(), mails()) == (1, ["registration_confirm"])


@pytest.mark.parametrize(
    ("event", "session", "presence", "said"),
    [
        ({"registration_way": RegistrationWay.NONE}, {}, "presentiel", registration_states.NOT_HERE),
        (
            {},
            {"status": SessionStatus.CANCELLED, "status_message": "Neige"},
            "presentiel",
            registration_states.NOT_TAKING_PLACE,
        ),
        ({}, {"opens_at": 2}, "presentiel", registration_states.NOT_YET_OPEN),
        ({}, {"closes_at": -1}, "presentiel", registration_states.CLOSED),
        ({}, {"days": -1}, "presentiel", registration_states.CLOSED),
        ({}, {}, "distance", registration_states.OTHER_PRESENCE),
    ],
)
def test_session_that_takes_no_registration_says_why(event, session, presence, said):
    for name in {"opens_at", "closes_at"} & session.keys():
        session[name] = timezone.now() + timedelta(days=session[name])
    session = make_session(make_event(**event), **session)
    assert refusal(ask, session=session, presence=presence) == said
    assert Registration.objects.count() == OutgoingMail.objects.count() == 0


def test_registration_closes_between_the_form_and_the_confirmation(freeze):
    session = make_session(closes_at=timezone.now() + timedelta(hours=1))
    registration = ask(session)
    freeze("2027-03-01 11:00")
    assert refusal(services.confirm, registration=registration) == registration_states.CLOSED
    assert fresh(registration).state == State.TO_CONFIRM


# Seats


def test_capacity_of_zero_puts_everybody_in_the_queue():
    session = make_session(seats=0)
    for name in ("anne", "bruno"):
        enrol(session, name)
    assert states(session) == {"anne": State.WAITING, "bruno": State.WAITING}


def test_session_without_waiting_list_refuses_when_it_is_full():
    session = make_session(make_event(has_waiting_list=False), seats=1)
    enrol(session, "anne")
    assert refusal(enrol, session=session, name="bruno") == queue_verbs.FULL
    assert states(session)["bruno"] == State.TO_CONFIRM


def test_each_presence_has_its_seats_and_its_queue():
    session = make_session(make_event(mode=EventMode.HYBRID), seats=1, remote_seats=1)
    for name, presence in (("anne", "presentiel"), ("bruno", "presentiel"), ("chloe", REMOTE), ("david", REMOTE)):
        enrol(session, name, presence)
    assert states(session) == {
        "anne": State.CONFIRMED,
        "bruno": State.WAITING,
        "chloe": State.CONFIRMED,
        "david": State.WAITING,
    }
    services.cancel_registration(registration=session.registrations.get(email_key="chloe@exemple.fr"))
    assert (states(session)["bruno"], states(session)["david"]) == (State.WAITING, State.OFFERED)


# The queue


@pytest.fixture
def queue():
    """One seat, taken by Anne; Bruno, Chloé and David wait, in this order."""
    session = make_session(seats=1)
    return session, *(enrol(session, name) for name in ("anne", "bruno", "chloe", "david"))


def test_freed_seat_is_offered_to_the_first_who_waits(queue):
    session, anne, bruno, *_ = queue
    services.cancel_registration(registration=anne)
    bruno = fresh(bruno)
    assert (bruno.state, bruno.seat) == (State.OFFERED, 1)
    assert bruno.offered_until == timezone.now() + timedelta(hours=48)
    assert states(session) == {
        "anne": State.CANCELLED,
        "bruno": State.OFFERED,
        "chloe": State.WAITING,
        "david": State.WAITING,
    }
    assert mails("anne") == ["registration_cancelled"]
    assert mails("bruno")[-1] == "registration_offer"
    assert services.accept_offer(registration=bruno).state == State.CONFIRMED
    assert services.accept_offer(registration=bruno).state == State.CONFIRMED
    assert mails("bruno").count("registration_confirmed") == 1


def test_offer_without_answer_goes_to_the_next(queue, freeze):
    session, anne, bruno, chloe, _ = queue
    services.cancel_registration(registration=anne)
    freeze("2027-03-03 10:00")
    assert refusal(services.accept_offer, registration=bruno) == queue_verbs.NO_OFFER
    assert services.end_late_offers(session=session) == 1
    assert (fresh(bruno).state, fresh(chloe).state) == (State.CANCELLED, State.OFFERED)
    assert fresh(bruno).moves.last().reason == queue_verbs.OFFER_EXPIRED
    assert mails("bruno")[-1] == "registration_offer_expired"
    assert services.end_late_offers(session=session) == 0
    assert services.wait_again(registration=bruno).state == State.WAITING
    assert list(states(session)) == ["anne", "chloe", "david", "bruno"]


def test_offer_ends_when_the_session_starts(freeze):
    session = make_session(seats=1, days=1)
    anne, bruno = enrol(session, "anne"), enrol(session, "bruno")
    services.cancel_registration(registration=anne)
    assert fresh(bruno).offered_until == session.starts_at
    freeze("2027-03-02 10:00")
    assert services.end_late_offers(session=session) == 1
    assert states(session) == {"anne": State.CANCELLED, "bruno": State.CANCELLED}


def test_form_that_was_given_up_before_its_confirmation_comes_back():
    registration = ask(make_session(seats=1))
    assert services.cancel_registration(registration=registration).state == State.CANCELLED
    assert mails() == ["registration_confirm"]
    back = services.wait_again(registration=registration)
    assert (back.state, back.seat, back.confirmed_at) == (State.CONFIRMED, 1, timezone.now())


def test_one_who_waits_leaves_the_queue(queue):
    _session, anne, bruno, chloe, _ = queue
    services.cancel_registration(registration=bruno)
    services.cancel_registration(registration=anne)
    assert fresh(chloe).state == State.OFFERED


def test_newcomer_does_not_pass_before_those_who_wait(queue):
    session, anne, *_ = queue
    newcomer = ask(session, "emma")
    services.cancel_registration(registration=anne)
    assert services.confirm(registration=newcomer).state == State.WAITING


def test_person_cancels_until_the_deadline_and_the_organiser_later(freeze):
    session = make_session(seats=1, cancel_until=timezone.now() + timedelta(days=1))
    registration = enrol(session)
    freeze("2027-03-03 10:00")
    assert refusal(services.cancel_registration, registration=registration) == services.TOO_LATE
    done = services.cancel_registration(registration=registration, by=UserFactory(), reason="Doublon")
    assert (done.state, done.seat) == (State.CANCELLED, None)
    assert "Doublon" in OutgoingMail.objects.get(purpose="registration_cancelled").text
    assert services.cancel_registration(registration=registration).state == State.CANCELLED
    assert mails().count("registration_cancelled") == 1


# Small communes


def test_seats_of_small_communes_are_kept_until_a_week_before(freeze):
    session = make_session(make_event(small_quota=1, small_population=3500), seats=2, days=10)
    small, large = TerritoryFactory(population=800), TerritoryFactory(population=40_000)
    for name, commune in (("anne", large), ("bruno", large), ("chloe", None)):
        enrol(session, name, commune=commune)
    assert states(session) == {"anne": State.CONFIRMED, "bruno": State.WAITING, "chloe": State.WAITING}
    enrol(session, "david", commune=small)
    enrol(session, "emma", commune=small)
    assert (states(session)["david"], states(session)["emma"]) == (State.CONFIRMED, State.WAITING)
    services.cancel_registration(registration=session.registrations.get(email_key="david@exemple.fr"))
    assert (states(session)["bruno"], states(session)["emma"]) == (State.WAITING, State.OFFERED)
    services.cancel_registration(registration=session.registrations.get(email_key="emma@exemple.fr"))
    assert states(session)["bruno"] == State.WAITING
    freeze("2027-03-04 10:00")
    enrol(session, "fanny", commune=small)
    assert states(session) == {
        "anne": State.CONFIRMED,
        "bruno": State.OFFERED,
        "chloe": State.WAITING,
        "david": State.CANCELLED,
        "emma": State.CANCELLED,
        "fanny": State.WAITING,
    }


# Approval


@pytest.mark.parametrize(("holds", "second"), [(True, State.WAITING), (False, State.CONFIRMED)])
def test_organiser_approves(holds, second):
    session = make_session(make_event(needs_approval=True, approval_holds_seat=holds), seats=1)
    anne, bruno = enrol(session, "anne"), enrol(session, "bruno")
    assert states(session) == {"anne": State.AWAITING, "bruno": State.AWAITING}
    assert (anne.seat, bruno.seat) == ((1, None) if holds else (None, None))
    organiser = UserFactory()
    assert services.approve(registration=bruno, by=organiser).state == second
    assert fresh(bruno).moves.last().by == organiser
    after = services.approve(registration=anne, by=organiser).state
    assert after == (State.CONFIRMED if holds else State.WAITING)


def test_refusal_has_a_reason_and_frees_the_seat():
    session = make_session(make_event(needs_approval=True), seats=1)
    anne, bruno = enrol(session, "anne"), enrol(session, "bruno")
    services.approve(registration=bruno, by=None)
    assert refusal(services.refuse, registration=anne, by=None, reason=" ") == decisions.REASON_NEEDED
    services.refuse(registration=anne, by=None, reason="Réservé aux élus.")
    assert states(session) == {"anne": State.REFUSED, "bruno": State.OFFERED}
    assert "Réservé aux élus." in OutgoingMail.objects.get(purpose="registration_refused").text
    assert "est refusée" in refusal(services.cancel_registration, registration=anne)


# Changing, checking in


def test_change_of_presence_needs_a_seat_there():
    session = make_session(make_event(mode=EventMode.HYBRID), seats=1, remote_seats=1)
    anne, bruno = enrol(session, "anne"), enrol(session, "bruno", REMOTE)
    waiting = enrol(session, "chloe")

    def change(registration, presence, **fields):
        name = registration.email.split("@")[0]
        return services.change_registration(
            registration=registration, presence=presence, person=person(name, **fields)
        )

    assert refusal(change, registration=anne, presence=REMOTE) == services.NO_SEAT_THERE
    services.cancel_registration(registration=bruno)
    changed = change(anne, REMOTE, last_name="Petit", organisation="Mairie")
    assert (changed.presence, changed.seat, changed.last_name, changed.organisation) == (REMOTE, 1, "Petit", "Mairie")
    assert fresh(waiting).state == State.OFFERED


def test_second_scan_says_when_the_first_was(freeze):
    session = make_session(days=1)
    registration, door = enrol(session), UserFactory()
    waiting = ask(session, "bruno")
    freeze("2027-03-02 10:02")
    first, is_first = services.check_in(registration=registration, by=door)
    freeze("2027-03-02 10:09")
    second, is_second = services.check_in(registration=registration, by=door)
    assert (first.state, is_first, is_second) == (State.PRESENT, True, False)
    assert second.checked_in_at == first.checked_in_at
    assert "n’a pas d’inscription confirmée" in refusal(services.check_in, registration=waiting, by=door)
    assert services.undo_check_in(registration=registration, by=door).checked_in_at is None


def test_absents_are_noted_once_the_session_is_over(freeze):
    session = make_session(days=1)
    here, away = enrol(session, "anne"), enrol(session, "bruno")
    services.check_in(registration=here, by=None)
    assert "trop tôt" in refusal(services.mark_absents, session=session, by=None)
    freeze("2027-03-02 12:00")
    assert services.mark_absents(session=session, by=None) == 1
    assert states(session) == {"anne": State.PRESENT, "bruno": State.ABSENT}
    assert refusal(services.cancel_registration, registration=away) == registration_states.OVER


def test_longest_title_keeps_nobody_from_registering():
    session = make_session(make_event(title="Atelier " + "é" * 247), seats=1)
    enrol(session)
    services.cancel_registration(registration=enrol(session, "dominique"))
    subjects = OutgoingMail.objects.values_list("subject", flat=True)
    assert {len(subject) for subject in subjects} == {255}


def test_who_waits_is_offered_the_seat_of_the_other_presence():
    session = make_session(make_event(mode=EventMode.HYBRID), seats=0, remote_seats=1)
    waiting = enrol(session)
    services.change_registration(registration=waiting, presence=REMOTE, person=person())
    assert (fresh(waiting).state, fresh(waiting).seat, fresh(waiting).presence) == (State.OFFERED, 1, REMOTE)
    assert mails()[-1] == "registration_offer"


def test_who_waits_is_offered_the_kept_seat_of_the_small_commune_that_they_name():
    session = make_session(make_event(small_quota=1), seats=1)
    waiting = enrol(session)
    assert waiting.state == State.WAITING
    small = TerritoryFactory(name="Saint-Exemple", population=300)
    services.change_registration(registration=waiting, presence=waiting.presence, person=person(commune=small))
    assert (fresh(waiting).state, fresh(waiting).seat) == (State.OFFERED, 1)


def test_seat_left_for_the_other_presence_goes_to_the_next():
    session = make_session(make_event(mode=EventMode.HYBRID), seats=1, remote_seats=1)
    moving, waiting = enrol(session), enrol(session, "dominique")
    services.change_registration(registration=moving, presence=REMOTE, person=person())
    assert (fresh(moving).state, fresh(moving).presence) == (State.CONFIRMED, REMOTE)
    assert fresh(waiting).state == State.OFFERED
