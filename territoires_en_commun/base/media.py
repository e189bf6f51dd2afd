"""Serves the pictures of the pages when no proxy does; documents never pass here, their view checks who may read."""

from django.conf import settings
from django.http import FileResponse
from django.views.decorators.http import require_safe
from django.views.static import serve

PICTURE_MAX_AGE = 30 * 24 * 3600  # seconds; the name of a resized picture changes with its content


@require_safe
def picture(request, path: str) -> FileResponse:
    """A resized picture under MEDIA_ROOT/images; raise Http404 otherwise."""
    response = serve(request, path, document_root=settings.MEDIA_ROOT / "images")
    response["Cache-Control"] = f"public, max-age={PICTURE_MAX_AGE}"
    return response
