"""One ``_search`` request for a page of results: hits, total, and the counts of every facet beside the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from math import sqrt
from typing import Any

from search import meaning, weights
from search.finding import Found
from search.ranking import DAYS_IN_YEAR, is_meaningful
from search.text.analysis import STOP_WORDS
from search.text.expansion import Alternative, Group
from search.text.query import Query

from .mapping import FIELD

Json = dict[str, Any]
PINNED = 100_000.0  # above any score of words
MAX_VALUES = 2000  # of one facet
MAX_RANK = 10_000  # what the server lists at most
ORDERS = {
    "recent": [{f"{FIELD}.published_at": {"order": "desc", "missing": "_last"}}, {"pk": "asc"}],
    "titre": [f"{FIELD}.order", {"pk": "asc"}],
}
# By how much dates change a score: as ``ranking.factor``.
DATES_SCRIPT = f"""
if (doc['{FIELD}.past_after'].size() != 0 && doc['{FIELD}.past_after'].value < params.today)
  return _score * params.past;
double factor = 1.0;
if (doc['{FIELD}.review_on'].size() != 0 && doc['{FIELD}.review_on'].value <= params.today) factor *= params.late;
if (doc['{FIELD}.dated_on'].size() != 0) {{
  double years = Math.max(0, params.today - doc['{FIELD}.dated_on'].value) / params.year;
  factor *= 1 + params.recency * Math.pow(0.5, years);
}}
return _score * factor;
"""
# Scores are never negative: each nearness is counted from 0 to 2.
MEANING_SCRIPT = f"""
if (doc['{FIELD}.title_vector'].size() == 0) return params.title + params.summary;
return params.title * (1 + dotProduct(params.vector, '{FIELD}.title_vector'))
  + params.summary * (1 + dotProduct(params.vector, '{FIELD}.summary_vector'));
"""


@dataclass(frozen=True)
class Selection:
    """What filters results: values of facets by field, a place and those that contain it, the nearest first.

    ``pinned``: the pages that come first whatever their words.
    """

    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pinned: Sequence[int] = ()
    place: int | None = None
    containers: Sequence[int] = ()
    min_depth: int = 0


def name(column: str) -> str:
    return f"{FIELD}.{column}"


def page_request(found: Found, selection: Selection, today: date) -> Json:
    """The query, filters and counts of a request; the caller adds its page and its order."""
    words = words_query(found.query, found.groups, found.needed)
    filters = [
        {"term": {name("is_public"): True}},
        {"range": {name("depth"): {"gt": selection.min_depth}}},
        *([place_filter(selection)] if selection.place else []),
    ]
    chosen = {column: {"terms": {name(column): list(v)}} for column, v in selection.facets.items() if v}
    return {
        "query": {"bool": {"filter": filters, "must": [with_pinned(dated(words, today), selection.pinned)]}},
        "post_filter": {"bool": {"filter": list(chosen.values())}},
        "aggs": {
            column: {
                "filter": {"bool": {"filter": [one for other, one in chosen.items() if other != column]}},
                "aggs": {"values": {"terms": {"field": name(column), "size": MAX_VALUES}}},
            }
            for column in selection.facets
        },
        "track_total_hits": True,
        "_source": False,
        "stored_fields": ["pk"],
    } | rescore(found.query, found.text)


def with_pinned(query: Json, pinned: Sequence[int]) -> Json:
    """A query, and before its results these pages in this order."""
    first = [
        {"constant_score": {"filter": {"term": {"pk": str(pk)}}, "boost": PINNED * (len(pinned) - rank)}}
        for rank, pk in enumerate(pinned)
    ]
    return {"bool": {"should": [query, *first], "minimum_should_match": 1}} if first else query


def words_query(query: Query, groups: Sequence[Group], needed: int) -> Json:
    """Documents that hold ``needed`` of the groups, every phrase and no excluded word."""
    whole = [
        {"constant_score": {"filter": {"term": {name("whole"): text}}, "boost": weights.WHOLE}}
        for text in (*query.identifiers, query.title)
        if text
    ]
    must = [phrase_query(phrase) for phrase in query.phrases]
    if groups:
        must.append({"bool": {"should": [group_query(group) for group in groups], "minimum_should_match": needed}})
    if not must and query.identifiers:
        must.append({"bool": {"should": whole, "minimum_should_match": 1}})
    return {
        "bool": {
            "must": must or [{"match_all": {}}],
            "should": [*whole, *neighbours(groups)],
            "must_not": [phrase_query(phrase) for phrase in query.excluded],
        }
    }


def group_query(group: Group) -> Json:
    found = [alternative_query(alternative) for alternative in group.alternatives]
    return found[0] if len(found) == 1 else {"dis_max": {"queries": found}}


def alternative_query(alternative: Alternative) -> Json:
    found = [word_query(word) for word in alternative.words]
    return {"bool": {"must": found, "boost": alternative.weight}}


def word_query(word: str) -> Json:
    if word in STOP_WORDS:
        return {"match": {name("title.exact"): word}}
    found = [{"match": {name(column): {"query": word, "boost": weight}}} for column, weight in weights.FIELDS.items()]
    found.append({"match": {name("acronym"): {"query": word, "boost": weights.ACRONYM}}})
    return {"dis_max": {"queries": found, "tie_breaker": weights.TIE}}


def phrase_query(phrase: Sequence[str]) -> Json:
    text = " ".join(phrase)
    if STOP_WORDS.issuperset(phrase):
        return {"match_phrase": {name("title.exact"): text}}
    found = [
        {"match_phrase": {name(column): {"query": text, "boost": weight}}} for column, weight in weights.FIELDS.items()
    ]
    return {"dis_max": {"queries": found, "tie_breaker": weights.TIE}}


def neighbours(groups: Sequence[Group]) -> list[Json]:
    """What adds to pages where words of the query follow each other as they were typed."""
    typed = [word for group in groups for word in group.meant.words]
    title = {"query": " ".join(typed), "slop": weights.SLOP, "boost": weights.IN_TITLE}
    whole = [{"match_phrase": {name("title"): title}}] if len(typed) > 1 else []
    pairs = [
        {
            "dis_max": {
                "queries": [
                    {
                        "match_phrase": {
                            name(column): {
                                "query": f"{one} {other}",
                                "slop": weights.SLOP,
                                "boost": weights.NEIGHBOURS,
                            }
                        }
                    }
                    for column in weights.NEIGHBOUR_FIELDS
                ],
                "tie_breaker": weights.TIE,
            }
        }
        for one, other in pairwise(typed)
        if one != other
    ]
    return [*whole, *pairs]


def dated(words: Json, today: date) -> Json:
    """A query whose scores count dates."""
    parameters = {
        "today": today.toordinal(),
        "past": weights.PAST,
        "late": weights.LATE,
        "recency": weights.RECENCY,
        "year": DAYS_IN_YEAR,
    }
    return {"script_score": {"query": words, "script": {"source": DATES_SCRIPT, "params": parameters}}}


def rescore(query: Query, text: str) -> Json:
    """What makes meaning count beside words for the first results; nothing where it does not."""
    if not (is_meaningful(query) and meaning.is_available()):
        return {}
    scale = sqrt(len(query.words))
    parameters = {
        "vector": meaning.query_vector(text).tolist(),
        "title": scale * weights.MEANING_TITLE,
        "summary": scale * weights.MEANING_SUMMARY,
    }
    script = {"source": MEANING_SCRIPT, "params": parameters}
    nearness = {"script_score": {"query": {"match_all": {}}, "script": script}}
    return {"rescore": {"window_size": weights.RESCORED, "query": {"rescore_query": nearness}}}


def place_filter(selection: Selection) -> Json:
    """What concerns a place: attached to it, to what it contains or to what contains it."""
    around = [selection.place, *selection.containers]
    return {
        "bool": {
            "should": [{"terms": {name("at"): around}}, {"term": {name("within"): selection.place}}],
            "minimum_should_match": 1,
        }
    }


def nearest(request: Json, selection: Selection) -> Json:
    """The same results in the order of scales: the place, what it contains, then what contains it, nearest first."""
    scales = [{"term": {name("at"): selection.place}}, {"term": {name("within"): selection.place}}]
    scales += [{"term": {name("at"): container}} for container in selection.containers]
    ranks = [
        {"constant_score": {"filter": scale, "boost": float(2 ** (len(scales) - rank))}}
        for rank, scale in enumerate(scales)
    ]
    query = {"bool": {"filter": request["query"], "should": ranks}}
    kept = {key: value for key, value in request.items() if key != "rescore"}
    return kept | {"query": query, "sort": ["_score", {"pk": "desc"}]}
