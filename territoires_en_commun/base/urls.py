"""Routes of what every page shares: the pages of territories."""

from django.urls import path, register_converter

from . import converters, report_views, views

register_converter(converters.TerritoryTypeConverter, "territory_type")
register_converter(converters.TerritoryCodeConverter, "territory_code")

urlpatterns = [
    path("signaler-une-erreur/merci/", report_views.report_sent, name="report_sent"),
    path("signaler-une-erreur/<int:pk>/", report_views.ReportView.as_view(), name="report_error"),
    path("territoires/liste/", views.territory_index, name="territory_index"),
    path(
        "territoires/<territory_type:type>-<territory_code:code>-<slug:slug>/", views.territory_page, name="territory"
    ),
    path("territoires/<territory_type:type>-<territory_code:code>/", views.territory_page, name="territory_by_code"),
]
