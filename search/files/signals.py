"""What the reading of files tells."""

from django.dispatch import Signal

# The text of a document changed; sender: FileText, argument: document_id. What shows the document is to index again.
file_text_changed = Signal()
