"""What robots read: sitemap.xml, robots.txt, security.txt."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core import checks
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from territoires_en_commun.base.models import BasePage

SECURITY_NOTICE = timedelta(days=30)
SECURITY_MAX = timedelta(days=365)


class PageSitemap(Sitemap):
    """Every live public page, with the day of its last publication."""

    limit = 10_000
    protocol = urlsplit(settings.SITE_URL).scheme

    def items(self):
        return BasePage.objects.live().public().filter(depth__gt=1).order_by("path")

    def lastmod(self, page) -> datetime | None:
        return page.last_published_at

    def location(self, page) -> str:
        return page.url or "/"

    def get_domain(self, site=None) -> str:
        return urlsplit(settings.SITE_URL).netloc


@require_safe
def robots_txt(request):
    """robots.txt (RFC 9309): everything public is open, or nothing when the site must not be indexed."""
    if settings.SITE_IS_INDEXABLE:
        rules = ["Disallow: /admin/", "Disallow: /recherche/", "Allow: /"]
    else:
        rules = ["Disallow: /"]
    lines = ["User-agent: *", *rules, "", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return text_response(lines)


@require_safe
def security_txt(request):
    """security.txt (RFC 9116). Its expiry is renewed by a person who has checked the contact, never by the code."""
    lines = [
        f"Contact: {contact}" if ":" in contact else f"Contact: mailto:{contact}"
        for contact in settings.SECURITY_CONTACTS
    ]
    lines += [
        f"Expires: {expiry().astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
        "",
    ]
    return text_response(lines)


def text_response(lines: list[str]) -> HttpResponse:
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response


def expiry() -> datetime:
    """End of validity of security.txt: the end of the day set. Raise ValueError when it is not a date."""
    day = date.fromisoformat(settings.SECURITY_TXT_EXPIRES)
    return datetime.combine(day, time(23, 59, 59), tzinfo=timezone.get_default_timezone())


@checks.register(checks.Tags.security, deploy=True)
def check_security_txt(app_configs, **kwargs) -> list[checks.Warning]:
    """Warn when security.txt expires within 30 days, or later than RFC 9116 (2.5.5) advises."""
    hint = "Vérifiez l’adresse de SECURITY_CONTACTS puis donnez une nouvelle date à SECURITY_TXT_EXPIRES."
    try:
        left = expiry() - timezone.now()
    except ValueError:
        return [
            checks.Warning("SECURITY_TXT_EXPIRES doit être une date, comme 2027-10-31.", hint=hint, id="home.W001")
        ]
    if left < SECURITY_NOTICE:
        return [checks.Warning(f"security.txt expire le {settings.SECURITY_TXT_EXPIRES}.", hint=hint, id="home.W002")]
    if left > SECURITY_MAX:
        return [checks.Warning("security.txt doit expirer dans moins d’un an.", hint=hint, id="home.W003")]
    return []
