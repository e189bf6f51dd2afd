"""The blog in Wagtail's editing space."""

from wagtail.snippets.models import register_snippet

from blog.viewsets import AuthorViewSet

register_snippet(AuthorViewSet)
