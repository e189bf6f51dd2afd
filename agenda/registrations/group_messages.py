"""What an organiser writes to a group of the registrants of a session: one mail each, once."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from agenda.events.kinds import ACTIVE, Presence, RegistrationState
from agenda.models import EventSession, Registration, SessionMessage
from agenda.registrations import mails
from agenda.registrations.services import lock_session
from territoires_en_commun.mailing.models import OutgoingMail

State = RegistrationState
NOBODY = "Il n’y a personne dans ce groupe : le message n’est pas parti."


class Group(models.TextChoices):
    """To whom one writes."""

    CONFIRMED = "confirmees", "inscriptions confirmées"
    WAITING = "attente", "liste d’attente, places proposées comprises"
    AWAITING = "validation", "inscriptions en attente de validation"
    PRESENT = "presentes", "personnes présentes"
    ABSENT = "absentes", "personnes absentes"
    ALL = "toutes", "toutes les inscriptions, sauf les annulées et les refusées"


STATES = {
    Group.CONFIRMED: (State.CONFIRMED,),
    Group.WAITING: (State.WAITING, State.OFFERED),
    Group.AWAITING: (State.AWAITING,),
    Group.PRESENT: (State.PRESENT,),
    Group.ABSENT: (State.ABSENT,),
    Group.ALL: ACTIVE,
}


def recipients(session: EventSession, group: str, presence: str = "") -> models.QuerySet[Registration]:
    """The registrations of a group of a session; of one presence when it is said. Whoever is erased is not there."""
    rows = session.registrations.filter(state__in=STATES[Group(group)], erased_at=None).order_by("rank")
    return rows.filter(presence=presence) if presence else rows


def group_label(group: str, presence: str = "") -> str:
    """« inscriptions confirmées, sur place »."""
    return ", ".join(filter(None, [Group(group).label, Presence(presence).label if presence else ""]))


@transaction.atomic
def send_message(  # noqa: PLR0913 - what makes a message, keyword-only
    *, session: EventSession, group: str, presence: str, subject: str, body: str, identity: str, by
) -> SessionMessage | None:
    """Write to each one of a group, and keep what was written, to how many, by whom.

    ``identity`` is that of one opening of the form: sent twice, the message goes once, and None is returned. Answers
    reach the address of the event, else that of who writes. Raise ValidationError when nobody is in the group.
    """
    session = lock_session(session.pk)
    everybody = session.registrations.all()
    if OutgoingMail.objects.filter(key__in=[mails.message_key(row, identity) for row in everybody]).exists():
        return None
    group_rows = list(recipients(session, group, presence))
    if not group_rows:
        raise ValidationError(NOBODY)
    reply_to = session.event.contact_email or by.email
    for row in group_rows:
        row.session = session
        mails.mail_message(row, identity, subject=subject, body=body, reply_to=reply_to)
    return SessionMessage.objects.create(
        session=session,
        what=str(session)[:500],
        count=len(group_rows),
        at=timezone.now(),
        by=by,
        group=group_label(group, presence),
        subject=subject,
        body=body,
    )
