"""The screens of those who organise, in Wagtail's editing space."""
