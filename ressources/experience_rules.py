"""What makes an experience true, and what it needs to be published."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ressources.experience_sections import SECTIONS, is_blank
from territoires_en_commun.base.publication import Gap

if TYPE_CHECKING:
    from ressources.models import ExperiencePage

MISSING_HOLDER = "Choisissez l’acteur qui a porté l’expérience."
MISSING_PLACE = "Indiquez le territoire de l’expérience."
MISSING_STATUS = "Dites où en est le projet."
MISSING_START = "Indiquez quand l’expérience a commencé, ou doit commencer."
MISSING_END = "Indiquez quand l’expérience s’est arrêtée."
END_BEFORE_START = "La fin précède le début."
MISSING_COST = "Indiquez le coût, ou cochez « coût pas encore connu »."
COST_BOTH = "Le coût est indiqué : décochez « coût pas encore connu »."
MISSING_FTE = "Indiquez le temps passé, ou cochez « temps passé pas encore connu »."
FTE_BOTH = "Le temps passé est indiqué : décochez « temps passé pas encore connu »."
NO_SOURCE = "Indicateur « {label} » : source non indiquée ; les lecteurs en sont prévenus."
NO_CONTACT = "Aucun contact : les lecteurs ne peuvent pas écrire au porteur de l’expérience."
MISSING_SECTION = "« {title} » est vide : écrivez-le, ou cochez « pas encore connu »."
SECTION_BOTH = "« {title} » a un texte et la case « pas encore connu » : gardez l’un ou l’autre."


def tidy(experience: "ExperiencePage") -> None:
    """Empty the sections that hold blank paragraphs only; take today's territory for an old code."""
    for section in SECTIONS:
        if is_blank(getattr(experience, section.name)):
            setattr(experience, section.name, "")
    if experience.place_id:
        experience.place = experience.place.current


def experience_errors(experience: "ExperiencePage") -> dict[str, str]:
    """What contradicts itself, by field."""
    errors = {
        section.box: SECTION_BOTH.format(title=section.title)
        for section in SECTIONS
        if getattr(experience, section.box) and getattr(experience, section.name)
    }
    if experience.cost is not None and experience.cost_unknown:
        errors["cost_unknown"] = COST_BOTH
    if experience.fte is not None and experience.fte_unknown:
        errors["fte_unknown"] = FTE_BOTH
    if experience.started_on and experience.ended_on and experience.ended_on < experience.started_on:
        errors["ended_on"] = END_BEFORE_START
    return errors


def experience_remarks(experience: "ExperiencePage") -> Iterator[tuple[str, str]]:
    """What its editors are told of a field, and its readers notice."""
    for indicator in experience.indicators.all():
        if not indicator.is_sourced:
            yield "indicators", NO_SOURCE.format(label=indicator.label)
    if not experience.relay_address:
        yield "contact", NO_CONTACT


def experience_gaps(experience: "ExperiencePage") -> Iterator[Gap]:
    """What an experience needs, besides what any content does, to be published."""
    if experience.holder_id is None:
        yield Gap("holder", MISSING_HOLDER)
    if experience.place_id is None:
        yield Gap("place", MISSING_PLACE)
    if not experience.project_status:
        yield Gap("project_status", MISSING_STATUS)
    if experience.started_on is None:
        yield Gap("started_on", MISSING_START)
    if experience.is_over and experience.ended_on is None:
        yield Gap("ended_on", MISSING_END)
    for section in SECTIONS:
        if is_blank(getattr(experience, section.name)) and not getattr(experience, section.box):
            yield Gap(section.name, MISSING_SECTION.format(title=section.title))
    if experience.cost is None and not experience.cost_unknown:
        yield Gap("cost", MISSING_COST)
    if experience.fte is None and not experience.fte_unknown:
        yield Gap("fte", MISSING_FTE)
