"""What an import says once for all its rows: constants for what its file lacks, and whether it publishes.

Meant for the import wizards of the rooms::

    defaults = ImportDefaults(themes=[theme], review_date=date(2027, 9, 1), review_owner=user, publish=True)
    outcome = save_imported_page(page, parent=index_page, defaults=defaults, provided={"themes"}, user=user)
    if outcome.gaps: …  # saved as a draft, with the reasons to show beside the row
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from wagtail.models import PageLogEntry

from territoires_en_commun.base.models import BasePage, Partner, Programme, Theme
from territoires_en_commun.base.publication import Gap, revision_gaps

IMPORTED = "pages.import"  # what the history of a page calls a version that an import wrote


@dataclass(frozen=True, kw_only=True)
class ImportDefaults:
    """Constants of one import. Empty values give nothing; ``publish`` false makes drafts only."""

    themes: Sequence[Theme] = ()
    programmes: Sequence[Programme] = ()
    review_date: dt.date | None = None
    review_owner: AbstractBaseUser | None = None
    partner: Partner | None = None
    licence: str = ""
    publish: bool = False

    def apply(self, page: BasePage, *, provided: Collection[str] = ()) -> None:
        """Fill what the page lacks.

        ``provided`` names the fields that the file gave: they are kept even if they equal the model's default. A
        page never lacks a licence, since the model has one: that of a new page alone is taken from here. Terms merged
        since are taken as their successors.
        """
        for name in ("review_date", "review_owner", "partner"):
            value = getattr(self, name)
            if value is not None and name not in provided and getattr(page, name) is None:
                setattr(page, name, value)
        for name in ("themes", "programmes"):
            terms = getattr(self, name)
            if terms and name not in provided and not getattr(page, name).all():
                setattr(page, name, [term.current for term in terms])
        if self.licence and page.pk is None and "licence" not in provided:
            page.licence = self.licence


@dataclass(frozen=True)
class ImportedPage:
    """The outcome of one row: the page, whether this version is published, and what it lacks if it is not."""

    page: BasePage
    published: bool
    gaps: tuple[Gap, ...]


def save_imported_page(
    page: BasePage,
    *,
    parent: BasePage | None = None,
    defaults: ImportDefaults,
    provided: Collection[str] = (),
    user=None,
) -> ImportedPage:
    """Create a page under ``parent`` (or record a new version of an existing one) in one transaction.

    With ``defaults.publish`` a page without gaps is published; one with gaps is saved as a draft, and they are
    returned: nothing is lost and nothing incomplete goes live. A page already live stays so, its new version being a
    draft, when the import makes drafts. Raise ValueError for a new page without a parent, and ValidationError when
    even a draft can't be saved (no title, an address already taken).
    """
    if page.pk is None and parent is None:
        raise ValueError("A new page needs a parent.")
    defaults.apply(page, provided=provided)
    with transaction.atomic():
        if page.pk is None:
            page.live = False
            parent.add_child(instance=page)
        revision = page.save_revision(user=user, clean=False, log_action=IMPORTED)
        gaps = revision_gaps(revision)
        published = defaults.publish and not gaps
        if published:
            revision.publish(user=user, skip_permission_checks=True)
    page = type(page).objects.get(pk=page.pk)
    return ImportedPage(page=page, published=published, gaps=tuple(gaps))


def is_only_imported(page: BasePage) -> bool:
    """Whether imports made the page, and nobody else changed it since."""
    history = PageLogEntry.objects.filter(page=page.pk)
    imported = history.filter(action=IMPORTED).values("revision")
    # Wagtail notes a creation whoever creates: the first version says who did.
    by_hand = history.filter(content_changed=True).exclude(action__in=[IMPORTED, "wagtail.create"])
    versions = page.revisions.all()
    return bool(page.latest_revision_id) and not (by_hand.exists() or versions.exclude(pk__in=imported).exists())
