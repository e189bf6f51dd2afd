"""Speed of the search: our layer against the raw request of each engine, and 100,000 documents against 1,000.

    .venv/bin/python bench/search_speed.py [--sizes 1000 100000] [--queries 60]

Makes pages by rule in a throw-away SQLite database (words drawn as in a language: few are frequent), prepares and
indexes them, then asks queries of one to four words. For each size and engine it prints the raw request (tantivy's
``search``; the ``_search`` of the server), our layer around it (``find`` or the listing's answer, filters and order
included), the whole results page, how many requests a page makes to the server, and the ratios that the issue asks
for. Elasticsearch is measured when ``TEST_ELASTICSEARCH_URL`` names a server (``.ci/with-elasticsearch``).
"""

import argparse
import logging
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from search_quality import open_site

WORDS, SEED, BODY, SUMMARY, TITLE = 30_000, 7, 250, 25, 6
BATCH = 2_000
SYLLABLES = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "ou", "ai", "on", "an", "er", "eur")]


def prepare(directory: Path, server: str) -> None:
    """An empty site, ready to be served."""
    open_site(directory, server)
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


class Writer:
    """Draws texts: the word of rank r comes as often as 1/r."""

    def __init__(self):
        self.random = random.Random(SEED)  # noqa: S311 (to draw texts)
        self.words = list(
            dict.fromkeys("".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4))) for _ in range(WORDS))
        )
        self.weights = [1 / (rank + 5) for rank in range(len(self.words))]

    def text(self, count: int) -> str:
        return " ".join(self.random.choices(self.words, self.weights, k=count))

    def query(self) -> str:
        """One to four words, rarer than those of texts."""
        return " ".join(self.random.choices(self.words[20:5000], k=self.random.randint(1, 4)))


def add_pages(writer: Writer, count: int) -> None:
    """More published pages, by the thousand."""
    from territoires_en_commun.base.bulk import add_published_children
    from territoires_en_commun.base.html_blocks import new_block
    from territoires_en_commun.base.models import Theme
    from territoires_en_commun.home.corpus import open_section
    from territoires_en_commun.home.models import StandardPage

    section, themes = open_section("Corpus"), list(Theme.objects.filter(is_active=True))
    for start in range(0, count, BATCH):
        pages = [
            StandardPage(
                title=writer.text(TITLE),
                slug=f"p{writer.random.getrandbits(60)}",
                summary=writer.text(SUMMARY)[:300],
                body=[new_block("text", f"<p>{writer.text(BODY)}</p>")],
            )
            for _ in range(min(BATCH, count - start))
        ]
        relations = {rank: {"themes": [writer.random.choice(themes)]} for rank in range(len(pages))}
        add_published_children(section, pages, relations)


@contextmanager
def on_embedded_only() -> Iterator[None]:
    """As if no server were named."""
    from django.conf import settings
    from django.test.utils import override_settings

    database = settings.WAGTAILSEARCH_BACKENDS.get("database", settings.WAGTAILSEARCH_BACKENDS["default"])
    with override_settings(SEARCH_URL="", WAGTAILSEARCH_BACKENDS={"default": database}):
        yield


def timed(runs: dict[str, Callable[[str], object]], queries: list[str]) -> dict[str, list[float]]:
    """Milliseconds of each query, sorted, for each of these runs.

    They take turns on each query, so that what warms up or slows down does so for all; reads are shared as within one
    page. Two turns are made before any is counted.
    """
    from territoires_en_commun.shared_reads import shared_reads

    found: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(3):
        for query in queries:
            for name, run in runs.items():
                started = time.perf_counter()
                with shared_reads():
                    run(query)
                if turn == 2:
                    found[name].append(1000 * (time.perf_counter() - started))
    for name, times in found.items():
        times.sort()
        print(f"  {name:<34} p50 {statistics.median(times):7.1f} ms   p95 {percentile(times):7.1f} ms")
    return found


def percentile(times: list[float]) -> float:
    """The 95th of sorted times."""
    return times[int(0.95 * len(times))]


def request_for(query: str) -> object:
    from django.test import RequestFactory

    return RequestFactory().get("/recherche/", {"q": query}, headers={"host": "127.0.0.1:8000"})


@cache
def client():
    """One for all: it reads the settings of the site at its first request."""
    from django.test import Client

    return Client(headers={"host": "127.0.0.1:8000"})


def whole_page(query: str) -> object:
    return client().get("/recherche/", {"q": query}).content


def measure_embedded(queries: list[str]) -> float:
    """The raw query of tantivy and what stands around it; the 95th percentile of the whole page."""
    from search import meaning
    from search.finding import find, read, ready_engine
    from search.listings import SearchListing
    from search.suggestions import suggest

    engine = ready_engine()
    readings = {query: read(query) for query in queries}

    def raw(query: str) -> object:
        reading = readings[query]
        return engine.find(reading.query, reading.groups, reading.needed)

    runs = {
        "embarqué : requête brute": raw,
        "embarqué : texte lu et classé": find,
        "embarqué : résultats d'une page": lambda query: SearchListing(request_for(query)).rows,
        "embarqué : page entière": whole_page,
        "propositions pendant la frappe": lambda query: suggest(query[:5]),
        "sens d'une question nouvelle": lambda query: meaning.vectors([query]),
    }
    with on_embedded_only():
        first, _found, _rows, whole, *_others = timed(runs, queries).values()
    print(f"  page entière − requête brute (p50) : {statistics.median(whole) - statistics.median(first):.1f} ms")
    return percentile(whole)


def measure_server(queries: list[str]) -> float:
    """The raw ``_search`` of the very bodies that our layer sends, and what stands around it; its 95th percentile."""
    from search.elastic.backend import server
    from search.elastic.listings import on_elasticsearch
    from search.listings import SearchListing
    from territoires_en_commun.base.models import BasePage

    listing_class = on_elasticsearch(SearchListing)
    index = server().get_index_for_model(BasePage).name
    bodies = {query: listing_class(request_for(query))._request(1) for query in queries}
    runs = {
        "elasticsearch : requête brute": lambda query: server().es.search(index=index, **bodies[query]),
        "elasticsearch : notre couche": lambda query: listing_class(request_for(query)).answer,
        "elasticsearch : page entière": whole_page,
    }
    raw, ours, whole = timed(runs, queries).values()
    print(f"  notre couche ÷ requête brute (p50) : {statistics.median(ours) / statistics.median(raw):.2f}")
    print(f"  page entière − requête brute (p50) : {statistics.median(whole) - statistics.median(raw):.1f} ms")
    print(f"  requêtes au serveur pour une page : {requests_of(lambda: whole_page(queries[0]))}")
    return percentile(raw)


def requests_of(run: Callable[[], object]) -> int:
    """How many requests the server is sent meanwhile."""
    sent = []
    counter, logger = logging.Handler(), logging.getLogger("elastic_transport.transport")
    counter.emit = sent.append
    level, tells_others = logger.level, logger.propagate
    logger.addHandler(counter)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        run()
    finally:
        logger.removeHandler(counter)
        logger.setLevel(level)
        logger.propagate = tells_others
    return len(sent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--queries", type=int, default=60)
    arguments = parser.parse_args()
    server = os.environ.get("TEST_ELASTICSEARCH_URL", "")
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), server)
        from django.conf import settings
        from django.core.management import call_command

        from search.documents.loading import prepare_all

        writer, done, found = Writer(), 0, {}
        queries = [writer.query() for _ in range(arguments.queries)]
        for size in arguments.sizes:
            started = time.perf_counter()
            with on_embedded_only():
                add_pages(writer, size - done)
                written = time.perf_counter()
                prepare_all()
            read = time.perf_counter()
            print(f"\n{size} documents: written at {(size - done) / (written - started):.0f}/s", end=", ")
            print(f"read and indexed (embedded) at {(size - done) / (read - written):.0f}/s", end="")
            if server:
                call_command("update_index", backend_name="default", verbosity=0)
                print(f", by the server at {size / (time.perf_counter() - read):.0f}/s", end="")
            print()
            found[size] = {"embarqué": measure_embedded(queries)}
            if server:
                found[size]["elasticsearch"] = measure_server(queries)
            done = size
        small, large = found[arguments.sizes[0]], found[arguments.sizes[-1]]
        for engine, p95 in large.items():
            print(
                f"\n{engine}: p95 at {arguments.sizes[-1]} ÷ p95 at {arguments.sizes[0]} = {p95 / small[engine]:.2f}"
            )
        if server:
            from search.elastic.backend import server as backend

            backend().es.indices.delete(index=f"{settings.SEARCH_INDEX_PREFIX}*")


if __name__ == "__main__":
    main()
