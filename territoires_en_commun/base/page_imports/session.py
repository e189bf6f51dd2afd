"""A simulation or a run of an import of pages: each row against the pages that are there."""

import datetime as dt
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone

from territoires_en_commun.base.holds import hold_on
from territoires_en_commun.base.import_defaults import (
    ImportDefaults,
    ImportedPage,
    is_only_imported,
    save_imported_page,
)
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.publication import publication_gaps
from territoires_en_commun.base.registry import pages_loaded
from territoires_en_commun.imports.kinds import (
    Action,
    Change,
    ImportRefused,
    ImportSession,
    Outcome,
    Plan,
    Problem,
    RowRefused,
)
from territoires_en_commun.imports.models import ImportedValues, fingerprint

from .fields import Field
from .reading import PageReader, ReadRow

HELD = "La fiche {hold} : rien n’y est écrit. Importez de nouveau cette ligne quand elle sera libre."
IN_PROGRESS = "Une version est en cours de rédaction : la fiche est enregistrée en brouillon."
WITHDRAWN = "Fiche retirée : mise à jour sans être republiée."
BY_HAND = "Brouillon écrit ou corrigé à la main : mis à jour sans être publié."
RETURNED = "La relecture demande des modifications : la fiche est enregistrée en brouillon."
REFERENCE = "external_ref"
OTHER_REFERENCE = "Cette fiche porte déjà l’identifiant « {kept} » : « {other} » n’est pas retenu."


class Prepared(NamedTuple):
    """A row ready to be written: the page as it will be, and what an import says of each field."""

    page: BasePage
    read: ReadRow
    imported: dict[str, str]
    publish: bool
    reference: str = ""  # to note on a page that is there and has none


class PageSession(ImportSession):
    """Reads rows, finds their page, says what would change, writes it."""

    kind: ClassVar[str]  # name of the kind of import
    model: ClassVar[type[BasePage]]
    section_model: ClassVar[type[BasePage]]
    no_section: ClassVar[str]  # why nothing can be imported when the section does not exist
    fields: ClassVar[Sequence[Field]]
    reader_class: ClassVar[type[PageReader]]
    identifiers: ClassVar[Sequence[str]] = (REFERENCE,)  # two rows that share one are the same thing
    same: ClassVar[str] = "c’est la même fiche"

    def __init__(self, settings: Mapping[str, Any], user):
        section = self.section_model.objects.live().first() or self.section_model.objects.first()
        if section is None:
            raise ImportRefused(self.no_section)
        self.section = section
        self.settings = settings
        self.user = user
        self.today: dt.date = timezone.localdate()
        self.reader = self.reader_class(settings, self.today)
        self.seen: dict[tuple[str, str], int] = {}
        rows = ImportedValues.objects.filter(kind=self.kind).only("target", "fingerprints")
        self.known = {row.target: row.fingerprints for row in rows}

    # What a room says

    def find(self, read: ReadRow) -> BasePage | None:
        """The page of a row; it may refuse the row, in its notes."""
        return self.model.objects.by_external_ref(read.values.get("external_ref", "")).first()

    def is_identifier(self, name: str, read: ReadRow) -> bool:
        """Whether two rows of the file that share this identifier are the same thing."""
        return bool(read.values.get(name))

    @abstractmethod
    def complete(self, page: BasePage, read: ReadRow) -> None:
        """Give a page what its row lacks, from the settings."""

    def errors_of(self, page: BasePage) -> dict[str, str]:
        """What the rules of the page refuse in it, by field."""
        return {}

    def creation_remarks(self, page: BasePage, read: ReadRow) -> list[Problem]:
        """What to tell of a page to create; it may still be completed."""
        return []

    def also_change(self, page: BasePage, read: ReadRow) -> list[Change]:
        """Write in the page what the settings, more than the row, change in it."""
        return []

    def before_save(self, prepared: Prepared) -> None:
        """The last touch before a page is written."""

    # Planning

    @property
    def defaults(self) -> ImportDefaults:
        """The constants that every page of the platform needs."""
        names = ("themes", "programmes", "review_date", "review_owner", "partner", "licence")
        return ImportDefaults(**{name: self.settings[name] for name in names}, publish=self.settings["publish"])

    def plan(self, row: Mapping[str, str], line: int) -> Plan:
        read = self.reader.read(row)
        target = self.find(read)
        self.refuse_repeats(read, line)
        notes = read.notes
        plan = {"label": read.title or row.get("title", ""), "repairs": tuple(notes.repairs)}
        if notes.problems:
            return Plan(action=Action.REFUSED, problems=tuple(notes.problems), warnings=tuple(notes.warnings), **plan)
        if target is None:
            return self.plan_creation(read, plan)
        return self.plan_update(read, target, plan)

    def refuse_repeats(self, read: ReadRow, line: int) -> None:
        """A row that is the same as a former row of the file is refused."""
        for name in self.identifiers:
            if not self.is_identifier(name, read):
                continue
            earlier = self.seen.setdefault((name, read.values[name]), line)
            if earlier != line:
                read.notes.refuse(name, f"La ligne {earlier} a déjà cette valeur : {self.same}.")

    def plan_creation(self, read: ReadRow, plan: dict[str, Any]) -> Plan:
        page = self.model(live=False)
        imported = {}
        for field, value in self.given(read):
            field.write(page, value)
            imported[field.name] = fingerprint(field.text(value))
        self.also_change(page, read)
        self.complete(page, read)
        self.defaults.apply(page, provided=set(read.values))
        warnings = [*read.notes.warnings, *self.gap_warnings(page)]
        if problems := self.refusals(page):
            return Plan(action=Action.REFUSED, problems=problems, warnings=tuple(warnings), **plan)
        warnings += self.creation_remarks(page, read)
        data = Prepared(page, read, imported, self.settings["publish"])
        return Plan(action=Action.CREATE, warnings=tuple(warnings), data=data, **plan)

    def plan_update(self, read: ReadRow, target: BasePage, plan: dict[str, Any]) -> Plan:
        plan["target"] = target.pk
        page = target.get_latest_revision_as_object()
        warnings, changes, imported = self.changed(read, page)
        if changes and (problems := self.refusals(page)):
            return Plan(action=Action.REFUSED, problems=problems, warnings=tuple(warnings), **plan)
        reference = self.missing_reference(read, target, warnings)
        publish = self.publishes(read, target, page, warnings, changes)
        if reference:
            changes.append(Change(REFERENCE, "", reference))
        if changes and (hold := hold_on(target, self.user)):
            return Plan(action=Action.REFUSED, problems=(Problem("", HELD.format(hold=hold)),), **plan)
        data = Prepared(page, read, imported, publish, reference)
        action = Action.UPDATE if changes else Action.UNCHANGED
        return Plan(action=action, warnings=tuple(warnings), changes=tuple(changes), data=data, **plan)

    def missing_reference(self, read: ReadRow, target: BasePage, warnings: list[Problem]) -> str:
        """The identifier to note on a page recognised otherwise, that has none; another one is told."""
        reference = read.values.get(REFERENCE, "")
        if not target.external_ref:
            return reference
        if reference and reference != target.external_ref:
            warnings.append(Problem(REFERENCE, OTHER_REFERENCE.format(kept=target.external_ref, other=reference)))
        return ""

    def publishes(
        self, read: ReadRow, target: BasePage, page: BasePage, warnings: list[Problem], changes: list[Change]
    ) -> bool:
        """Whether what the row changes is published; a draft that becomes complete is one more change."""
        if not self.settings["publish"]:
            return False
        if target.live and not changes:
            return True
        if kept_back := self.kept_back(target):
            if changes:
                warnings.append(Problem("", kept_back))
            return False
        if not target.live:
            self.complete(page, read)
            self.defaults.apply(page, provided=set(read.values))
            gaps = self.gap_warnings(page)
            warnings += gaps
            if not gaps:
                changes.append(Change("", "brouillon", "publiée"))
        return True

    def kept_back(self, target: BasePage) -> str:
        """Why what the row changes stays a draft, although the import publishes: somebody decides of it by hand."""
        if not target.live and target.first_published_at:
            return WITHDRAWN
        if target.current_workflow_state:
            return RETURNED
        if target.live:
            return IN_PROGRESS if target.has_unpublished_changes else ""
        return "" if is_only_imported(target) else BY_HAND

    def changed(self, read: ReadRow, page: BasePage) -> tuple[list[Problem], list[Change], dict[str, str]]:
        """Write in the page what the row changes; what is told, what changes, what is remembered of the import."""
        known = self.known.get(page.pk, {})
        warnings, changes, imported = list(read.notes.warnings), [], {}
        for field, value in self.given(read):
            change, kept = self.compare(field, page, value, known)
            if kept:
                warnings.append(kept)
                continue
            if change:
                changes.append(change)
                field.write(page, value)
            imported[field.name] = fingerprint(field.text(value))
        return warnings, changes + self.also_change(page, read), imported

    def given(self, read: ReadRow) -> list[tuple[Field, Any]]:
        """The fields that a row gives, with their values."""
        return [(field, read.values[field.name]) for field in self.fields if field.name in read.values]

    def compare(
        self, field: Field, page: BasePage, value: Any, known: Mapping[str, str]
    ) -> tuple[Change | None, Problem | None]:
        """The change that a value makes, or why what an editor wrote is kept."""
        current = field.current(page, value)
        before, after = field.text(current), field.text(value)
        if before == after:
            return None, None
        # What the file said the last time is no more there when an editor wrote something else, or emptied it.
        last = known.get(field.name)
        by_hand = last != fingerprint(before) if field.is_told(current) else last == fingerprint(after)
        if by_hand and self.settings["keep_edits"]:
            message = f"Corrigé à la main : « {before} » est gardé ; le fichier dit « {after} »."
            if not before:
                message = f"Effacé à la main : rien n’est remis ; le fichier dit toujours « {after} »."
            return None, Problem(field.shown_column, message)
        return Change(field.shown_column, before, after), None

    def refusals(self, page: BasePage) -> tuple[Problem, ...]:
        """Why the rules of the page refuse it."""
        return tuple(Problem(name, str(message)) for name, message in self.errors_of(page).items())

    def gap_warnings(self, page: BasePage) -> list[Problem]:
        """What would keep a page in draft, when the import publishes."""
        if not self.settings["publish"]:
            return []
        gaps = page.content_gaps() if page.pk is None else publication_gaps(page)
        return [Problem("", f"Restera un brouillon. {gap.message}") for gap in gaps]

    # Writing

    def apply(self, plan: Plan) -> Outcome:
        prepared: Prepared = plan.data
        page = prepared.page
        if prepared.reference:  # no version holds it
            self.model.objects.filter(pk=page.pk).update(external_ref=prepared.reference)
            page.external_ref = prepared.reference
        if plan.action == Action.UNCHANGED or [change.column for change in plan.changes] == [REFERENCE]:
            self.remember(page.pk, prepared)
            return Outcome(target=page.pk)
        self.before_save(prepared)
        is_new = page.pk is None
        try:
            saved = save_imported_page(
                page,
                parent=self.section if is_new else None,
                defaults=self.defaults if is_new or prepared.publish else ImportDefaults(),
                provided=frozenset(prepared.read.values),
                user=self.user,
            )
        except ValidationError as error:
            raise RowRefused(error.messages) from error
        self.remember(saved.page.pk, prepared)
        return Outcome(target=saved.page.pk, messages=tuple(self.told(saved, prepared)))

    def finish(self) -> None:
        """The pages are found by the search when the editor reads that the import is done."""
        pages_loaded.send(type(self))

    def told(self, saved: ImportedPage, prepared: Prepared) -> list[str]:
        """What the editor must know of a page just written."""
        if saved.published:
            return []
        if saved.gaps and prepared.publish:
            return [f"Enregistrée en brouillon. {gap.message}" for gap in saved.gaps]
        return ["Enregistrée en brouillon."]

    def remember(self, pk: int, prepared: Prepared) -> None:
        """Note what the file said, so that a correction by hand is seen the next time."""
        if prepared.imported:
            ImportedValues.remember(self.kind, pk, prepared.imported)
