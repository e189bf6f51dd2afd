"""Links to the pages of a list, for components/pagination.html."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

AROUND = 1  # pages shown on each side of the current one


@dataclass(frozen=True)
class PageLink:
    """A page of the list; ``number`` is None where pages are left out."""

    number: int | None
    url: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Pagination:
    """Where the visitor is among ``last`` pages; ``url_for`` gives the address of a page number."""

    number: int
    last: int
    url_for: Callable[[int], str]

    @cached_property
    def items(self) -> list[PageLink]:
        """First, last, current and neighbours, with a gap where pages are left out."""
        near = range(self.number - AROUND, self.number + AROUND + 1)
        shown = sorted({1, self.last, *(number for number in near if 1 <= number <= self.last)})
        links: list[PageLink] = []
        for previous, number in zip([0, *shown], shown, strict=False):
            if number - previous == 2:
                links.append(self._link(previous + 1))
            elif number - previous > 2:
                links.append(PageLink(None))
            links.append(self._link(number))
        return links

    def _link(self, number: int) -> PageLink:
        return PageLink(number, self.url_for(number), number == self.number)

    @property
    def first_url(self) -> str:
        return self.url_for(1) if self.number > 1 else ""

    @property
    def previous_url(self) -> str:
        return self.url_for(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url_for(self.number + 1) if self.number < self.last else ""

    @property
    def last_url(self) -> str:
        return self.url_for(self.last) if self.number < self.last else ""
