"""What registrations keep about an address: found by it, told to it, and to it alone.

Addresses are compared more strictly here than to register once: « straße » and « strasse » are two mailboxes, and one
must not read what the other holds.
"""

import datetime as dt
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst

from agenda.models import Registration, RegistrationTransfer
from agenda.models.registrations import address_key
from agenda.registrations.mails import MANAGE, link_end
from agenda.registrations.question_fields import answers_of
from agenda.sessions.times import when
from territoires_en_commun.base.site_info import contact_address
from territoires_en_commun.mailing.links import SignedLink
from territoires_en_commun.mailing.models import OutgoingMail
from territoires_en_commun.mailing.services import queue_mail

MY_DATA = SignedLink("registration-data", url_name="my_data", lifetime=dt.timedelta(days=7))


def mailbox(email: str) -> str:
    """What makes two addresses the same mailbox: case and Unicode form aside."""
    return unicodedata.normalize("NFKC", email.strip()).lower()


def registrations_of(email: str) -> list[Registration]:
    """The registrations of an address that are not erased, the latest session first."""
    rows = Registration.objects.filter(email_key=address_key(email), erased_at=None)
    rows = rows.select_related("session__event__commune", "commune").order_by("-session__starts_at", "-pk")
    return [row for row in rows if mailbox(row.email) == mailbox(email)]


def proposals_to(email: str) -> list[RegistrationTransfer]:
    """The places that were proposed to an address, the latest first."""
    rows = RegistrationTransfer.objects.filter(email_key=address_key(email))
    rows = rows.select_related("registration__session__event").order_by("-created_at", "-pk")
    return [row for row in rows if mailbox(row.email) == mailbox(email)]


def address_of(payload: str) -> str:
    """The address that a link is about. Raise DoesNotExist once it is erased, ValidationError on a bad payload."""
    rows = Registration.objects.filter(uuid=payload, erased_at=None).values_list("email", flat=True)
    proposals = RegistrationTransfer.objects.filter(uuid=payload).exclude(email="").values_list("email", flat=True)
    address = rows.first() or proposals.first()
    if address is None:
        raise Registration.DoesNotExist
    return address


def send_links(*, email: str, identity: str) -> None:
    """Mail the links of the registrations of an address to it, and that of its data; nothing when there is none."""
    rows, proposals = registrations_of(email), proposals_to(email)
    if not rows and not proposals:
        return
    first = [*rows, *proposals][0]
    queue_mail(
        key=f"registration-links:{identity}",
        to=email,
        template="registration_links",
        context={
            "rows": [link_row(row) for row in rows],
            "data_url": MY_DATA.url(first.uuid),
            "days": MY_DATA.lifetime.days,
        },
        reply_to=contact_address(),
    )


def link_row(registration: Registration) -> dict[str, str]:
    """A registration as the mail lists it; the link of a past one serves some days, to look at it."""
    session = registration.session
    expires_at = link_end(registration, MY_DATA.lifetime)
    return {
        "title": session.event.title,
        "when": when(session.starts_at, session.ends_at, session.event.time_zone),
        "state": registration.get_state_display(),
        "url": MANAGE.url(registration.uuid, expires_at=expires_at),
    }


@dataclass(frozen=True)
class KeptData:
    """What is kept of one registration, in words."""

    title: str
    facts: dict[str, Any]
    answers: dict[str, str]
    moves: list[dict[str, Any]]
    proposals: list[dict[str, Any]]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Facts that are known, as people read them."""
        return [(label, told(value)) for label, value in self.facts.items() if value not in (None, "")]


def told(value: Any) -> str:
    """A value as people read it: « Oui », « 03/03/2027 14:00 »."""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    return f"{timezone.localtime(value):%d/%m/%Y à %H:%M}" if isinstance(value, dt.datetime) else str(value)


def kept_of(registration: Registration) -> KeptData:
    """Everything that is kept of a registration."""
    session = registration.session
    facts = {
        "Séance": capfirst(when(session.starts_at, session.ends_at, session.event.time_zone)),
        "État": registration.get_state_display(),
        "Participation": registration.get_presence_display(),
        "Prénom": registration.first_name,
        "Nom": registration.last_name,
        "Adresse électronique": registration.email,
        "Collectivité ou organisme": registration.organisation,
        "Fonction": registration.role,
        "Commune": str(registration.commune or ""),
        "Petite commune": registration.is_small,
        "Besoins": registration.needs,
        "Dans la liste des participants": registration.in_list,
        "Demande reçue": registration.created_at,
        "Adresse confirmée": registration.confirmed_at,
        "Pointage": registration.checked_in_at,
        "Attestation": registration.certificate or "",
    }
    answers = {
        answer.question.label: answer.text for answer in answers_of(registration, session.event.questions.all())
    }
    moves = [
        {"le": move.at, "état": move.get_after_display(), "motif": move.reason} for move in registration.moves.all()
    ]
    proposals = [
        {"le": row.created_at, "à": row.email, "close le": row.ended_at} for row in registration.transfers.all()
    ]
    return KeptData(session.event.title, facts, answers, moves, proposals)


@dataclass(frozen=True)
class AddressData:
    """Everything that registrations keep about an address."""

    email: str
    registrations: list[KeptData]
    received: list[dict[str, Any]]
    mails: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """The same as a file gives it, in French."""
        return {
            "adresse": self.email,
            "inscriptions": [
                {
                    "événement": kept.title,
                    **kept.facts,
                    "réponses": kept.answers,
                    "mouvements": kept.moves,
                    "place proposée à": kept.proposals,
                }
                for kept in self.registrations
            ],
            "places reçues": self.received,
            "courriels": self.mails,
        }


def data_of(email: str) -> AddressData:
    """What registrations keep about an address: what was said, what happened, what was mailed."""
    received = [
        {"événement": row.registration.session.event.title, "le": row.created_at, "close le": row.ended_at}
        for row in proposals_to(email)
    ]
    mails = OutgoingMail.objects.filter(key__startswith="registration", recipient__iexact=email, erased_at=None)
    sent = [{"objet": mail.subject, "écrit le": mail.created_at, "envoyé le": mail.sent_at} for mail in mails]
    return AddressData(email, [kept_of(row) for row in registrations_of(email)], received, sent)
