"""What visitors ask of the team."""

from dataclasses import asdict, dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from territoires_en_commun.base.site_info import get_site_info
from territoires_en_commun.mailing.services import queue_mail

from .forms import Subject

LOCAL_ADDRESS = "contact@localhost"


def contact_address() -> str:
    """Where messages go: the contact address of the settings, else the sender of the site's own mails.

    A site on an IP address or a bare name has no such sender: its mails stay on the machine.
    """
    address = get_site_info().settings.contact_email or settings.DEFAULT_FROM_EMAIL.rsplit("<", 1)[-1].rstrip(">")
    try:
        validate_email(address)
    except ValidationError:
        return LOCAL_ADDRESS
    return address


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
