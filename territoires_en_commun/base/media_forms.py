"""The form of a document."""

from wagtail.documents.forms import BaseDocumentForm

from territoires_en_commun.base.models import CustomDocument
from territoires_en_commun.base.scope import visible_media


class DocumentForm(BaseDocumentForm):
    """The accessible version of a document is another one that the person may use."""

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        offered = visible_media(user, CustomDocument) if user else CustomDocument.objects.none()
        kept = CustomDocument.objects.filter(pk=self.instance.accessible_version_id)
        field = self.fields.get("accessible_version")
        if field:  # the form of several files at once does not ask for it
            field.queryset = (offered | kept).exclude(pk=self.instance.pk)
