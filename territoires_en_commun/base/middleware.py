"""Turns what the database or the publication rules refuse, in the editing space, into a sentence that says why."""

from django.contrib.messages import get_messages
from django.db.models import ProtectedError
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from wagtail.admin import messages

from territoires_en_commun.base.publication import PublicationRefused, field_label


def refusal_sentence(page, gaps) -> str:
    """« Titre » can't be published: every gap, in one line."""
    reasons = [f"{label} : {gap.message}" if (label := field_label(page, gap.field)) else gap.message for gap in gaps]
    return f"« {page.get_admin_display_title()} » ne peut pas être publiée. {' '.join(reasons)}"


def protection_sentence(error: ProtectedError) -> str:
    """What could not be deleted because something else hangs on it."""
    holders = sorted({f"{capfirst(str(held._meta.verbose_name))} « {held} »" for held in error.protected_objects})
    return f"Suppression impossible, car cet élément sert encore : {', '.join(holders[:5])}."


class PublicationRefusedMiddleware:
    """Some roads to publication have no form of their own (workflow from the dashboard, copies): explain there too.

    The same goes for what is deleted while something that is not to be lost hangs on it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        if isinstance(exception, ProtectedError):
            list(get_messages(request))  # forget the success that some screens announce before they delete
            messages.error(request, protection_sentence(exception))
            return self.answer(request, reverse("wagtailadmin_home"))
        if not isinstance(exception, PublicationRefused):
            return None
        page = exception.page
        url = reverse("wagtailadmin_pages:edit", args=[page.pk]) if page.pk else reverse("wagtailadmin_home")
        incomplete = any(gap.field for gap in exception.gaps)
        messages.error(
            request,
            refusal_sentence(page, exception.gaps),
            buttons=[messages.button(url, "Compléter la page")] if incomplete else None,
        )
        return self.answer(request, url)

    @staticmethod
    def answer(request, url: str):
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return JsonResponse({"step": "success", "redirect": url})
        return redirect(url)
