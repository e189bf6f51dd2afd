"""What follows the publication of an experience that somebody proposed."""

from django.dispatch import receiver
from wagtail.signals import page_published

from ressources.models import ExperiencePage
from ressources.submission_services import note_publication


@receiver(page_published, sender=ExperiencePage)
def tell_author(instance: ExperiencePage, **_kwargs) -> None:
    """The person who proposed it, once."""
    note_publication(page=instance)
