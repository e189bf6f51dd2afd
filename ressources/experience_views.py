"""Public pages about experiences that are not in the tree: comparing them, writing to who lived one."""

import dataclasses
from typing import NamedTuple

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from ressources.experience_comparison import Comparison
from ressources.experience_contact import ExperienceContactForm
from ressources.experience_services import (
    ANSWERED,
    CONTACT_END,
    ExperienceMessage,
    end_contact,
    is_contact,
    relay_message,
)
from ressources.experience_silence import note_answer
from ressources.models import ExperienceIndexPage, ExperiencePage, RelayedMessage
from territoires_en_commun.base.formats import long_date
from territoires_en_commun.base.guarded_forms import GuardedFormView
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.rate_limits import RateLimit
from territoires_en_commun.mailing.views import SignedLinkView

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


class Contact(NamedTuple):
    """An experience, and the mark of an address to which messages about it are relayed."""

    experience: ExperiencePage
    mark: str


class ContactEndView(SignedLinkView):
    """Who receives the messages of readers asks for no more of them: one button, no reason asked."""

    link = CONTACT_END
    title = "Ne plus recevoir les messages des lecteurs"
    button = "Ne plus recevoir de messages"
    done_title = "Vous ne recevrez plus de messages"
    done_message = "Les lecteurs de cette expérience ne peuvent plus vous écrire."

    def get_object(self, payload: str) -> Contact:
        key, _, mark = payload.partition(":")
        experience = ExperiencePage.objects.get(pk=key)
        if not is_contact(experience, mark):
            raise ExperiencePage.DoesNotExist
        return Contact(experience, mark)

    def describe(self, target: Contact) -> str:
        return (
            f"La plateforme ne vous transmettra plus de messages au sujet de « {target.experience.title} ». Votre "
            "adresse est retirée de cette expérience ; le récit, lui, ne change pas."
        )

    def perform(self, target: Contact) -> None:
        end_contact(experience=target.experience, mark=target.mark)


class AnsweredView(SignedLinkView):
    """Who received a message tells that they answered it: nothing else on the site knows."""

    link = ANSWERED
    title = "Signaler votre réponse"
    button = "J’ai répondu"
    done_title = "Votre réponse est notée"
    done_message = "Merci : la plateforme sait que les messages des lecteurs vous parviennent."

    def get_object(self, payload: str) -> RelayedMessage:
        return RelayedMessage.objects.select_related("experience").get(pk=payload)

    def describe(self, target: RelayedMessage) -> str:
        if target.answered_at:
            return "Votre réponse à ce message est déjà notée : il n’y a rien d’autre à faire."
        day = long_date(timezone.localdate(target.sent_at))
        return f"Message du {day} au sujet de « {target.experience.title} » : dites que vous y avez répondu."

    def perform(self, target: RelayedMessage) -> None:
        note_answer(message=target)
