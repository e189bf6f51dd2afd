"""Where the checker may knock: public addresses of the Internet, web ports, and nothing else (SSRF).

Names are resolved here, once, and every address is judged in its numeric form: « 2130706433 », « 0x7f.1 » and
« localhost » are all 127.0.0.1. The caller connects to what was judged, so that a name whose answer changes in
between (DNS rebinding) gains nothing.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

DEFAULT_PORTS = {"http": 80, "https": 443}
NOT_WEB = "Seules les adresses en http ou https sont suivies"
MALFORMED = "Adresse mal formée"


class Refused(Exception):  # noqa: N818 - it reads as what happened
    """An address that the checker must not ask; the message says why, in French."""


class Unreachable(Exception):  # noqa: N818
    """Nobody answers there; the message says why, in French."""


class Unsure(Exception):  # noqa: N818
    """It could not be known whether somebody answers; the message says why, in French."""


@dataclass(frozen=True)
class Target:
    """A server and what to ask of it."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]


def find_target(url: str) -> Target:
    """The server of an address, its name resolved. Raise Refused, Unreachable or Unsure."""
    scheme, host, port, path = _parts(url)
    addresses = _resolve(host, port)
    if not all(is_reachable(address) for address in addresses):
        raise Refused("L’adresse mène à un réseau interne")
    return Target(scheme, host, port, path, addresses)


def _parts(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        host = host if ":" in host else host.encode("idna").decode()
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError as error:  # UnicodeError is one
        raise Unreachable(MALFORMED) from error
    if parts.scheme not in DEFAULT_PORTS:
        raise Refused(NOT_WEB)
    if not host:
        raise Unreachable(MALFORMED)
    if parts.username is not None or parts.password is not None:
        raise Refused("L’adresse contient un identifiant")
    if port not in settings.LINK_CHECK_PORTS:
        raise Refused(f"Le port {port} n’est pas celui d’un site")
    path = iri_to_uri(parts.path or "/") + (f"?{iri_to_uri(parts.query)}" if parts.query else "")
    return parts.scheme, host, port, path


def _resolve(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise Unsure("Le nom du site n’a pas pu être cherché") from error
        raise Unreachable("Nom de site inconnu") from error
    except (UnicodeError, OSError) as error:
        raise Unreachable(MALFORMED) from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_reachable(address: str) -> bool:
    """Whether a numeric address is one of the public Internet; those that wrap another one (6to4, Teredo) are not."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if any(ip in ipaddress.ip_network(network) for network in settings.LINK_CHECK_EXTRA_NETWORKS):
        return True
    if ip.version == 6 and (ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip.is_site_local):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local)
