"""Quality of the search over the committed judged queries, by kind and engine: MRR@10, Success@1, Success@10.

    .venv/bin/python bench/search_quality.py [--guides [--queries 700]] [--failures]
        [--engine embarque|elasticsearch|tous] [--corpus FILE.jsonl]

Loads a corpus (``load_corpus``) into a throw-away SQLite database, then asks its queries through
``GET /api/v1/recherche``, as programs do. The corpus is made of the sheets of the Labour ministry and its queries are
those of ``bench/data/sheet_queries.tsv``, to which titles, and titles with a typing error, are added; with
``--guides``, of the guides of service-public.fr and the texts of their links (``search_corpora.py``). Elasticsearch is
asked when ``TEST_ELASTICSEARCH_URL`` names a server (``.ci/with-elasticsearch``).
"""

import argparse
import csv
import json
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from search_corpora import Judged, guides_as_corpus, sheets_as_corpus

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ROOT / "bench" / "data" / "sheet_queries.tsv"
DEPTH = 10
SEED = 5


def judged_queries(corpus: Path) -> list[Judged]:
    """The committed queries, then each title, and each title with one typing error."""
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
        queries = [(kind, query, frozenset(expected.split(","))) for kind, query, expected in rows]
    titles = defaultdict(set)
    for line in corpus.open():
        document = json.loads(line)
        titles[document["title"]].add(document["id"])
    rng = random.Random(SEED)  # noqa: S311 (to draw typing errors)
    queries += [("titre", title, frozenset(refs)) for title, refs in titles.items()]
    return queries + [("titre fautif", mistyped(title, rng), frozenset(refs)) for title, refs in titles.items()]


def mistyped(title: str, rng: random.Random) -> str:
    """The title with one error in one of its long words: a letter left out, added, replaced, or two exchanged."""
    words = title.split()
    long = [rank for rank, word in enumerate(words) if len(word) >= 6]
    if not long:
        return title
    rank = rng.choice(long)
    word = words[rank]
    at = rng.randrange(1, len(word) - 1)
    words[rank] = rng.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + rng.choice("aeirst") + word[at:],
            word[:at] + rng.choice("aeiou") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
    return " ".join(words)


def open_site(directory: Path, server: str) -> None:
    """A throw-away site without content."""
    os.environ |= {
        "DEBUG": "0",
        "DOTENV_PATH": os.devnull,
        "SECRET_KEY": "bench-only-" * 6,
        "DATABASE_URL": f"sqlite:///{directory}/db.sqlite3",
        "VAR_DIR": str(directory),
        "SITE_URL": "http://127.0.0.1:8000",
        "EMAIL_URL": "memorymail://",
        "DJANGO_SETTINGS_MODULE": "territoires_en_commun.settings",
        "LOG_LEVEL": "ERROR",
        "SEARCH_URL": server,
        "SEARCH_INDEX_PREFIX": f"bench_{os.getpid()}_",
    }
    (directory / "static").mkdir(exist_ok=True)
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    for command in ("migrate", "init_site"):
        call_command(command, verbosity=0)


def prepare(directory: Path, corpus: Path, server: str) -> None:
    """A throw-away site that holds the corpus, on both engines when there is a server."""
    open_site(directory, server)
    from django.core.management import call_command

    started = time.perf_counter()
    call_command("load_corpus", str(corpus), verbosity=0)
    print(f"Corpus loaded in {time.perf_counter() - started:.1f} s")
    if server:
        call_command("update_index", verbosity=0)


def ranks_of(queries: list[Judged], *, show_failures: bool) -> dict[str, list[int]]:
    """For each kind, the rank of the first document that answers, 0 when it is not among the first ten."""
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1:8000"})
    ranks = defaultdict(list)
    for kind, query, expected in queries:
        answer = client.get("/api/v1/recherche", {"q": query[:200], "limite": DEPTH}).json()
        found = [result["ref"] for result in answer["resultats"]]
        rank = next((place for place, ref in enumerate(found, 1) if ref in expected), 0)
        ranks[kind].append(rank)
        if show_failures and rank != 1:
            print(f"  {rank or '-':>2}  {kind:<13} {query}  →  {', '.join(found[:3])}")
    return ranks


def tell(engine: str, ranks: dict[str, list[int]], seconds: float) -> None:
    """One line for each kind."""
    everything = [rank for of_kind in ranks.values() for rank in of_kind]
    print(f"\n{engine:<14} queries  MRR@10    S@1   S@10   ({1000 * seconds / len(everything):.1f} ms a query)")
    for kind, found in [*ranks.items(), ("all", everything)]:
        mrr = sum(1 / rank for rank in found if rank) / len(found)
        first, ten = (sum(0 < rank <= depth for rank in found) / len(found) for depth in (1, DEPTH))
        print(f"{kind:<14} {len(found):>7}   {mrr:.3f}  {first:.3f}  {ten:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", action="store_true", help="print the queries whose document is not first")
    parser.add_argument("--engine", choices=["embarque", "elasticsearch", "tous"], default="tous")
    parser.add_argument("--corpus", type=Path, help="a .jsonl file instead of the sheets")
    parser.add_argument("--guides", action="store_true", help="the guides of service-public.fr instead of the sheets")
    parser.add_argument("--queries", type=int, default=700, help="how many of the links of the guides")
    arguments = parser.parse_args()
    server = os.environ.get("TEST_ELASTICSEARCH_URL", "") if arguments.engine != "embarque" else ""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        if arguments.guides:
            corpus, queries = guides_as_corpus(directory)
            queries = queries[: arguments.queries]
        else:
            corpus = arguments.corpus or sheets_as_corpus(directory)
            queries = judged_queries(corpus)
        prepare(directory, corpus, server)
        from django.conf import settings

        for engine, url in (("embarque", ""), ("elasticsearch", server)):
            if arguments.engine in (engine, "tous") and (url or engine == "embarque"):
                settings.SEARCH_URL = url
                started = time.perf_counter()
                ranks = ranks_of(queries, show_failures=arguments.failures)
                tell(engine, ranks, time.perf_counter() - started)
        if server:
            from search.elastic.backend import server as backend

            backend().es.indices.delete(index=f"{settings.SEARCH_INDEX_PREFIX}*")


if __name__ == "__main__":
    main()
