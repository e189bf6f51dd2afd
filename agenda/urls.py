"""Routes of registrations. Those of events and calls are in the tree of pages."""

from django.urls import path

from agenda.registrations import my_registration_views as mine
from agenda.registrations import transfer_views as transfers
from agenda.registrations import views
from agenda.registrations.certificate_views import CertificateView, check_certificate
from agenda.registrations.ticket_views import TicketView

urlpatterns = [
    path("agenda/inscription/<uuid:session>/", views.RegisterView.as_view(), name="register"),
    path("agenda/inscription/<uuid:session>/envoyee/", views.registration_sent, name="registration_sent"),
    path("agenda/inscription/confirmer/<str:token>/", views.ConfirmView.as_view(), name="registration_confirm"),
    path("agenda/inscription/gerer/<str:token>/", views.RegistrationView.as_view(), name="registration"),
    path("agenda/inscription/modifier/<str:token>/", views.ChangeView.as_view(), name="registration_change"),
    path("agenda/inscription/calendrier/<str:token>/", views.CalendarView.as_view(), name="registration_calendar"),
    path("agenda/pointage/<uuid:ticket>/", TicketView.as_view(), name="ticket"),
    path("agenda/attestations/", check_certificate, name="certificate_check"),
    path("agenda/attestations/<str:token>/", CertificateView.as_view(), name="certificate"),
    path("agenda/inscription/participants/<str:token>/", views.ParticipantsView.as_view(), name="participants"),
    path("agenda/inscription/transmettre/<str:token>/", transfers.GiveView.as_view(), name="transfer_give"),
    path("agenda/inscription/place/<str:token>/", transfers.TransferView.as_view(), name="transfer"),
    path("agenda/mes-inscriptions/", mine.FindView.as_view(), name="my_registrations"),
    path("agenda/mes-inscriptions/envoyees/", mine.links_sent, name="my_registrations_sent"),
    path("agenda/mes-inscriptions/donnees/<str:token>/", mine.DataView.as_view(), name="my_data"),
    path("agenda/mes-inscriptions/donnees/<str:token>/export/", mine.ExportView.as_view(), name="my_data_export"),
    path("agenda/mes-inscriptions/effacer/<str:token>/", mine.ErasureView.as_view(), name="my_data_erasure"),
]
