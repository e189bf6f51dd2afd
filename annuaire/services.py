"""What is done to fiches besides editing them: verified, doubted, and persons who no longer want to be shown."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision

from annuaire.kinds import SheetStatus
from annuaire.models import ActorContact, ActorPage, ContactObjection
from annuaire.models.contacts import fingerprint, fingerprints
from territoires_en_commun.base.site_info import contact_address
from territoires_en_commun.mailing.links import SignedLink
from territoires_en_commun.mailing.services import queue_mail

# What the history of a fiche calls these.
VERIFIED = "actors.verify"
DOUBTED = "actors.doubt"
OBJECTION = SignedLink("contact-objection", url_name="contact_objection", lifetime=timedelta(days=3650))


@transaction.atomic
def mark_verified(actor: ActorPage, *, user, today: date | None = None) -> ActorPage:
    """Note that somebody checked a fiche: its date is today's, and it is doubted no more.

    A version in progress gets the date too, stays in progress and stays its author's.
    """
    values = {"verified_on": today or timezone.localdate(), "status": _trusted(actor)}
    return _note(actor, VERIFIED, user=user, **values)


@transaction.atomic
def doubt(actor: ActorPage, *, user) -> ActorPage:
    """Note that a fiche may be wrong: visitors are told, and it comes after those that were verified."""
    return _note(actor, DOUBTED, user=user, verified_on=actor.verified_on, status=SheetStatus.TO_CHECK)


def _trusted(actor: ActorPage) -> str:
    return SheetStatus.UNCLAIMED if actor.status == SheetStatus.TO_CHECK else actor.status


def _note(actor: ActorPage, action: str, *, user, **values) -> ActorPage:
    """Write values on the fiche as visitors see it, and on the version in progress if there is one.

    Who notes something of a version did not write it: its author stays the one whom a review holds to four eyes.
    """
    version, draft = actor.get_latest_revision_as_object(), _version_in_progress(actor)
    for name, value in values.items():
        setattr(version, name, value)
    if draft:
        version.save_revision(user=draft.user, overwrite_revision=draft, clean=False)
        ActorPage.objects.filter(pk=actor.pk).update(**values)
        log(instance=actor, action=action, user=user, revision=draft)
    else:
        revision = version.save_revision(user=user, clean=False, log_action=action)
        if actor.live:
            revision.publish(user=user, skip_permission_checks=True)
        else:
            ActorPage.objects.filter(pk=actor.pk).update(**values)
    return ActorPage.objects.get(pk=actor.pk)


def _version_in_progress(actor: ActorPage) -> Revision | None:
    """What somebody is writing, if anything."""
    return actor.get_latest_revision() if actor.has_unpublished_changes or not actor.live else None


def notify_published_contacts(actor: ActorPage) -> int:
    """Tell each person shown on a published fiche what is shown, and how to object in one click (RGPD, article 14).

    Once per person and fiche, however often it is published; return how many persons are shown.
    """
    shown = [contact for contact in actor.contacts.all() if contact.is_public and contact.email]
    for contact in shown:
        mark = fingerprint(contact.email)
        queue_mail(
            key=f"contact-notice:{mark[:32]}:{actor.pk}",
            to=contact.email,
            template="contact_notice",
            context={
                "actor": actor.title,
                "actor_url": settings.SITE_URL + actor.get_url(),
                "shown": shown_parts(contact),
                "source": actor.source,
                "objection_url": OBJECTION.url(mark),
            },
            reply_to=contact_address(),
        )
    return len(shown)


def shown_parts(contact: ActorContact) -> str:
    """« votre nom, votre fonction et votre adresse électronique »: what visitors see of a person."""
    parts = []
    if contact.name_is_public:
        parts += ["votre nom", "votre fonction"] if contact.role else ["votre nom"]
    if contact.email_is_public:
        parts.append("votre adresse électronique")
    if contact.phone_is_public and contact.phone:
        parts.append("votre téléphone")
    return " et ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""


@transaction.atomic
def object_to_publication(mark: str) -> int:
    """Show nothing more of a person, anywhere in the directory, and remember it; return how many contacts it hid.

    ``mark`` is the fingerprint of an address. Versions in progress are hidden when they come back: see
    ``ActorContact.save``.
    """
    ContactObjection.objects.get_or_create(fingerprint=mark)
    hidden = 0
    for contact in ActorContact.objects.exclude(email="").select_related("actor"):
        if contact.is_public and mark in fingerprints(contact.email):
            contact.hide()
            contact.save()
            hidden += 1
    return hidden
