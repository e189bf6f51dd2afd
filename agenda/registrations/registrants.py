"""Who is registered, as organisers read it: rows, names, places in line, answers to the questions of the event."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from wagtail.permissions import policy_registry

from agenda.events.kinds import RegistrationState
from agenda.models import EventQuestion, EventSession, Registration
from agenda.registrations.erasure import ERASED_NAME
from agenda.registrations.question_fields import answer_text

State = RegistrationState


def organised(user, model) -> QuerySet:
    """The sessions, or the registrations, of the events that this person organises."""
    return policy_registry.get_by_type(model).instances_user_has_permission_for(user, "change")


def organised_registrations(user) -> QuerySet[Registration]:
    """The registrations that this person manages, each with its session, its event and its ``place_in_line``."""
    rows = organised(user, Registration).select_related("session__event", "commune")
    return rows.annotate(place_in_line=_place_in_line())


def _place_in_line() -> Coalesce:
    """How many wait up to this rank, for the same session and presence: of whoever waits, their place."""
    waiting = Registration.objects.filter(
        session=OuterRef("session"), presence=OuterRef("presence"), state=State.WAITING, rank__lte=OuterRef("rank")
    )
    counted = waiting.order_by().values("session").annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def name_of(registration: Registration) -> str:
    """« Camille Durand »; an address for want of a name; « Personne effacée » once the person is."""
    if registration.erased_at:
        return ERASED_NAME
    return registration.full_name or registration.email


def rank_label(registration: Registration) -> str:
    """« 12 », « 3e en attente » for who waits; empty while the address is not confirmed."""
    if registration.state == State.WAITING:
        place = registration.place_in_line
        return f"{place}{'re' if place == 1 else 'e'} en attente"
    return str(registration.rank or "")


def people(count: int) -> str:
    """« 1 inscription », « 12 inscriptions »."""
    return f"{count} inscription{'s' if count > 1 else ''}"


def states_told(states: Iterable[str]) -> str:
    """« 12 confirmées, 3 sur liste d’attente » is written « confirmée : 12, sur liste d’attente : 3 », in order."""
    found = Counter(states)
    return ", ".join(f"{state.label} : {found[state]}" for state in State if found[state])


def state_counts(session: EventSession) -> list[dict[str, Any]]:
    """How many are in each state, those where somebody is: ``state``, ``label`` and ``count``."""
    found = dict(session.registrations.order_by().values_list("state").annotate(total=Count("pk")))
    return [{"state": s.value, "label": capfirst(s.label), "count": found[s]} for s in State if s in found]


def answered(question: EventQuestion, registration: Registration) -> str:
    """What somebody answered to a question; empty for nothing."""
    given = registration.answers.get(str(question.uuid))
    return "" if given is None else answer_text(given)


def answers_of(registration: Registration) -> list[tuple[str, str]]:
    """The questions of the event with the answers of somebody; one that is archived, when they answered it."""
    questions = registration.session.event.questions.all()
    found = [(question, answered(question, registration)) for question in questions]
    return [(question.label, text) for question, text in found if text or not question.is_archived]
