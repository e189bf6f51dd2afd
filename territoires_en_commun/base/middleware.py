"""Turns a refused publication into a page that says what is missing."""

from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from territoires_en_commun.base.publication import PublicationRefused, field_label


def refusal_sentence(page, gaps) -> str:
    """« Titre » can't be published: every gap, in one line."""
    reasons = [f"{label} : {gap.message}" if (label := field_label(page, gap.field)) else gap.message for gap in gaps]
    return f"« {page.get_admin_display_title()} » ne peut pas être publiée. {' '.join(reasons)}"


class PublicationRefusedMiddleware:
    """Some roads to publication have no form of their own (workflow from the dashboard, copies): explain there too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, PublicationRefused) or not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        page = exception.page
        url = reverse("wagtailadmin_pages:edit", args=[page.pk]) if page.pk else reverse("wagtailadmin_home")
        messages.error(
            request,
            refusal_sentence(page, exception.gaps),
            buttons=[messages.button(url, "Compléter la page")],
        )
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return JsonResponse({"step": "success", "redirect": url})
        return redirect(url)
