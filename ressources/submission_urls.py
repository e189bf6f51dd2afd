"""Routes of the form that proposes an experience."""

from django.urls import path

from ressources import submission_draft_views as drafts
from ressources import submission_views as views

urlpatterns = [
    path("experiences/partager/", views.StartView.as_view(), name="submission_start"),
    path("experiences/partager/retrouver/", views.FindView.as_view(), name="submission_find"),
    path("experiences/partager/retrouver/envoye/", views.links_sent, name="submission_links_sent"),
    path("experiences/partager/suppression/<str:token>/", views.DeletionView.as_view(), name="submission_deletion"),
    path("experiences/partager/depot/<str:token>/", views.SubmissionView.as_view(), name="submission"),
    path("experiences/partager/depot/<str:token>/envoi/", drafts.SendView.as_view(), name="submission_send"),
    path("experiences/partager/depot/<str:token>/<slug:step>/", drafts.StepView.as_view(), name="submission_step"),
]
