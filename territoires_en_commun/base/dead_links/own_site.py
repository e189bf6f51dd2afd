"""Links of the site to itself: asked of the routes, not of the network."""

from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Site

from .judging import FAILURES, Outcome, Verdict


def is_ours(url: str) -> bool:
    """Whether an address is one of this site, in http or in https."""
    return any(url.startswith(f"{scheme}://{urlsplit(settings.SITE_URL).netloc}/") for scheme in ("http", "https"))


def judge_ours(url: str) -> Verdict:
    """Whether a visitor finds something there: a published page, a document, a redirection or another route."""
    path = unquote(urlsplit(url).path) or "/"
    if _is_found(path if path.endswith("/") or "." in path.rsplit("/", 1)[-1] else f"{path}/"):
        return Verdict(Outcome.ANSWERS, 200)
    return Verdict(Outcome.FAILS, 404, f"{FAILURES[404]} (404)")


def _is_found(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return _is_redirected(path)
    if match.url_name == "wagtail_serve":
        return _leads_to_a_page(path) or _is_redirected(path)
    if match.url_name == "wagtaildocs_serve":
        return get_document_model().objects.filter(pk=match.args[0]).exists()
    return True


def _leads_to_a_page(path: str) -> bool:
    site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
    if site is None:
        return False
    request = HttpRequest()
    request.method, request.path = "GET", path
    try:
        site.root_page.specific.route(request, [component for component in path.split("/") if component])
    except Http404:
        return False
    return True


def _is_redirected(path: str) -> bool:
    if "\x00" in path:  # which PostgreSQL refuses
        return False
    return Redirect.objects.filter(old_path=Redirect.normalise_path(path)).exists()
