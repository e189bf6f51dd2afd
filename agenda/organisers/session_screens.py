"""What the screens of the sessions that one organises have in common."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from agenda.models import EventPage, EventSession
from agenda.sessions.policy import organises
from agenda.sessions.times import when

INDEX = "seances:index"


class EventScreen(WagtailAdminTemplateMixin):
    """A page about the sessions of an event that one organises: nobody else sees it."""

    header_icon = "date"

    @cached_property
    def event(self) -> EventPage:
        return get_object_or_404(EventPage, id=self.kwargs["event"])  # not ``pk``: a number may be too large

    def dispatch(self, request, *args, **kwargs):
        if not organises(request.user, self.event):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(INDEX), "label": "Séances"},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_page_subtitle(self):
        return self.event.get_admin_display_title()


class SessionScreen(EventScreen):
    """A page about one session."""

    @cached_property
    def session(self) -> EventSession:
        return get_object_or_404(EventSession.objects.select_related("event"), id=self.kwargs["pk"])

    @property
    def event(self) -> EventPage:
        return self.session.event

    def get_page_subtitle(self):
        moment = when(self.session.starts_at, self.session.ends_at, self.event.time_zone)
        return f"{self.event.get_admin_display_title()} – {moment}"
