"""The throw-away Elasticsearch of the tests: what the tests of failures rest on."""

import json
import subprocess
import urllib.error
import urllib.request

import pytest

from tests.search.elasticsearch import ABSENT, CONTROL, require_elasticsearch

pytestmark = pytest.mark.any_database


def ask(url: str, body: dict | None = None, *, seconds: float = 30) -> dict:
    """The JSON that a request gets, a PUT when it has a body; raise OSError when nothing answers in time."""
    request = urllib.request.Request(  # noqa: S310 - the address is that of a test server
        url,
        data=None if body is None else json.dumps(body).encode(),
        method="GET" if body is None else "PUT",
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
        return json.load(answer)


def test_shared_server_is_the_major_that_the_client_speaks_to(elasticsearch_url):
    assert ask(elasticsearch_url)["version"]["number"].startswith("9.")


def test_server_is_paused_killed_and_started_again_with_its_data(elasticsearch_server, elasticsearch_url):
    server = elasticsearch_server
    address = server.url
    assert address != elasticsearch_url
    ask(f"{address}/pages/_doc/1", {"title": "Les écoles rurales"})

    server.pause()
    with pytest.raises(TimeoutError):
        ask(f"{address}/pages/_doc/1", seconds=1)
    server.resume()
    assert ask(f"{address}/pages/_doc/1")["_source"] == {"title": "Les écoles rurales"}

    server.kill()
    with pytest.raises(urllib.error.URLError, match="refused"):
        ask(address)
    server.start()
    assert server.url == address
    assert ask(f"{address}/_cluster/health/pages")["status"] in {"yellow", "green"}
    assert ask(f"{address}/pages/_doc/1")["_source"] == {"title": "Les écoles rurales"}

    with pytest.raises(RuntimeError, match="un serveur tourne déjà"):
        server.start()
    server.pause()
    server.stop()  # even frozen
    with pytest.raises(urllib.error.URLError, match="refused"):
        ask(address)
    with pytest.raises(RuntimeError, match="rien n'a été lancé"):
        server.stop()
    assert ask(elasticsearch_url)["version"]["number"].startswith("9.")


def test_without_a_server_tests_are_skipped_unless_one_is_required(monkeypatch):
    monkeypatch.delenv("TEST_ELASTICSEARCH_URL", raising=False)
    monkeypatch.delenv("REQUIRE_ELASTICSEARCH", raising=False)
    with pytest.raises(pytest.skip.Exception, match=ABSENT):
        require_elasticsearch()
    monkeypatch.setenv("REQUIRE_ELASTICSEARCH", "1")
    with pytest.raises(pytest.fail.Exception, match=ABSENT):
        require_elasticsearch()


@pytest.mark.parametrize("arguments", [[], ["start"], ["stop", "a", "b"], ["detruire", "dossier"]])
def test_control_command_refuses_what_it_does_not_know(arguments):
    done = subprocess.run([CONTROL, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "start DIR [PORT]" in done.stderr
