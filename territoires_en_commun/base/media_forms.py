"""The form of a document."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm

from territoires_en_commun.base.file_contents import content_refusal
from territoires_en_commun.base.models import CustomDocument
from territoires_en_commun.base.scope import visible_media


class DocumentForm(BaseDocumentForm):
    """A file is what its extension says; its accessible version is another document that the person may use."""

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        offered = visible_media(user, CustomDocument) if user else CustomDocument.objects.none()
        kept = CustomDocument.objects.filter(pk=self.instance.accessible_version_id)
        field = self.fields.get("accessible_version")
        if field:  # the form of several files at once does not ask for it
            field.queryset = (offered | kept).exclude(pk=self.instance.pk)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile) and (refusal := content_refusal(file, file.name)):
            raise ValidationError(refusal, code="content")
        return file
