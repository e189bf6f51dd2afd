"""A simulation or a run of an import of actors: each row against the directory."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone

from annuaire.imports.columns import LABELS
from annuaire.imports.fields import FIELDS, Field
from annuaire.imports.reading import ReadRow, RowReader
from annuaire.imports.values import fold
from annuaire.kinds import REPRESENTED
from annuaire.models import ActorPage, DirectoryPage
from annuaire.rules import identity_errors
from territoires_en_commun.base.import_defaults import ImportDefaults, save_imported_page
from territoires_en_commun.base.publication import publication_gaps
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

KIND = "acteurs"
IDENTIFIERS = ("siret", "external_ref", "siren", "rna")
LOCKED = "La fiche est verrouillée : déverrouillez-la, puis importez de nouveau cette ligne."
IN_PROGRESS = "Une version est en cours de rédaction : la fiche est enregistrée en brouillon."


class Prepared(NamedTuple):
    """A row ready to be written: the page as it will be, and what an import says of each field."""

    page: ActorPage
    provided: frozenset[str]
    imported: dict[str, str]
    publish: bool


class ActorSession(ImportSession):
    """Reads rows, finds their fiche, says what would change, writes it."""

    def __init__(self, settings: Mapping[str, Any], user):
        directory = DirectoryPage.objects.live().first() or DirectoryPage.objects.first()
        if directory is None:
            raise ImportRefused("Il n’y a pas encore d’annuaire où créer des fiches.")
        self.directory = directory
        self.settings = settings
        self.user = user
        self.today: dt.date = timezone.localdate()
        self.reader = RowReader(settings, self.today)
        self.seen: dict[tuple[str, str], str] = {}
        self.alike: dict[tuple[str, int], int] = {
            (fold(title), commune): pk
            for pk, title, commune in ActorPage.objects.exclude(commune=None).values_list("pk", "title", "commune")
        }
        self.known = {
            row.target: row.fingerprints
            for row in ImportedValues.objects.filter(kind=KIND).only("target", "fingerprints")
        }

    @property
    def defaults(self) -> ImportDefaults:
        """The constants that every page of the platform needs."""
        names = ("themes", "programmes", "review_date", "review_owner", "partner", "licence")
        return ImportDefaults(**{name: self.settings[name] for name in names}, publish=self.settings["publish"])

    # Planning

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

    def find(self, read: ReadRow) -> ActorPage | None:
        """The fiche of a row: by SIRET, else by identifier, by SIREN, by RNA; two different ones refuse the row."""
        values, found = read.values, {}
        lookups = {
            "siret": {"siret": values.get("siret")},
            "external_ref": {"external_ref": values.get("external_ref")},
            "siren": {"siren": values.get("siren"), "siret": ""} if not values.get("siret") else {"siren": None},
            "rna": {"rna": values.get("rna")},
        }
        for name, lookup in lookups.items():
            if all(value is not None for value in lookup.values()):
                for page in ActorPage.objects.filter(**lookup)[:1]:
                    found.setdefault(page.pk, (name, page))
        if len(found) > 1:
            (first, one), (second, other) = list(found.values())[:2]
            message = (
                f"{LABELS[first]} : celui de la fiche « {one.title} » ; {LABELS[second]} : celui de « {other.title} »."
            )
            read.notes.refuse(first, message)
        return next((page for _name, page in found.values()), None)

    def refuse_repeats(self, read: ReadRow, line: int) -> None:
        """A row that is the same actor as a former row of the file is refused."""
        values = read.values
        for name in IDENTIFIERS:
            value = values.get(name)
            if not value or (name == "siren" and values.get("siret")):
                continue
            earlier = self.seen.setdefault((name, value), f"la ligne {line}")
            if earlier != f"la ligne {line}":
                read.notes.refuse(
                    name, f"{earlier[0].upper()}{earlier[1:]} a déjà cette valeur : c’est le même acteur."
                )

    def plan_creation(self, read: ReadRow, plan: dict[str, Any]) -> Plan:
        page = ActorPage(live=False)
        imported = {}
        for field, value in self.given(read):
            field.write(page, value)
            imported[field.name] = fingerprint(field.text(value))
        self.complete(page, read)
        self.defaults.apply(page, provided=set(read.values))
        warnings = [*read.notes.warnings, *self.gap_warnings(page)]
        if errors := identity_errors(page):
            problems = tuple(Problem(name, str(message)) for name, message in errors.items())
            return Plan(action=Action.REFUSED, problems=problems, warnings=tuple(warnings), **plan)
        if page.siret and (body := ActorPage.objects.by_identifier(siren=page.siret[:9]).first()):
            page.parent_actor = body
            warnings.append(Problem("siret", f"« {body.title} » a ce SIREN : cette fiche lui sera rattachée."))
        commune = read.values.get("commune")
        if commune and (other := self.alike.get((fold(page.title), commune.pk))):
            name = ActorPage.objects.get(pk=other).title
            warnings.append(
                Problem("title", f"Une fiche « {name} » existe déjà dans cette commune : est-ce la même ?")
            )
        data = Prepared(page, frozenset(read.values), imported, self.settings["publish"])
        return Plan(action=Action.CREATE, warnings=tuple(warnings), data=data, **plan)

    def plan_update(self, read: ReadRow, target: ActorPage, plan: dict[str, Any]) -> Plan:
        plan["target"] = target.pk
        if target.locked:
            return Plan(action=Action.REFUSED, problems=(Problem("", LOCKED),), **plan)
        page = target.get_latest_revision_as_object()
        known = self.known.get(target.pk, {})
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
        is_draft = not target.live
        publish = self.settings["publish"] and (is_draft or not target.has_unpublished_changes)
        if changes and self.settings["publish"] and not publish:
            warnings.append(Problem("", IN_PROGRESS))
        if self.settings["publish"] and is_draft:
            self.complete(page, read)
            self.defaults.apply(page, provided=set(read.values))
            gaps = self.gap_warnings(page)
            warnings += gaps
            if not gaps:
                changes.append(Change("", "brouillon", "publiée"))
        data = Prepared(page, frozenset(read.values), imported, publish)
        action = Action.UPDATE if changes else Action.UNCHANGED
        return Plan(action=action, warnings=tuple(warnings), changes=tuple(changes), data=data, **plan)

    def given(self, read: ReadRow) -> list[tuple[Field, Any]]:
        """The fields that a row gives, with their values."""
        return [(field, read.values[field.name]) for field in FIELDS if field.name in read.values]

    def compare(
        self, field: Field, page: ActorPage, value: Any, known: Mapping[str, str]
    ) -> tuple[Change | None, Problem | None]:
        """The change that a value makes, or why what an editor wrote is kept."""
        before, after = field.text(field.current(page, value)), field.text(value)
        if before == after:
            return None, None
        last = known.get(field.name)
        by_hand = bool(before) and last != fingerprint(before)
        if by_hand and self.settings["keep_edits"]:
            message = f"Corrigé à la main : « {before} » est gardé ; le fichier dit « {after} »."
            return None, Problem(field.shown_column, message)
        return Change(field.shown_column, before, after), None

    def complete(self, page: ActorPage, read: ReadRow) -> None:
        """Give a fiche what its row lacks, from the settings."""
        settings, commune = self.settings, read.values.get("commune") or page.commune
        if not page.type:
            page.type = settings["type"]
        if not page.summary and settings["summary"]:
            place = commune.name if commune else ""
            page.summary = settings["summary"].format(nom=page.title, commune=place)[:300]
        if page.verified_on is None:
            page.verified_on = settings["verified_on"]
        if not page.source:
            page.source = settings["source"]
        if "external_ref" in read.values and not page.external_ref:
            page.external_ref = read.values["external_ref"]
        if page.type in REPRESENTED and page.represents_id is None:
            page.represents = read.values.get("represents")
        if not page.territories.all():
            governed = [page.represents] if page.represents_id else []
            page.territories = governed or self.reader.territories_around(commune)

    def gap_warnings(self, page: ActorPage) -> list[Problem]:
        """What would keep a fiche in draft, when the import publishes."""
        if not self.settings["publish"]:
            return []
        gaps = page.content_gaps() if page.pk is None else publication_gaps(page)
        return [Problem("", f"Restera un brouillon. {gap.message}") for gap in gaps]

    # Writing

    def apply(self, plan: Plan) -> Outcome:
        prepared: Prepared = plan.data
        page = prepared.page
        if plan.action == Action.UNCHANGED:
            self.remember(page.pk, prepared)
            return Outcome(target=page.pk)
        self.show_contacts(page)
        if prepared.publish and page.verified_on is None:
            page.verified_on = self.settings["verified_on"]
        defaults = self.defaults if prepared.publish else ImportDefaults()
        if page.pk is None:
            defaults = self.defaults
        try:
            saved = save_imported_page(
                page,
                parent=self.directory if page.pk is None else None,
                defaults=defaults,
                provided=prepared.provided,
                user=self.user,
            )
        except ValidationError as error:
            raise RowRefused(error.messages) from error
        self.remember(saved.page.pk, prepared)
        return Outcome(target=saved.page.pk, messages=tuple(self.told(saved, prepared)))

    def told(self, saved, prepared: Prepared) -> list[str]:
        """What the editor must know of a fiche just written."""
        if saved.published:
            return []
        if saved.gaps and prepared.publish:
            return [f"Enregistrée en brouillon. {gap.message}" for gap in saved.gaps]
        return ["Enregistrée en brouillon."]

    def remember(self, pk: int, prepared: Prepared) -> None:
        """Note what the file said, so that a correction by hand is seen the next time."""
        if prepared.imported:
            ImportedValues.remember(KIND, pk, prepared.imported)

    def show_contacts(self, page: ActorPage) -> None:
        """Show the persons of the file, when the import says that they agreed."""
        if self.settings["contacts_consented_on"] is None:
            return
        for contact in page.contacts.all():
            if not contact.is_public and contact.consented_on is None:
                contact.name_is_public = True
                contact.email_is_public = bool(contact.email)
                contact.phone_is_public = bool(contact.phone)
                contact.consented_on = self.settings["contacts_consented_on"]
        page.contacts = list(page.contacts.all())
