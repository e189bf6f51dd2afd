"""A circuit breaker: a server that failed is left alone for a while, so that no visitor waits for it."""

import threading
from time import monotonic

FIRST_REST = 5.0  # seconds
LONGEST_REST = 60.0


class Breaker:
    """Closed while the server answers; open for a while after a failure, twice as long after each other one."""

    def __init__(self):
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """As at the beginning."""
        self._rest = FIRST_REST
        self._open_until = 0.0

    def allows(self) -> bool:
        """Whether the server may be asked; after a rest, one request tries and the others wait for its result."""
        with self._lock:
            now = monotonic()
            if now < self._open_until:
                return False
            if self._open_until:
                self._open_until = now + self._rest  # until the one that tries knows
            return True

    def succeeded(self) -> None:
        """The server answered."""
        with self._lock:
            self.reset()

    def failed(self) -> None:
        """The server did not answer."""
        with self._lock:
            was_open = bool(self._open_until)
            self._rest = min(self._rest * 2, LONGEST_REST) if was_open else FIRST_REST
            self._open_until = monotonic() + self._rest


breaker = Breaker()
