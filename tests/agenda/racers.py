"""Many who act at the same instant on one session, each with a connection of their own, in a database of their own.

Run as ``python -m tests.agenda.racers confirm|offer|capacity|transfer``; prints what is left, as JSON.
"""

import json
import os
import sys
import threading
from collections import Counter

import django

SEATS, PEOPLE, AT_ONCE = 10, 200, 20


def prepare():
    """An agenda, and a session with few seats."""
    from django.core.management import call_command

    from tests.agenda.events import make_session

    call_command("init_site", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
    return make_session(seats=SEATS)


def at_once(acts) -> list[str]:
    """Run these acts from several threads that start together; what each one says."""
    from django.core.exceptions import ValidationError
    from django.db import connection

    gate, told, rest = threading.Barrier(AT_ONCE), [], list(acts)

    def work():
        gate.wait()
        while rest:
            try:
                act = rest.pop(0)
            except IndexError:
                break
            try:
                told.append(act().state)
            except ValidationError as error:
                told.append(error.messages[0])
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def confirm(session) -> dict:
    """Two hundred people confirm, for ten seats."""
    from agenda.registrations import services
    from tests.agenda.events import ask

    people = [ask(session, f"p{number}") for number in range(PEOPLE)]
    told = at_once([lambda row=row: services.confirm(registration=row) for row in people])
    return {"told": Counter(told), "left": left(session)}


def offer(session) -> dict:
    """Everybody who has a seat cancels while the organiser cancels them too, and those offered a seat accept."""
    from agenda.registrations import services
    from tests.agenda.events import enrol

    seated = [enrol(session, f"s{number}") for number in range(SEATS)]
    waiting = [enrol(session, f"w{number}") for number in range(SEATS)]
    acts = []
    for one, other in zip(seated, waiting, strict=True):
        acts += [
            lambda row=one: services.cancel_registration(registration=row),
            lambda row=one: services.cancel_registration(registration=row, by=None),
            lambda row=other: services.accept_offer(registration=row),
        ]
    at_once(acts)
    at_once([lambda row=row: services.accept_offer(registration=row) for row in waiting])
    return {"left": left(session)}


def capacity(session) -> dict:
    """People confirm while the organiser adds seats, then takes some away."""
    from agenda.registrations import services
    from agenda.sessions import services as session_services
    from tests.agenda.events import ask

    people = [ask(session, f"p{number}") for number in range(60)]
    acts = [lambda row=row: services.confirm(registration=row) for row in people]

    def resize(seats):
        session_services.change_capacities(session=session, capacities={"presentiel": seats}, is_acknowledged=True)
        return people[0]

    for rank, seats in enumerate((15, 20, 25, 5)):
        acts.insert(10 + 12 * rank, lambda seats=seats: resize(seats))
    at_once(acts)
    return {"left": left(session)}


def transfer(session) -> dict:
    """Each place is accepted by its recipient twice, while who gives it cancels."""
    from agenda.registrations import services
    from agenda.registrations import transfer_services as transfers
    from tests.agenda.events import enrol, person

    seated = [enrol(session, f"s{number}") for number in range(SEATS)]
    for number in range(SEATS):
        enrol(session, f"w{number}")
    acts = []
    for number, one in enumerate(seated):
        given = transfers.propose(registration=one, email=f"t{number}@exemple.fr")
        take = lambda given=given: transfers.accept_transfer(transfer=given, person=person())  # noqa: E731
        acts += [take, lambda row=one: services.cancel_registration(registration=row), take]
    at_once(acts)
    states = dict(session.registrations.values_list("email", "state"))
    # Who cancelled first gave nothing; who gave first cancelled nothing: one seat, to one person.
    fates = {(states.get(f"t{number}@exemple.fr"), states[f"s{number}@exemple.fr"]) for number in range(SEATS)}
    offered = session.registrations.filter(state="proposee").count()
    taken = sum(states.get(f"t{number}@exemple.fr") == "confirmee" for number in range(SEATS))
    found = left(session)
    return {
        "fates": sorted(map(list, fates), key=str),
        "is_exact": offered + taken == SEATS,
        "seats": found["seats"],
        "ranks_are_single": found["ranks_are_single"],
    }


def left(session) -> dict:
    """Seats, ranks and states of the session."""
    from agenda.models import Registration

    rows = list(Registration.objects.filter(session=session).values_list("state", "seat", "rank"))
    seats = [seat for _, seat, _ in rows if seat]
    ranks = [rank for _, _, rank in rows if rank]
    return {
        "states": Counter(state for state, *_ in rows),
        "seats": sorted(seats),
        "ranks_are_single": len(ranks) == len(set(ranks)),
    }


if __name__ == "__main__":
    django.setup()
    race = {"confirm": confirm, "offer": offer, "capacity": capacity, "transfer": transfer}[sys.argv[1]]
    sys.stdout.write(json.dumps(race(prepare())))
