"""The link and mails of a place that is given. Whoever gives it is named; their own link is for them alone."""

import datetime as dt

from agenda.models import Registration, RegistrationTransfer
from agenda.registrations import mails
from agenda.sessions.times import deadline
from territoires_en_commun.mailing.links import SignedLink
from territoires_en_commun.mailing.services import cancel_mails, queue_mail

KEEP_PROPOSALS = dt.timedelta(days=30)  # the address of somebody who did not accept
TRANSFER = SignedLink("registration-transfer", url_name="transfer", lifetime=dt.timedelta(days=7))


def ends_at(transfer: RegistrationTransfer) -> dt.datetime:
    """Until when a proposal may be accepted: seven days, or the start of the session."""
    return min(transfer.created_at + TRANSFER.lifetime, transfer.registration.session.starts_at)


def proposal_prefix(registration: Registration) -> str:
    """How the keys of the mails that propose a place begin."""
    return f"{mails.mail_prefix(registration)}transfer:"


def mail_proposal(transfer: RegistrationTransfer) -> None:
    """To the recipient: who gives a place, for what, and the link to accept or to decline."""
    registration, end = transfer.registration, ends_at(transfer)
    facts = mails.facts(registration) | {"video_url": "", "video_note": ""}  # for those who are coming only
    queue_mail(
        key=f"{proposal_prefix(registration)}{transfer.uuid}",
        to=transfer.email,
        template="transfer_proposal",
        context=facts
        | {
            "giver": registration.full_name,
            "days": KEEP_PROPOSALS.days,
            "until": deadline(end, registration.session.event.time_zone),
            "transfer_url": TRANSFER.url(transfer.uuid, expires_at=end),
        },
        reply_to=facts["contact"],
        expires_at=end,
    )


def forget_proposals(registration: Registration) -> None:
    """Proposals that are not sent yet are not any more."""
    cancel_mails(proposal_prefix(registration))


def mail_given(registration: Registration) -> None:
    """To who gave: the place is somebody else's; nothing else comes, and the calendar entry goes."""
    cancel_mails(mails.mail_prefix(registration))
    mails.write(registration, f"given:{registration.moves.count()}", "transfer_given", with_calendar=True)


def mail_declined(transfer: RegistrationTransfer) -> None:
    """To who gave: the place is still theirs."""
    mails.write(transfer.registration, f"declined:{transfer.uuid}", "transfer_declined")
