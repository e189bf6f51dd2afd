"""The file of a document is read once the document is saved."""

from functools import partial

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from territoires_en_commun.base.models import CustomDocument

from .services import is_read
from .tasks import read_file


@receiver(post_save, sender=CustomDocument, dispatch_uid="search.read_saved_document")
def read_saved_document(instance, raw, **kwargs):
    """Give the file to read when it is new; other changes of the document leave its text be."""
    if not raw and not is_read(instance):
        transaction.on_commit(partial(read_file.enqueue, instance.pk))
