"""The page that a submission will be: shown to its author, then to the moderators, then created."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.html import linebreaks
from django.utils.text import slugify

from annuaire.models import ActorPage
from ressources.experience_sections import SECTIONS
from ressources.models import (
    ExperienceIndexPage,
    ExperienceIndicator,
    ExperiencePage,
    ExperienceStep,
    ExperienceSubmission,
)
from ressources.submission_rows import INDICATORS, STEPS
from ressources.submission_steps import kept_answers
from territoires_en_commun.base.ordering import in_order
from territoires_en_commun.territories.models import Territory

MAX_NAMESAKES = 10


def page_of(submission: ExperienceSubmission) -> ExperiencePage:
    """An unsaved page with everything that the submission tells; what it lacks stays empty."""
    answers = kept_answers(submission)
    start, end, place = answers.get("started_on"), answers.get("ended_on"), answers.get("place")
    page = ExperiencePage(
        title=answers.get("title") or str(submission),
        slug=slug_of(submission),
        summary=answers.get("summary", ""),
        project_status=answers.get("project_status", ""),
        started_on=start.date if start else None,
        ended_on=end.end if end else None,
        place=place,
        holder=holder_of(answers.get("organisation", ""), place),
        cost=answers.get("cost"),
        cost_unknown=answers.get("cost_unknown", False),
        fte=answers.get("fte"),
        fte_unknown=answers.get("fte_unknown", False),
        contact_email=submission.email if wants_messages(submission) else "",
        external_ref=f"depot:{submission.uuid}",
        live=False,
        **section_values(answers),
    )
    for name in ("themes", "programmes", "audiences"):
        setattr(page, name, answers.get(name, []))
    page.steps = in_order(step_of(row) for row in STEPS.values(answers))
    page.indicators = in_order(indicator_of(row) for row in INDICATORS.values(answers))
    return page


def section_values(answers: Mapping[str, Any]) -> dict[str, str | bool]:
    """The sections as rich text, in which nothing that was typed is markup; an empty one keeps its box."""
    values: dict[str, str | bool] = {}
    for section in SECTIONS:
        text = answers.get(section.name, "")
        values[section.name] = linebreaks(text, autoescape=True) if text else ""
        values[section.box] = answers.get(section.box, False) and not text
    return values


def step_of(row: Mapping[str, Any]) -> ExperienceStep:
    """A dated step of the page."""
    when = row["date"]
    return ExperienceStep(
        title=row["title"] or "",
        text=row["text"] or "",
        date=when.date if when else None,
        month_only=when.month_only if when else False,
    )


def indicator_of(row: Mapping[str, Any]) -> ExperienceIndicator:
    """A figure of the page; a month stands for its last day."""
    when = row["date"]
    texts = {name: row[name] or "" for name in ("label", "unit", "source")}
    return ExperienceIndicator(value=row["value"], date=when.end if when else None, **texts)


def wants_messages(submission: ExperienceSubmission) -> bool:
    """Whether the author agreed to receive the messages of readers."""
    return bool(submission.data.get("envoi", {}).get("relay"))


def slug_of(submission: ExperienceSubmission) -> str:
    """Empty, for Wagtail to make it from the title; a title without any letter has one of its own."""
    return "" if slugify(submission.title) else f"experience-{submission.uuid.hex[:8]}"


def holder_of(organisation: str, place: Territory | None) -> ActorPage | None:
    """The actor of the directory that bears this name; of several, the council of the place; else none."""
    name, _, acronym = organisation.removesuffix(")").partition(" (")
    named = Q(pk=None)
    for text in {organisation, organisation.replace("'", "’")} - {""}:
        named |= Q(title__iexact=text) | Q(acronym__iexact=text)
    if acronym:
        named |= Q(title__iexact=name.replace("'", "’"), acronym__iexact=acronym)
    found = list(ActorPage.objects.live_public().filter(named).order_by("pk")[:MAX_NAMESAKES])
    if len(found) > 1:
        found = [actor for actor in found if place and actor.represents_id == place.pk]
    return found[0] if len(found) == 1 else None


def placed(page: ExperiencePage) -> ExperiencePage:
    """An unsaved page, with the place in the tree and the address that it would have (as Wagtail's previews do)."""
    index = ExperienceIndexPage.objects.get()
    last = index.get_last_child()
    page.slug = page.slug or slugify(page.title)
    page.depth = index.depth + 1
    page.path = last._inc_path() if last else page._get_path(index.path, page.depth, 1)
    page.set_url_path(index)
    return page
