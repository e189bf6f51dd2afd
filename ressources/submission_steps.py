"""The screens of the form that proposes an experience, and what is known of a submission from its answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.datastructures import MultiValueDict

from ressources.models import ExperienceSubmission
from ressources.submission_answers import StepForm, answered_fields
from ressources.submission_forms import AuthorForm, OutcomeForm, ProjectForm, StoryForm

SEND = "envoi"


@dataclass(frozen=True)
class Step:
    """A screen: the end of its address, its title, and its form."""

    slug: str
    title: str
    form: type[StepForm]
    template: str


STEPS = (
    Step("vous", "Vous et votre territoire", AuthorForm, "ressources/submission/author.html"),
    Step("projet", "Le projet", ProjectForm, "ressources/submission/project.html"),
    Step("recit", "Le récit", StoryForm, "ressources/submission/story.html"),
    Step("bilan", "Le bilan", OutcomeForm, "ressources/submission/outcome.html"),
)
AUTHOR, PROJECT, STORY, OUTCOME = STEPS
TITLES = {step.slug: step.title for step in STEPS} | {SEND: "Relire et envoyer"}
SLUGS = list(TITLES)


def next_slug(slug: str) -> str:
    """The screen after a step."""
    return SLUGS[SLUGS.index(slug) + 1]


def previous_slug(slug: str) -> str:
    """The screen before another; the first one has none."""
    rank = SLUGS.index(slug)
    return SLUGS[rank - 1] if rank else ""


def kept_form(submission: ExperienceSubmission, step: Step) -> StepForm:
    """The form of a step, filled with what is kept and judged as if it were sent."""
    form = step.form(MultiValueDict(submission.data.get(step.slug, {})))
    form.is_valid()
    return form


def kept_answers(submission: ExperienceSubmission) -> dict[str, Any]:
    """Everything kept that is valid, by field."""
    answers: dict[str, Any] = {}
    for step in STEPS:
        answers |= kept_form(submission, step).cleaned_data
    return answers


def kept_initial(submission: ExperienceSubmission, step: Step) -> dict[str, Any]:
    """What the form of a step shows when it is opened: what was typed, even when it was not valid."""
    kept = submission.data.get(step.slug, {})
    fields = step.form().fields
    return {
        name: kept[name] if is_several(fields[name]) else kept[name][-1]
        for name in answered_fields(step.form)
        if kept.get(name)
    }


def is_several(field) -> bool:
    """Whether a field takes several values."""
    return getattr(field.widget, "allow_multiple_selected", False)


@dataclass(frozen=True)
class Lack:
    """What a step lacks: the field, and the sentence of its error."""

    label: str
    message: str


def lacks(submission: ExperienceSubmission) -> Iterator[tuple[Step, list[Lack]]]:
    """The steps that cannot be sent as they are, and why."""
    for step in STEPS:
        form = kept_form(submission, step)
        if form.errors:
            yield (
                step,
                [
                    Lack(form.fields[name].label if name in form.fields else "", message)
                    for name, messages in form.errors.items()
                    for message in messages
                ],
            )
