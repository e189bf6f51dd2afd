"""What changed between two published versions of a call, told to candidates; what is only typography is not told."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.html import strip_tags

from agenda.calls import amounts
from agenda.models.changes import ChangedField
from territoires_en_commun.base.formats import from_to, long_date

if TYPE_CHECKING:
    from agenda.models import CallPage, PublishedTerms

UNSAID = "non précisé"
# Words and numbers; the mark inside a number is part of it.
WORDS = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d]+")
# Field of the call, what changed, its name with an article, past participle of « fixer », « de » with its name.
DATES = (
    ("opens_on", ChangedField.OPENING, "L’ouverture", "fixée", "d’ouverture"),
    ("prefiling_on", ChangedField.PREFILING, "Le pré-dépôt", "fixé", "de pré-dépôt"),
    ("closes_on", ChangedField.CLOSING, "La clôture", "fixée", "de clôture"),
)


def changes_between(before: "PublishedTerms", after: "CallPage") -> Iterator[tuple[ChangedField, str]]:
    """What changed and a sentence for each change, in the order of ``ChangedField``."""
    for name, field, subject, fixed, of_it in DATES:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield field, moved(old, new, subject, fixed, of_it)
    for field, label, old, new in (
        (ChangedField.AMOUNT, "Montant", amount_of(before), amount_of(after)),
        (ChangedField.RATE, "Taux", rate_of(before), rate_of(after)),
    ):
        if old != new:
            yield field, f"{label} de l’aide\u00a0: {new or UNSAID} (auparavant\u00a0: {old or UNSAID})."
    if substance(before.eligibility) != substance(after.eligibility):
        yield ChangedField.ELIGIBILITY, "Les conditions d’éligibilité ont changé\u00a0: relisez-les."


def moved(old: dt.date | None, new: dt.date | None, subject: str, fixed: str, of_it: str) -> str:
    """« La clôture passe du 3 au 17 mars 2027. », « La clôture est fixée au… », « Il n’y a plus de date de… »."""
    if new is None:
        return f"Il n’y a plus de date {of_it}."
    if old is None:
        return f"{subject} est {fixed} au\u00a0{long_date(new)}."
    return f"{subject} passe {from_to(old, new)}."


def amount_of(call: "CallPage | PublishedTerms") -> str:
    """The amount in words."""
    return amounts.amounts(call.amount_min, call.amount_max)


def rate_of(call: "CallPage | PublishedTerms") -> str:
    """The rate in words."""
    return amounts.rates(call.rate_min, call.rate_max)


def substance(html: str) -> str:
    """What a rich text says: no markup, space, case, accent nor punctuation, but that of numbers."""
    text = unicodedata.normalize("NFKD", strip_tags(html).casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    return "".join(WORDS.findall(text))
