"""The text of a document, as the search keeps it."""

from typing import Self

from django.db import models
from django.db.models import F

from territoires_en_commun.base.models import CustomDocument

from .problems import FileProblem


class FileTextQuerySet(models.QuerySet):
    """Reads of texts."""

    def current(self) -> Self:
        """Those of the file that the document has now; a file was not read yet when it was just replaced."""
        return self.filter(file_hash=F("document__file_hash"), file_name=F("document__file"))

    def unreadable(self) -> Self:
        """Those of the files that could not be read, or only in part."""
        return self.current().exclude(problem="")


class FileText(models.Model):
    """What was read of the file of a document: the text and the label of each page, or why there is none."""

    document = models.OneToOneField(
        CustomDocument, verbose_name="document", on_delete=models.CASCADE, related_name="file_text"
    )
    file_hash = models.CharField("empreinte du fichier lu", max_length=40, blank=True)
    file_name = models.CharField("nom du fichier lu", max_length=255)
    pages = models.JSONField("texte de chaque page", default=list)
    labels = models.JSONField("nom de chaque page", default=list)
    problem = models.CharField(
        "problème", max_length=20, blank=True, choices=[(problem.value, problem.label) for problem in FileProblem]
    )
    is_truncated = models.BooleanField("lu en partie", default=False)
    extracted_at = models.DateTimeField("lu le", auto_now=True)

    objects = FileTextQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "texte de document"
        verbose_name_plural = "textes de documents"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(problem__in=["", *(problem.value for problem in FileProblem)]),
                name="file_text_problem",
                violation_error_message="Ce problème de lecture n’existe pas.",
            ),
        ]

    def __str__(self):
        return self.file_name
