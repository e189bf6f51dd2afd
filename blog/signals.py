"""What follows a move in the tree."""

from django.dispatch import receiver
from wagtail.signals import post_page_move

from blog.models import ArticlePage


@receiver(post_page_move)
def follow_section(instance, parent_page_after, **_signal) -> None:
    """An article moved into the section of a partner becomes that partner's."""
    if parent_page_after.partner_id and issubclass(instance.specific_class, ArticlePage):
        ArticlePage.objects.filter(pk=instance.pk).update(partner=parent_page_after.partner_id)
