"""What happens to a submission: begun, written, sent, examined, published, forgotten. States move here only."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ressources import submission_mails as mails
from ressources.address_marks import mark_of
from ressources.experience_services import forget_contact
from ressources.models import ExperienceIndexPage, ExperiencePage, ExperienceSubmission, SubmissionState
from ressources.models.submissions import KEEP_ACCEPTED, KEEP_DRAFTS, KEEP_REFUSED, KEEP_UNDECIDED, NOTICE
from ressources.submission_answers import Answers
from ressources.submission_page import page_of
from ressources.submission_steps import AUTHOR, PROJECT, SEND, lacks
from territoires_en_commun.base.models import BasePage

State = SubmissionState
POSTED_TWICE = timedelta(minutes=1)  # the longest between two posts of one form

ALREADY_SENT = "Cette expérience est déjà envoyée : elle ne peut plus être modifiée."
NOT_REOPENED = "L’équipe a examiné cette expérience : reprenez-la avant de la modifier ou de la renvoyer."
NOT_RETURNED = "Cette expérience ne peut pas être reprise : l’équipe ne l’a pas renvoyée."
INCOMPLETE = "Il manque des réponses : complétez les étapes signalées."
ALREADY_EXAMINED = "{who} a déjà examiné cette proposition : {state}."
SENT_AGAIN = "L’auteur a envoyé une nouvelle version depuis que vous avez ouvert cette page : relisez-la."
WITHDRAWN = "Cette proposition n’est plus à examiner : son auteur la corrige."


def _locked(submission: ExperienceSubmission) -> ExperienceSubmission:
    """The row as it is now, for this transaction alone. Raise DoesNotExist when its author deleted it meanwhile."""
    return ExperienceSubmission.objects.select_for_update(of=("self",)).get(pk=submission.pk)


# The author


@transaction.atomic
def start_submission(*, answers: Answers, email: str, identity: str) -> ExperienceSubmission:
    """Keep a first step and mail the link that resumes.

    ``identity`` is that of one opening of the form: sent twice, it is one submission, with the last answers.
    """
    now = timezone.now()
    fields = {"email": email, "data": {AUTHOR.slug: answers}, "step": PROJECT.slug}
    submission, is_new = ExperienceSubmission.objects.get_or_create(
        identity=identity, defaults=fields | {"created_at": now, "changed_at": now}
    )
    if is_new:
        mails.mail_link(submission)
    elif submission.is_draft:
        submission = save_step(
            submission=submission, step=AUTHOR.slug, answers=answers, resume_at=PROJECT.slug, email=email
        )
    return submission


@transaction.atomic
def save_step(
    *, submission: ExperienceSubmission, step: str, answers: Answers, resume_at: str, email: str = ""
) -> ExperienceSubmission:
    """Keep the answers of a step, valid or not; an ``email`` that is new receives the link that resumes.

    What was mailed to the address before it leads nowhere any more: it may have been a stranger's. Raise
    ValidationError when the submission is no draft any more.
    """
    locked = _locked(submission)
    if not locked.is_draft:
        raise ValidationError(NOT_REOPENED if locked.is_returned else ALREADY_SENT)
    locked.data[step] = answers
    locked.step, locked.changed_at = resume_at, timezone.now()
    if step == PROJECT.slug:
        locked.title = " ".join("".join(answers.get("title", [])).split())[:150]
    is_new_address = bool(email) and email != locked.email
    locked.email = email or locked.email
    locked.save()
    if is_new_address:
        mails.cancel_waiting_mails(locked)
        mails.mail_link(locked)
    return locked


def just_corrected(*, payload: str, email: str) -> ExperienceSubmission | None:
    """The draft whose author changed its address to ``email`` a moment ago, from a link that the change made void.

    The form that changes it may be posted twice; a stranger who received the link does not know the right address.
    """
    identifier, _, _ = payload.partition(":")
    since = timezone.now() - POSTED_TWICE
    drafts = ExperienceSubmission.objects.filter(state=State.DRAFT, email=email, changed_at__gte=since)
    return drafts.filter(uuid=identifier).first() if email else None


@transaction.atomic
def send_submission(*, submission: ExperienceSubmission, relay: bool) -> ExperienceSubmission:
    """Send a complete draft to the moderators; the author agreed to the licence, and to ``relay`` or not.

    Sent twice, it is sent once. Raise ValidationError when it is incomplete, or was examined and not reopened.
    """
    locked = _locked(submission)
    if locked.is_sent or locked.is_accepted:
        return locked
    if locked.is_returned:
        raise ValidationError(NOT_REOPENED)
    if any(lacks(locked)):
        raise ValidationError(INCOMPLETE)
    now = timezone.now()
    locked.data[SEND] = {"licence": ["on"], "relay": ["on"] if relay else []}
    locked.state, locked.step = State.SENT, SEND
    locked.changed_at = locked.sent_at = now
    locked.warned_at = None
    locked.sendings += 1
    locked.save()
    mails.mail_received(locked)
    return locked


@transaction.atomic
def reopen_submission(*, submission: ExperienceSubmission) -> ExperienceSubmission:
    """Give back to its author what the moderators returned; nothing changes when it is a draft already.

    Raise ValidationError when it waits for a moderator, or was accepted.
    """
    locked = _locked(submission)
    if locked.is_draft:
        return locked
    if not locked.is_returned:
        raise ValidationError(NOT_RETURNED)
    locked.state, locked.step, locked.changed_at = State.DRAFT, PROJECT.slug, timezone.now()
    locked.save(update_fields=["state", "step", "changed_at"])
    return locked


@transaction.atomic
def delete_submission(*, submission: ExperienceSubmission, mark: str = "") -> None:
    """Erase everything that an author gave, and their address from the page that came of it: nobody writes to it.

    ``mark`` is that of the address which received the link: the submission may have forgotten it, while the page
    still has messages relayed to it. The page itself stays: its text is under a free licence, and names nobody.
    """
    locked = ExperienceSubmission.objects.select_for_update(of=("self",)).filter(pk=submission.pk).first()
    if locked is None:  # deleted already
        return
    mails.cancel_waiting_mails(locked)
    if locked.page_id:
        forget_contact(locked.page_id, mark or mark_of(locked.email))
    locked.delete()


def send_links(*, email: str, identity: str) -> None:
    """Mail the links of every submission of an address to it; nothing is sent when there is none.

    One whose author is erased counts while its page still has messages relayed to that address.
    """
    kept = Q(email__iexact=email, erased_at=None)
    relayed = Q(page__contact_email__iexact=email, erased_at__isnull=False)
    mails.mail_links(ExperienceSubmission.objects.filter(kept | relayed).order_by("pk"), email, identity)


# The moderators


def _to_decide(submission: ExperienceSubmission, version: int) -> ExperienceSubmission:
    """The locked row, when it is the version that the moderator read. Raise ValidationError, which says why not."""
    locked = _locked(submission)
    if locked.is_draft:
        raise ValidationError(WITHDRAWN)
    if not locked.is_sent:
        who = locked.decided_by or "Quelqu’un"
        raise ValidationError(ALREADY_EXAMINED.format(who=who, state=locked.state_label.lower()))
    if locked.sendings != version:
        raise ValidationError(SENT_AGAIN)
    return locked


@transaction.atomic
def accept_submission(*, submission: ExperienceSubmission, user, version: int) -> ExperiencePage:
    """Create the page of a submission, as a draft for editors to complete, and tell its author.

    ``version`` is the number of sendings that the moderator read. Raise ValidationError when somebody examined it
    meanwhile, or when its author sent another version.
    """
    locked = _to_decide(submission, version)
    page = page_of(locked)
    page.owner = user
    BasePage.objects.get(pk=ExperienceIndexPage.objects.get().pk).add_child(instance=page)
    page.save_revision(user=user, clean=False, log_action="wagtail.create")
    locked.state, locked.page = State.ACCEPTED, page
    locked.decided_at, locked.decided_by = timezone.now(), user
    locked.wants_completion, locked.reasons, locked.message = False, [], ""
    locked.save()
    mails.mail_accepted(locked)
    return page


@transaction.atomic
def return_submission(  # noqa: PLR0913 - keyword-only
    *,
    submission: ExperienceSubmission,
    user,
    version: int,
    wants_completion: bool,
    reasons: list[str],
    message: str,
) -> ExperienceSubmission:
    """Refuse a submission, or ask for its completion; the author is told why, and may reopen it.

    Raise ValidationError as ``accept_submission`` does.
    """
    locked = _to_decide(submission, version)
    locked.state, locked.wants_completion = State.REFUSED, wants_completion
    locked.reasons, locked.message = reasons, message
    locked.decided_at, locked.decided_by = timezone.now(), user
    locked.save()
    mails.mail_returned(locked)
    return locked


@transaction.atomic
def note_publication(*, page: ExperiencePage) -> None:
    """Tell the author, the first time that the page of a submission is published."""
    waiting = ExperienceSubmission.objects.select_for_update(of=("self",)).filter(page=page, published_at=None)
    for submission in waiting:
        submission.published_at = timezone.now()
        submission.save(update_fields=["published_at"])
        if submission.email:
            mails.mail_published(submission, page)


# Time


@transaction.atomic
def warn_of_oblivion(now: datetime) -> int:
    """Warn the team, once, of each submission that nobody examines and that will be forgotten; return how many."""
    waiting = ExperienceSubmission.objects.select_for_update(of=("self",)).filter(state=State.SENT, warned_at=None)
    old = list(waiting.filter(sent_at__lt=now - KEEP_UNDECIDED + NOTICE))
    for submission in old:
        mails.mail_last_call(submission, max(submission.sent_at + KEEP_UNDECIDED, now + NOTICE))
        submission.warned_at = now
        submission.save(update_fields=["warned_at"])
    return len(old)


def _forget_undecided(now: datetime) -> int:
    """Delete what nobody examined although the team was warned, and tell the authors; return how many."""
    waiting = ExperienceSubmission.objects.select_for_update(of=("self",)).filter(state=State.SENT)
    old = list(waiting.filter(sent_at__lt=now - KEEP_UNDECIDED, warned_at__lte=now - NOTICE))
    for submission in old:
        mails.cancel_waiting_mails(submission)
        mails.mail_forgotten(submission)
        submission.delete()
    return len(old)


@transaction.atomic
def forget_submissions(now: datetime) -> tuple[int, int]:
    """Delete what was left, refused or never examined; erase the author of what was accepted a year ago.

    Return how many were deleted, and how many erased.
    """
    rows = ExperienceSubmission.objects.all()
    deleted = _forget_undecided(now)
    for old in (
        rows.filter(state=State.DRAFT, changed_at__lt=now - KEEP_DRAFTS),
        rows.filter(state=State.REFUSED, decided_at__lt=now - KEEP_REFUSED),
    ):
        deleted += old.delete()[0]
    accepted = rows.filter(state=State.ACCEPTED, erased_at=None, decided_at__lt=now - KEEP_ACCEPTED)
    erased = accepted.exclude(published_at__gte=now - KEEP_ACCEPTED).update(
        email="", data={}, message="", erased_at=now
    )
    return deleted, erased
