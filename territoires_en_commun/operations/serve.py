"""Serves the site with its worker and its scheduler, which live and die together."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
GRACE = 25  # seconds that a process has to finish what it does once asked to stop
STOPPED_BY_SIGNAL = 128


def die_with_parent() -> None:
    """Ask Linux to stop this child if the supervisor is killed without a word; elsewhere, do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Runs named commands side by side; when one ends or a stop is asked for, all end."""

    def __init__(self, commands: Mapping[str, Sequence[str]]):
        self.commands = commands
        self.children: dict[str, subprocess.Popen] = {}
        self.asked_to_stop: int | None = None

    def run(self) -> int:
        """Return an exit code: 128 + the signal that asked to stop, or 1 when a process ended by itself."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        try:
            for name, command in self.commands.items():
                # A group of their own: Ctrl-C reaches the supervisor alone, which stops them in order.
                self.children[name] = subprocess.Popen(command, process_group=0, preexec_fn=die_with_parent)  # noqa: PLW1509, S603
            ended = self._wait()
        finally:
            self._stop_all()
        if self.asked_to_stop is not None:
            return STOPPED_BY_SIGNAL + self.asked_to_stop
        print(f"Le processus « {ended} » s'est arrêté de lui-même : tout est arrêté.", file=sys.stderr)  # noqa: T201
        return 1

    def _ask_to_stop(self, number, _frame) -> None:
        self.asked_to_stop = number

    def _wait(self) -> str | None:
        """The name of the first process that ended by itself, or None when a stop was asked for."""
        while self.asked_to_stop is None:
            for name, child in self.children.items():
                if child.poll() is not None:
                    return name
            time.sleep(0.2)
        return None

    def _stop_all(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + GRACE
        for child in self.children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            # What overstays, or what the child left behind it in its group, goes too.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def site_commands(host: str, port: int, reload: bool = False) -> dict[str, list[str]]:
    """The three processes of the site, as in the Procfile; ``reload`` serves with Django's development server."""
    manage = [sys.executable, "manage.py"]
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    production = [gunicorn, "--config=python:territoires_en_commun.gunicorn", f"--bind={host}:{port}"]
    return {
        "web": [*manage, "runserver", f"{host}:{port}"] if reload else [*production, "territoires_en_commun.wsgi"],
        "worker": [*manage, "run_worker"],
        "scheduler": [*manage, "run_scheduler"],
    }
