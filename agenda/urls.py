"""Routes of registrations. Those of events and calls are in the tree of pages."""

from django.urls import path

from agenda import registration_views as views
from agenda.certificate_views import CertificateView, check_certificate
from agenda.ticket_views import TicketView

urlpatterns = [
    path("agenda/inscription/<uuid:session>/", views.RegisterView.as_view(), name="register"),
    path("agenda/inscription/<uuid:session>/envoyee/", views.registration_sent, name="registration_sent"),
    path("agenda/inscription/confirmer/<str:token>/", views.ConfirmView.as_view(), name="registration_confirm"),
    path("agenda/inscription/gerer/<str:token>/", views.RegistrationView.as_view(), name="registration"),
    path("agenda/inscription/modifier/<str:token>/", views.ChangeView.as_view(), name="registration_change"),
    path("agenda/pointage/<uuid:ticket>/", TicketView.as_view(), name="ticket"),
    path("agenda/attestations/", check_certificate, name="certificate_check"),
    path("agenda/attestations/<str:token>/", CertificateView.as_view(), name="certificate"),
]
