"""What the production server answers, headers and logs included; no browser is needed."""

import re
from http.client import HTTPConnection

import pytest


@pytest.fixture
def get(site_url):
    """``get(path, **headers)``: the status, the headers and the body of an answer."""
    connections = []

    def ask(path, **headers):
        connection = HTTPConnection(site_url.removeprefix("http://"), timeout=15)
        connections.append(connection)
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, response.headers, response.read()

    yield ask
    for connection in connections:
        connection.close()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probe_says_that_all_is_well(get, path):
    status, _headers, _body = get(path)
    assert status == 200


@pytest.mark.parametrize("path", ["/", "/healthz", "/cette-page-n-existe-pas/", "/admin/login/"])
def test_answer_does_not_name_the_server(get, path):
    _status, headers, _body = get(path)
    assert headers["Server"] is None
    assert headers["X-Powered-By"] is None


def test_public_page_has_the_security_headers_and_is_compressed(get):
    status, headers, _body = get("/", Accept_Encoding="br, gzip")
    assert status == 200
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Set-Cookie"] is None
    assert headers["Content-Encoding"] in {"br", "gzip"}


def test_static_files_have_hashed_names_brotli_and_never_expire(get):
    _status, _headers, body = get("/")
    files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', body.decode())
    assert files
    for file in files:
        assert re.search(r"\.[0-9a-f]{12}\.(css|js)$", file), file
        status, headers, _body = get(file, Accept_Encoding="br")
        assert status == 200
        assert headers["Content-Encoding"] == "br"
        assert "immutable" in headers["Cache-Control"]


def test_log_keeps_paths_but_neither_query_strings_nor_referrers(get, running_site):
    if running_site.folder is None:
        pytest.skip("le journal d'un site lancé ailleurs n'est pas connu")
    get("/recherche/?q=mot-que-personne-ne-doit-lire", Referer="http://127.0.0.1/lien/jeton-secret")
    log = (running_site.folder / "server.log").read_text()
    assert '"GET /recherche/"' in log
    assert "mot-que-personne" not in log
    assert "jeton-secret" not in log
