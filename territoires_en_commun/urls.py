"""Routes. The page tree comes last."""

from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path
from django.views.decorators.cache import cache_page
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from territoires_en_commun import api
from territoires_en_commun.base.media import picture
from territoires_en_commun.base.sitemaps import TerritorySitemap
from territoires_en_commun.home import crawlers
from territoires_en_commun.home import views as home_views

handler400 = "territoires_en_commun.base.error_views.bad_request"
handler403 = "territoires_en_commun.base.error_views.forbidden"
handler404 = "territoires_en_commun.base.error_views.not_found"
handler500 = "territoires_en_commun.base.error_views.server_error"
SITEMAPS = {"pages": crawlers.PageSitemap, "territoires": TerritorySitemap}
SITEMAP_CACHE_SECONDS = 3600

urlpatterns = [
    path("contact/", home_views.ContactView.as_view(), name="contact"),
    path("contact/merci/", home_views.contact_sent, name="contact_sent"),
    path("plan-du-site/", home_views.sitemap_page, name="sitemap_page"),
    path("robots.txt", crawlers.robots_txt, name="robots_txt"),
    path(".well-known/security.txt", crawlers.security_txt, name="security_txt"),
    path(
        "sitemap.xml",
        cache_page(SITEMAP_CACHE_SECONDS)(sitemap_views.index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"},
        name="sitemap",
    ),
    path(
        "sitemap-<section>.xml",
        cache_page(SITEMAP_CACHE_SECONDS)(sitemap_views.sitemap),
        {"sitemaps": SITEMAPS},
        name="sitemap_section",
    ),
    path("api/v1/", api.urls),
    path("", include("territoires_en_commun.territories.urls")),
    path("", include("territoires_en_commun.base.urls")),
    path("", include("search.urls")),
    path("", include("annuaire.urls")),
    path("", include("agenda.urls")),
    path("", include("ressources.experience_urls")),
    path("", include("ressources.submission_urls")),
    path("", include("ressources.urls")),
    path("media/images/<path:path>", picture),
    path("admin/", include("territoires_en_commun.base.scoped_views")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include(wagtail_urls)),
]
