"""Builds events, sessions and registrations for the tests: complete ones, published in the agenda."""

import uuid
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from agenda.events.kinds import EventKind, EventMode, Presence
from agenda.models import EventIndexPage, EventPage, EventSession, Registration
from agenda.registrations import services
from tests.agenda.build import in_days
from tests.factories import TerritoryFactory, ThemeFactory, UserFactory

ONSITE, REMOTE = Presence.ONSITE, Presence.REMOTE


def complete_event(**fields) -> EventPage:
    """An unsaved event that lacks nothing, on site, where one registers here."""
    themes, territories = fields.pop("themes", None), fields.pop("territories", ())
    mode = fields.get("mode", EventMode.ONSITE)
    place = {} if mode == EventMode.REMOTE else {"venue": "Salle des fêtes", "address": "1 place de la Mairie"}
    if place and "commune" not in fields:
        place["commune"] = TerritoryFactory(name="Guéret", population=12_734)
    event = EventPage(
        **{
            "title": "Atelier fictif",
            "summary": "On y apprend à rouvrir un café.",
            "kind": EventKind.WORKSHOP,
            "mode": mode,
            "description": "<p>Trois cafés rouverts, et comment.</p>",
            "organisers_text": "Association fictive",
            "access_unknown": True,
            "review_date": in_days(365),
            "review_owner": fields.pop("review_owner", None) or UserFactory(),
            "live": False,
            **place,
            **fields,
        }
    )
    event.themes = themes if themes is not None else [ThemeFactory()]
    event.territories = list(territories)
    return event


def make_event(*, live=True, **fields) -> EventPage:
    """A complete event in the agenda, published unless ``live`` is false; a version of it is kept for drafts only."""
    event = complete_event(**fields)
    event.live = live
    event.first_published_at = event.last_published_at = timezone.now() if live else None
    EventIndexPage.objects.get().add_child(instance=event)
    if not live:
        event.save_revision(clean=False)
    return EventPage.objects.get(pk=event.pk)


def make_session(event=None, *, seats=None, remote_seats=None, days=30, hours=2, **fields) -> EventSession:
    """A session of an event in ``days`` days, of ``hours`` hours."""
    starts_at = fields.pop("starts_at", None) or timezone.now() + timedelta(days=days)
    return EventSession.objects.create(
        event=event or make_event(),
        starts_at=starts_at,
        ends_at=fields.pop("ends_at", None) or starts_at + timedelta(hours=hours),
        onsite_capacity=seats,
        remote_capacity=remote_seats,
        **fields,
    )


def person(name="camille", **fields) -> services.Person:
    """Somebody who registers."""
    return services.Person(
        **{"email": f"{name}@exemple.fr", "last_name": name.title(), "first_name": "Sacha"} | fields
    )


def ask(session, name="camille", presence=ONSITE, **fields) -> Registration | None:
    """A form that is sent, whose address is not confirmed."""
    return services.register(
        session=session, presence=presence, person=person(name, **fields), identity=uuid.uuid4().hex
    )


def enrol(session, name="camille", presence=ONSITE, **fields) -> Registration:
    """A form that is sent, and whose address is confirmed."""
    return services.confirm(registration=ask(session, name, presence, **fields))


def fresh(registration: Registration) -> Registration:
    """A registration as the database has it now."""
    return Registration.objects.select_related("session__event").get(pk=registration.pk)


def states(session) -> dict[str, str]:
    """Where each one stands, by the first part of their address."""
    return {row.email.split("@")[0]: row.state for row in session.registrations.order_by("rank", "pk")}


# The editor


def add_event_url() -> str:
    """Where an editor writes a new event."""
    return reverse("wagtailadmin_pages:add", args=["agenda", "eventpage", EventIndexPage.objects.get().pk])


def posted_event(**fields) -> dict:
    """What the editor's form sends of an event at a distance that lacks nothing."""
    whole = {
        "title": "Webinaire",
        "slug": "webinaire",
        "summary": "On y apprend.",
        "kind": "webinaire",
        "mode": "distance",
        "time_zone": "Europe/Paris",
        "description": rich_text("<p>Trois cafés.</p>"),
        "organisers_text": "Association fictive",
        "access_unknown": "on",
        "registration_way": "interne",
        "offer_hours": "48",
        "small_population": "3500",
        "retention_days": "365",
        "licence": "etalab-2.0",
        "review_date": in_days(90),
        "review_owner": UserFactory(superuser=True).pk,
        "comments": inline_formset([]),
        "links": inline_formset([]),
        "materials": streamfield([]),
        **fields,
    }
    return nested_form_data(whole) | {"themes": [ThemeFactory().pk]}
