"""Routes of the resource centre that are not in the tree."""

from django.urls import path

from ressources import kit_views

urlpatterns = [
    path("ressources/telecharger/<int:kit_pk>/tout/", kit_views.download_archive, name="download_archive"),
    path("ressources/telecharger/<int:kit_pk>/<int:document_pk>/", kit_views.download_file, name="download_file"),
]
