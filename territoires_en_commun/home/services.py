"""What visitors ask of the team."""

from dataclasses import asdict, dataclass

from django.db import transaction

from territoires_en_commun.base.site_info import contact_address
from territoires_en_commun.mailing.services import queue_mail

from .forms import Subject


@dataclass(frozen=True)
class ContactMessage:
    """What the contact form holds; ``identity`` is that of one opening of the form."""

    identity: str
    name: str
    email: str
    organisation: str
    subject: str
    message: str


@transaction.atomic
def send_contact_message(message: ContactMessage) -> None:
    """Queue a message to the team and its acknowledgement to the sender; sent twice, it leaves once.

    The acknowledgement holds none of the sender's words, so that nobody can have the site write to somebody else.
    Raise ValidationError on a bad address.
    """
    queue_mail(
        key=f"contact:{message.identity}",
        to=contact_address(),
        template="contact_message",
        context=asdict(message) | {"topic": Subject(message.subject).label},
        reply_to=message.email,
    )
    queue_mail(
        key=f"contact-receipt:{message.identity}",
        to=message.email,
        template="contact_receipt",
        context={},
        reply_to=contact_address(),
    )
