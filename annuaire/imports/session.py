"""A simulation or a run of an import of actors: each row against the directory."""

from collections.abc import Mapping
from typing import Any

from annuaire.imports.columns import LABELS
from annuaire.imports.fields import FIELDS, contact_like
from annuaire.imports.reading import ActorReader
from annuaire.kinds import REPRESENTED
from annuaire.models import ActorPage, DirectoryPage
from annuaire.models.contacts import has_objected
from annuaire.rules import identity_errors
from territoires_en_commun.base.formats import long_date
from territoires_en_commun.base.page_imports.reading import ReadRow
from territoires_en_commun.base.page_imports.session import PageSession, Prepared
from territoires_en_commun.base.page_imports.values import fold
from territoires_en_commun.imports.kinds import Action, Change, Plan, Problem

KIND = "acteurs"


class ActorSession(PageSession):
    """Reads rows, finds their fiche, says what would change, writes it."""

    kind = KIND
    model = ActorPage
    section_model = DirectoryPage
    no_section = "Il n’y a pas encore d’annuaire où créer des fiches."
    fields = FIELDS
    reader_class = ActorReader
    reader: ActorReader
    identifiers = ("siret", "external_ref", "siren", "rna")
    same = "c’est le même acteur"

    def __init__(self, settings: Mapping[str, Any], user):
        super().__init__(settings, user)
        self.alike: dict[tuple[str, int], int] = {
            (fold(title), commune): pk
            for pk, title, commune in ActorPage.objects.exclude(commune=None).values_list("pk", "title", "commune")
        }
        self.bodies: dict[str, str] = {}  # titles of the legal bodies that the rows above write, by SIREN

    def plan(self, row: Mapping[str, str], line: int) -> Plan:
        """As any import's; the rows below know the legal body that this one writes."""
        plan = super().plan(row, line)
        if plan.action in (Action.CREATE, Action.UPDATE):
            page = plan.data.page
            if page.siren and not page.siret:
                self.bodies[page.siren] = page.title
        return plan

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

    def is_identifier(self, name: str, read: ReadRow) -> bool:
        """Branches share the SIREN of their legal body."""
        return super().is_identifier(name, read) and not (name == "siren" and read.values.get("siret"))

    def errors_of(self, page: ActorPage) -> dict[str, str]:
        return identity_errors(page)

    def creation_remarks(self, page: ActorPage, read: ReadRow) -> list[Problem]:
        """The legal body to which a branch is attached, and the fiche that may be the same."""
        remarks = []
        page.parent_actor = ActorPage.objects.by_identifier(siren=page.siret[:9]).first() if page.siret else None
        if body := page.parent_actor.title if page.parent_actor else self.bodies.get(page.siret[:9]):
            remarks.append(Problem("siret", f"« {body} » a ce SIREN : cette fiche lui sera rattachée."))
        commune = read.values.get("commune")
        if commune and (other := self.alike.get((fold(page.title), commune.pk))):
            name = ActorPage.objects.get(pk=other).title
            remarks.append(Problem("title", f"Une fiche « {name} » existe déjà dans cette commune : est-ce la même ?"))
        return remarks

    def complete(self, page: ActorPage, read: ReadRow) -> None:
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

    def before_save(self, prepared: Prepared) -> None:
        if prepared.publish and prepared.page.verified_on is None:
            prepared.page.verified_on = self.settings["verified_on"]

    def also_change(self, page: ActorPage, read: ReadRow) -> list[Change]:
        """Show the person of the row, when the import says that those of its file agreed; the others stay hidden."""
        wanted, agreed_on = read.values.get("contact"), self.settings["contacts_consented_on"]
        contact = contact_like(page, wanted) if wanted and agreed_on else None
        if contact is None or contact.is_public or contact.consented_on or has_objected(contact.email):
            return []
        contact.name_is_public = True
        contact.email_is_public = bool(contact.email)
        contact.phone_is_public = bool(contact.phone)
        contact.consented_on = agreed_on
        return [Change("contact_name", "caché", f"affiché, avec son accord du {long_date(agreed_on)}")]
