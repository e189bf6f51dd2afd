"""The fictitious associations of the demonstration."""

import csv
import datetime as dt
from collections.abc import Iterator

from annuaire.authorities import DATA, Loader
from annuaire.hours import DAYS, normalise
from annuaire.models import ActorContact, ActorPage
from territoires_en_commun.base.typography import typeset
from territoires_en_commun.territories.models import Territory

NOTICE = "<p>Cet acteur est fictif : il montre ce que l’annuaire peut dire d’une association.</p>"
SHORT_DAYS = {label[:3]: key for key, label, _name in DAYS}
ORDER = list(SHORT_DAYS)


def prepare_fictitious_actors(loader: Loader) -> Iterator[ActorPage]:
    """The associations of the data file that are missing; yields what is new."""
    with (DATA / "associations_fictives.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            communes = loader.find(f"commune:{row['commune']}")
            territories = loader.find(*row["territoires"].split(","))
            if not communes or not territories:
                continue
            page = fictitious_actor(row, communes[0], territories[0], loader.today)
            if loader.add(page, themes=row["thematiques"].split(","), territories=territories):
                yield page


def fictitious_actor(row: dict[str, str], commune: Territory, place: Territory, today: dt.date) -> ActorPage:
    """The fiche of a row; its point is beside the centre of its commune."""
    where = "partout en France" if place.type == "pays" else place.in_name
    return ActorPage(
        title=typeset(row["nom"]),
        acronym=row["sigle"],
        type=row["type"],
        summary=typeset(f"Un acteur inventé pour la démonstration : il agit {where}."),
        description=typeset(NOTICE),
        address=typeset(row["adresse"]),
        postal_code=row["code_postal"],
        commune=commune,
        latitude=commune.latitude,
        longitude=commune.longitude,
        phone=row["telephone"],
        email=row["courriel"],
        website=row["site"],
        opening_hours=read_week(row["horaires"]),
        verified_on=today - dt.timedelta(days=int(row["jours"])),
        source="Démonstration",
        external_ref=f"demo:acteur:{row['ref']}",
    )


def read_week(text: str) -> dict[str, str]:
    """« lun-ven 9 h – 12 h;sam 9 h – 11 h » as the hours of each day."""
    week = {}
    for part in filter(None, text.split(";")):
        days, _, hours = part.partition(" ")
        first, _, last = days.partition("-")
        if first not in SHORT_DAYS:  # words for the whole week
            return dict.fromkeys((SHORT_DAYS[day] for day in ORDER[:5]), part[0].upper() + part[1:])
        for day in ORDER[ORDER.index(first) : ORDER.index(last or first) + 1]:
            week[SHORT_DAYS[day]] = normalise(hours)
    return week


def add_contacts(today: dt.date) -> None:
    """The persons of the data file, for the fictitious associations that have none."""
    with (DATA / "associations_fictives.tsv").open(encoding="utf-8", newline="") as lines:
        rows = {f"demo:acteur:{row['ref']}": row["contact"] for row in csv.DictReader(lines, delimiter="\t")}
    actors = ActorPage.objects.filter(external_ref__in=rows, contacts=None, latest_revision=None)
    for actor in actors:
        if not rows[actor.external_ref]:
            continue
        name, role, email, shows_name, shows_email = rows[actor.external_ref].split("|")
        is_public = "oui" in (shows_name, shows_email)
        ActorContact.objects.create(
            actor=actor,
            name=name,
            role=role,
            email=email,
            name_is_public=shows_name == "oui",
            email_is_public=shows_email == "oui",
            consented_on=today - dt.timedelta(days=30) if is_public else None,
        )
