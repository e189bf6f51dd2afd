"""Builds submissions as their authors do, through the forms and the services."""

import uuid
from typing import Any

from django.utils.datastructures import MultiValueDict

from ressources import submission_services as services
from ressources.models import ExperienceSubmission, SubmissionState
from ressources.submission_steps import AUTHOR, OUTCOME, PROJECT, STEPS, STORY, next_slug
from territoires_en_commun.base.models import Theme
from tests.factories import ThemeFactory

EMAIL = "camille.durand@mairie.exemple.fr"


def step_data(slug: str) -> dict[str, Any]:
    """What a person types in a step, complete."""
    theme = Theme.objects.filter(name="Commerce de proximité").first() or ThemeFactory(name="Commerce de proximité")
    return {
        AUTHOR.slug: {
            "name": "Camille Durand",
            "role": "Maire",
            "organisation": "Commune fictive",
            "email": EMAIL,
            "place": "commune:23096",
        },
        PROJECT.slug: {
            "title": "Un marché de nuit (récit fictif)",
            "summary": "Une commune fictive anime sa place.",
            "project_status": "acheve",
            "started_on": "03/2024",
            "ended_on": "juin 2025",
            "themes": [str(theme.pk)],
        },
        STORY.slug: {
            "context": "Une commune fictive.\n\nLa place était vide.",
            "problem": "Les commerces fermaient.",
            "approach_unknown": "on",
            "etape_1_date": "12/03/2024",
            "etape_1_title": "Première réunion",
            "etape_1_text": "Quarante personnes.",
        },
        OUTCOME.slug: {
            "cost": "12 500,50 €",
            "fte_unknown": "on",
            "results": "Du monde.",
            "difficulties": "Le bruit.",
            "to_redo": "Prévenir les riverains.",
            "indicateur_1_label": "habitants par soirée",
            "indicateur_1_value": "1 250",
            "indicateur_1_unit": "personnes",
            "indicateur_1_date": "06/2025",
            "indicateur_1_source": "Comptage de la mairie",
        },
    }[slug]


def posted(data: dict[str, Any]) -> MultiValueDict:
    """The same as a browser posts it."""
    return MultiValueDict({name: value if isinstance(value, list) else [value] for name, value in data.items()})


def answers_of(slug: str, **changes) -> dict[str, list[str]]:
    """What is kept of a step, with some answers changed."""
    step = next(step for step in STEPS if step.slug == slug)
    form = step.form(posted(step_data(slug) | changes))
    form.is_valid()
    return form.answers()


def make_draft(*, email: str = EMAIL, **changes: dict) -> ExperienceSubmission:
    """A draft that can be sent; ``projet={"title": …}`` changes what its steps hold."""
    submission = services.start_submission(
        answers=answers_of(AUTHOR.slug, email=email, **changes.get(AUTHOR.slug, {})),
        email=email,
        identity=uuid.uuid4().hex,
    )
    for step in (PROJECT, STORY, OUTCOME):
        answers = answers_of(step.slug, **changes.get(step.slug, {}))
        submission = services.save_step(
            submission=submission, step=step.slug, answers=answers, resume_at=next_slug(step.slug)
        )
    return submission


def make_sent(*, relay: bool = True, **fields) -> ExperienceSubmission:
    """A submission that waits for a moderator."""
    return services.send_submission(submission=make_draft(**fields), relay=relay)


def make_returned(user, **fields) -> ExperienceSubmission:
    """A submission that a moderator sent back."""
    sent = make_sent()
    decision = {"wants_completion": False, "reasons": ["obscur"], "message": "Précisez <b>le lieu</b>."} | fields
    return services.return_submission(submission=sent, user=user, version=sent.sendings, **decision)


def fresh(submission: ExperienceSubmission) -> ExperienceSubmission:
    """The same row as it is now."""
    return ExperienceSubmission.objects.get(pk=submission.pk)


def is_state(submission: ExperienceSubmission, state: SubmissionState) -> bool:
    """Whether the row is now in this state."""
    return fresh(submission).state == state
