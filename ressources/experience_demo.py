"""The experiences of the demonstration: invented stories, which say so."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from annuaire.models import ActorPage
from ressources.experience_sections import SECTIONS
from ressources.models import ExperienceIndexPage, ExperienceIndicator, ExperiencePage, ExperienceStep
from territoires_en_commun.base.models import Audience, BasePage, LinkKind, PageLink, Programme, Theme
from territoires_en_commun.base.ordering import in_order
from territoires_en_commun.base.typography import typeset
from territoires_en_commun.territories.forms import chosen_territory

DATA = Path(__file__).parent / "data" / "experiences.toml"
REVIEW_AFTER = dt.timedelta(days=365)


def load_experiences(owner: AbstractBaseUser) -> Iterator[str]:
    """Create the experiences that are missing, published; yield a line, in French, for each.

    Those whose holder is not in the directory, or whose place is not on the map, are left out.
    """
    index = ExperienceIndexPage.objects.first()
    if index is None:
        return
    known = {page.external_ref: page for page in ExperiencePage.objects.filter(external_ref__startswith="demo:")}
    for entry in tomllib.loads(typeset(DATA.read_text(encoding="utf-8")))["experience"]:
        reference = f"demo:experience:{entry['ref']}"
        if reference in known:
            continue
        holder = ActorPage.objects.by_external_ref(f"demo:acteur:{entry['holder']}").first()
        place = chosen_territory(entry["place"])
        if holder and place:
            page = experience_of(entry, holder=holder, place=place, review_owner=owner, external_ref=reference)
            page.links = [
                PageLink(target_id=known[f"demo:experience:{ref}"].pk, kind=LinkKind.INSPIRED)
                for ref in entry.get("inspired_by", ())
                if f"demo:experience:{ref}" in known
            ]
            BasePage.objects.get(pk=index.pk).add_child(instance=page)
            page.save_revision().publish()
            known[reference] = page
            yield f"Expérience « {page.title} » créée."


def experience_of(entry: dict[str, Any], **fields) -> ExperiencePage:
    """An entry of the data file as a page that is not saved."""
    names = [name for section in SECTIONS for name in (section.name, section.box)]
    page = ExperiencePage(
        title=entry["title"],
        slug=entry["slug"],
        summary=entry["summary"],
        project_status=entry["status"],
        started_on=entry["start"],
        ended_on=entry.get("end"),
        cost=decimal(entry.get("cost")),
        cost_unknown=entry.get("cost_unknown", False),
        fte=decimal(entry.get("fte")),
        fte_unknown=entry.get("fte_unknown", False),
        contact_email=entry.get("contact_email", ""),
        review_date=timezone.localdate() + REVIEW_AFTER,
        **{name: entry[name] for name in names if name in entry},
        **fields,
    )
    page.themes = list(Theme.objects.filter(slug__in=entry["themes"]))
    page.programmes = list(Programme.objects.filter(slug__in=entry.get("programmes", ())))
    page.audiences = list(Audience.objects.filter(slug__in=entry.get("audiences", ())))
    page.steps = in_order(ExperienceStep(**step) for step in entry.get("steps", ()))
    page.indicators = in_order(
        ExperienceIndicator(**figure | {"value": decimal(figure["value"])}) for figure in entry.get("indicators", ())
    )
    return page


def decimal(text: str | None) -> Decimal | None:
    """An amount of the data file."""
    return None if text is None else Decimal(text)
