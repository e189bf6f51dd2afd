"""Two clicks, two moderators: processes that act on a submission at the same instant, in real transactions."""

import json
import os
import subprocess
import sys

import pytest

from tests.mailing.workers import ROOT, copied_database

pytestmark = pytest.mark.django_db  # without it there is no database to copy


@pytest.fixture(scope="module")
def race_database(django_db_setup, django_db_blocker, tmp_path_factory):
    """The address of an empty, migrated database that other processes can open."""
    with (
        django_db_blocker.unblock(),
        copied_database(tmp_path_factory.mktemp("races"), "races") as address,
    ):
        yield address


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        (
            "send",
            [["envoye", "envoye"], "envoye", 1, ["submission_link", "submission_received", "submission_to_review"], 0],
        ),
        (
            "accept",
            [
                ["Quelqu’un a déjà examiné cette proposition : acceptée.", "page"],
                "accepte",
                1,
                ["submission_link", "submission_received", "submission_to_review", "submission_accepted"],
                1,
            ],
        ),
        (
            "accept-each",
            [
                ["page", "page"],
                "accepte",
                1,
                ["submission_link", "submission_received", "submission_to_review", "submission_accepted"],
                2,
            ],
        ),
    ],
)
def test_two_at_the_same_instant_have_one_effect(race_database, verb, expected):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "territoires_en_commun.settings",
        "DATABASE_URL": race_database,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.ressources.racers", verb],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout) == expected
