"""The pages that editors put first for a query."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.utils import timezone

from territoires_en_commun.base.listing.snapshot import current_visibility
from territoires_en_commun.base.models import BasePage

from .expressions import lines_of, query_stems
from .kept import KeptByMarks
from .models import PinnedResult


class Pin(NamedTuple):
    """A page, and the last day on which it is put first."""

    page: int
    expires_on: dt.date


def _read() -> dict[frozenset[str], list[Pin]]:
    """The pins that are not expired, by the stems of each query; one query."""
    rows = PinnedResult.objects.filter(expires_on__gte=timezone.localdate()).order_by("order", "pk")
    found: dict[frozenset[str], list[Pin]] = {}
    for queries, page, expires_on in rows.values_list("queries", "page_id", "expires_on"):
        for query in lines_of(queries):
            found.setdefault(frozenset(query_stems(query)), []).append(Pin(page, expires_on))
    return found


_kept = KeptByMarks(_read)


def pinned_pages(text: str) -> list[int]:
    """Primary keys of the public pages that are pinned for what was typed, in order; most often none, and no query."""
    today = timezone.localdate()
    pins: Sequence[Pin] = _kept().get(frozenset(query_stems(text)), ()) if text else ()
    wanted = [*dict.fromkeys(pin.page for pin in pins if pin.expires_on >= today)]
    if not wanted:
        return []
    visible = set(current_visibility().visible(BasePage.objects.filter(pk__in=wanted)).values_list("pk", flat=True))
    return [pk for pk in wanted if pk in visible]
