"""The questions of an event as fields of a form, and their answers as people read them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms

from agenda.events.kinds import QuestionKind
from agenda.models import EventQuestion, Registration
from territoires_en_commun.base.text_fields import LineField, TextField

MAX_TEXT = 200
MAX_LONG_TEXT = 1000
NO_ANSWER = "Sans réponse"


def field_name(question: EventQuestion) -> str:
    """The name of the field of a question."""
    return f"question_{question.uuid.hex}"


def question_field(question: EventQuestion) -> forms.Field:
    """The field that asks a question; help says what a personal answer serves, and how long it is kept."""
    common = {"label": question.label, "help_text": question_help(question), "required": question.is_required}
    match question.kind:
        case QuestionKind.TEXT:
            return LineField(max_length=MAX_TEXT, error_messages=text_errors(MAX_TEXT), **common)
        case QuestionKind.LONG_TEXT:
            return TextField(max_length=MAX_LONG_TEXT, rows=4, error_messages=text_errors(MAX_LONG_TEXT), **common)
        case QuestionKind.CHOICE:
            none = [] if question.is_required else [("", NO_ANSWER)]
            choices = [*((choice, choice) for choice in question.choices), *none]
            return forms.ChoiceField(
                choices=choices, widget=forms.RadioSelect, error_messages=choice_errors("une"), **common
            )
        case QuestionKind.CHOICES:
            return forms.MultipleChoiceField(
                choices=[(choice, choice) for choice in question.choices],
                widget=forms.CheckboxSelectMultiple,
                error_messages=choice_errors("au moins une"),
                **common,
            )
        case QuestionKind.YES_NO:
            optional = {} if question.is_required else {"label": f"{question.label} (facultatif)"}
            return forms.BooleanField(
                error_messages={"required": "Cochez cette case pour vous inscrire."}, **common | optional
            )
    raise ValueError(f"Unknown kind of question {question.kind!r}")


def text_errors(limit: int) -> dict[str, str]:
    """What is said of a text that is missing, or too long."""
    return {
        "required": "Répondez à cette question.",
        "max_length": f"{limit} caractères au plus (%(show_value)d reçus).",
    }


def choice_errors(how_many: str) -> dict[str, str]:
    """What is said of a choice that is missing, or that is not one of those proposed."""
    return {
        "required": f"Choisissez {how_many} des réponses proposées.",
        "invalid_choice": f"Choisissez {how_many} des réponses proposées : celle qui est arrivée n’en est pas une.",
        "invalid_list": f"Choisissez {how_many} des réponses proposées.",
    }


def question_help(question: EventQuestion) -> str:
    """What helps to answer, what the answer serves and how many days it is kept."""
    purpose = f"À quoi sert la réponse : {question.purpose.rstrip('. ')}." if question.purpose else ""
    days = question.retention_days if question.is_personal else None
    kept = f"Elle est effacée {days} jour{'s' if days > 1 else ''} après la séance." if days else ""
    return " ".join(filter(None, [question.help_text, purpose, kept]))


class Answer(NamedTuple):
    """A question that was answered, and the answer in words."""

    question: EventQuestion
    text: str


def answer_text(value: Any) -> str:
    """An answer as people read it: « Oui », « A, B »."""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    return ", ".join(value) if isinstance(value, list) else str(value)


def answers_of(registration: Registration, questions: Iterable[EventQuestion]) -> list[Answer]:
    """What a person answered to these questions, in their order; those without answer are left out."""
    given = registration.answers
    return [
        Answer(question, answer_text(given[str(question.uuid)]))
        for question in questions
        if str(question.uuid) in given
    ]
