"""Whatever people and organisers do, in whatever order: no seat too many, nobody twice, the queue in its order."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from agenda.events.kinds import EventMode, Presence
from agenda.events.kinds import RegistrationState as State
from agenda.models import Registration, RegistrationTransfer
from agenda.registrations import services
from agenda.registrations import transfer_services as transfers
from agenda.registrations.erasure import erase_address
from agenda.registrations.seats import seats_of
from agenda.sessions import services as session_services
from tests.agenda.events import ask, make_event, make_session
from tests.factories import TerritoryFactory

pytestmark = pytest.mark.django_db
START = "2027-03-01 10:00+00:00"
PRESENCES = st.sampled_from(Presence.values)
CAPACITIES = st.one_of(st.none(), st.integers(0, 3))


class Registrations(RuleBasedStateMachine):
    """One session on site and at a distance, with seats for small communes, and an organiser who approves or not."""

    people = Bundle("people")
    checks = 0  # how many times everything was looked at, all runs together

    @initialize(
        onsite=CAPACITIES,
        remote=CAPACITIES,
        quota=st.sampled_from([None, 1, 2]),
        approval=st.booleans(),
        holds=st.booleans(),
    )
    def open(self, onsite, remote, quota, approval, holds):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clock = time_machine.travel(START, tick=False)
        self.traveller = self.clock.start()
        self.names = 0
        event = make_event(
            mode=EventMode.HYBRID, small_quota=quota, needs_approval=approval, approval_holds_seat=holds
        )
        self.session = make_session(event, seats=onsite, remote_seats=remote, days=10)
        self.small, self.large = TerritoryFactory(population=500), TerritoryFactory(population=90_000)
        self.held_when_lowered = {}
        self.queue = {}  # who waited after the last step, by key

    def teardown(self):
        if hasattr(self, "savepoint"):
            self.clock.stop()
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def try_to(self, act, **arguments):
        try:
            return act(**arguments)
        except ValidationError:
            return None

    @rule(target=people, presence=PRESENCES, is_small=st.booleans())
    def ask(self, presence, is_small):
        self.names += 1
        commune = self.small if is_small else self.large
        try:
            return ask(self.session, f"p{self.names}", presence, commune=commune).pk
        except ValidationError:  # the session has begun
            return multiple()

    @rule(person=people)
    def confirm(self, person):
        before = Registration.objects.get(pk=person)
        ahead = set(self.session.registrations.queue().filter(presence=before.presence).values_list("pk", "is_small"))
        after = self.try_to(services.confirm, registration=before)
        if after and before.state == State.TO_CONFIRM and after.state == State.CONFIRMED:
            still = set(self.session.registrations.queue().values_list("pk", flat=True))
            passed = [pk for pk, is_small in ahead if pk in still and (is_small or not after.is_small)]
            assert passed == []

    @rule(person=people)
    def accept(self, person):
        self.try_to(services.accept_offer, registration=Registration.objects.get(pk=person))

    @rule(person=people, by_organiser=st.booleans())
    def cancel(self, person, by_organiser):
        row = Registration.objects.get(pk=person)
        self.try_to(services.cancel_registration, registration=row, reason="Doublon" if by_organiser else "")

    @rule(person=people)
    def come_back(self, person):
        self.try_to(services.wait_again, registration=Registration.objects.get(pk=person))

    @rule(person=people)
    def approve(self, person):
        self.try_to(services.approve, registration=Registration.objects.get(pk=person), by=None)

    @rule(person=people)
    def refuse(self, person):
        self.try_to(services.refuse, registration=Registration.objects.get(pk=person), by=None, reason="Non.")

    @rule(person=people, presence=PRESENCES)
    def change(self, person, presence):
        row = Registration.objects.get(pk=person)
        said = services.Person(email=row.email, last_name="Durand", commune=row.commune)
        self.try_to(services.change_registration, registration=row, presence=presence, person=said)

    @rule(person=people)
    def give(self, person):
        self.names += 1
        row = Registration.objects.get(pk=person)
        self.try_to(transfers.propose, registration=row, email=f"p{self.names}@exemple.fr")

    @rule(person=people)
    def take_back(self, person):
        transfers.take_back(registration=Registration.objects.get(pk=person))

    @rule(target=people, person=people, is_small=st.booleans())
    def take(self, person, is_small):
        transfer = RegistrationTransfer.objects.filter(registration=person).last()
        if transfer is None:
            return multiple()
        before = Registration.objects.get(pk=person)
        taken_by = transfer.taken_by_id
        said = services.Person(email="", last_name="Durand", commune=self.small if is_small else self.large)
        taker = self.try_to(transfers.accept_transfer, transfer=transfer, person=said)
        if taker is None:
            return multiple()
        if not taken_by:
            assert (taker.seat, taker.presence) == (before.seat, before.presence)
            assert Registration.objects.get(pk=person).state == State.CANCELLED
        return taker.pk

    @rule(person=consumes(people))
    def erase(self, person):
        erase_address(Registration.objects.get(pk=person).email)

    @rule(presence=PRESENCES, capacity=CAPACITIES)
    def resize(self, presence, capacity):
        held = self.session.registrations.seated().filter(presence=presence).count()
        session_services.change_capacities(session=self.session, capacities={presence: capacity}, is_acknowledged=True)
        self.session.refresh_from_db()
        self.held_when_lowered[presence] = held
        if capacity is not None and held > capacity:
            assert self.session.registrations.seated().filter(presence=presence).count() == held

    @rule(hours=st.integers(1, 100))
    def wait(self, hours):
        self.traveller.shift(timedelta(hours=hours))
        services.end_late_offers(session=self.session)

    @invariant()
    def seats_are_exact(self):
        if not hasattr(self, "session"):
            return
        type(self).checks += 1
        now = timezone.now()
        for presence in Presence:
            rows = self.session.registrations.filter(presence=presence)
            numbers = list(rows.seated().values_list("seat", flat=True))
            assert len(numbers) == len(set(numbers))
            seats = seats_of(self.session, presence, now)
            assert seats.left is None or seats.left >= 0
            assert seats.left_for_all is None or 0 <= seats.left_for_all <= seats.left
            capacity = self.session.capacity(presence)
            lowered = self.held_when_lowered.get(presence, 0)
            assert capacity is None or len(numbers) <= max(capacity, lowered)
        named = self.session.registrations.active().filter(erased_at=None)
        addresses = list(named.values_list("email_key", flat=True))
        assert not RegistrationTransfer.objects.filter(ended_at=None).exclude(registration__state=State.CONFIRMED)
        assert len(addresses) == len(set(addresses))

    @invariant()
    def queue_keeps_its_order(self):
        """Nobody is offered a seat before somebody who waited longer in the same way, and could have taken it."""
        if not hasattr(self, "session"):
            return
        rows = {row.pk: row for row in self.session.registrations.all()}
        served = [rows[pk] for pk in self.queue if rows[pk].state == State.OFFERED]
        still = [rows[pk] for pk in self.queue if rows[pk].state == State.WAITING]
        for one in served:
            passed = [row for row in still if row.presence == one.presence and row.rank < one.rank]
            assert [row for row in passed if row.is_small or not one.is_small] == []
        self.queue = {pk: row for pk, row in rows.items() if row.state == State.WAITING}

    @invariant()
    def nobody_waits_beside_a_seat_for_them(self):
        """But for the time between the release of the kept seats and the next thing that happens."""
        if not hasattr(self, "session") or timezone.now() >= self.session.starts_at - timedelta(days=7):
            return
        for presence in Presence:
            seats = seats_of(self.session, presence, timezone.now())
            for row in self.session.registrations.queue().filter(presence=presence):
                assert seats.number_for(row.is_small) is None


def test_registrations_stay_exact_whatever_happens(home):
    run_state_machine_as_test(
        Registrations,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Registrations.checks > 100
    assert not Registration.objects.exists(), "each example is undone"
