"""The private sections of the site: what is in them is shown to no visitor, anywhere."""

from wagtail.models import PageViewRestriction

from territoires_en_commun.shared_reads import read_once


def private_paths() -> tuple[str, ...]:
    """The paths of the private sections, in order; one query, or none when the page being read asked already."""
    return read_once("private paths", read_private_paths)


def read_private_paths() -> tuple[str, ...]:
    """The paths of the private sections, in order."""
    return tuple(PageViewRestriction.objects.order_by("page__path").values_list("page__path", flat=True))
