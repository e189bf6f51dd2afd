"""What is proposed to who is typing: territories, actors and contents whose name begins so."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from django.apps import apps
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from rapidfuzz.distance import OSA

from territoires_en_commun.base.listing import TypeFacet
from territoires_en_commun.base.listing.display import Row
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.territories.search import search_territories

from . import ranking
from .embedded.suggesting import allowed_errors, typed_words
from .finding import ready_engine
from .listings import KIND, SearchListing
from .ranking import Scored
from .text.analysis import fold
from .text.highlighting import marked_as_typed

MIN_LENGTH = 2  # characters
MIN_MISTYPED = 5  # letters
MAX_TERRITORIES, MAX_ACTORS, MAX_CONTENTS = 3, 4, 5
# How many pages that begin so are looked at: more of them when the first are all of one group.
LOOKED_AT = (1_000, 10_000)


class Suggestion(NamedTuple):
    """Something proposed: its name, what it is or where, its address; its name as safe HTML, what was typed marked."""

    name: str
    detail: str
    url: str
    html: SafeString


class Group(NamedTuple):
    """Suggestions of one sort; ``key`` makes the identifiers of HTML."""

    key: str
    label: str
    suggestions: list[Suggestion]


@dataclass(frozen=True)
class Suggestions:
    """What is proposed for a text, the best of each group first."""

    territories: list[Suggestion]
    actors: list[Suggestion]
    contents: list[Suggestion]

    @cached_property
    def groups(self) -> list[Group]:
        """The groups that hold something."""
        every = (
            Group("territoires", "Territoires", self.territories),
            Group("acteurs", "Acteurs", self.actors),
            Group("contenus", "Contenus", self.contents),
        )
        return [group for group in every if group.suggestions]


def suggest(text: str) -> Suggestions:
    """What begins as a text in progress, from 2 characters; what resembles it when nothing begins so.

    Only what visitors may read: pages withdrawn since the index was read are left out.
    """
    text = text.strip()
    if len(text) < MIN_LENGTH:
        return Suggestions([], [], [])
    typed = typed_words(text)
    places = search_territories(text, limit=MAX_TERRITORIES, approximate=False)
    actors, contents = _pages(text, typed)
    if not (places or actors or contents) and len(text) >= MIN_MISTYPED:
        places = [hit for hit in search_territories(text, limit=MAX_TERRITORIES) if resembles(text, hit.name)]
    territories = [Suggestion(hit.name, hit.precision, hit.url, marked_as_typed(hit.name, typed)) for hit in places]
    return Suggestions(territories, actors, contents)


def resembles(text: str, name: str) -> bool:
    """Whether a text is a name, or its beginning, but for one or two typing errors."""
    typed, known = fold(text), fold(name)
    errors = allowed_errors(typed)
    return any(OSA.distance(typed, known[: len(typed) + more], score_cutoff=errors) <= errors for more in (-1, 0, 1))


def _pages(text: str, typed: list[str]) -> tuple[list[Suggestion], list[Suggestion]]:
    """Actors and other contents, from what a listing of the whole site shows to visitors."""
    listing, engine = SearchListing.quoted(), ready_engine()
    kinds = listing.part(listing.filter_named(KIND)).pages
    every_actor = frozenset().union(*(kinds.get(kind, ()) for kind in actor_kinds()))
    for limit in LOOKED_AT:
        found = ranking.dated_order(engine.suggest(text, limit), engine.dates())
        actors, contents = _first(found, every_actor, listing.snapshot.pks)
        is_full = len(actors) == MAX_ACTORS and len(contents) == MAX_CONTENTS
        if is_full or len(found.pks) < limit:
            break
    shown = {row.page.pk: row for row in listing.quoted_rows([*actors, *contents])}
    return (
        _suggestions((shown[pk] for pk in actors if pk in shown), typed, tells_kind=False),
        _suggestions((shown[pk] for pk in contents if pk in shown), typed),
    )


def actor_kinds() -> list[str]:
    """The kinds of page that are sheets of actors, as the facet of kinds names them."""
    return [TypeFacet.slug_of(model) for model in apps.get_models() if issubclass(model, BasePage) and model.is_actor]


def _first(found: Scored, every_actor: frozenset[int], visible: frozenset[int]) -> tuple[list[int], list[int]]:
    """The first actors and the first contents of what was found, among what is visible."""
    known = [pk for pk in found.pks if pk in visible]
    actors = islice((pk for pk in known if pk in every_actor), MAX_ACTORS)
    contents = islice((pk for pk in known if pk not in every_actor), MAX_CONTENTS)
    return list(actors), list(contents)


def _suggestions(rows: Iterable[Row], typed: list[str], *, tells_kind: bool = True) -> list[Suggestion]:
    return [
        Suggestion(
            row.page.title,
            row.detail.partition(" – ")[0] if tells_kind else "",
            row.url,
            marked_as_typed(row.page.title, typed),
        )
        for row in rows
    ]
