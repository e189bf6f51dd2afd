"""The tree of spread (« essaimage »): what inspired an experience, and what it inspired, from one to the next."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ressources.experience_figures import years_label
from ressources.models import ExperiencePage
from territoires_en_commun.base.models import BasePage, LinkKind, PageLink

MAX_DEPTH = 5  # levels shown; the count tells the rest
SHOWN_FIELDS = (
    *("title", "slug", "url_path", "path", "depth", "locale"),
    *("project_status", "started_on", "ended_on", "place__name"),
)

Links = Mapping[int, list[int]]


@dataclass(frozen=True)
class Branch:
    """An experience, and those that come from it (or from which it comes)."""

    title: str
    url: str
    detail: str
    branches: tuple["Branch", ...]


@dataclass(frozen=True)
class Tree:
    """One side of the spread of an experience."""

    branches: tuple[Branch, ...]
    direct: int
    total: int

    @property
    def count_label(self) -> str:
        """« 4 expériences, dont 2 directement »."""
        label = f"{self.total}\u00a0expérience{'s' if self.total > 1 else ''}"
        return f"{label}, dont {self.direct} directement" if self.direct < self.total else label


EMPTY = Tree((), 0, 0)


def spread_of(experience: BasePage, private: tuple[str, ...]) -> tuple[Tree, Tree]:
    """What inspired it, what it inspired: pages that visitors may read, each once, at its shortest distance.

    One query for all the links between experiences, one for the pages shown. ``private`` holds the paths of the
    private sections (``private_paths``).
    """
    links = PageLink.objects.filter(kind=LinkKind.INSPIRED, source__live=True, target__live=True)
    above: dict[int, list[int]] = defaultdict(list)
    below: dict[int, list[int]] = defaultdict(list)
    rows = links.order_by("sort_order", "pk").values_list("source_id", "target_id", "source__path", "target__path")
    for source, target, *paths in rows:
        if not any(path.startswith(private) for path in paths):
            above[source].append(target)
            below[target].append(source)
    sides = [reached(experience.pk, each) for each in (above, below)]
    shown = {pk for side in sides for children in side.values() for pk in children}
    if not shown:
        return EMPTY, EMPTY
    pages = ExperiencePage.objects.filter(pk__in=shown).select_related("place")
    known = {page.pk: page for page in pages.only(*SHOWN_FIELDS)}
    return tree(experience.pk, sides[0], known), tree(experience.pk, sides[1], known)


def reached(root: int, links: Links) -> dict[int, list[int]]:
    """What each page leads to, level after level; a page met twice, as in a cycle, stays where it was met first."""
    seen, level, children = {root}, [root], {}
    while level:
        for pk in level:
            fresh = [other for other in dict.fromkeys(links.get(pk, ())) if other not in seen]
            seen.update(fresh)
            children[pk] = fresh
        level = [other for pk in level for other in children[pk]]
    return children


def tree(root: int, children: dict[int, list[int]], pages: Mapping[int, ExperiencePage]) -> Tree:
    """The branches of a root, down to ``MAX_DEPTH``."""

    def branches(pk: int, depth: int) -> tuple[Branch, ...]:
        if depth == MAX_DEPTH:
            return ()
        return tuple(
            Branch(page.title, page.get_url() or "", detail(page), branches(other, depth + 1))
            for other in children[pk]
            if (page := pages.get(other))
        )

    return Tree(branches(root, 0), len(children[root]), sum(map(len, children.values())))


def detail(page: ExperiencePage) -> str:
    """« Guéret, 2024 – 2025 »."""
    place = page.place.name if page.place else ""
    return ", ".join(filter(None, [place, years_label(page)]))
