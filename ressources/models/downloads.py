"""How many times the files of the kits are downloaded: counts by day, and nothing of who downloads."""

from datetime import date
from typing import Self

from django.db import models

from territoires_en_commun.base.models import CustomDocument

from .kits import KitPage


class DownloadQuerySet(models.QuerySet):
    """Reads of the counts."""

    def of(self, kit: KitPage, document: CustomDocument | None, day: date) -> Self:
        """The count of a file of a kit, or of all its files together without ``document``, on a day."""
        return self.filter(kit=kit, document=document, is_archive=document is None, day=day)


class Download(models.Model):
    """The downloads of one file of a kit, or of all its files together, on one day."""

    wagtail_reference_index_ignore = True  # a count is no use of the document

    kit = models.ForeignKey(KitPage, verbose_name="kit", on_delete=models.CASCADE, related_name="downloads")
    document = models.ForeignKey(
        CustomDocument,
        verbose_name="document",
        null=True,
        on_delete=models.SET_NULL,  # the count of a deleted file remains
        related_name="+",
    )
    is_archive = models.BooleanField("tous les fichiers ensemble", default=False)
    day = models.DateField("jour")
    count = models.PositiveIntegerField("téléchargements", default=0)

    objects = DownloadQuerySet.as_manager()

    class Meta:
        verbose_name = "compte de téléchargements"
        verbose_name_plural = "comptes de téléchargements"
        ordering = ["-day", "kit_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kit", "document", "day"],
                condition=models.Q(document__isnull=False),
                name="download_document_day_unique",
                violation_error_message="Les téléchargements de ce document ce jour-là sont déjà comptés.",
            ),
            models.UniqueConstraint(
                fields=["kit", "day"],
                condition=models.Q(is_archive=True),
                name="download_archive_day_unique",
                violation_error_message="Les téléchargements de ce kit entier ce jour-là sont déjà comptés.",
            ),
            models.CheckConstraint(
                condition=models.Q(is_archive=False) | models.Q(document__isnull=True),
                name="download_archive_is_no_document",
                violation_error_message="Un téléchargement est celui d’un document ou de tout le kit.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} : {self.count} le {self.day:%d/%m/%Y}"

    @property
    def target(self) -> str:
        """What was downloaded: « Règlement type (PDF) »."""
        if self.is_archive:
            return "Tous les fichiers (ZIP)"
        if self.document is None:
            return "Fichier supprimé depuis"
        return f"{self.document.title} ({self.document.file_extension.upper()})"
