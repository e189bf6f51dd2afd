"""What happens around every view: probes, maintenance, caching of public pages, the looser policy of the admin."""

import gzip
import hashlib
import re
from base64 import b64encode

import brotli
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from territoires_en_commun.base.site_info import get_site_info

ADMIN_PREFIX = "/admin/"

ADMIN_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}


class HealthMiddleware:
    """Answers /healthz before the host check: a probe calls the container by its address."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class AdminPolicyMiddleware:
    """Wagtail's editor prints inline scripts and styles: /admin/ alone may run them (SEC-2)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(ADMIN_PREFIX):
            response._csp_replace = ADMIN_POLICY
        return response


class OnlySiteMiddleware:
    """Spares Wagtail the search of the site at each request: there is one, and it is in the cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path.startswith(ADMIN_PREFIX) and (site := get_site_info().only_site):
            request._wagtail_site = site  # where Site.find_for_request keeps it
        return self.get_response(request)


class MaintenanceMiddleware:
    """MAINTENANCE=1 answers 503 to everybody but the editors; the same page can be served by the proxy alone."""

    retry_after = 1800  # seconds

    def __init__(self, get_response):
        self.get_response = get_response
        self.page = (settings.PROJECT_DIR / "templates" / "503.html").read_text()
        style = re.search(r"<style>(.*?)</style>", self.page, re.DOTALL).group(1)
        self.style_hash = f"'sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"

    def __call__(self, request):
        if not settings.MAINTENANCE or request.path.startswith((ADMIN_PREFIX, settings.STATIC_URL)):
            return self.get_response(request)
        headers = {"Retry-After": str(self.retry_after), "Cache-Control": "no-store"}
        response = HttpResponse(self.page, status=503, headers=headers)
        response._csp_update = {"style-src": [self.style_hash]}
        return response


class PublicPageMiddleware:
    """Public pages can be kept by shared caches, cost nothing when they did not change, and travel compressed.

    A page is public when nobody is signed in and when it neither sets a cookie nor depends on one: any other
    answer says ``private, no-store``. Only public pages are compressed: they hold no secret to guess (BREACH).
    """

    compressible = re.compile(r"^(text/|application/(json|xml|atom\+xml|rss\+xml|ld\+json|geo\+json|manifest\+json))")
    minimum_size = 500  # bytes; below, compression costs more than it saves
    brotli_quality = 5
    gzip_level = 6

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not settings.SITE_IS_INDEXABLE:
            response.headers.setdefault("X-Robots-Tag", "noindex")
        if request.path.startswith(ADMIN_PREFIX):
            return response
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = self.cache_control(request, response)
        if response.streaming or response.status_code != 200 or not self.is_public(response):
            return response
        if request.method in {"GET", "HEAD"} and not response.has_header("ETag"):
            response["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response = self.compressed(request, response)
        return get_conditional_response(request, etag=response.get("ETag"), response=response)

    def cache_control(self, request, response) -> str:
        """The policy of an answer whose view stated none."""
        personal = (
            settings.SESSION_COOKIE_NAME in request.COOKIES
            or response.cookies
            or "cookie" in response.get("Vary", "").lower()
        )
        if personal or request.method not in {"GET", "HEAD"}:
            return "private, no-store"
        if response.status_code != 200:
            return "no-cache"
        return f"public, max-age={settings.PAGE_MAX_AGE}, must-revalidate"

    def is_public(self, response) -> bool:
        return "public" in response["Cache-Control"] and not response.cookies

    def compressed(self, request, response):
        """The answer in the best encoding that the browser takes."""
        if (
            response.has_header("Content-Encoding")
            or len(response.content) < self.minimum_size
            or not self.compressible.match(response.get("Content-Type", ""))
        ):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        accepted = accepted_encodings(request.headers.get("Accept-Encoding", ""))
        if "br" in accepted:
            self.encode(response, "br", brotli.compress(response.content, quality=self.brotli_quality))
        elif "gzip" in accepted:
            self.encode(response, "gzip", gzip.compress(response.content, compresslevel=self.gzip_level, mtime=0))
        return response

    @staticmethod
    def encode(response, encoding: str, content: bytes) -> None:
        response.content = content
        response["Content-Encoding"] = encoding
        response["Content-Length"] = str(len(content))


def accepted_encodings(header: str) -> set[str]:
    """The encodings named by Accept-Encoding, less those refused with ``q=0`` (RFC 9110, 12.5.3)."""
    accepted = set()
    for part in header.lower().split(","):
        name, _, weight = part.strip().partition(";")
        if not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight):
            accepted.add(name.strip())
    return accepted
