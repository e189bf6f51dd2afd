"""Fixtures of the mail tests: templates, worker processes with their own database."""

from pathlib import Path

import pytest

from tests.mailing.workers import Workers, copied_database

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def mail_templates(settings):
    """The templates of tests/mailing/templates, beside the project's."""
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [first | {"DIRS": [*first["DIRS"], TEMPLATES]}]


@pytest.fixture(scope="session")
def worker_database(django_db_setup, django_db_blocker, tmp_path_factory):
    """The address of a database of the same engine as the tests', migrated, that other processes can open."""
    with django_db_blocker.unblock(), copied_database(tmp_path_factory.mktemp("workers")) as address:
        yield address


@pytest.fixture(scope="session")
def worker_processes(worker_database, smtp_controller, tmp_path_factory):
    workers = Workers(worker_database, smtp_controller.port, tmp_path_factory.mktemp("reports"))
    yield workers
    workers.close()


@pytest.fixture
def workers(worker_processes, smtp, db):
    """Processes of the project, forked on demand: see workers.py."""
    worker_processes.call("reset")
    yield worker_processes
    worker_processes.kill_all()
