"""Erasing the person of a registration: what counts need stays, nothing says who it was (RGPD, articles 5 and 17)."""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from agenda.events.kinds import ENDED
from agenda.models import Registration, RegistrationTransfer
from agenda.registrations.mails import mail_prefix
from agenda.registrations.my_registrations import proposals_to, registrations_of
from agenda.registrations.services import cancel_registration
from agenda.registrations.states import State, locked
from territoires_en_commun.mailing.models import OutgoingMail
from territoires_en_commun.mailing.services import erase_mails

ERASED_NAME = "Personne effacée"
STAYS = (*ENDED, State.PRESENT, State.ABSENT)  # what erasing somebody does not change


def erase_person(registration: Registration) -> None:
    """Blank who it was, what they said and what was mailed to them; the session is locked by the caller.

    State, session, presence, dates and whether they are of a small commune stay: they name nobody.
    """
    now = timezone.now()
    registration.moves.update(reason="")
    forget_addresses(RegistrationTransfer.objects.filter(Q(registration=registration) | Q(taken_by=registration)))
    erase_mails(OutgoingMail.objects.filter(key__startswith=mail_prefix(registration)))
    registration.email = registration.first_name = registration.organisation = registration.role = ""
    registration.last_name = ERASED_NAME
    registration.commune = registration.certificate = None
    registration.needs, registration.answers, registration.in_list = "", {}, False
    registration.erased_at = now
    registration.save()


def forget_addresses(transfers) -> None:
    """Blank the addresses to which places were proposed; what was still open is not any more."""
    transfers.update(email="", email_key="", ended_at=Coalesce("ended_at", timezone.now()))


@transaction.atomic
def erase_address(email: str) -> int:
    """Erase what registrations keep of an address, at the demand of who holds it; return how many there were.

    What is to come is cancelled, however late, and seats go to the queue. Nothing is mailed: the address is erased.
    """
    rows = sorted(registrations_of(email), key=lambda row: (row.session_id, row.pk))  # one order of locks for all
    for row in rows:
        _erase(locked(row))
    forget_addresses(RegistrationTransfer.objects.filter(pk__in=[transfer.pk for transfer in proposals_to(email)]))
    erase_mails(OutgoingMail.objects.filter(key__startswith="registration", recipient__iexact=email))
    return len(rows)


def _erase(registration: Registration) -> None:
    """Erase one registration, cancelled before when it is to come; the session is locked by the caller."""
    if registration.state == State.TO_CONFIRM:
        delete_form(registration)
        return
    if registration.state not in STAYS and timezone.now() < registration.session.ends_at:
        registration = cancel_registration(registration=registration, is_late_accepted=True)
    erase_person(registration)


def delete_form(registration: Registration) -> None:
    """Delete a form that nobody confirmed, with what was mailed for it; the session is locked by the caller."""
    erase_mails(OutgoingMail.objects.filter(key__startswith=mail_prefix(registration)))
    registration.delete()
