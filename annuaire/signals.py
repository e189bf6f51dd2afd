"""What follows the publication of a fiche."""

from django.dispatch import receiver
from wagtail.signals import page_published

from annuaire.models import ActorPage
from annuaire.services import notify_published_contacts


@receiver(page_published, sender=ActorPage)
def tell_persons_shown(instance: ActorPage, **_kwargs) -> None:
    """The persons of the fiche as it is now published."""
    notify_published_contacts(ActorPage.objects.get(pk=instance.pk))
