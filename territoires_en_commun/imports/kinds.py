"""What a room says of one kind of thing that a spreadsheet may bring: its columns, its rules, how a row is written.

A room registers its kind from ``AppConfig.ready``::

    import_kinds.register(ActorImport())

The wizard then calls :meth:`ImportKind.open` twice: for the simulation, which only plans, and for the run, which plans
again (things may have changed meanwhile) and applies.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict


class Action(models.TextChoices):
    """What becomes of a row."""

    CREATE = "creation", "À créer"
    UPDATE = "modification", "À modifier"
    UNCHANGED = "inchangee", "Inchangée"
    REFUSED = "refusee", "Refusée"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One piece of information that a row may give.

    ``aliases`` are the headers under which public files give it (case, accents and punctuation aside).
    """

    name: str
    label: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    help_text: str = ""


@dataclass(frozen=True)
class Problem:
    """Why a row is refused, or what to look at; ``column`` is the name of a column, empty for the whole row."""

    column: str
    message: str


@dataclass(frozen=True)
class Repair:
    """A correction that the import proposes, to accept or refuse line by line."""

    column: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class Change:
    """What an update writes in one field, as an editor reads it."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a row would do. ``data`` holds what :meth:`ImportSession.apply` needs and is never stored."""

    action: Action
    label: str
    target: int | None = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    repairs: tuple[Repair, ...] = ()
    changes: tuple[Change, ...] = ()
    data: Any = field(default=None, compare=False)

    def described(self) -> dict[str, Any]:
        """The plan as JSON, ``data`` aside."""
        parts = ("problems", "warnings", "repairs", "changes")
        return {part: [asdict(item) for item in getattr(self, part)] for part in parts}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a row did: the object written, and sentences to show beside it (« Enregistrée en brouillon : … »)."""

    target: int | None = None
    messages: tuple[str, ...] = ()


class RowRefused(ValidationError):  # noqa: N818 - it reads as what happened
    """A row that seemed right in the simulation could not be written; the message says why, in French."""


class ImportRefused(ValidationError):  # noqa: N818 - it reads as what happened
    """The whole import can't go on; the message says why, in French."""


class SettingsForm(forms.Form):
    """The constants of an import. What was typed is stored, and read again by the same form at each stage.

    It is also proposed for the next file of the same columns, but for what is true of one file only.
    """

    of_one_file: ClassVar[frozenset[str]] = frozenset()

    def answers(self) -> dict[str, list[str]]:
        """What was typed, field by field, as JSON."""
        data = self.data if isinstance(self.data, QueryDict) else QueryDict()
        return {name: data.getlist(self.add_prefix(name)) for name in self.fields}

    @classmethod
    def lasting(cls, answers: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
        """The answers to propose for the next file."""
        return {name: values for name, values in answers.items() if name not in cls.of_one_file}

    @classmethod
    def initial_of(cls, answers: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """What the form shows of stored answers; a box left empty is shown so."""
        data, shown = query_dict(answers), {}
        for name, field_ in cls.base_fields.items():
            if name in answers:
                shown[name] = field_.widget.value_from_datadict(data, {}, name)
        return shown


def query_dict(answers: Mapping[str, Sequence[str]]) -> QueryDict:
    """Stored answers as a form takes them."""
    data = QueryDict(mutable=True)
    for name, values in answers.items():
        data.setlist(name, list(values))
    return data


class ImportSession(ABC):
    """One simulation or one run: reads the rows in order, and remembers those it saw."""

    @abstractmethod
    def plan(self, row: Mapping[str, str], line: int) -> Plan:
        """What a row would do; ``row`` gives the text of each known column, ``line`` its number. Writes nothing."""

    @abstractmethod
    def apply(self, plan: Plan) -> Outcome:
        """Write a row that was planned by this session; called in a transaction. May raise RowRefused."""

    def finish(self) -> None:
        """Called when every row of a run is settled, before the editor reads that it is done."""
        return


class ImportKind(ABC):
    """A kind of import."""

    name: ClassVar[str]
    label: ClassVar[str]
    help_text: ClassVar[str] = ""
    columns: ClassVar[Sequence[Column]]
    settings_form: ClassVar[type[SettingsForm]]

    @abstractmethod
    def allows(self, user) -> bool:
        """Whether a user may import things of this kind."""

    def initial_settings(self, user) -> dict[str, Any]:
        """What the form of the settings shows first, to somebody who never imported from such a file."""
        return {}

    def mapping_problems(self, columns: set[str]) -> list[str]:
        """What the file lacks, given the columns it has; sentences in French. Required columns are checked apart."""
        return []

    def target_urls(self, targets: Sequence[int]) -> dict[int, str]:
        """Where an editor sees the objects written, by key; those gone since are left out."""
        return {}

    @abstractmethod
    def open(self, settings: dict[str, Any], user) -> ImportSession:
        """Begin a simulation or a run with the cleaned settings. May raise ImportRefused."""


class ImportKinds:
    """The kinds of import that rooms registered, by name."""

    def __init__(self):
        self._kinds: dict[str, ImportKind] = {}

    def register(self, kind: ImportKind) -> None:
        if kind.name in self._kinds:
            raise ValueError(f"The kind of import « {kind.name} » is already registered.")
        self._kinds[kind.name] = kind

    def get(self, name: str) -> ImportKind | None:
        return self._kinds.get(name)

    def allows(self, user, name: str) -> bool:
        """Whether a user may import things of this kind, if it still exists."""
        kind = self.get(name)
        return kind is not None and user.has_perm("imports.add_importjob") and kind.allows(user)

    def allowed_to(self, user) -> list[ImportKind]:
        """The kinds that a user may import, by label."""
        if not user.has_perm("imports.add_importjob"):
            return []
        return sorted((kind for kind in self._kinds.values() if kind.allows(user)), key=lambda kind: kind.label)


import_kinds = ImportKinds()
