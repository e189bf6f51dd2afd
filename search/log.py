"""The log of searches: what was typed, less what could name somebody, how much was found, what was opened."""

import logging
import re
from datetime import datetime

from django.core import signing
from django.db import DatabaseError, transaction
from django.utils import timezone

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.readers import is_a_reader
from territoires_en_commun.database import hardly_waiting

from .listings import SearchListing
from .models import SearchClick, SearchLogEntry
from .models.log import KEEP, MAX_TEXT
from .text.analysis import words

logger = logging.getLogger(__name__)

TOKEN_SECONDS = 3600
SALT = "search.click"
EMAIL = re.compile(r"\S*[@＠]\S+")
# Nine digits or more, whatever parts them: telephone numbers, SIREN, SIRET, social security numbers.
SEPARATORS = r"[\s.,\-–—/_()]{0,3}"
DIGITS = re.compile(rf"\+?\d(?:{SEPARATORS}\d){{8,}}")
PHONE = re.compile(r"0\d{9}|(?:\+|00)\d{9,15}|33\d{9}")


def masked(text: str) -> str:
    """A text without e-mail addresses, telephone numbers nor long numbers."""
    return DIGITS.sub(_mask, EMAIL.sub("[courriel]", text))


def _mask(found: re.Match[str]) -> str:
    number = re.sub(r"[^\d+]", "", found[0])
    return "[téléphone]" if PHONE.fullmatch(number) else "[numéro]"


def record(listing: SearchListing) -> str:
    """Write a search in the log; return the token that its clicks carry, empty when nothing was written.

    Nothing is written without a query, for another page than the first, for a file, nor for a robot. A database that
    is busy spoils no visit.
    """
    is_first = listing.page_number == 1 and not listing.asked_export
    if not (listing.query and is_first and is_a_reader(listing.request)):
        return ""
    try:
        with hardly_waiting(), transaction.atomic():
            entry = SearchLogEntry.objects.create(**described(listing), moment=timezone.now())
    except DatabaseError:
        logger.warning("Recherche non notée dans le journal.", exc_info=True)
        return ""
    return signing.dumps(entry.pk, salt=SALT)


def described(listing: SearchListing) -> dict:
    """What the log keeps of a search."""
    text = " ".join(masked(listing.query).split())
    used = {f.name: f.raw(listing.values[f.name]) for f in listing.filters if f.name in listing.values}
    used.pop("q", None)
    return {
        "text": text[:MAX_TEXT],
        "normalised": " ".join(words(text))[:MAX_TEXT],
        "results": listing.count,
        "filters": used,
        "engine": listing.engine,
    }


def entry_of(token: str) -> int | None:
    """The primary key of the search that a token names; None when it is not ours, or is an hour old."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature:
        return None
    return pk if isinstance(pk, int) else None


def record_click(*, entry: int, rank: int, page: BasePage) -> None:
    """Note that a result was opened, once for each search; nothing when the search was purged meanwhile."""
    if SearchLogEntry.objects.filter(pk=entry).exists():
        SearchClick.objects.bulk_create([SearchClick(entry_id=entry, rank=rank, page=page)], ignore_conflicts=True)


def forget_old_searches(now: datetime) -> int:
    """Erase the searches that are thirteen months old, with their clicks; return how many."""
    return SearchLogEntry.objects.filter(moment__lt=now - KEEP).delete()[1].get("search.SearchLogEntry", 0)
