"""Serves the pictures of the pages when no proxy does; documents never pass here, their view checks who may read."""

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe
from django.views.static import serve

PICTURE_MAX_AGE = 30 * 24 * 3600  # seconds; the name of a resized picture changes with its content


@require_safe
def picture(request, path: str) -> FileResponse:
    """A resized picture under MEDIA_ROOT/images; raise Http404 otherwise."""
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT / "images")
    except (SuspiciousFileOperation, ValueError) as error:  # a path that climbs out, or with a NUL
        raise Http404(path) from error
    response["Cache-Control"] = f"public, max-age={PICTURE_MAX_AGE}"
    return response
