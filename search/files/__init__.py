"""The text of documents, for the search: read apart, kept beside the document, its failures told to editors."""
