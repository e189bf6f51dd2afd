"""What a ticket leads to: for the door, who it is and a button; for anybody else, no more than what to do with it."""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from agenda.registrations.check_in import Guest, ticket_holder
from agenda.registrations.sheet import SessionSheet


@method_decorator(never_cache, name="dispatch")
class TicketView(View):
    """GET never acts: telephones and mail programs open addresses by themselves.

    A code that is unknown, and one of an event whose door is somebody else's, get the same answer.
    """

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, ticket) -> HttpResponse:
        registration = ticket_holder(ticket, request.user)
        if registration is None:
            return self.closed(HTTPStatus.OK)
        guest = Guest(registration, timezone.now())
        return self.show(guest, f"Déjà {guest.standing.lower()}" if guest.is_present else "")

    def post(self, request: HttpRequest, ticket) -> HttpResponse:
        registration = ticket_holder(ticket, request.user)
        if registration is None:
            return self.closed(HTTPStatus.FORBIDDEN)
        guest = Guest(registration, timezone.now())
        try:
            return self.show(*guest.check_in(request.user))
        except ValidationError as error:
            return self.show(guest, "", errors=error.messages)

    def show(self, guest: Guest, done: str, errors: list[str] | None = None) -> HttpResponse:
        """Who it is, for which session, and the button when they are expected."""
        context = {
            "guest": guest,
            "sheet": SessionSheet(guest.registration.session),
            "done": done,
            "errors": errors or ([guest.refusal] if guest.refusal else []),
            "title": "Pointage",
        }
        return self.page("agenda/registration/ticket_door.html", context, HTTPStatus.OK)

    def closed(self, status: HTTPStatus) -> HttpResponse:
        """What anybody reads of any code."""
        title = "Ce code se montre à l’accueil"
        return self.page("agenda/registration/ticket_closed.html", {"title": title}, status)

    def page(self, template: str, context: dict, status: HTTPStatus) -> HttpResponse:
        """A page that search engines leave out."""
        context |= {"noindex": True, "breadcrumb": [{"title": context["title"]}], "path": self.request.path}
        response = render(self.request, template, context, status=status)
        response["X-Robots-Tag"] = "noindex"
        return response
