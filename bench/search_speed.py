"""Speed of the search: our layer against the raw request of each engine, and 100,000 documents against 1,000.

    .venv/bin/python bench/search_speed.py [--sizes 1000 100000] [--queries 60]

Makes pages by rule in a throw-away SQLite database (words drawn as in a language: few are frequent), prepares and
indexes them, then asks queries of one to four words. For each size and engine it prints the raw request (tantivy's
``search``; the ``_search`` of the server), our layer around it (``find`` or the listing's answer, filters and order
included), the whole results page, how many requests a page makes to the server, and the ratios that the issue asks
for. Elasticsearch is measured when ``TEST_ELASTICSEARCH_URL`` names a server (``.ci/with-elasticsearch``).
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


def timed(run: Callable[[str], object], queries: list[str]) -> list[float]:
    """Milliseconds of each query, sorted; reads are shared as within one page, and all were run once before."""
    from territoires_en_commun.shared_reads import shared_reads

    found = []
    for turn in range(2):
        for query in queries:
            started = time.perf_counter()
            with shared_reads():
                run(query)
            if turn:
                found.append(1000 * (time.perf_counter() - started))
    return sorted(found)


def told(name: str, times: list[float]) -> float:
    """Prints a line; the 95th percentile."""
    p95 = times[int(0.95 * len(times))]
    print(f"  {name:<34} p50 {statistics.median(times):7.1f} ms   p95 {p95:7.1f} ms")
    return p95


def measure(queries: list[str], server: str) -> dict[str, float]:
    """What each engine takes now; the 95th percentiles."""
    from django.test import Client, RequestFactory

    from search import meaning
    from search.finding import find, read, ready_engine
    from search.listings import SearchListing
    from search.suggestions import suggest

    client, factory = Client(headers={"host": "127.0.0.1:8000"}), RequestFactory()
    engine = ready_engine()
    readings = {query: read(query) for query in queries}

    def raw_embedded(query: str) -> object:
        reading = readings[query]
        return engine.find(reading.query, reading.groups, reading.needed)

    def page(query: str) -> object:
        return client.get("/recherche/", {"q": query}).content

    def layer(query: str) -> object:
        return SearchListing(factory.get("/recherche/", {"q": query}, headers={"host": "127.0.0.1:8000"})).rows

    with on_embedded_only():
        raw, ours, shown, whole = (timed(run, queries) for run in (raw_embedded, find, layer, page))
    told("sens d'une question nouvelle", timed(lambda query: meaning.vectors([query]), queries))
    told("embarqué : requête brute", raw)
    told("embarqué : texte lu et classé", ours)
    results = {"embarqué": told("embarqué : résultats d'une page", shown)}
    told("embarqué : page entière", whole)
    told("propositions pendant la frappe", timed(lambda query: suggest(query[:5]), queries))
    print(f"  page entière − requête brute (p50) : {statistics.median(whole) - statistics.median(raw):.1f} ms")
    if server:
        results["elasticsearch"] = measure_server(queries, timed(page, queries))
    return results


def measure_server(queries: list[str], whole: list[float]) -> float:
    """The raw ``_search`` of the very bodies that our layer sends, and our layer around it."""
    from django.test import RequestFactory

    from search.elastic.backend import server
    from search.elastic.listings import on_elasticsearch
    from search.listings import SearchListing
    from territoires_en_commun.base.models import BasePage

    factory, listing_class = RequestFactory(), on_elasticsearch(SearchListing)
    index = server().get_index_for_model(BasePage).name
    listings = {
        query: listing_class(factory.get("/recherche/", {"q": query}, headers={"host": "127.0.0.1:8000"}))
        for query in queries
    }
    bodies = {query: known._request(1) for query, known in listings.items()}
    raw = timed(lambda query: server().es.search(index=index, **bodies[query]), queries)
    p95 = told("elasticsearch : requête brute", raw)

    def layer(query: str) -> object:
        request = factory.get("/recherche/", {"q": query}, headers={"host": "127.0.0.1:8000"})
        return listing_class(request).answer

    ours = timed(layer, queries)
    told("elasticsearch : notre couche", ours)
    told("elasticsearch : page entière", whole)
    print(f"  notre couche ÷ requête brute (p50) : {statistics.median(ours) / statistics.median(raw):.2f}")
    print(f"  page entière − requête brute (p50) : {statistics.median(whole) - statistics.median(raw):.1f} ms")
    return p95


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
            found[size] = measure(queries, server)
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
