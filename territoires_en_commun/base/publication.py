"""Publication rules: a draft may be incomplete, a published page may not.

Every road to publication passes one of two gates, and both ask :func:`publication_gaps`:
``BasePage.publish`` (bulk action, workflow, API, commands, scheduling) and ``BasePage.save``, whenever it makes a
page live or brings a new revision live. The page form asks the same rules before, to name every field at once.

A page already live may be saved again by code (a move, a merge) although something around it changed since, such
as the account of its reviewer being closed: only what *becomes* live is judged.
"""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone

MAX_THEMES = 5

MISSING_SUMMARY = "Écrivez un résumé : il sert aux listes, à la recherche et aux partages."
MISSING_THEMES = f"Choisissez de une à {MAX_THEMES} thématiques."
TOO_MANY_THEMES = f"Gardez au plus {MAX_THEMES} thématiques."
MISSING_REVIEW_DATE = "Indiquez la date à laquelle ce contenu devra être revu."
PAST_REVIEW_DATE = "La date de revue est passée : indiquez une date à venir."
REVIEW_BEFORE_GO_LIVE = "La date de revue précède la date de mise en ligne : indiquez une date plus lointaine."
MISSING_REVIEW_OWNER = "Désignez la personne responsable de la revue."
INACTIVE_REVIEW_OWNER = "Le compte de cette personne est désactivé : désignez une autre personne."
MISSING_IMAGE_ALT = "Décrivez l’image, ou cochez « image décorative » si elle n’apporte aucune information."
DECORATIVE_WITH_ALT = "Une image décorative n’a pas de texte alternatif : videz-le ou décochez « image décorative »."
ALT_WITHOUT_IMAGE = "Il y a un texte alternatif mais pas d’image."
INCOMPLETE_BLOCKS = "Des blocs sont incomplets : ouvrez la page pour voir ce qui manque à chacun."


@dataclass(frozen=True)
class Gap:
    """What a page lacks to be published: the name of the field (empty for the page as a whole) and a sentence."""

    field: str
    message: str


class PublicationRefused(ValidationError):  # noqa: N818 - it reads as what happened
    """A page was not published; ``page`` and ``gaps`` say which and why."""

    def __init__(self, page, gaps: list[Gap]):
        errors: dict[str, list[str]] = {}
        for gap in gaps:
            errors.setdefault(gap.field or NON_FIELD_ERRORS, []).append(gap.message)
        super().__init__(errors)
        self.page = page
        self.gaps = gaps


def publication_gaps(page, *, approved_go_live_at: dt.datetime | None = None) -> list[Gap]:
    """Everything that keeps this version of a page from being published; empty when it can be.

    ``page`` is the version to publish (``revision.as_object()`` for a revision).
    ``approved_go_live_at`` is set when the version was scheduled: its review date is judged at that time.
    """
    gaps = list(page.content_gaps(approved_go_live_at)) if page.is_content else []
    known = {gap.field for gap in gaps}
    try:
        page.full_clean()
    except ValidationError as error:
        gaps += [
            Gap("" if field == NON_FIELD_ERRORS else field, message)
            for field, messages in error.message_dict.items()
            if field not in known
            for message in messages
        ]
    return gaps


def revision_gaps(revision) -> list[Gap]:
    """As :func:`publication_gaps`, for a revision; a revision object found complete is not judged twice."""
    if getattr(revision, "was_judged_complete", False):
        return []
    gaps = publication_gaps(revision.as_object(), approved_go_live_at=revision.approved_go_live_at)
    revision.was_judged_complete = not gaps
    return gaps


def field_label(page, name: str) -> str:
    """How the editor names a field of this page, capitalised; empty for the page as a whole."""
    if not name:
        return ""
    field = page._meta.get_field(name)
    # Rows edited with the page are a relation, which has no name of its own.
    label = str(getattr(field, "verbose_name", "") or field.related_model._meta.verbose_name_plural)
    return label[:1].upper() + label[1:]


def summary_gaps(summary: str):
    if not (summary or "").strip():
        yield Gap("summary", MISSING_SUMMARY)


def themes_gaps(count: int):
    if count == 0:
        yield Gap("themes", MISSING_THEMES)
    elif count > MAX_THEMES:
        yield Gap("themes", TOO_MANY_THEMES)


def image_gaps(has_image: bool, alt: str, decorative: bool):
    """RGAA 1.1 and 1.2: an image is described or declared decorative, never both nor neither."""
    alt = (alt or "").strip()
    if not has_image:
        if alt:
            yield Gap("image_alt", ALT_WITHOUT_IMAGE)
    elif decorative and alt:
        yield Gap("image_alt", DECORATIVE_WITH_ALT)
    elif not decorative and not alt:
        yield Gap("image_alt", MISSING_IMAGE_ALT)


def blocks_gaps(name: str, stream):
    """Blocks judged as the editor's form judges them: some roads to publication have no form."""
    try:
        stream.stream_block.clean(stream)
    except ValidationError:
        yield Gap(name, INCOMPLETE_BLOCKS)


def review_owner_gaps(owner):
    if owner is None:
        yield Gap("review_owner", MISSING_REVIEW_OWNER)
    elif not owner.is_active:
        yield Gap("review_owner", INACTIVE_REVIEW_OWNER)


def review_date_gaps(
    review_date: dt.date | None,
    *,
    live_review_date: dt.date | None,
    go_live_at: dt.datetime | None,
    approved_go_live_at: dt.datetime | None = None,
):
    """A first publication asks for a review date to come.

    A live page whose date has passed meanwhile can be corrected without changing it: the date keeps saying that a
    review is due. It is compared with the day of publication, or with the scheduled day.
    """
    if review_date is None:
        yield Gap("review_date", MISSING_REVIEW_DATE)
        return
    if review_date == live_review_date:
        return
    scheduled = scheduled_time(go_live_at, approved_go_live_at)
    if scheduled and review_date < timezone.localdate(scheduled):
        yield Gap("review_date", REVIEW_BEFORE_GO_LIVE)
    elif not scheduled and review_date < timezone.localdate():
        yield Gap("review_date", PAST_REVIEW_DATE)


def scheduled_time(go_live_at: dt.datetime | None, approved_go_live_at: dt.datetime | None = None):
    """When a version is to go live if that is later than now, else None."""
    return approved_go_live_at or (go_live_at if go_live_at and go_live_at > timezone.now() else None)
