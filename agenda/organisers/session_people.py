"""What the screen of a session says of its registrants, and where it leads."""

import datetime as dt
from typing import Any

from django.urls import reverse

from agenda.events.kinds import RegistrationState, RegistrationWay
from agenda.models import EventSession
from agenda.organisers.registrants import registrants_url
from agenda.registrations.registrants import state_counts

State = RegistrationState


def session_people(session: EventSession, now: dt.datetime) -> dict[str, Any]:
    """``counts`` by state, each with the list that it opens; ``links``; ``absents_url`` once it is time to say who did
    not come. Empty for an event where one does not register here, and nobody did."""
    counts = state_counts(session)
    if session.event.registration_way != RegistrationWay.INTERNAL and not counts:
        return {}
    for count in counts:
        count["url"] = registrants_url(session=session.pk, state=count["state"])
    expected = any(count["state"] == State.CONFIRMED for count in counts)
    links = [
        {"label": "Voir les inscrits", "url": registrants_url(session=session.pk)},
        {"label": "Écrire aux inscrits", "url": reverse("seances:message", args=[session.pk])},
        {"label": "Feuille d’émargement", "url": reverse("seances:attendance", args=[session.pk])},
    ]
    is_over = session.ends_at <= now
    return {
        "counts": counts,
        "links": links,
        "absents_url": reverse("seances:absents", args=[session.pk]) if is_over and expected else "",
    }
