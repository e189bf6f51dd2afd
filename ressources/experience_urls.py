"""Routes about experiences that are not in the tree."""

from django.urls import path

from ressources import experience_views as views

urlpatterns = [
    path("experiences/comparer/", views.compare_experiences, name="compare_experiences"),
    path("experiences/message-envoye/", views.experience_contact_sent, name="experience_contact_sent"),
    path("experiences/messages/fin/<str:token>/", views.ContactEndView.as_view(), name="experience_contact_end"),
    path(
        "experiences/messages/reponse/<str:token>/", views.AnsweredView.as_view(), name="experience_message_answered"
    ),
    path("experiences/contact/<slug:slug>/", views.ExperienceContactView.as_view(), name="experience_contact"),
]
