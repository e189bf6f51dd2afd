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


def note_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Keep what was found, for the list of editors."""
    now = timezone.now()
    for outcome in outcomes:
        outcome.case.rank, outcome.case.checked_at = outcome.rank, now
    RelevanceCase.objects.bulk_update([outcome.case for outcome in outcomes], ["rank", "checked_at"], batch_size=200)


@dataclass(frozen=True)
class Trial:
    """The cases with the rules of now, then with other ones."""

    now: Sequence[Outcome]
    then: Sequence[Outcome]

    @property
    def lost(self) -> list[Outcome]:
        """The cases that pass now and would not, as they would then be."""
        passing = {outcome.case.pk for outcome in self.now if outcome.passes}
        return [outcome for outcome in self.then if outcome.case.pk in passing and not outcome.passes]


def try_rules(changed: Rules) -> Trial:
    """Run the cases with the rules of now and with these."""
    now = run_cases()
    with rules.trying(changed):
        return Trial(now, run_cases())
