"""What the screens of the form that proposes an experience show, ready for their templates."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.forms import BoundField, Form
from django.urls import reverse

from ressources.models import ExperienceSubmission
from ressources.submission_mails import DELETION, RESUME
from ressources.submission_rows import Rows
from ressources.submission_steps import SEND, SLUGS, TITLES, Lack, lacks, next_slug, previous_slug
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.site_info import Link
from territoires_en_commun.base.templatetags.front import Control

ROWS_AT_FIRST = 2


def step_url(token: str, slug: str) -> str:
    """The address of a screen of a draft."""
    if slug == SEND:
        return reverse("submission_send", args=[token])
    return reverse("submission_step", args=[token, slug])


class BoxGroup(NamedTuple):
    """Boxes under a title: those of a theme and of what it holds."""

    title: str
    options: list[dict[str, str]]
    chosen: int


class ShownRow(NamedTuple):
    """The fields of a row under its title."""

    title: str
    fields: list[BoundField]


class ShownRows(NamedTuple):
    """The rows shown at first, and those that are unfolded."""

    first: list[ShownRow]
    more: list[ShownRow]
    is_unfolded: bool


@dataclass(frozen=True)
class ScreenSheet:
    """A screen of the form, before (no ``submission``) or after something is kept."""

    slug: str
    submission: ExperienceSubmission | None = None
    token: str = ""

    @property
    def title(self) -> str:
        """« Le projet »."""
        return TITLES[self.slug]

    @property
    def number(self) -> int:
        """Its rank, from 1."""
        return SLUGS.index(self.slug) + 1

    @property
    def total(self) -> int:
        """How many screens there are."""
        return len(SLUGS)

    @property
    def name(self) -> str:
        """« Étape 2 sur 5 : Le projet »."""
        return f"Étape {self.number} sur {self.total}\u00a0: {self.title}"

    @property
    def next_title(self) -> str:
        """The title of the next screen; empty on the last one."""
        return "" if self.slug == SEND else TITLES[next_slug(self.slug)]

    @property
    def previous_url(self) -> str:
        """The address of the screen before, once something is kept."""
        before = previous_slug(self.slug)
        return step_url(self.token, before) if before and self.submission else ""

    @property
    def overview_url(self) -> str:
        """Where the whole submission is."""
        return reverse("submission", args=[self.token]) if self.submission else ""

    @property
    def is_corrected(self) -> bool:
        """Whether moderators returned the submission to its author."""
        return bool(self.submission and self.submission.decided_at)


def box_groups(field: BoundField) -> list[BoxGroup]:
    """The boxes of a field of many choices, group by group; those without group have an empty title."""
    control = Control(field)
    context = field.field.widget.get_context(field.html_name, field.value(), {"id": field.auto_id})
    return [
        BoxGroup(title or "", [control.option(option) for option in options], sum(o["selected"] for o in options))
        for title, options, _rank in context["widget"]["optgroups"]
    ]


def shown_rows(form: Form, rows: Rows) -> ShownRows:
    """The rows of a form; those that are folded show themselves when there is something in them."""
    shown = [ShownRow(rows.row_title(number), [form[name] for name in rows.names(number)]) for number in rows.numbers]
    more = shown[ROWS_AT_FIRST:]
    is_unfolded = any(field.value() or field.errors for row in more for field in row.fields)
    return ShownRows(shown[:ROWS_AT_FIRST], more, is_unfolded)


def shown_parts(form: Form) -> dict[str, Any]:
    """What the template of a form needs besides its fields: its themes and its rows, when it has some."""
    themes = box_groups(form["themes"]) if "themes" in form.fields else []
    return {"themes": themes, "rows": shown_rows(form, form.rows[0]) if form.rows else None}


class ShownLack(NamedTuple):
    """A step that cannot be sent as it is: where to complete it, and what it lacks."""

    title: str
    url: str
    lacks: list[Lack]


def shown_lacks(submission: ExperienceSubmission, token: str) -> list[ShownLack]:
    """The steps to complete before sending."""
    return [ShownLack(step.title, step_url(token, step.slug), found) for step, found in lacks(submission)]


class ShownStep(NamedTuple):
    """A step in the overview."""

    title: str
    url: str
    is_complete: bool
    is_send: bool


class Outcome(NamedTuple):
    """What became of an accepted experience: the kind of alert that says it, its title and its sentence."""

    kind: str
    title: str
    text: str


TO_PUBLISH = Outcome(
    "success",
    "Votre expérience est acceptée",
    "L’équipe complète la page, puis la publie ; vous en serez averti par courriel.",
)
PUBLISHED = Outcome("success", "Votre expérience est publiée", "Vos nom, fonction et adresse ne sont pas montrés.")
WITHDRAWN = Outcome(
    "info", "Votre expérience n’est pas en ligne", "L’équipe a retiré la page du site : écrivez-lui pour en parler."
)


class SubmissionSheet:
    """Where a submission is, as its author reads it."""

    def __init__(self, submission: ExperienceSubmission, token: str):
        self.submission = submission
        self.token = token

    @property
    def state_label(self) -> str:
        """« Envoyée », where moderators read « À examiner »."""
        return "Envoyée" if self.submission.is_sent else self.submission.state_label

    @property
    def resume_url(self) -> str:
        """The screen where the author goes on."""
        return step_url(self.token, self.submission.step)

    @property
    def resume_title(self) -> str:
        """« Le projet »."""
        return TITLES[self.submission.step]

    @property
    def deletion_url(self) -> str:
        """Where the author erases everything."""
        return reverse("submission_deletion", args=[DELETION.token(RESUME.verify(self.token).payload)])

    @property
    def kept_days(self) -> int:
        """How many days a draft is kept, and its link leads to it."""
        return RESUME.lifetime.days

    @cached_property
    def steps(self) -> list[ShownStep]:
        """Each screen, and whether its answers can be sent."""
        incomplete = {step.slug for step, _ in lacks(self.submission)}
        return [
            ShownStep(title, step_url(self.token, slug), slug not in incomplete, slug == SEND)
            for slug, title in TITLES.items()
        ]

    @cached_property
    def page(self) -> Link | None:
        """The page that came of it, when visitors may read it."""
        found = BasePage.objects.live_public().filter(pk=self.submission.page_id).first()
        return Link(found.title, found.get_url()) if found else None

    @property
    def outcome(self) -> Outcome:
        """What became of it, once it is accepted."""
        if self.page:
            return PUBLISHED
        return WITHDRAWN if self.submission.published_at or not self.submission.page_id else TO_PUBLISH
