"""What the engines index of each page, and the sequence of its changes that they follow.

A page that changes is marked in its own transaction (``SearchDocument.batch`` emptied). What is committed is then read
and stamped with the number of a batch, one batch after another: an engine that stopped at batch 7 reads what has a
greater number, and nothing is lost. A batch has a random token: an engine that holds a token unknown to the database
(restored from a backup, rolled back) starts again from nothing.
"""

import uuid

from django.db import models


class SearchState(models.Model):
    """One row, locked by whoever stamps, and how far Elasticsearch followed."""

    name = models.CharField(max_length=20, primary_key=True)
    batch = models.BigIntegerField(default=0)
    token = models.UUIDField(null=True)

    class Meta:
        verbose_name = "état de l’index de recherche"
        verbose_name_plural = "états des index de recherche"

    def __str__(self) -> str:
        return f"{self.name} : {self.batch}"


class SearchBatch(models.Model):
    """Documents prepared together; its number gives their order."""

    token = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "lot de l’index de recherche"
        verbose_name_plural = "lots de l’index de recherche"

    def __str__(self) -> str:
        return str(self.pk)


class SearchDocument(models.Model):
    """The texts of one page, as they are indexed. A page that is not published leaves a row without text.

    ``batch`` is empty while what is here is older than the page; ``version`` changes at each mark, so that a change
    made while the page is being read is not taken for read.
    """

    page_id = models.BigIntegerField(primary_key=True)
    batch = models.BigIntegerField(null=True)
    version = models.UUIDField(default=uuid.uuid4)
    is_gone = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)
    title = models.TextField(blank=True)
    acronym = models.TextField(blank=True)
    identifiers = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    terms = models.TextField(blank=True)
    files = models.JSONField(default=list)
    dated_on = models.DateField(null=True)
    past_after = models.DateField(null=True)
    review_on = models.DateField(null=True)
    vector = models.BinaryField(null=True)

    class Meta:
        verbose_name = "document de recherche"
        verbose_name_plural = "documents de recherche"
        indexes = [
            models.Index(fields=["batch", "page_id"], name="search_document_batch"),
            models.Index(fields=["past_after"], name="search_document_past"),
            models.Index(fields=["review_on"], name="search_document_review"),
            models.Index(fields=["dated_on"], name="search_document_dated"),
        ]

    def __str__(self) -> str:
        return self.title


class FailedIndexing(models.Model):
    """Something that Elasticsearch could not be told of: it is told again when it answers."""

    app_label = models.CharField(max_length=100)
    model_name = models.CharField(max_length=100)
    object_id = models.CharField(max_length=100)
    noted_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "indexation à refaire"
        verbose_name_plural = "indexations à refaire"
        constraints = [
            models.UniqueConstraint(fields=["app_label", "model_name", "object_id"], name="failed_indexing_once")
        ]

    def __str__(self) -> str:
        return f"{self.app_label}.{self.model_name} {self.object_id}"

    @classmethod
    def note(cls, item: models.Model) -> None:
        """Keep the key of an object that was not indexed, or not taken out of the index."""
        cls.objects.update_or_create(
            app_label=item._meta.app_label, model_name=item._meta.model_name, object_id=str(item.pk)
        )
