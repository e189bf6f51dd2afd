"""The wizard in Wagtail's editing space."""

from django.urls import include, path, re_path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from territoires_en_commun.imports import views
from territoires_en_commun.imports.kinds import import_kinds

urlpatterns = [
    path("", views.IndexView.as_view(), name="index"),
    path("nouveau/<slug:kind>/", views.UploadView.as_view(), name="upload"),
    path("<int:pk>/", views.JobView.as_view(), name="job"),
    path("<int:pk>/format/", views.FormatView.as_view(), name="format"),
    path("<int:pk>/colonnes/", views.ColumnsView.as_view(), name="columns"),
    path("<int:pk>/reglages/", views.SettingsView.as_view(), name="settings"),
    path("<int:pk>/avancement/", views.ProgressView.as_view(), name="progress"),
    path("<int:pk>/reparations/", views.RepairsView.as_view(), name="repairs"),
    path("<int:pk>/faire/<slug:verb>/", views.ActionView.as_view(), name="action"),
    re_path(r"^(?P<pk>\d+)/(?P<what>erreurs|rapport)\.csv$", views.DownloadView.as_view(), name="download"),
]


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [path("imports/", include((urlpatterns, "imports"), namespace="imports"))]


class ImportsMenuItem(MenuItem):
    """Shown to those who may import something."""

    def is_shown(self, request) -> bool:
        return bool(import_kinds.allowed_to(request.user))


@hooks.register("register_admin_menu_item")
def register_imports_menu_item():
    return ImportsMenuItem("Imports", reverse("imports:index"), name="imports", icon_name="upload", order=350)
