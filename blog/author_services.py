"""What is done to authors besides editing them."""

from datetime import datetime, timedelta

from blog.models import Author
from territoires_en_commun.base.services import TermInUse

KEEP_UNUSED = timedelta(days=365)


def forget_unused_authors(now: datetime) -> int:
    """Erase the authors who sign nothing, in no version of any article, a year after they were added; how many."""
    erased = 0
    for author in Author.objects.filter(created_at__lt=now - KEEP_UNUSED, signatures=None):
        try:
            author.delete()
        except TermInUse:  # an older version of an article, or an author merged with this one
            continue
        erased += 1
    return erased
