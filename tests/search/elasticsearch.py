"""A real Elasticsearch for tests: the one that all share, and those that a test may pause, kill and start again."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from search.elastic.backend import STATE, SearchBackend, server
from search.elastic.breaker import breaker
from search.elastic.following import follow
from search.models import SearchState
from territoires_en_commun.base.models import BasePage, Theme
from tests.pages.models import ContentPage, SectionPage

CONTROL = Path(__file__).resolve().parents[2] / ".ci" / "elasticsearch-server"
ABSENT = "pas d’Elasticsearch : lancez ces tests par .ci/with-elasticsearch"


@dataclass
class ElasticsearchServer:
    """A server of one test, whose data and port outlive its process."""

    directory: Path
    url: str = ""

    def start(self) -> None:
        """Start it, or start it again with the same data at the same address; some 9 s. Raise when it can't."""
        self.url = self._control("start")

    def stop(self) -> None:
        """Stop it as a machine that shuts down would."""
        self._control("stop")

    def kill(self) -> None:
        """End it without warning: connections are refused."""
        self._control("kill")

    def pause(self) -> None:
        """Freeze it: connections are accepted, nothing answers."""
        self._control("pause")

    def resume(self) -> None:
        self._control("resume")

    def _control(self, action: str) -> str:
        # What the server leaves open is not waited for: the output goes to a file.
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
            done = subprocess.run([CONTROL, action, self.directory], stdout=output, stderr=errors, check=False)
            output.seek(0)
            errors.seek(0)
            if done.returncode:
                raise RuntimeError(f"{action} : {errors.read().strip()}")
            return output.read().strip()


def require_elasticsearch() -> str:
    """The address of the shared server; the test is skipped, or fails if REQUIRE_ELASTICSEARCH is set, without one."""
    url = os.environ.get("TEST_ELASTICSEARCH_URL", "")
    if not url and os.environ.get("REQUIRE_ELASTICSEARCH"):
        pytest.fail(ABSENT)
    if not url:
        pytest.skip(ABSENT)
    return url


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """The address of the server that every process of the tests shares: name your indexes apart, never stop it."""
    return require_elasticsearch()


@pytest.fixture
def elasticsearch_server() -> Iterator[ElasticsearchServer]:
    """A server of its own for a test that pauses or kills it, already started; removed at the end."""
    require_elasticsearch()
    # Not in pytest's folders, which the account of the server may not enter.
    server = ElasticsearchServer(Path(tempfile.mkdtemp(prefix="elasticsearch-", dir="/tmp")))
    try:
        server.start()
        yield server
    finally:
        if (server.directory / "pid").exists():
            server.kill()
        shutil.rmtree(server.directory)


@contextmanager
def pages_on(url: str, settings, prefix: str) -> Iterator[SearchBackend]:
    """The site searches on this server, in indexes of its own, with every page of the database; nothing is left."""
    settings.SEARCH_URL, settings.SEARCH_INDEX_PREFIX = url, prefix
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {
            "BACKEND": "search.elastic.backend",
            "URLS": [url],
            "INDEX_PREFIX": prefix,
            "TIMEOUT": settings.SEARCH_TIMEOUT,
            "OPTIONS": {"max_retries": 0},
        },
        "database": {"BACKEND": "modelsearch.backends.database"},
    }
    breaker.reset()
    backend = server()
    try:
        for models in ((BasePage, ContentPage, SectionPage), (Theme,)):
            index = backend.get_index_for_model(models[0])
            slow = backend.es.options(request_timeout=60)
            # A new one: the server goes on counting the words of what was deleted, and scores would follow past tests.
            slow.indices.delete(index=f"{index.name}_1", ignore_unavailable=True)
            slow.indices.create(index=f"{index.name}_1", aliases={index.name: {}}, **quick_settings(backend))
            for model in models:
                index.add_model(model)
        yield backend
    finally:
        breaker.reset()


def quick_settings(backend: SearchBackend) -> dict:
    """One shard without copy, whose writes are seen when a test asks for them."""
    return {"settings": {**backend.settings["settings"], "index": {"number_of_shards": 1, "number_of_replicas": 0}}}


def index_everything(backend: SearchBackend) -> None:
    """Every page of the database is in the index, which was empty; seen at once."""
    SearchState.objects.filter(name=STATE).delete()
    follow()
    backend.get_index_for_model(BasePage).refresh()
