"""Everybody at once: confirmations, cancellations, offers, seats, from parallel connections in real transactions."""

import json
import os
import subprocess
import sys

import pytest

from tests.mailing.workers import ROOT, copied_database


@pytest.fixture
def race_database(django_db_setup, django_db_blocker, tmp_path):
    """The address of an empty, migrated database that other processes can open."""
    with django_db_blocker.unblock(), copied_database(tmp_path, "race") as address:
        yield address


def race(address, verb) -> dict:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "territoires_en_commun.settings", "DATABASE_URL": address}
    done = subprocess.run(
        [sys.executable, "-m", "tests.agenda.racers", verb],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_two_hundred_confirmations_for_ten_seats_give_ten(race_database):
    assert race(race_database, "confirm") == {
        "told": {"confirmee": 10, "attente": 190},
        "left": {
            "states": {"confirmee": 10, "attente": 190},
            "seats": list(range(1, 11)),
            "ranks_are_single": True,
        },
    }


def test_seats_given_up_twice_are_offered_once(race_database):
    assert race(race_database, "offer") == {
        "left": {
            "states": {"annulee": 10, "confirmee": 10},
            "seats": list(range(1, 11)),
            "ranks_are_single": True,
        },
    }


def test_places_that_are_given_and_cancelled_at_once_go_to_one_person(race_database):
    told = race(race_database, "transfer")
    assert (told["is_exact"], told["seats"], told["ranks_are_single"]) == (True, list(range(1, 11)), True)
    assert [fate for fate in told["fates"] if fate not in (["confirmee", "annulee"], [None, "annulee"])] == []


def test_seats_that_change_while_people_confirm_are_never_given_twice(race_database):
    left = race(race_database, "capacity")["left"]
    assert left["ranks_are_single"]
    assert len(left["seats"]) == len(set(left["seats"])) <= 25
    assert sum(left["states"].values()) == 60
