"""Quality and speed of the territory search over the committed queries (bench/data/territory_queries.tsv).

    .venv/bin/python bench/territory_search.py [--failures] [--queries FILE]

Imports the territories into a throw-away SQLite database, then prints for each kind of query the mean reciprocal rank
of the expected territory among the first 10 (MRR@10) and the share of queries it comes first in, then the time of the
search alone and through the API (null request beside), and the time and memory of the index.
Targets of issue 3: MRR@10 of 0.96, under 20 ms of server time.
"""

import argparse
import csv
import os
import resource
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ROOT / "bench" / "data" / "territory_queries.tsv"
DEPTH = 10
ROUNDS = 3


def prepare(directory: str) -> None:
    """A throw-away database with every territory."""
    os.environ |= {
        "DEBUG": "0",
        "DOTENV_PATH": os.devnull,
        "SECRET_KEY": "bench-only-" * 6,
        "DATABASE_URL": f"sqlite:///{directory}/db.sqlite3",
        "VAR_DIR": directory,
        "SITE_URL": "http://127.0.0.1:8000",
        "DJANGO_SETTINGS_MODULE": "territoires_en_commun.settings",
        "LOG_LEVEL": "ERROR",
    }
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("import_territories", verbosity=0)


def read_queries(path: Path) -> list[tuple[str, str, str]]:
    """Kind, query and expected key of each line."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(
            (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )
        return [(kind, query, expected) for kind, query, expected in reader]


def percentiles(milliseconds: list[float]) -> str:
    ordered = sorted(milliseconds)
    p50, p95 = (ordered[int(share * len(ordered))] for share in (0.5, 0.95))
    return f"p50 {p50:6.2f} ms   p95 {p95:6.2f} ms   max {ordered[-1]:6.2f} ms"


def build_index() -> None:
    """Time and memory of the index, as each process (or their parent, before the fork) pays them."""
    from territoires_en_commun.territories.search.store import store

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, process = time.perf_counter(), time.process_time()
    index = store.get()
    seconds, cpu = time.perf_counter() - started, time.process_time() - process
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"Index: {len(index.places)} territories, {len(index.entries)} names, {len(index.forms)} spellings")
    print(f"built in {seconds:.2f} s ({cpu:.2f} s of processor), peak memory + {memory:.0f} MB\n")


def measure_quality(queries: list[tuple[str, str, str]], show_failures: bool) -> None:
    from territoires_en_commun.territories.search import search_territories

    ranks = defaultdict(list)
    for kind, query, expected in queries:
        found = [hit.id for hit in search_territories(query, limit=DEPTH)]
        rank = found.index(expected) + 1 if expected in found else 0
        ranks[kind].append(rank)
        if show_failures and rank != 1:
            print(f"  {kind}: {query!r} expected {expected} at rank {rank or '–'}, first {found[:1]}")
    print(f"{'kind':<28}{'queries':>8}{'MRR@10':>9}{'first':>9}")
    for kind, found in ranks.items():
        print_line(kind, found)
    print_line("all", [rank for found in ranks.values() for rank in found])


def print_line(kind: str, ranks: list[int]) -> None:
    mrr = sum(1 / rank for rank in ranks if rank) / len(ranks)
    first = sum(rank == 1 for rank in ranks) / len(ranks)
    print(f"{kind:<28}{len(ranks):>8}{mrr:>9.3f}{first:>9.0%}")


def measure_speed(queries: list[tuple[str, str, str]]) -> None:
    from django.test import Client

    from territoires_en_commun.territories.search import search_territories

    client = Client(headers={"host": "127.0.0.1"})
    engine, api, null = [], [], []
    for _round in range(ROUNDS):
        for _kind, query, _expected in queries:
            engine.append(timed(lambda query=query: search_territories(query)))
            api.append(timed(lambda query=query: client.get("/api/v1/territoires", {"q": query})))
            null.append(timed(lambda: client.get("/healthz")))
    print(f"\nsearch alone      {percentiles(engine)}")
    print(f"through the API   {percentiles(api)}")
    print(f"null request      {percentiles(null)}")


def timed(action) -> float:
    """Milliseconds of processor: a busy machine moves them less than the clock."""
    started = time.thread_time()
    action()
    return (time.thread_time() - started) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--queries", type=Path, default=QUERIES)
    parser.add_argument("--failures", action="store_true", help="print the queries whose answer is not first")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        prepare(directory)
        build_index()
        queries = read_queries(options.queries)
        measure_quality(queries, options.failures)
        measure_speed(queries)


if __name__ == "__main__":
    main()
