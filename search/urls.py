"""Routes of the search."""

from django.urls import path

from . import click_views, views

urlpatterns = [
    path("recherche/", views.search, name="search"),
    path("recherche/suggestions/", views.suggestions, name="search_suggestions"),
    path("recherche/clic/", click_views.click, name="search_click"),
]
