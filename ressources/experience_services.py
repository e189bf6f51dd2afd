"""Relaying messages to who lived an experience, whose address is never shown; forgetting that address."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from ressources.models import ExperiencePage
from territoires_en_commun.base.site_info import contact_address
from territoires_en_commun.mailing.services import queue_mail

KEEP_CONTACT = timedelta(days=365)  # of an experience that nobody can read any more


@dataclass(frozen=True)
class ExperienceMessage:
    """What the form holds; ``identity`` is that of one opening of the form."""

    identity: str
    name: str
    email: str
    organisation: str
    message: str


@transaction.atomic
def relay_message(*, experience: ExperiencePage, message: ExperienceMessage) -> None:
    """Queue a message to the contact of an experience and its receipt to the writer; sent twice, it leaves once.

    Answering writes to the writer directly. The receipt holds none of the words typed, so that nobody can have the
    site write to somebody else. Nothing is kept but in the outbox, which forgets. Raise ValidationError on a bad
    address.
    """
    page = {"page_title": experience.title, "page_url": settings.SITE_URL + experience.get_url()}
    queue_mail(
        key=f"experience-message:{message.identity}",
        to=experience.relay_address,
        template="experience_message",
        context=asdict(message) | page,
        reply_to=message.email,
    )
    queue_mail(
        key=f"experience-message-receipt:{message.identity}",
        to=message.email,
        template="experience_message_receipt",
        context=page,
        reply_to=contact_address(),
    )


def forget_contacts(now: datetime) -> int:
    """Erase the address without account of experiences unpublished, and untouched, for a year; return how many.

    Old versions forget it too, so that none brings it back.
    """
    pages = ExperiencePage.objects.filter(live=False, latest_revision_created_at__lt=now - KEEP_CONTACT)
    forgotten = 0
    for pk in pages.exclude(contact_email="").order_by("pk").values_list("pk", flat=True):
        forget_contact(pk)
        forgotten += 1
    return forgotten


@transaction.atomic
def forget_contact(pk: int, only: str = "") -> None:
    """Erase the address without account of an experience, or ``only`` that one, from its versions too."""
    page = ExperiencePage.objects.select_for_update(of=("self",)).get(pk=pk)
    for revision in page.revisions.all():
        if is_forgotten(revision.content.get("contact_email", ""), only):
            content = revision.content | {"contact_email": ""}
            page.revisions.filter(pk=revision.pk).update(content=content)
    if is_forgotten(page.contact_email, only):
        ExperiencePage.objects.filter(pk=pk).update(contact_email="")


def is_forgotten(address: str, only: str) -> bool:
    """Whether an address is the one to erase."""
    return bool(address) and (not only or address.lower() == only.lower())
