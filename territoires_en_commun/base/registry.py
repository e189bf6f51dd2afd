"""How rooms plug into pages that they are not allowed to see: they register, the page asks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from django.dispatch import Signal

from territoires_en_commun.territories.models import Territory

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from wagtail.admin.widgets.button import Button

    from territoires_en_commun.users.models import User

    from .models import BasePage, Term

Entry = TypeVar("Entry")

# Sent by a command or an import that wrote many pages at once, when it is done; a command may give ``progress``: a
# function that takes a sequence of batches and what they are called, and gives the batches back while it shows them.
pages_loaded = Signal()

# Sent with ``pages`` (primary keys) by a room that changed, outside their own save, what pages are found by.
pages_changed = Signal()


class Registry(Generic[Entry]):
    """Entries under a unique key, given back by order, then by key."""

    def __init__(self):
        self._entries: dict[str, tuple[int, Entry]] = {}

    def register(self, key: str, *, order: int = 100) -> Callable[[Entry], Entry]:
        """A decorator that keeps the entry under ``key``; raises ``ValueError`` when the key is taken."""

        def keep(entry: Entry) -> Entry:
            if key in self._entries:
                raise ValueError(f"« {key} » is already registered.")
            self._entries[key] = (order, entry)
            return entry

        return keep

    def unregister(self, key: str) -> None:
        """Forget an entry; nothing happens when there is none."""
        self._entries.pop(key, None)

    def __iter__(self) -> Iterator[Entry]:
        return (entry for _, (_, entry) in sorted(self._entries.items(), key=lambda item: (item[1][0], item[0])))

    def __len__(self) -> int:
        return len(self._entries)


@dataclass(frozen=True)
class TerritoryBlock:
    """A section of the page of a territory: an h2 and a template of the room, rendered with ``context`` only."""

    title: str
    template: str
    context: dict = field(default_factory=dict)


# A builder takes the territory and the current time; it gives None when the room has nothing to say of the place.
TerritoryBlockBuilder = Callable[[Territory, datetime], TerritoryBlock | None]

territory_blocks: Registry[TerritoryBlockBuilder] = Registry()

# What a room links to a page by other means than PageLink: titles, each with pages; base/links.py keeps those that
# visitors may read.
LinkedPagesGiver = Callable[["BasePage"], Iterable[tuple[str, "QuerySet[BasePage]"]]]

linked_pages: Registry[LinkedPagesGiver] = Registry()

# What a room tells of its own pages where others lead to them (the date of an event), at a given time: words, by
# primary key. The givers are asked of every page that is shown, and answer for theirs.
LinkDetailsGiver = Callable[[Sequence["BasePage"], datetime], Mapping[int, str]]

link_details: Registry[LinkDetailsGiver] = Registry()


@dataclass(frozen=True)
class Meeting:
    """A date to come that goes with a page: of what, when, where, and what became of it (may be empty)."""

    title: str
    url: str
    when: str
    place: str
    status: str


# The dates that a room knows for a page (those of a training), the next first.
MeetingsGiver = Callable[["BasePage", datetime], Iterable[Meeting]]

meetings: Registry[MeetingsGiver] = Registry()

# Buttons that a room adds to a term of a governed list, in the list and on its form, for who may press them.
TermButtonsGiver = Callable[["Term", "User"], Iterable["Button"]]

term_buttons: Registry[TermButtonsGiver] = Registry()

# What a room that ``home`` may not see adds to the demonstration, after the others: it takes the account in charge,
# creates what is missing and gives a line, in French, for each thing created.
DemoLoader = Callable[["User"], Iterable[str]]

demo_loaders: Registry[DemoLoader] = Registry()


@dataclass(frozen=True)
class SearchTraits:
    """What the search knows of a page beside its texts (``BasePage.search_traits``).

    ``dated_on``: the day from which a content ages; None for what does not. ``past_after``: the last day on which it
    is of use; it comes after the others from the next day on. ``terms``: other names that it is found by.
    """

    acronym: str = ""
    identifiers: Sequence[str] = ()
    dated_on: date | None = None
    past_after: date | None = None
    terms: Sequence[str] = ()


@dataclass(frozen=True)
class Todo:
    """Something that waits for an editor: how many, what (« lien mort »), and the list that shows exactly these."""

    count: int
    one: str
    many: str
    url: str

    @property
    def label(self) -> str:
        return self.one if self.count == 1 else self.many


# A giver takes the account and the current time; what counts zero is not shown (see base/todo.py).
TodoGiver = Callable[["User", datetime], Iterable[Todo]]

todos: Registry[TodoGiver] = Registry()
