"""Routes of the territory search."""

from django.urls import path

from . import views

urlpatterns = [path("territoires/", views.territory_search, name="territory_search")]
