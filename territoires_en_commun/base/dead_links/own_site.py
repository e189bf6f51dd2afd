"""Links of the site to itself: asked of the routes, the pages and the documents, not of the network."""

from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Site

from territoires_en_commun.base.models import BasePage

from .judging import FAILURES, Outcome, Verdict

FOUND = Verdict(Outcome.ANSWERS, 200)
MISSING = Verdict(Outcome.FAILS, 404, f"{FAILURES[404]} (404)")
PRIVATE = Verdict(Outcome.UNSURE, 403, "Page ou document privé : les visiteurs ne peuvent pas l’ouvrir")


def own_roots() -> list[str]:
    """How the addresses of this site begin, in http and in https."""
    host = urlsplit(settings.SITE_URL).netloc
    return [f"{scheme}://{host}/" for scheme in ("http", "https")]


def is_ours(url: str) -> bool:
    """Whether an address is one of this site."""
    return url.startswith(tuple(own_roots()))


def ours_q() -> Q:
    """As :func:`is_ours`, for the database."""
    http, https = own_roots()
    return Q(url__startswith=http) | Q(url__startswith=https)


def judge_ours(url: str) -> Verdict:
    """Whether a visitor finds something there: a page or a document that is public, or another route."""
    path = unquote(urlsplit(url).path) or "/"
    if "\x00" in path:  # which PostgreSQL refuses
        return MISSING
    return _judge_path(path if path.endswith("/") or "." in path.rsplit("/", 1)[-1] else f"{path}/")


def _judge_path(path: str) -> Verdict:
    try:
        match = resolve(path)
    except Resolver404:
        return _judge_redirection(path)
    if match.url_name == "wagtail_serve":
        page = _page_at(path)
        return _judge_page(page) if page else _judge_redirection(path)
    if match.url_name == "wagtaildocs_serve":
        return _judge_document(*match.args)
    return FOUND


def _page_at(path: str) -> BasePage | None:
    """The published page that answers there, or that has a route of its own there."""
    site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
    if site is None:
        return None
    request = HttpRequest()
    request.method, request.path = "GET", path
    try:
        return site.root_page.specific.route(request, [part for part in path.split("/") if part]).page
    except Http404:
        return None


def _judge_page(page: BasePage) -> Verdict:
    if not page.live:
        return MISSING
    return PRIVATE if page.get_view_restrictions().exists() else FOUND


def _judge_document(key: str, file_name: str) -> Verdict:
    """As Wagtail serves it: under its own name only, and when its file is there."""
    document = get_document_model().objects.select_related("collection").filter(pk=key).first()
    if document is None or document.filename != file_name or not document.file.storage.exists(document.file.name):
        return MISSING
    return PRIVATE if document.collection.get_view_restrictions().exists() else FOUND


def _judge_redirection(path: str) -> Verdict:
    """A redirection to a page is worth what the page is."""
    redirect = Redirect.objects.filter(old_path=Redirect.normalise_path(path)).first()
    if redirect is None:
        return MISSING
    return _judge_page(redirect.redirect_page) if redirect.redirect_page_id else FOUND
