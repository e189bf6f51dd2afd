"""The floor of the quality of the search: judged queries over the demonstration content, on both engines."""

import csv
from pathlib import Path

import pytest

from territoires_en_commun.base.models import BasePage
from tests.search.conftest import RUN
from tests.search.elasticsearch import index_everything, pages_on, require_elasticsearch

pytestmark = pytest.mark.any_database
QUERIES = Path(__file__).resolve().parents[2] / "bench" / "data" / "demo_queries.tsv"
FLOORS = {"mrr": 0.80, "first": 0.72, "ten": 0.88}  # a little under what is measured


def judged() -> list[tuple[str, str, set[str]]]:
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(kind, query, set(slugs.split(","))) for kind, query, slugs in rows]


def measured(client) -> dict[str, float]:
    """Mean reciprocal rank among the first ten, shares of queries answered first and among the first ten."""
    slugs = {str(uuid): slug for uuid, slug in BasePage.objects.values_list("uuid", "slug")}
    ranks = []
    for _kind, query, expected in judged():
        answer = client.get("/api/v1/recherche", {"q": query, "limite": 10}).json()
        found = [slugs[result["id"]] for result in answer["resultats"]]
        ranks.append(next((rank for rank, slug in enumerate(found, 1) if slug in expected), 0))
    total = len(ranks)
    return {
        "mrr": sum(1 / rank for rank in ranks if rank) / total,
        "first": ranks.count(1) / total,
        "ten": sum(rank > 0 for rank in ranks) / total,
    }


def failing(figures: dict[str, float]) -> dict[str, float]:
    """The figures that are under their floor."""
    return {name: figure for name, figure in figures.items() if figure < FLOORS[name]}


def test_embedded_engine_keeps_its_quality(demo, client):
    assert failing(measured(client)) == {}


def test_elasticsearch_keeps_its_quality(demo, client, settings):
    with pages_on(require_elasticsearch(), settings, f"demo_{RUN}_") as backend:
        index_everything(backend)
        assert failing(measured(client)) == {}
        index = backend.get_index_for_model(BasePage).name
        backend.es.indices.delete(index=f"{index}_1")
