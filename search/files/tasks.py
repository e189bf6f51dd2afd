"""Files read after the response, by the worker."""

from django_tasks import task


@task()
def read_file(document_id: int) -> None:
    """Read the file of a document, unless it is read already or the document is gone."""
    from territoires_en_commun.base.models import CustomDocument

    from .services import is_read, read_document

    document = CustomDocument.objects.filter(pk=document_id).first()
    if document is not None and not is_read(document):
        read_document(document)
