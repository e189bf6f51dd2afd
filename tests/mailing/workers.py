"""Runs the project's code in other processes, which a test may kill.

One process imports Django once (`nursery.py`) and forks a child per call: a child costs a tenth of a second.
"""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def copied_database(folder: Path, purpose: str = "workers"):
    """Copy the (empty, migrated) test database; give the address of the copy, one for each purpose."""
    if connection.vendor == "sqlite":
        path = folder / f"{purpose}.sqlite3"
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(path)) as target:
            connection.connection.backup(target)
        yield f"sqlite:///{path}"
        return
    original = connection.settings_dict["NAME"]
    copy = f"{original}_{purpose}"
    connection.close()
    quote = connection.ops.quote_name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(copy)} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {quote(copy)} TEMPLATE {quote(original)}")
    values = connection.settings_dict
    host, port = values["HOST"] or "", values["PORT"] or ""
    place = f"{host}:{port}" if port else host
    if host.startswith("/"):
        place = f"/{host}"  # the socket's folder, as the settings read it
    credentials = f"{values['USER']}:{values['PASSWORD']}@" if values["USER"] else ""
    yield f"postgres://{credentials}{place}/{copy}"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(copy)} WITH (FORCE)")


@contextlib.contextmanager
def connected_to_a_copy(folder: Path):
    """The connections of this process lead to a copy of the test database, where nothing is rolled back."""
    with copied_database(folder, "own") as address:
        values, original = connection.settings_dict, connection.settings_dict["NAME"]
        is_file = connection.vendor == "sqlite"
        kept = connection.connection if is_file else None  # a database in memory is lost once it is closed
        connection.connection = None
        values["NAME"] = address.removeprefix("sqlite:///") if is_file else address.rpartition("/")[2]
        try:
            yield
        finally:
            connection.close()
            values["NAME"], connection.connection = original, kept


class Child:
    """One process: its pid, how it ended, what its function returned."""

    def __init__(self, workers: "Workers", pid: int, report: Path):
        self.workers = workers
        self.pid = pid
        self._report = report

    def kill(self, number: int = signal.SIGKILL):
        os.kill(self.pid, number)

    def wait(self, timeout: float = 30) -> int:
        """Return the exit status, negative for a signal."""
        status = self.workers.ask({"wait": self.pid, "timeout": timeout})["status"]
        assert status is not None, f"process still alive after {timeout} s"
        self.workers.alive.discard(self.pid)
        return status

    def result(self):
        assert self.wait() == 0, self._report.with_suffix(".log").read_text()
        return json.loads(self._report.read_text())

    def log(self) -> str:
        return self._report.with_suffix(".log").read_text()


class Workers:
    """The nursery and its children."""

    def __init__(self, database: str, smtp_port: int, folder: Path):
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "territoires_en_commun.settings",
            "DATABASE_URL": database,
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
            "SECRET_KEY": "test-only-secret-key-of-the-workers-0123456789-0123456789",
            "SITE_URL": "http://testserver",
            "DEBUG": "0",
        }
        self.alive: set[int] = set()
        self._count = 0
        self._folder = folder
        self._log = (self._folder / "nursery.log").open("w")
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.mailing.nursery"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def ask(self, order: dict) -> dict:
        self._nursery.stdin.write(json.dumps(order) + "\n")
        self._nursery.stdin.flush()
        answer = self._nursery.stdout.readline()
        assert answer, (self._folder / "nursery.log").read_text()
        return json.loads(answer)

    def start(self, function: str, **arguments) -> Child:
        """Fork a child that runs a function of `nursery.py`."""
        self._count += 1
        report = self._folder / f"{self._count}.json"
        pid = self.ask({"run": function, "arguments": arguments, "report": str(report)})["pid"]
        self.alive.add(pid)
        return Child(self, pid, report)

    def call(self, function: str, **arguments):
        """Run a function in a child and return its result."""
        return self.start(function, **arguments).result()

    def wait_until(self, function: str, expected, timeout: float = 20, **arguments):
        """Call a function until it returns what is expected."""
        deadline = time.monotonic() + timeout
        while (found := self.call(function, **arguments)) != expected:
            assert time.monotonic() < deadline, found
            time.sleep(0.1)

    def kill_all(self):
        for pid in list(self.alive):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            self.ask({"wait": pid, "timeout": 5})
        self.alive.clear()

    def close(self):
        self.kill_all()
        self._nursery.stdin.close()
        self._nursery.wait(10)
        self._nursery.stdout.close()
        self._log.close()
