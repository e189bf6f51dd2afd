"""Pages of errors, in the frame of the site."""

import logging

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

logger = logging.getLogger(__name__)


def error_page(request, template: str, status: int, title: str) -> HttpResponse:
    """An error in the frame of the site; never kept by a cache nor by a search engine."""
    context = {"noindex": True, "breadcrumb": [{"title": title, "url": ""}]}
    return HttpResponse(
        render_to_string(template, context, request), status=status, headers={"Cache-Control": "no-store"}
    )


@requires_csrf_token
def bad_request(request, exception=None) -> HttpResponse:
    """400: what was sent can't be read."""
    return error_page(request, "400.html", 400, "Requête incorrecte")


@requires_csrf_token
def forbidden(request, exception=None) -> HttpResponse:
    """403: not for this visitor."""
    return error_page(request, "403.html", 403, "Accès refusé")


@requires_csrf_token
def not_found(request, exception=None) -> HttpResponse:
    """404."""
    return error_page(request, "404.html", 404, "Page non trouvée")


def csrf_failure(request, reason="") -> HttpResponse:
    """A form sent too late, or from elsewhere: nothing was recorded."""
    return error_page(request, "403_csrf.html", 403, "Formulaire expiré")


@requires_csrf_token
def server_error(request) -> HttpResponse:
    """500, without asking anything of the request, whose session may be what fails.

    If even the frame can't be shown, the self-contained page that proxies serve takes its place.
    """
    try:
        return error_page(None, "500.html", 500, "Erreur inattendue")
    except Exception:
        logger.exception("The page of unexpected errors failed")
        page = (settings.PROJECT_DIR / "templates" / "503.html").read_text()
        return HttpResponse(page, status=500, headers={"Cache-Control": "no-store"})
