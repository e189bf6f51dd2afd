"""What an event asks of those who register: questions added, changed, ordered, taken away. Answers are never lost."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from agenda.models import EventPage, EventQuestion, Registration

MAX_QUESTIONS = 30
TOO_MANY = f"Un événement pose {MAX_QUESTIONS} questions au plus."
ANSWERED = (
    "Des inscrits ont déjà répondu à cette question : son type et ses réponses proposées ne changent plus. "
    "Supprimez-la (ses réponses sont gardées) et posez-en une autre."
)
ARCHIVED = "Cette question est archivée : elle n’est plus posée, et ne change plus."


def is_answered(question: EventQuestion) -> bool:
    """Whether a registration holds an answer to it."""
    rows = Registration.objects.filter(session__event=question.event_id)
    return rows.filter(answers__has_key=str(question.uuid)).exists()


@transaction.atomic
def add_question(*, question: EventQuestion) -> EventQuestion:
    """Ask an unsaved question after the others. Raise ValidationError when it is not well made, or one too many."""
    event = _locked(question.event_id)
    if event.questions.asked().count() >= MAX_QUESTIONS:
        raise ValidationError(TOO_MANY)
    last = event.questions.aggregate(last=Max("position"))["last"]
    question.position = 0 if last is None else last + 1
    question.full_clean(exclude=["event"])
    question.save()
    return question


@transaction.atomic
def edit_question(*, question: EventQuestion, values: dict[str, Any]) -> EventQuestion:
    """Change a question. Raise ValidationError when it is archived, or answered and would mean something else."""
    _locked(question.event_id)
    question = EventQuestion.objects.get(pk=question.pk)
    if question.is_archived:
        raise ValidationError(ARCHIVED)
    before = (question.kind, question.choices)
    for name, value in values.items():
        setattr(question, name, value)
    if (question.kind, question.choices) != before and is_answered(question):
        raise ValidationError(ANSWERED)
    question.full_clean(exclude=["event"])
    question.save()
    return question


@transaction.atomic
def move_question(*, question: EventQuestion, step: int) -> None:
    """Put a question one place before (``step`` -1) or after (1) its neighbour; nothing at either end."""
    event = _locked(question.event_id)
    rows = list(event.questions.asked())
    place = next((rank for rank, row in enumerate(rows) if row.pk == question.pk), None)
    if place is None or not 0 <= place + step < len(rows):
        return
    rows.insert(place + step, rows.pop(place))
    for rank, row in enumerate(rows):
        row.position = rank
    EventQuestion.objects.bulk_update(rows, ["position"])


@transaction.atomic
def delete_question(*, question: EventQuestion) -> bool:
    """Take a question away; one that was answered is archived, with its answers. Return whether it is."""
    _locked(question.event_id)
    if not is_answered(question):
        EventQuestion.objects.filter(pk=question.pk).delete()
        return False
    EventQuestion.objects.filter(pk=question.pk).update(is_archived=True)
    return True


@transaction.atomic
def copy_questions(*, source: EventPage, target: EventPage) -> None:
    """A copied event asks the same questions; nobody has answered them."""
    names = [field.name for field in EventQuestion._meta.fields if field.name not in ("id", "uuid", "event")]
    for question in source.questions.asked():
        EventQuestion.objects.create(event=target, **{name: getattr(question, name) for name in names})


def _locked(event_id: int) -> EventPage:
    """The event, whose questions change one at a time."""
    return EventPage.objects.select_for_update(of=("self",)).get(pk=event_id)
