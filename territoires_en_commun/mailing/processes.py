"""What the worker and the scheduler have in common: signals, signs of life, a database that may be away."""

import logging
import os
import signal
import threading
from collections.abc import Callable

from django.db import Error, close_old_connections, connections
from django.utils import timezone

from territoires_en_commun.mailing.heartbeats import PERIOD, beat, new_instance_name, say_goodbye

logger = logging.getLogger(__name__)
LONGEST_PAUSE = 30.0  # seconds


class BackgroundProcess:
    """A loop that runs `step` until SIGTERM or SIGINT; a second signal ends the process at once.

    A database error never ends the loop: the connection is closed and the step tried again, ever more slowly.
    """

    name = ""
    pause = 1.0  # seconds between two steps

    def __init__(self):
        self.stopping = threading.Event()
        self.instance = new_instance_name()
        self._last_beat = None
        self._pause = self.pause

    def start(self):
        """Called once, before the first step."""

    def step(self):
        """One turn of the loop; short."""

    def finish(self) -> bool:
        """Called after the last step; False when something had to be cut short."""
        return True

    def is_healthy(self) -> bool:
        """Whether to give a sign of life."""
        return True

    def run(self) -> bool:
        """Run until asked to stop; False when something had to be cut short."""
        previous = {number: signal.signal(number, self._on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
        logger.info("%s %s starts", self.name, self.instance)
        try:
            self.start()
            while not self.stopping.is_set():
                self.survive(self._turn)
                self.stopping.wait(self._pause)
            clean = self.finish()
            self.survive(lambda: say_goodbye(self.name, self.instance))
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
            connections.close_all()
        logger.info("%s %s stops", self.name, self.instance)
        return clean

    def survive(self, function: Callable[[], None]) -> bool:
        """Call a function that uses the database; False, with a longer pause, when the database fails."""
        try:
            close_old_connections()
            function()
        except Error as error:
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            logger.warning("%s: the database does not answer, next try in %.0f s (%s)", self.name, self._pause, error)
            connections.close_all()
            return False
        self._pause = self.pause
        return True

    def _turn(self):
        self.step()
        now = timezone.now()
        if self.is_healthy() and (self._last_beat is None or now - self._last_beat >= PERIOD):
            beat(self.name, self.instance, now)
            self._last_beat = now

    def _on_signal(self, signum, frame):
        if self.stopping.is_set():
            os._exit(1)
        self.stopping.set()
