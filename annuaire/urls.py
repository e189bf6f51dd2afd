"""Routes of the directory that are not in the tree."""

from django.urls import path

from annuaire import views

urlpatterns = [
    path("annuaire/opposition/<str:token>/", views.ObjectionView.as_view(), name="contact_objection"),
]
