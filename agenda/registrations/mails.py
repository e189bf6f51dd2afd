"""The links and mails of registrations. Every mail says the date, the place and how to manage the registration."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst

from agenda.events.calendars import invitation, session_place
from agenda.events.kinds import COMING, Presence, RegistrationState
from agenda.models import Registration
from agenda.registrations.certificates import certificate_url, is_certified
from agenda.registrations.tickets import TICKET_FILE, has_ticket, ticket_png
from agenda.sessions.times import deadline, when, when_in_paris
from territoires_en_commun.base.site_info import contact_address
from territoires_en_commun.mailing.composing import Attachment
from territoires_en_commun.mailing.links import SignedLink
from territoires_en_commun.mailing.models import OutgoingMail
from territoires_en_commun.mailing.services import cancel_mails, queue_mail

CONFIRM = SignedLink("registration-confirm", url_name="registration_confirm", lifetime=dt.timedelta(days=7))
MANAGE = SignedLink("registration-manage", url_name="registration", lifetime=dt.timedelta(days=800))
CALENDAR_FILE = "inscription"
CALENDAR = "text/calendar; charset=utf-8; method={method}"


def mail_prefix(registration: Registration) -> str:
    """How the keys of the mails of a registration begin."""
    return f"registration:{registration.uuid}:"


def link_end(registration: Registration, at_least: dt.timedelta = dt.timedelta(hours=1)) -> dt.datetime:
    """Until when a link manages a registration: the end of the session, or some time from now."""
    return max(registration.session.ends_at, timezone.now() + at_least)


def manage_url(registration: Registration) -> str:
    """The address where a person sees, changes and cancels; it serves until the session ends."""
    return MANAGE.url(registration.uuid, expires_at=link_end(registration))


def facts(registration: Registration) -> dict[str, Any]:
    """What every mail says of a session; the video link is for those who are coming."""
    session, event = registration.session, registration.session.event
    times = session.starts_at, session.ends_at, event.time_zone
    is_coming = registration.state in COMING
    is_remote = registration.presence == Presence.REMOTE
    return {
        "event_title": event.title,
        "session_title": session.title,
        "event_url": settings.SITE_URL + event.get_url(),
        "when": capfirst(when(*times)),
        "when_in_paris": when_in_paris(*times),
        "presence": registration.get_presence_display(),
        "place": "" if is_remote else session_place(session),
        "video_url": event.video_url if is_coming and is_remote else "",
        "video_note": event.video_note if is_coming and is_remote else "",
        "contact": event.contact_email or contact_address(),
        "ticket_file": TICKET_FILE if has_ticket(registration) else "",
    }


def calendar_entry(registration: Registration) -> bytes:
    """The session for the calendar of a person: added or moved while they are coming, removed when they are not."""
    is_remote = registration.presence == Presence.REMOTE
    is_out = registration.state not in COMING
    return invitation(registration.session, with_video=is_remote, is_cancelled=is_out)


def write(  # noqa: PLR0913 - what makes a mail, keyword-only
    registration: Registration,
    what: str,
    template: str,
    *,
    with_calendar: bool = False,
    with_ticket: bool = False,
    not_before: dt.datetime | None = None,
    expires_at: dt.datetime | None = None,
    reply_to: str = "",
    **context: Any,
) -> None:
    """Queue a mail to a person; ``what`` makes it unique among theirs. Somebody who was erased receives nothing."""
    if registration.erased_at:
        return
    attachments = []
    if with_calendar:
        method = "PUBLISH" if registration.state in COMING else "CANCEL"
        attachments.append(
            Attachment(f"{CALENDAR_FILE}.ics", calendar_entry(registration), CALENDAR.format(method=method))
        )
    if with_ticket and has_ticket(registration):
        attachments.append(Attachment(TICKET_FILE, ticket_png(registration), "image/png"))
    queue_mail(
        key=f"{mail_prefix(registration)}{what}",
        to=registration.email,
        template=template,
        context=facts(registration) | {"manage_url": manage_url(registration)} | context,
        reply_to=reply_to or registration.session.event.contact_email or contact_address(),
        attachments=attachments,
        not_before=not_before,
        expires_at=expires_at,
    )


def _turn(registration: Registration) -> int:
    """How many moves a registration has made: a state that comes back is told again, a post sent twice is not."""
    return registration.moves.count()


def mail_confirmation_link(registration: Registration) -> None:
    """The link that proves the address; no seat is held before."""
    write(
        registration,
        "confirm",
        "registration_confirm",
        confirm_url=CONFIRM.url(registration.uuid),
        days=CONFIRM.lifetime.days,
    )


def mail_known(registration: Registration, identity: str) -> None:
    """The registration that an address has already; one mail for each form that is sent."""
    write(registration, f"known:{identity}", "registration_known", state=registration.get_state_display())


def mail_awaiting(registration: Registration) -> None:
    """The organiser decides."""
    write(
        registration, f"awaiting:{_turn(registration)}", "registration_awaiting", holds=registration.seat is not None
    )


def mail_confirmed(registration: Registration) -> None:
    """The seat is theirs; the calendar entry and the code to show at the door go with it."""
    what = f"confirmed:{_turn(registration)}"
    write(registration, what, "registration_confirmed", with_calendar=True, with_ticket=True)


def mail_waiting(registration: Registration) -> None:
    """There is no seat for the moment."""
    ahead = registration.session.registrations.queue().filter(
        presence=registration.presence, rank__lt=registration.rank
    )
    write(registration, f"waiting:{_turn(registration)}", "registration_waiting", place_in_line=ahead.count() + 1)


def mail_offer(registration: Registration) -> None:
    """A seat is theirs until a deadline; after it, the mail is of no use."""
    write(
        registration,
        f"offer:{_turn(registration)}",
        "registration_offer",
        expires_at=registration.offered_until,
        until=deadline(registration.offered_until, registration.session.event.time_zone),
    )


def mail_offer_expired(registration: Registration) -> None:
    """The seat went to the next one."""
    write(registration, f"offer-expired:{_turn(registration)}", "registration_offer_expired")


def mail_cancelled(registration: Registration, reason: str) -> None:
    """They are not coming any more, and receive nothing else; the calendar entry goes."""
    cancel_mails(mail_prefix(registration))
    write(
        registration, f"cancelled:{_turn(registration)}", "registration_cancelled", with_calendar=True, reason=reason
    )


def mail_refused(registration: Registration, reason: str) -> None:
    """The organiser says no, and why."""
    cancel_mails(mail_prefix(registration))
    write(registration, f"refused:{_turn(registration)}", "registration_refused", reason=reason)


def mail_session_changed(registration: Registration) -> None:
    """What became of the session, once for each change; reminders of the former date are not sent."""
    session = registration.session
    cancel_mails(f"{mail_prefix(registration)}reminder:")
    write(
        registration,
        f"session:{session.sequence}",
        "registration_session_changed",
        with_calendar=registration.state in COMING,
        status=session.get_status_display(),
        message=session.status_message,
        takes_place=session.takes_place,
        is_waiting=registration.state == RegistrationState.WAITING,
    )


def message_key(registration: Registration, identity: str) -> str:
    """The key of a message of the organiser, of which there is one for each opening of its form."""
    return f"{mail_prefix(registration)}message:{identity}"


def mail_message(registration: Registration, identity: str, *, subject: str, body: str, reply_to: str) -> None:
    """What the organiser writes to a group, whose answers reach them."""
    write(
        registration,
        f"message:{identity}",
        "registration_message",
        reply_to=reply_to,
        contact=reply_to,
        message_subject=subject,
        message_body=body,
    )


def mail_reminder(registration: Registration, what: str, *, words: str, expires_at: dt.datetime) -> bool:
    """What is coming; whether the mail is new."""
    return _write_once(
        registration,
        what,
        "registration_reminder",
        with_calendar=True,
        with_ticket=True,
        expires_at=expires_at,
        reminder=words,
    )


def mail_after(registration: Registration) -> bool:
    """Thanks, where documents are, and the certificate of who was checked in; whether the mail is new."""
    return _write_once(
        registration,
        f"after:{registration.session.sequence}",
        "registration_after",
        certificate_url=certificate_url(registration) if is_certified(registration, timezone.now()) else "",
    )


def _write_once(registration: Registration, what: str, template: str, **more: Any) -> bool:
    """Queue a mail unless it was queued before, be it cancelled since; whether it is new."""
    if OutgoingMail.objects.filter(key=f"{mail_prefix(registration)}{what}").exists():
        return False
    write(registration, what, template, **more)
    return True
