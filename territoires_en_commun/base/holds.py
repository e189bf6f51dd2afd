"""What keeps a page from being written other than in its editor: a lock, a review, a publication to come.

Wagtail asks of its bulk actions that they respect locks; whoever writes in several pages at once also leaves alone
those under review, even to their reviewers: a publication would cancel the review without a word.
"""

from territoires_en_commun.base.models import BasePage


def hold_on(page: BasePage, user) -> str:
    """Why this person may not write in the page from outside its editor, as « est verrouillée »; else empty."""
    if page.approved_schedule:
        return "attend sa publication programmée"
    if page.workflow_in_progress:
        return "est en relecture"
    lock = page.get_lock()
    if lock is not None and (user is None or lock.for_user(user)):
        return "est verrouillée"
    return ""
