"""One question to one server, over a connection that is bounded in time and in bytes."""

import io
import socket
import ssl
import time
from dataclasses import dataclass
from functools import cache, partial
from http.client import HTTPConnection, HTTPException, HTTPResponse

from django.conf import settings

from .targets import Target, Unreachable

MAX_BYTES = 64 * 1024  # of an answer, headers included; its body is of no use


@dataclass(frozen=True)
class Answer:
    """What a server says of an address: the status, and where it sends to (empty when nowhere)."""

    status: int
    location: str = ""


class BoundedReader(io.RawIOBase):
    """What a socket receives until a deadline (monotonic seconds), MAX_BYTES at most."""

    def __init__(self, sock: socket.socket, deadline: float):
        super().__init__()
        self.sock, self.deadline, self.left = sock, deadline, MAX_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if self.left <= 0:
            raise HTTPException("answer too long")
        self.sock.settimeout(_remaining(self.deadline))
        count = self.sock.recv_into(buffer, min(len(buffer), self.left))
        self.left -= count
        return count


class BoundedResponse(HTTPResponse):
    """Reads through a BoundedReader: neither a slow server nor an endless answer holds the checker."""

    def __init__(self, sock, *args, deadline: float, **kwargs):
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(BoundedReader(sock, deadline), 8192)


class PinnedConnection(HTTPConnection):
    """Connects to the addresses that were judged, never to what the name may have become since."""

    def __init__(self, target: Target, deadline: float):
        super().__init__(target.host, target.port)
        self.default_port = {"http": 80, "https": 443}[target.scheme]  # decides what the Host header says
        self.target, self.deadline = target, deadline
        self.response_class = partial(BoundedResponse, deadline=deadline)

    def connect(self):
        for rank, address in enumerate(self.target.addresses, start=1):
            try:
                self.sock = socket.create_connection((address, self.port), _remaining(self.deadline))
                break
            except OSError:
                if rank == len(self.target.addresses):
                    raise
        if self.target.scheme == "https":
            self.sock.settimeout(_remaining(self.deadline))
            self.sock = tls_context().wrap_socket(self.sock, server_hostname=self.host)


@cache
def tls_context() -> ssl.SSLContext:
    """Certificates are verified, as browsers do."""
    return ssl.create_default_context()


def ask(target: Target, method: str) -> Answer:
    """The answer of a server to HEAD or GET, its body unread. Raise Unreachable."""
    connection = PinnedConnection(target, time.monotonic() + settings.LINK_CHECK_TIMEOUT)
    try:
        connection.request(method, target.path, headers=request_headers())
        with connection.getresponse() as response:
            # http.client reads headers as Latin-1; servers write addresses in UTF-8.
            location = (response.getheader("Location") or "").encode("latin-1").decode("utf-8", "replace")
            return Answer(response.status, location)
    except TimeoutError as error:
        raise Unreachable(f"Pas de réponse en {settings.LINK_CHECK_TIMEOUT:g} secondes") from error
    except ssl.SSLCertVerificationError as error:
        raise Unreachable("Certificat de sécurité refusé") from error
    except ssl.SSLError as error:
        raise Unreachable("Connexion sécurisée impossible") from error
    except ConnectionRefusedError as error:
        raise Unreachable("Connexion refusée") from error
    except (HTTPException, ConnectionResetError, BrokenPipeError) as error:
        raise Unreachable("Réponse illisible ou interrompue") from error
    except (OSError, ValueError) as error:
        raise Unreachable("Site injoignable") from error
    finally:
        connection.close()


def request_headers() -> dict[str, str]:
    """Who asks, so that a webmaster can find us."""
    return {
        "User-Agent": f"TerritoiresEnCommun-Liens/1.0 (+{settings.SITE_URL}/)",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def _remaining(deadline: float) -> float:
    """Seconds left. Raise TimeoutError when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
