"""Whether the search still finds what editors expect of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from territoires_en_commun.base.listing.snapshot import current_visibility
from territoires_en_commun.base.models import BasePage

from . import ranking, rules
from .finding import find
from .models import RelevanceCase
from .text.expansion import Rules


@dataclass(frozen=True)
class Outcome:
    """The rank of the page of a case among the public pages, from 1; None when it is not found."""

    case: RelevanceCase
    rank: int | None

    @property
    def passes(self) -> bool:
        return self.rank is not None and self.rank <= self.case.max_rank

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        found = "page non trouvée" if self.rank is None else f"rang {self.rank}"
        wanted = f"attendue au rang {self.case.max_rank} au plus"
        return f"«\u00a0{self.case.query}\u00a0» → {self.case.page} : {found}, {wanted}"


def visible_pages() -> frozenset[int]:
    """Primary keys of the pages that visitors may find."""
    pages = current_visibility().visible(BasePage.objects.filter(depth__gt=1))
    return frozenset(pages.values_list("pk", flat=True))


def results_of(text: str, visible: frozenset[int]) -> list[int]:
    """Primary keys of the public pages that answer a text, best first."""
    found = find(text)
    return ranking.by_meaning(found.scored.less(visible), found.query, found.text).pks


def run_cases() -> list[Outcome]:
    """The rank of each case now, in the order of the list."""
    visible = visible_pages()
    return [_outcome(case, visible) for case in RelevanceCase.objects.select_related("page")]


def _outcome(case: RelevanceCase, visible: frozenset[int]) -> Outcome:
    found = results_of(case.query, visible)
    return Outcome(case, found.index(case.page_id) + 1 if case.page_id in found else None)


def note_cases() -> list[Outcome]:
    """Run the cases and keep what was found, for the list of editors."""
    outcomes, now = run_cases(), timezone.now()
    cases = [outcome.case for outcome in outcomes]
    for outcome in outcomes:
        outcome.case.rank, outcome.case.checked_at = outcome.rank, now
    RelevanceCase.objects.bulk_update(cases, ["rank", "checked_at"], batch_size=200)
    return outcomes


def lost_cases(changed: Rules) -> list[Outcome]:
    """The cases that pass now and would not with these rules, as they would then be."""
    now = run_cases()
    passing = {outcome.case.pk for outcome in now if outcome.passes}
    if not passing:
        return []
    with rules.trying(changed):
        return [outcome for outcome in run_cases() if outcome.case.pk in passing and not outcome.passes]


@dataclass(frozen=True)
class AffectedQuery:
    """A query of the log, how many times it was typed, and its number of results with and without a change."""

    text: str
    times: int
    before: int | None = None
    after: int | None = None


def with_counts(queries: Sequence[AffectedQuery], changed: Rules) -> list[AffectedQuery]:
    """These queries with their numbers of results before and after a change of the rules."""
    visible = visible_pages()

    def counts() -> list[int]:
        return [len(visible.intersection(find(query.text).scored.pks)) for query in queries]

    before = counts()
    with rules.trying(changed):
        after = counts()
    return [
        AffectedQuery(query.text, query.times, *found) for query, *found in zip(queries, before, after, strict=True)
    ]
