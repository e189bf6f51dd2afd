"""How the values of a call are compared, shown to the editor and written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from agenda.amounts import euros, percent
from agenda.kinds import CallNature, Recurrence
from agenda.models import CallPage
from annuaire.models import ActorPage
from territoires_en_commun.base.formats import long_date
from territoires_en_commun.base.models import LinkKind, PageLink
from territoires_en_commun.base.page_imports.fields import (
    PROGRAMMES,
    SUMMARY,
    TERRITORIES,
    THEMES,
    TITLE,
    Field,
    names,
    plain,
)


def _label(choices: type[models.TextChoices]) -> Callable[[Any], str]:
    return lambda value: str(choices(value).label)


def _several(name: str) -> Field:
    return Field(name, lambda values: ", ".join(CallPage._meta.get_field(name).labels_of(values)))


@dataclass(frozen=True)
class FundersField(Field):
    """The actors who pay: links of the page, its other links aside."""

    def current(self, page: CallPage, wanted: list[ActorPage]) -> list:
        return [link.target for link in page.links.all() if link.kind == LinkKind.FUNDER]

    def write(self, page: CallPage, value: list[ActorPage]) -> None:
        links = [link for link in page.links.all() if link.kind != LinkKind.FUNDER]
        kept = {link.target_id: link for link in page.links.all() if link.kind == LinkKind.FUNDER}
        page.links = links + [kept.get(actor.pk) or PageLink(kind=LinkKind.FUNDER, target=actor) for actor in value]


FIELDS = (
    TITLE,
    SUMMARY,
    Field("nature", _label(CallNature)),
    Field("recurrence", _label(Recurrence)),
    Field("opens_on", long_date),
    Field("prefiling_on", long_date),
    Field("closes_on", long_date),
    Field("amount_min", euros),
    Field("amount_max", euros),
    Field("rate_min", percent),
    Field("rate_max", percent),
    _several("beneficiaries"),
    _several("eligible_costs"),
    _several("project_stages"),
    Field("description", plain),
    Field("eligibility", plain),
    TERRITORIES,
    FundersField("funders", names),
    Field("funders_text", column="funders"),
    Field("application_url"),
    Field("source_url"),
    Field("contact_text"),
    THEMES,
    PROGRAMMES,
)
