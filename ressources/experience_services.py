"""Relaying messages to who lived an experience, whose address is never shown; forgetting that address."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from ressources.address_marks import is_marked, mark_of
from ressources.models import ExperiencePage, RelayedMessage
from ressources.models.relayed_messages import KEEP_MESSAGES, SILENCE
from territoires_en_commun.base.site_info import contact_address
from territoires_en_commun.mailing.links import SignedLink
from territoires_en_commun.mailing.services import queue_mail

CONTACT_END = SignedLink("experience-contact-end", url_name="experience_contact_end", lifetime=timedelta(days=3650))
ANSWERED = SignedLink("experience-answered", url_name="experience_message_answered", lifetime=KEEP_MESSAGES)
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

    Answering writes to the writer directly, and the contact tells it by a link. The receipt holds none of the words
    typed, so that nobody can have the site write to somebody else. Nothing of them is kept but in the outbox, which
    forgets. Raise ValidationError on a bad address.
    """
    address = experience.relay_address
    mark = mark_of(address)
    relayed, is_new = RelayedMessage.objects.get_or_create(
        identity=message.identity, defaults={"experience": experience, "recipient": mark, "sent_at": timezone.now()}
    )
    if not is_new:
        return
    page = {"page_title": experience.title, "page_url": settings.SITE_URL + experience.get_url()}
    links = {"answered_url": ANSWERED.url(relayed.pk), "end_url": CONTACT_END.url(f"{experience.pk}:{mark}")}
    queue_mail(
        key=f"experience-message:{message.identity}",
        to=address,
        template="experience_message",
        context=asdict(message) | page | links | {"silence": SILENCE},
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
def forget_contact(pk: int, mark: str = "") -> None:
    """Erase the address without account of an experience, or only the one that has a mark, from its versions too."""
    page = ExperiencePage.objects.select_for_update(of=("self",)).get(pk=pk)
    _erase(page, "contact_email", "", lambda address: bool(address) and (not mark or is_marked(address, mark)))


@transaction.atomic
def end_contact(*, experience: ExperiencePage, mark: str) -> None:
    """Relay nothing more about an experience to the address of a mark, be it that of an account; the page stays."""
    forget_contact(experience.pk, mark)
    page = ExperiencePage.objects.select_for_update(of=("self",)).get(pk=experience.pk)
    accounts = {account.pk for account in contact_accounts(page) if is_marked(account.email, mark)}
    _erase(page, "contact", None, accounts.__contains__)


def _erase(page: ExperiencePage, name: str, empty: Any, is_erased: Callable[[Any], bool]) -> None:
    """Empty a field of a page and of its versions, so that none brings it back, where its value is to be erased."""
    for revision in page.revisions.all():
        if is_erased(revision.content.get(name, empty)):
            page.revisions.filter(pk=revision.pk).update(content=revision.content | {name: empty})
    if is_erased(page.serializable_value(name)):
        ExperiencePage.objects.filter(pk=page.pk).update(**{name: empty})


def contact_addresses(page: ExperiencePage) -> set[str]:
    """The addresses without account of an experience: that of the page, and those of its versions."""
    return {value for value in _values(page, "contact_email") if value}


def contact_accounts(page: ExperiencePage) -> list:
    """The accounts that receive, or received, the messages about an experience."""
    return list(get_user_model().objects.filter(pk__in=_values(page, "contact") - {None}))


def is_contact(page: ExperiencePage, mark: str) -> bool:
    """Whether a mark is that of an address to which the page, or a version of it, has messages relayed."""
    addresses = contact_addresses(page) | {account.email for account in contact_accounts(page)}
    return any(is_marked(address, mark) for address in addresses)


def _values(page: ExperiencePage, name: str) -> set:
    """What a field holds in the page and in its versions."""
    return {page.serializable_value(name), *(revision.content.get(name) for revision in page.revisions.all())}
