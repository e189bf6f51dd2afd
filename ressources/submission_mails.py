"""The links and mails of submissions; no mail says anything that was typed before a moderator has read it."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from ressources.models import ExperiencePage, ExperienceSubmission
from ressources.models.submissions import KEEP_DRAFTS
from territoires_en_commun.base.site_info import contact_address
from territoires_en_commun.mailing.links import SignedLink
from territoires_en_commun.mailing.services import cancel_mails, queue_mail

RESUME = SignedLink("submission-resume", url_name="submission", lifetime=KEEP_DRAFTS)
DELETION = SignedLink("submission-deletion", url_name="submission_deletion", lifetime=timedelta(days=800))


def write_to_author(submission: ExperienceSubmission, what: str, template: str, **context) -> None:
    """Queue a mail to the author, with the links that resume and delete; ``what`` makes it unique."""
    links = {"resume_url": RESUME.url(submission.uuid), "deletion_url": DELETION.url(submission.uuid)}
    queue_mail(
        key=f"{mail_prefix(submission)}{what}",
        to=submission.email,
        template=template,
        context=links | {"days": RESUME.lifetime.days} | context,
        reply_to=contact_address(),
    )


def mail_prefix(submission: ExperienceSubmission) -> str:
    """How the keys of the mails of a submission begin."""
    return f"submission:{submission.uuid}:"


def mail_link(submission: ExperienceSubmission) -> None:
    """The link that resumes, once for each address that the author gave."""
    mark = salted_hmac("submission-address", submission.email.lower()).hexdigest()[:16]
    write_to_author(submission, f"link:{mark}", "submission_link")


def mail_received(submission: ExperienceSubmission) -> None:
    """The receipt of a sending, and the notice to the team."""
    write_to_author(submission, f"received:{submission.sendings}", "submission_received")
    queue_mail(
        key=f"{mail_prefix(submission)}team:{submission.sendings}",
        to=contact_address(),
        template="submission_to_review",
        context={
            "is_again": submission.sendings > 1,
            "review_url": settings.SITE_URL + reverse("experiences_proposees:review", args=[submission.pk]),
        },
    )


def mail_accepted(submission: ExperienceSubmission) -> None:
    """The experience will be published once the team has completed it."""
    write_to_author(submission, "accepted", "submission_accepted", title=submission.title)


def mail_returned(submission: ExperienceSubmission) -> None:
    """What is asked of the author, and the link that reopens the draft."""
    write_to_author(
        submission,
        f"returned:{submission.sendings}",
        "submission_returned",
        wants_completion=submission.wants_completion,
        reasons=submission.reason_labels,
        message=submission.message,
    )


def mail_published(submission: ExperienceSubmission, page: ExperiencePage) -> None:
    """Where the experience can be read."""
    page_url = settings.SITE_URL + page.get_url()
    write_to_author(submission, "published", "submission_published", title=page.title, page_url=page_url)


def mail_links(submissions: Iterable[ExperienceSubmission], email: str, identity: str) -> None:
    """Every submission of an address, each with its link."""
    rows = [
        {
            "created_at": submission.created_at,
            "state": submission.state_label,
            "resume_url": RESUME.url(submission.uuid),
            "deletion_url": DELETION.url(submission.uuid),
        }
        for submission in submissions
    ]
    if rows:
        queue_mail(
            key=f"submission-links:{identity}",
            to=email,
            template="submission_links",
            context={"rows": rows, "days": RESUME.lifetime.days},
            reply_to=contact_address(),
        )


def cancel_waiting_mails(submission: ExperienceSubmission) -> None:
    """Nothing more is sent about a submission that is deleted."""
    cancel_mails(mail_prefix(submission))
