"""The events of the demonstration, with their sessions; who is registered is in ``registrations.demo``."""

import datetime as dt
import tomllib
import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html_join

from agenda.calls.demo import DATA, REVIEW_AFTER, links
from agenda.events.kinds import zone
from agenda.models import EventIndexPage, EventPage, EventSession
from agenda.registrations.demo import enrol
from agenda.sessions import services as session_services
from agenda.sessions.series import Dates, Frequency, Repetition, dates_of_series, on_clocks
from territoires_en_commun.base.models import BasePage, CustomDocument, LinkKind, Theme
from territoires_en_commun.base.typography import typeset
from territoires_en_commun.territories.forms import chosen_territory

# Keys of the data file that are fields of the event, as they are or as texts to typeset.
SAME = (
    "kind",
    "mode",
    "time_zone",
    "video_url",
    "access_measures",
    "access_unknown",
    "registration_way",
    "registration_url",
    "needs_approval",
    "small_quota",
)
TEXTS = {
    "title": "title",
    "summary": "summary",
    "venue": "venue",
    "address": "address",
    "organisers_text": "organisers_text",
    "contact": "contact_email",
    "access_text": "access_text",
}
LINKS = {"organisers": LinkKind.ORGANISER, "uses": LinkKind.USES, "related": LinkKind.RELATED}
SATURDAY = 5


def load_events(owner: AbstractBaseUser) -> Iterator[str]:
    """Create the events that are missing, published; yield a line, in French, for each.

    Those of a territory or a commune that the map does not have, or that nobody organises, are left out. Dates count
    from today. Nobody receives a mail.
    """
    section = EventIndexPage.objects.first()
    entries = tomllib.loads((DATA / "events.toml").read_text(encoding="utf-8"))["event"] if section else []
    for entry in entries:
        reference = f"demo:evenement:{entry['ref']}"
        if BasePage.objects.by_external_ref(reference).exists():
            continue
        event = event_of(entry, external_ref=reference, review_owner=owner)
        if event:
            create_event(event, entry, section)
            yield f"Événement « {event.title} » créé."


def event_of(entry: dict[str, Any], **fields) -> EventPage | None:
    """An event of the data file that is not saved; None when the map or the directory lacks what it needs."""
    event = EventPage(slug=entry["ref"], live=False, **fields)
    event.territories = [place for key in entry["territories"] if (place := chosen_territory(key))]
    event.links = [link for name, kind in LINKS.items() for link in links(kind, entry.get(name, []))]
    for name in SAME:
        if name in entry:
            setattr(event, name, entry[name])
    for key, name in TEXTS.items():
        setattr(event, name, typeset(entry.get(key, "")))
    event.commune = chosen_territory(entry["commune"]) if "commune" in entry else None
    event.description = format_html_join("", "<p>{}</p>", ((typeset(text),) for text in entry["description"]))
    is_organised = event.organisers_text or any(link.kind == LinkKind.ORGANISER for link in event.links.all())
    is_placed = bool(event.commune) == ("commune" in entry)
    return event if event.territories.all() and is_organised and is_placed else None


@transaction.atomic
def create_event(event: EventPage, entry: dict[str, Any], section: EventIndexPage) -> None:
    """Publish an event of the data file, with its sessions."""
    event.review_date = timezone.localdate() + REVIEW_AFTER
    event.themes = [theme.current for theme in Theme.objects.filter(slug__in=entry["themes"])]
    event.materials = materials_of(entry)
    section.add_child(instance=event)
    event.save_revision().publish()
    event = EventPage.objects.get(pk=event.pk)
    for row in entry["session"]:
        create_sessions(event, row)


def create_sessions(event: EventPage, row: dict[str, Any]) -> None:
    """A session of the data file, or a series of them, and what became of it; their addresses are always the same."""
    first = dates_of(row, event)
    dates = [first]
    if "count" in row:
        weekly = Repetition(frequency=Frequency.WEEKLY, count=row["count"])
        dates = dates_of_series(first, weekly, zone(event.time_zone))
    model = EventSession(event=event, onsite_capacity=row.get("onsite"), remote_capacity=row.get("remote"))
    known = event.sessions.count()
    for rank, session in enumerate(session_services.create_sessions(model=model, dates=dates), start=known + 1):
        session.uuid = uuid.uuid5(uuid.NAMESPACE_URL, f"{event.external_ref}:{rank}")
        session.save()
        if "cancelled" in row:
            session_services.cancel_session(session=session, message=typeset(row["cancelled"]))
        elif "postponed" in row:
            session_services.postpone_session(session=session, message=typeset(row["postponed"]))
        enrol(session, row.get("registrants", {}))


def dates_of(row: dict[str, Any], event: EventPage) -> Dates:
    """The instants of a session, so many days from today, or the Monday after."""
    where = zone(event.time_zone)
    day = timezone.now().astimezone(where).date() + dt.timedelta(days=row["in"])
    if day.weekday() >= SATURDAY:
        day += dt.timedelta(days=7 - day.weekday())
    start = dt.datetime.combine(day, dt.time.fromisoformat(row["at"]))
    return Dates(on_clocks(start, where), on_clocks(start + dt.timedelta(hours=row["hours"]), where))


def materials_of(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """What an event leaves, as blocks."""
    blocks = []
    if report := entry.get("report"):
        document = stored(report)
        text = {"title": "", "description": typeset(report["description"])}
        blocks.append(("document", {"document": document.pk, **text}))
    if replay := entry.get("replay"):
        told = {name: typeset(replay[name]) for name in ("title", "duration", "transcript")}
        blocks.append(("video", {"url": replay["url"], "is_captioned": True, **told}))
    if link := entry.get("link"):
        blocks.append(("link", {"label": typeset(link["label"]), "page": None, "url": link["url"]}))
    return [{"type": name, "value": value, "id": str(uuid.uuid4())} for name, value in blocks]


def stored(report: dict[str, str]) -> CustomDocument:
    """A text of the data file as a document of the library."""
    content = typeset(report["text"]).encode()
    file = ContentFile(content, report["file_name"])
    document = CustomDocument(title=typeset(report["title"]), file=file, file_size=len(content))
    document.save()
    document.get_file_hash()  # written too: browsers know by it that they have the file already
    return document
