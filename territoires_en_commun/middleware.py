"""Two small middlewares: probes that need no host, and the looser policy of the admin."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.http import HttpResponse

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
        if request.path.startswith("/admin/"):
            response._csp_replace = ADMIN_POLICY
        return response
