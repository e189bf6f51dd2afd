"""What makes a call true, and what it needs to be published."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.html import strip_tags

from agenda.calls.kinds import CallNature
from territoires_en_commun.base.models import LinkKind
from territoires_en_commun.base.publication import Gap

if TYPE_CHECKING:
    from agenda.models import CallPage

CLOSING_OF_PERMANENT = (
    "Un dispositif permanent n’a pas de date de clôture : videz cette date, ou choisissez une autre nature."
)
CLOSES_BEFORE_OPENING = "La clôture précède l’ouverture : indiquez une date plus tardive."
PREFILING_OUTSIDE = "Le pré-dépôt se fait entre l’ouverture et la clôture : indiquez une date comprise entre les deux."
MAXIMUM_OF_ZERO = "Un maximum nul ne dit rien : videz cette case si le maximum n’est pas connu."
AMOUNTS_REVERSED = "Le montant minimal dépasse le montant maximal."
RATES_REVERSED = "Le taux minimal dépasse le taux maximal."
RATE_OUT_OF_BOUNDS = "Un taux est un pourcentage, de 0 à 100."

MISSING_NATURE = "Choisissez la nature de l’appel."
MISSING_CLOSING = "Indiquez la date de clôture ; seul un dispositif permanent n’en a pas."
MISSING_TERRITORY = "Indiquez où sont les projets attendus : au moins un territoire, ou la France entière."
MISSING_BENEFICIARIES = "Dites qui peut candidater."
MISSING_FUNDER = "Nommez un financeur : ici, ou par un lien « financé par » (onglet Liens)."
MISSING_ELIGIBILITY = "Écrivez les conditions d’éligibilité."
MISSING_APPLICATION = "Donnez l’adresse où déposer sa candidature."
MISSING_SOURCE = "Donnez l’adresse de l’annonce officielle."


def call_errors(call: "CallPage") -> dict[str, str]:
    """What contradicts something else in the dates, amounts and rates, by field."""
    errors: dict[str, str] = {}
    if call.nature == CallNature.PERMANENT and call.closes_on:
        errors["closes_on"] = CLOSING_OF_PERMANENT
    elif exceeds(call.opens_on, call.closes_on):
        errors["closes_on"] = CLOSES_BEFORE_OPENING
    if exceeds(call.opens_on, call.prefiling_on) or exceeds(call.prefiling_on, call.closes_on):
        errors["prefiling_on"] = PREFILING_OUTSIDE
    errors |= {name: MAXIMUM_OF_ZERO for name in ("amount_max", "rate_max") if getattr(call, name) == 0}
    if exceeds(call.amount_min, call.amount_max):
        errors["amount_min"] = AMOUNTS_REVERSED
    if exceeds(call.rate_min, call.rate_max):
        errors["rate_min"] = RATES_REVERSED
    return errors


def exceeds(low: Any, high: Any) -> bool:
    """Whether two bounds are known, and the first is over the second."""
    return low is not None and high is not None and low > high


def call_gaps(call: "CallPage") -> Iterator[Gap]:
    """What a call needs, besides what any content does, to be published."""
    if not call.nature:
        yield Gap("nature", MISSING_NATURE)
    elif call.closes_on is None and call.nature != CallNature.PERMANENT:
        yield Gap("closes_on", MISSING_CLOSING)
    if not call.territories.all():
        yield Gap("territories", MISSING_TERRITORY)
    if not call.beneficiaries:
        yield Gap("beneficiaries", MISSING_BENEFICIARIES)
    if not call.funders_text.strip() and not any(link.kind == LinkKind.FUNDER for link in call.links.all()):
        yield Gap("funders_text", MISSING_FUNDER)
    if not strip_tags(call.eligibility).strip():
        yield Gap("eligibility", MISSING_ELIGIBILITY)
    if not call.application_url:
        yield Gap("application_url", MISSING_APPLICATION)
    if not call.source_url:
        yield Gap("source_url", MISSING_SOURCE)
