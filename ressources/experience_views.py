"""Public pages about experiences that are not in the tree: comparing them, writing to who lived one."""

import dataclasses

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from ressources.experience_comparison import Comparison
from ressources.experience_contact import ExperienceContactForm
from ressources.experience_services import ExperienceMessage, relay_message
from ressources.models import ExperienceIndexPage, ExperiencePage
from territoires_en_commun.base.guarded_forms import GuardedFormView
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.rate_limits import RateLimit

PER_EXPERIENCE = RateLimit("experience-contact-page", limit=20, period=24 * 3600)


def index_breadcrumb() -> list[dict[str, str]]:
    """The list of experiences, when it is published."""
    index = ExperienceIndexPage.objects.live().first()
    return [{"title": index.title, "url": index.get_url()}] if index else []


@require_safe
def compare_experiences(request):
    """Two to four experiences in a table; else the choice of some."""
    comparison = Comparison(request)
    index = index_breadcrumb()
    context = {
        "comparison": comparison,
        "title": comparison.title,
        "index_url": index[0]["url"] if index else "/",
        "breadcrumb": [*index, {"title": "Comparer"}],
        "noindex": True,
    }
    return render(request, "ressources/experience_comparison.html", context)


class ExperienceContactView(GuardedFormView):
    """The form, about a published experience whose messages somebody receives."""

    form_class = ExperienceContactForm
    template_name = "ressources/experience_contact.html"
    limits = (
        RateLimit("experience-contact-address", limit=30, period=3600),
        RateLimit("experience-contact-sender", limit=5, period=3600),
    )

    @cached_property
    def experience(self) -> ExperiencePage:
        public = BasePage.objects.live_public().values("pk")
        pages = ExperiencePage.objects.filter(pk__in=public, slug=self.kwargs["slug"]).select_related("contact")
        page = pages.order_by("pk").first()
        if page is None or not page.relay_address:
            raise Http404
        return page

    def setup(self, request, *args, **kwargs):
        """An experience that nobody answers for is not found, whatever the method."""
        super().setup(request, *args, **kwargs)
        self.experience  # noqa: B018

    def page_context(self, form):
        page = self.experience
        return {
            "fields": [form[name] for name in ("name", "email", "organisation", "message")],
            "experience": page,
            "title": f"Contacter le porteur : {page.title}",
            "noindex": True,
            "breadcrumb": [
                *index_breadcrumb(),
                {"title": page.title, "url": page.get_url()},
                {"title": "Contacter le porteur"},
            ],
        }

    def wait(self, data):
        """As its parent's; a contact is not flooded either, whoever writes."""
        return super().wait(data) or PER_EXPERIENCE.hit(str(self.experience.pk))

    def accept(self, data):
        fields = (field.name for field in dataclasses.fields(ExperienceMessage))
        relay_message(experience=self.experience, message=ExperienceMessage(**{name: data[name] for name in fields}))
        return redirect("experience_contact_sent")


@require_safe
def experience_contact_sent(request):
    """What follows a message; reached by redirection, so that reloading sends nothing again."""
    context = {
        "breadcrumb": [*index_breadcrumb(), {"title": "Message envoyé"}],
        "title": "Message envoyé au porteur de l’expérience",
        "noindex": True,
    }
    return render(request, "ressources/experience_contact_sent.html", context)
