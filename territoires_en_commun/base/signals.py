"""What follows a publication, and the last gate of scheduling, which no code path goes round."""

from django.db.models.signals import post_delete, pre_save
from django.dispatch import receiver
from wagtail.models import Revision, get_default_page_content_type
from wagtail.signals import page_published, page_unpublished

from territoires_en_commun.base.models import CustomRendition, LinkUse
from territoires_en_commun.base.pictures import forget_picture
from territoires_en_commun.base.publication import PublicationRefused, publication_gaps
from territoires_en_commun.base.tasks import make_pictures_of_page, note_links_of_page

post_delete.connect(forget_picture, sender=CustomRendition, dispatch_uid="base.forget_picture")


@receiver(page_published)
def make_pictures_of_a_published_page(instance, **kwargs):
    """Make the renditions of its images in the background."""
    make_pictures_of_page.enqueue(instance.pk)


@receiver(page_published)
def note_links_of_a_published_page(instance, **kwargs):
    """The links of a page are known as soon as it is published; those mended leave the lists."""
    note_links_of_page.enqueue(instance.pk)


@receiver(page_unpublished)
def forget_links_of_an_unpublished_page(instance, **kwargs):
    LinkUse.objects.filter(page=instance.pk).delete()


@receiver(pre_save, sender=Revision)
def refuse_schedule_of_an_incomplete_page(instance, raw, update_fields, **kwargs):
    """Raise PublicationRefused when a page version with gaps is given a date to go live."""
    if raw or instance.approved_go_live_at is None:
        return
    if update_fields is not None and "approved_go_live_at" not in update_fields:
        return
    if instance.base_content_type_id != get_default_page_content_type().pk:
        return
    page = instance.as_object()
    if gaps := publication_gaps(page, approved_go_live_at=instance.approved_go_live_at):
        raise PublicationRefused(page, gaps)
