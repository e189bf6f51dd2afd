"""The routes of the project, and one that breaks."""

from django.urls import path

from territoires_en_commun import urls

handler404 = urls.handler404
handler500 = urls.handler500


def broken(request):
    raise RuntimeError("broken on purpose")


urlpatterns = [path("broken/", broken), *urls.urlpatterns]
