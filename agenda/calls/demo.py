"""The calls of the demonstration."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html_join

from agenda.calls.deadlines import day_in_france
from agenda.models import CallIndexPage, CallPage, CallWinner
from territoires_en_commun.base.models import BasePage, LinkKind, PageLink, Theme
from territoires_en_commun.base.ordering import in_order
from territoires_en_commun.base.typography import typeset
from territoires_en_commun.territories.forms import chosen_territory

DATA = Path(__file__).parent.parent / "data" / "demo"
REVIEW_AFTER = dt.timedelta(days=365)
# Keys of the data file that are fields of the call, as they are or as texts to typeset.
SAME = (
    "nature",
    "recurrence",
    "amount_min",
    "amount_max",
    "rate_min",
    "rate_max",
    "beneficiaries",
    "eligible_costs",
    "project_stages",
    "application_url",
    "source_url",
)
TEXTS = {"title": "title", "summary": "summary", "funders_text": "funders_text", "contact": "contact_text"}
DAYS = {"opens_in": "opens_on", "prefiling_in": "prefiling_on", "closes_in": "closes_on"}


def load_calls(owner: AbstractBaseUser) -> Iterator[str]:
    """Create the calls that are missing, published; yield a line, in French, for each.

    Those of a territory that the map does not have, or whose only funder is not in the directory, are left out.
    Dates count from today.
    """
    section = CallIndexPage.objects.first()
    entries = tomllib.loads((DATA / "calls.toml").read_text(encoding="utf-8"))["call"] if section else []
    for entry in entries:
        reference = f"demo:appel:{entry['ref']}"
        territories = [place for key in entry["territories"] if (place := chosen_territory(key))]
        funders = links(LinkKind.FUNDER, entry.get("funders", ()))
        is_whole = territories and (funders or "funders_text" in entry)
        if is_whole and not CallPage.objects.by_external_ref(reference).exists():
            call = CallPage(slug=entry["ref"], external_ref=reference, review_owner=owner, live=False)
            call.territories = territories
            call.links = [*funders, *links(LinkKind.OPERATOR, entry.get("operators", ()))]
            create_call(call, entry, section)
            yield f"Appel « {call.title} » créé."


@transaction.atomic
def create_call(call: CallPage, entry: dict[str, Any], section: CallIndexPage) -> None:
    """Publish a call of the data file, after what it said before when that is given."""
    today = day_in_france(timezone.now())
    call.review_date = today + REVIEW_AFTER
    fill(call, entry | entry.get("before", {}), today)
    call.themes = [theme.current for theme in Theme.objects.filter(slug__in=entry["themes"])]
    call.winners = in_order(winner(**each) for each in entry.get("winners", ()))
    section.add_child(instance=call)
    call.save_revision().publish()
    if "before" in entry:
        call = CallPage.objects.get(pk=call.pk)
        fill(call, entry, today)
        call.save_revision().publish()


def fill(call: CallPage, entry: dict[str, Any], today: dt.date) -> None:
    """Give the call what the entry says."""
    for name in SAME:
        if name in entry:
            setattr(call, name, entry[name])
    for key, name in TEXTS.items():
        setattr(call, name, typeset(entry.get(key, "")))
    for key, name in DAYS.items():
        setattr(call, name, today + dt.timedelta(days=entry[key]) if key in entry else None)
    for name in ("description", "eligibility"):
        setattr(call, name, format_html_join("", "<p>{}</p>", ((typeset(text),) for text in entry[name])))


def links(kind: LinkKind, references: list[str]) -> list[PageLink]:
    """Links to the pages of these external references that exist."""
    return [PageLink(kind=kind, target=page) for page in BasePage.objects.filter(external_ref__in=references)]


def winner(*, name: str, project: str, amount: int, actor: str = "") -> CallWinner:
    """A winner, with its fiche when it has one."""
    page = BasePage.objects.by_external_ref(actor).first()
    return CallWinner(name=typeset(name), project=typeset(project), amount=amount, actor_id=page.pk if page else None)
