"""How the values of a call are compared, shown to the editor and written."""

from agenda.calls.amounts import percent
from agenda.calls.kinds import CallNature, Recurrence
from agenda.models import CallPage
from territoires_en_commun.base.formats import euros, long_date
from territoires_en_commun.base.models import LinkKind
from territoires_en_commun.base.page_imports.fields import (
    PROGRAMMES,
    SUMMARY,
    TERRITORIES,
    THEMES,
    TITLE,
    Field,
    LinksField,
    label_of,
    plain,
)


def _several(name: str) -> Field:
    return Field(name, lambda values: ", ".join(CallPage._meta.get_field(name).labels_of(values)))


FIELDS = (
    TITLE,
    SUMMARY,
    Field("nature", label_of(CallNature)),
    Field("recurrence", label_of(Recurrence)),
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
    LinksField("funders", kind=LinkKind.FUNDER),
    Field("funders_text", column="funders"),
    Field("application_url"),
    Field("source_url"),
    Field("contact_text"),
    THEMES,
    PROGRAMMES,
)
