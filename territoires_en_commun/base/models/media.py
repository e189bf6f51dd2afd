"""Images and documents of our own, from the first migration: their fields can grow later."""

from typing import Self

from django.db import models
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage


class CustomImage(AbstractImage):
    """A picture with the credit that its licence asks for."""

    credit = models.CharField("crédit", max_length=255, blank=True)

    admin_form_fields = (*WagtailImage.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        verbose_name_plural = "images"
        permissions = [("choose_image", "Peut choisir une image")]


class CustomRendition(AbstractRendition):
    """A picture resized for a page."""

    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class CustomDocumentQuerySet(DocumentQuerySet):
    """Reads of the library."""

    def without_accessible_version(self) -> Self:
        """PDF that have no accessible version, and are not themselves that of another file."""
        versions = CustomDocument.objects.filter(accessible_version__isnull=False).values("accessible_version")
        return self.filter(file__iendswith=".pdf", accessible_version=None).exclude(pk__in=versions)


class CustomDocument(AbstractDocument):
    """A file with its language and, when it has one, its accessible version (RGAA 13.3)."""

    language = models.CharField("langue", max_length=10, default="fr")
    accessible_version = models.ForeignKey(
        "self", verbose_name="version accessible", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CustomDocumentQuerySet.as_manager()

    admin_form_fields = (*WagtailDocument.admin_form_fields, "language", "accessible_version")

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"
        verbose_name_plural = "documents"
        permissions = [("choose_document", "Peut choisir un document")]
