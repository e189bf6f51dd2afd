"""The links and mails of submissions; no mail says anything that was typed before a moderator has read it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from ressources.address_marks import is_marked, mark_of
from ressources.experience_services import contact_addresses
from ressources.models import ExperiencePage, ExperienceSubmission
from ressources.models.submissions import KEEP_DRAFTS
from territoires_en_commun.base.site_info import contact_address
from territoires_en_commun.mailing.links import SignedLink
from territoires_en_commun.mailing.services import cancel_mails, queue_mail

RESUME = SignedLink("submission-resume", url_name="submission", lifetime=KEEP_DRAFTS)
DELETION = SignedLink("submission-deletion", url_name="submission_deletion", lifetime=timedelta(days=800))


def link_payload(submission: ExperienceSubmission, address: str) -> str:
    """What a link mailed to an address holds: once the author corrects a wrong address, what it received is void."""
    return f"{submission.uuid}:{mark_of(address)}"


def linked_submission(payload: str) -> ExperienceSubmission:
    """The submission that a link leads to.

    Raise DoesNotExist when there is none any more, or when its author has another address than that of the link;
    ValidationError when the link holds anything else.
    """
    identifier, _, mark = payload.partition(":")
    submission = ExperienceSubmission.objects.get(uuid=identifier)
    if not any(is_marked(address, mark) for address in addresses_of(submission)):
        raise ExperienceSubmission.DoesNotExist
    return submission


def addresses_of(submission: ExperienceSubmission) -> set[str]:
    """The address of the author; once it is erased, those to which the page has messages relayed, theirs or not."""
    if submission.email:
        return {submission.email}
    return contact_addresses(submission.page) if submission.page else set()


def links_of(submission: ExperienceSubmission, address: str) -> dict[str, str]:
    """The links that resume and delete, for a mail to an address."""
    payload = link_payload(submission, address)
    return {"resume_url": RESUME.url(payload), "deletion_url": DELETION.url(payload)}


def write_to_author(submission: ExperienceSubmission, what: str, template: str, **context) -> None:
    """Queue a mail to the author, with the links that resume and delete; ``what`` makes it unique."""
    queue_mail(
        key=f"{mail_prefix(submission)}{what}",
        to=submission.email,
        template=template,
        context=links_of(submission, submission.email) | {"days": RESUME.lifetime.days} | context,
        reply_to=contact_address(),
    )


def write_to_team(submission: ExperienceSubmission, what: str, template: str, **context) -> None:
    """Queue a mail to the team, with the link to examine; once for each sending of the author."""
    review_url = settings.SITE_URL + reverse("experiences_proposees:review", args=[submission.pk])
    queue_mail(
        key=f"{mail_prefix(submission)}{what}:{submission.sendings}",
        to=contact_address(),
        template=template,
        context={"review_url": review_url} | context,
    )


def mail_prefix(submission: ExperienceSubmission) -> str:
    """How the keys of the mails of a submission begin."""
    return f"submission:{submission.uuid}:"


def mail_link(submission: ExperienceSubmission) -> None:
    """The link that resumes, once for each address that the author gave."""
    write_to_author(submission, f"link:{mark_of(submission.email)}", "submission_link")


def mail_received(submission: ExperienceSubmission) -> None:
    """The receipt of a sending, and the notice to the team."""
    write_to_author(submission, f"received:{submission.sendings}", "submission_received")
    write_to_team(submission, "team", "submission_to_review", is_again=submission.sendings > 1)


def mail_last_call(submission: ExperienceSubmission, deadline: datetime) -> None:
    """To the team: nobody examines a submission, and it will be forgotten."""
    write_to_team(submission, "last-call", "submission_last_call", sent_at=submission.sent_at, deadline=deadline)


def mail_forgotten(submission: ExperienceSubmission) -> None:
    """To the author: nobody examined the submission, and nothing is left of it."""
    queue_mail(
        key=f"{mail_prefix(submission)}forgotten",
        to=submission.email,
        template="submission_forgotten",
        context={"sent_at": submission.sent_at, "start_url": settings.SITE_URL + reverse("submission_start")},
        reply_to=contact_address(),
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
            **links_of(submission, email),
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
    """Nothing more is sent about a submission that is deleted, or to an address that was wrong."""
    cancel_mails(mail_prefix(submission))
