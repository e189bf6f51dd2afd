"""What visitors are told of a content whose day of review has passed: it ranks lower, then is archived, never deleted.

An archive keeps its address and is found by the searches of the site; lists show it when it is asked for.
"""

import datetime as dt

from territoires_en_commun.base.formats import long_date

ARCHIVED_AFTER = dt.timedelta(days=365)


def is_late(review_date: dt.date | None, today: dt.date) -> bool:
    """Whether the day of review has passed."""
    return review_date is not None and review_date < today


def is_archived(review_date: dt.date | None, today: dt.date) -> bool:
    """Whether it passed more than a year ago."""
    return review_date is not None and review_date + ARCHIVED_AFTER < today


def review_notice(review_date: dt.date | None, today: dt.date) -> str:
    """The banner of a content that was not reviewed in time; empty for the others."""
    if review_date is None or not is_late(review_date, today):
        return ""
    since = f"Ce contenu n’a pas été revu depuis le {long_date(review_date)}, date prévue pour sa revue"
    if is_archived(review_date, today):
        return f"{since}. Il est archivé\u00a0: il reste consultable, mais les listes ne le montrent que sur demande."
    return f"{since}\u00a0: vérifiez ses informations avant de vous en servir."


def review_label(review_date: dt.date | None, today: dt.date) -> str:
    """The same in a list: « Non revu depuis le 3 mars 2026 », « Archive »; empty for the others."""
    if review_date is None or not is_late(review_date, today):
        return ""
    return "Archive" if is_archived(review_date, today) else f"Non revu depuis le {long_date(review_date)}"
