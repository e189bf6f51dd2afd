"""The downloads of the files of a kit: served, and counted without knowing who downloads."""

import logging
from http import HTTPStatus

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from wagtail.documents.views.serve import serve

from ressources.archive import absence_note, archive_etag, archive_refusal, stream_archive
from ressources.kit_files import KitFile, is_stored, kit_files
from ressources.kit_services import count_download
from ressources.models import KitPage
from territoires_en_commun.base.formats import minutes
from territoires_en_commun.base.models import CustomDocument
from territoires_en_commun.base.rate_limits import RateLimit, client_address
from territoires_en_commun.base.readers import is_a_reader

logger = logging.getLogger(__name__)

# A shared cache would answer in our place, and nothing would be counted.
CACHE_CONTROL = "private, no-cache"
PER_ADDRESS = RateLimit("archive-address", limit=60, period=3600)  # wide: an administration often shares one
TOO_MANY_ARCHIVES = (
    "Trop de téléchargements groupés ont été demandés depuis votre réseau\u00a0: réessayez dans {}, "
    "ou téléchargez les fichiers un par un."
)


@require_safe
def download_file(request: HttpRequest, kit_pk: int, document_pk: int) -> HttpResponse:
    """A file of a published kit, under the privacy rules of the library."""
    kit = public_kit(kit_pk)
    document = next((file.document for file in kit_files(kit) if file.document.pk == document_pk), None)
    if document is None or not is_stored(document):
        raise Http404
    response = serve(request, document.pk, document.filename)
    if response.headers.get("Content-Encoding") == "None":  # Wagtail writes it so for want of an encoding
        del response["Content-Encoding"]
    response.headers.setdefault("Cache-Control", CACHE_CONTROL)
    response["X-Robots-Tag"] = "noindex"
    count(request, response, kit, document)
    return response


@require_safe
def download_archive(request: HttpRequest, kit_pk: int) -> HttpResponse:
    """All the files of a published kit that visitors may have, as a ZIP, made only for who lacks it."""
    kit = public_kit(kit_pk)
    files = [file for file in kit_files(kit) if is_stored(file.document)]
    if not files:
        raise Http404
    if refusal := archive_refusal(files):
        return refuse(request, kit, refusal, HTTPStatus.NOT_FOUND)
    response = archive_response(request, kit, files)
    if response.status_code == HTTPStatus.OK and request.method == "GET":
        if wait := PER_ADDRESS.hit(client_address(request)):
            refused = refuse(request, kit, TOO_MANY_ARCHIVES.format(minutes(wait)), HTTPStatus.TOO_MANY_REQUESTS)
            refused["Retry-After"] = str(wait)
            return refused
        count(request, response, kit, None)
    return response


def archive_response(request: HttpRequest, kit: KitPage, files: list[KitFile]) -> HttpResponse:
    """The ZIP of these files, made as it is sent; its headers alone for a HEAD, or when the reader has it already."""
    note = absence_note(kit, files)
    chunks = stream_archive(files, note) if request.method == "GET" else ()
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    name = slugify(f"{kit.slug} {kit.version.replace('.', '-')}")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    response["Cache-Control"] = CACHE_CONTROL
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = archive_etag(kit.version, files, note)
    return get_conditional_response(request, etag=response["ETag"], response=response)


def refuse(request: HttpRequest, kit: KitPage, refusal: str, status: int) -> HttpResponse:
    """Why the files are not sent together, with the way back to the kit."""
    context = {
        "refusal": refusal,
        "kit_title": kit.title,
        "kit_url": kit.get_url(request),
        "title": f"Téléchargement groupé impossible : {kit.title}",
        "breadcrumb": [{"title": kit.title, "url": kit.get_url(request)}, {"title": "Téléchargement groupé"}],
        "noindex": True,
    }
    return render(request, "ressources/archive_refused.html", context, status=status)


def public_kit(pk: int) -> KitPage:
    """A kit that any visitor may read; raise Http404."""
    kit = KitPage.objects.live_public().filter(id=pk).first()  # not ``pk``: a number may be too large for a key
    if kit is None:
        raise Http404
    return kit


def count(request: HttpRequest, response: HttpResponse, kit: KitPage, document: CustomDocument | None) -> None:
    """Count what was really sent to a reader; a count that fails never spoils a download."""
    if response.status_code != HTTPStatus.OK or not is_a_download(request):
        return
    try:
        count_download(kit=kit, document=document, day=timezone.localdate())
    except DatabaseError:
        logger.warning("Téléchargement non compté : kit %s", kit.pk, exc_info=True)


def is_a_download(request: HttpRequest) -> bool:
    """Whether a reader asks for a whole file: no HEAD, no part of a file, no prefetch, no declared robot."""
    asked = request.headers.get("Range", "")
    return is_a_reader(request) and asked in {"", "bytes=0-"}
