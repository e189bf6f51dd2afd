"""Asking an address: what each answer means, and the doors at which the checker does not knock (SSRF)."""

import socket
import ssl
import time
from urllib.parse import quote

import pytest

from territoires_en_commun.base.dead_links import fetching
from territoires_en_commun.base.dead_links.judging import Outcome, Pace, Verdict, judge
from territoires_en_commun.base.dead_links.targets import is_reachable
from tests.base.web_server import CERTIFICATE, web_server

INTERNAL = "L’adresse mène à un réseau interne"


@pytest.fixture
def server(settings):
    """A server that the checker may ask although it is on this machine; 127.0.0.2 and the rest stay closed."""
    with web_server() as running:
        open_door(settings, running.port)
        yield running


def open_door(settings, *ports):
    settings.LINK_CHECK_PORTS = [80, 443, *ports]
    settings.LINK_CHECK_EXTRA_NETWORKS = ["127.0.0.1/32"]
    settings.LINK_CHECK_PAUSE = 0
    settings.LINK_CHECK_TIMEOUT = 0.5


@pytest.mark.parametrize(
    ("path", "verdict", "methods"),
    [
        ("/200", Verdict(Outcome.ANSWERS, 200), ["HEAD"]),
        ("/204", Verdict(Outcome.ANSWERS, 204), ["HEAD"]),
        ("/get/405", Verdict(Outcome.ANSWERS, 200), ["HEAD", "GET"]),
        ("/get/501", Verdict(Outcome.ANSWERS, 200), ["HEAD", "GET"]),
        ("/get/404", Verdict(Outcome.ANSWERS, 200), ["HEAD", "GET"]),
        ("/401", Verdict(Outcome.UNSURE, 401, "Accès réservé (401)"), ["HEAD"]),
        ("/403", Verdict(Outcome.UNSURE, 403, "Accès refusé aux robots (403)"), ["HEAD", "GET"]),
        ("/405", Verdict(Outcome.UNSURE, 405, "Méthode refusée (405)"), ["HEAD", "GET"]),
        ("/429", Verdict(Outcome.UNSURE, 429, "Trop de demandes (429)"), ["HEAD"]),
        ("/503", Verdict(Outcome.UNSURE, 503, "Service momentanément indisponible (503)"), ["HEAD"]),
        ("/404", Verdict(Outcome.FAILS, 404, "Page introuvable (404)"), ["HEAD", "GET"]),
        ("/410", Verdict(Outcome.FAILS, 410, "Page supprimée (410)"), ["HEAD", "GET"]),
        ("/400", Verdict(Outcome.FAILS, 400, "Demande refusée (400)"), ["HEAD", "GET"]),
        ("/500", Verdict(Outcome.FAILS, 500, "Erreur du serveur (500)"), ["HEAD", "GET"]),
        ("/nowhere", Verdict(Outcome.FAILS, 302, "Redirection sans destination (302)"), ["HEAD"]),
        ("/chain/5", Verdict(Outcome.ANSWERS, 200), ["HEAD"] * 6),
        ("/chain/6", Verdict(Outcome.FAILS, 302, "Plus de 5 redirections"), ["HEAD"] * 6),
        ("/garbage", Verdict(Outcome.FAILS, None, "Réponse illisible ou interrompue"), ["HEAD"]),
        ("/école?q=a b", Verdict(Outcome.FAILS, 404, "Page introuvable (404)"), ["HEAD", "GET"]),
    ],
)
def test_answer_gives_its_verdict(server, path, verdict, methods):
    server.statuses["/%C3%A9cole?q=a%20b"] = 404

    assert judge(server.url(path)) == verdict
    assert server.methods == methods


def test_address_that_moved_for_good_is_told(server):
    target = server.url("/200")

    assert [judge(server.url(f"/to?status={status}&url={target}")).cause for status in (301, 308, 302)] == [
        f"A déménagé : {target}",
        f"A déménagé : {target}",
        "",
    ]


def test_checker_says_who_it_is(server, settings):
    judge(server.url("/200"))

    assert server.agents == {f"TerritoiresEnCommun-Liens/1.0 (+{settings.SITE_URL}/)"}


def test_slow_server_is_left_in_time(server):
    start = time.monotonic()

    assert judge(server.url("/drip")) == Verdict(Outcome.FAILS, None, "Pas de réponse en 0.5 secondes")
    assert time.monotonic() - start < 2


def test_silent_server_is_left_in_time(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        open_door(settings, silent.getsockname()[1])

        verdict = judge(f"http://127.0.0.1:{silent.getsockname()[1]}/")

    assert verdict == Verdict(Outcome.FAILS, None, "Pas de réponse en 0.5 secondes")


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("/huge", Verdict(Outcome.ANSWERS, 200)),
        ("/flood", Verdict(Outcome.FAILS, None, "Réponse illisible ou interrompue")),
    ],
)
def test_endless_answer_is_not_read(server, path, verdict):
    """The checker reads 64 kB at most; what more the server managed to send waits in the kernel."""
    assert judge(server.url(path)) == verdict
    assert server.sent < 8 * 1024 * 1024


def test_reader_stops_at_64_kilobytes(server):
    with socket.create_connection(("127.0.0.1", server.port)) as sock:
        sock.sendall(b"GET /huge HTTP/1.1\r\nHost: a\r\n\r\n")
        reader = fetching.BoundedReader(sock, time.monotonic() + 5)
        received = reader.read(64 * 1024)
        while len(received) < 64 * 1024:
            received += reader.read(64 * 1024 - len(received))

        with pytest.raises(fetching.HTTPException):
            reader.read(1)


def test_host_is_asked_no_more_than_its_pace(server, settings):
    settings.LINK_CHECK_PAUSE = 0.2
    pace = Pace()

    judge(server.url("/chain/1"), pace)
    judge(server.url("/404"), pace)

    gaps = [later - sooner for sooner, later in zip(server.moments, server.moments[1:], strict=False)]
    assert len(gaps) == 3
    assert min(gaps) > 0.15


# Doors


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.10", "0.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"),
        *("2002:a00:1::1", "2001:0:1::1", "100::1"),
    ],
)
def test_internal_address_is_not_reachable(address):
    assert not is_reachable(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "185.24.184.1", "2a01:cb00::1"])
def test_public_address_is_reachable(address):
    assert is_reachable(address)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.2", "localhost", "2130706434", "0x7f000002", "0177.0.0.2", "127.2", "[::1]", "[::ffff:127.0.0.1]"),
        *("0", "10.1.2.3", "169.254.169.254", "[::ffff:a00:1]", "[fe80::1]"),
    ],
)
def test_internal_host_is_refused_whatever_its_spelling(server, settings, host):
    settings.LINK_CHECK_EXTRA_NETWORKS = ["127.0.0.3/32"]

    assert judge(f"http://{host}:{server.port}/200") == Verdict(Outcome.REFUSED, None, INTERNAL)
    assert judge(f"http://{host}/") == Verdict(Outcome.REFUSED, None, INTERNAL)
    assert server.requests == []


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        ("http://127.0.0.2:{port}/200", "l’adresse mène à un réseau interne"),
        ("http://[::1]:{port}/200", "l’adresse mène à un réseau interne"),
        ("//10.0.0.1/", "l’adresse mène à un réseau interne"),
        ("http://2130706434/", "l’adresse mène à un réseau interne"),
        ("http://127.0.0.1:22/", "le port 22 n’est pas celui d’un site"),
        ("file:///etc/passwd", "seules les adresses en http ou https sont suivies"),
        ("ftp://127.0.0.1/", "seules les adresses en http ou https sont suivies"),
        ("http://moi:secret@127.0.0.1/", "l’adresse contient un identifiant"),
    ],
)
def test_redirection_to_a_closed_door_is_refused(server, target, cause):
    url = server.url(f"/to?url={quote(target.format(port=server.port))}")

    assert judge(url) == Verdict(Outcome.REFUSED, 302, f"Redirection refusée : {cause}")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("ftp://exemple.fr/", "Seules les adresses en http ou https sont suivies"),
        ("javascript:alert(1)", "Seules les adresses en http ou https sont suivies"),
        ("http://exemple.fr:8080/", "Le port 8080 n’est pas celui d’un site"),
        ("https://moi@exemple.fr/", "L’adresse contient un identifiant"),
    ],
)
def test_address_that_is_not_of_a_site_is_refused(url, cause):
    assert judge(url) == Verdict(Outcome.REFUSED, None, cause)


@pytest.mark.parametrize(
    "url", ["http://", "http:///a", "http://[::1/", "http://a:99999/", f"http://{'a' * 70}.fr/", "http://a..fr/"]
)
def test_malformed_address_fails(url):
    assert judge(url) == Verdict(Outcome.FAILS, None, "Adresse mal formée")


def answers(monkeypatch, *addresses):
    """Names have these addresses, one after the other at each question; return the names asked."""
    asked = []
    really = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        if host[0].isdecimal():
            return really(host, port, *args, **kwargs)
        asked.append(host)
        address = addresses[min(len(asked), len(addresses)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in address.split()]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_name_that_changes_its_answer_gains_nothing(server, monkeypatch):
    """DNS rebinding: the name is asked once, and the connection goes to the address that was judged."""
    asked = answers(monkeypatch, "127.0.0.1", "10.0.0.1")

    assert judge(server.url("/200", host="piege.exemple.fr")) == Verdict(Outcome.ANSWERS, 200)
    assert asked == ["piege.exemple.fr"]
    assert server.requests == [("HEAD", "/200", f"piege.exemple.fr:{server.port}")]


def test_name_with_one_internal_address_is_refused(server, monkeypatch):
    answers(monkeypatch, "127.0.0.1 192.168.0.1")

    assert judge(server.url("/200", host="double.exemple.fr")) == Verdict(Outcome.REFUSED, None, INTERNAL)
    assert server.requests == []


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (socket.EAI_NONAME, Verdict(Outcome.FAILS, None, "Nom de site inconnu")),
        (socket.EAI_AGAIN, Verdict(Outcome.UNSURE, None, "Le nom du site n’a pas pu être cherché")),
    ],
)
def test_name_that_is_not_found(monkeypatch, error, verdict):
    def getaddrinfo(*args, **kwargs):
        raise socket.gaierror(error, "no")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    assert judge("https://exemple.fr/") == verdict


# TLS


@pytest.fixture
def tls_server(settings):
    with web_server(tls=True) as running:
        open_door(settings, running.port)
        yield running


def test_unknown_certificate_fails(tls_server):
    verdict = judge(tls_server.url("/200", scheme="https"))

    assert verdict == Verdict(Outcome.FAILS, None, "Certificat de sécurité refusé")
    assert tls_server.requests == []


def test_server_without_tls_fails(server):
    assert judge(server.url("/200", scheme="https")) == Verdict(Outcome.FAILS, None, "Connexion sécurisée impossible")


@pytest.mark.parametrize(
    ("host", "verdict"),
    [
        ("site.exemple.fr", Verdict(Outcome.ANSWERS, 200)),
        ("autre.exemple.fr", Verdict(Outcome.FAILS, None, "Certificat de sécurité refusé")),
    ],
)
def test_certificate_is_that_of_the_name_not_of_the_address(tls_server, monkeypatch, host, verdict):
    context = ssl.create_default_context(cafile=CERTIFICATE)
    monkeypatch.setattr(fetching, "tls_context", lambda: context)
    answers(monkeypatch, "127.0.0.1")

    assert judge(tls_server.url("/200", host=host, scheme="https")) == verdict
    assert tls_server.tls_names == [host]
