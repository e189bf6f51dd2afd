"""A real Elasticsearch for tests: the one that all share, and those that a test may pause, kill and start again."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

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
