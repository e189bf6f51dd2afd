"""Builds calls for the tests: complete ones, published under their list."""

from datetime import date, timedelta

from django.utils import timezone

from agenda.calls.kinds import CallNature
from agenda.models import CallIndexPage, CallPage
from territoires_en_commun.base.models import LinkKind, PageLink
from territoires_en_commun.base.ordering import in_order
from tests.factories import ThemeFactory, UserFactory


def in_days(days: int) -> date:
    """A day from today's."""
    return timezone.localdate() + timedelta(days=days)


def complete_call(**fields) -> CallPage:
    """An unsaved call that lacks nothing but the territories given; it closes in sixty days."""
    themes, territories = fields.pop("themes", None), fields.pop("territories", ())
    funders, winners = fields.pop("funders", ()), fields.pop("winners", ())
    call = CallPage(
        **{
            "title": "Appel fictif",
            "summary": "Il aide les communes à rouvrir leur café.",
            "nature": CallNature.PROJECTS,
            "closes_on": None if fields.get("nature") == CallNature.PERMANENT else in_days(60),
            "beneficiaries": ["commune"],
            "eligibility": "<p>La commune a moins de 3\u00a0500 habitants.</p>",
            "funders_text": "Fondation fictive",
            "application_url": "https://appel.exemple.fr/candidater",
            "source_url": "https://appel.exemple.fr/",
            "review_date": in_days(365),
            "review_owner": fields.pop("review_owner", None) or UserFactory(),
            "live": False,
            **fields,
        }
    )
    call.themes = themes if themes is not None else [ThemeFactory()]
    call.territories = list(territories)
    call.links = [PageLink(kind=LinkKind.FUNDER, target=funder) for funder in funders]
    call.winners = in_order(winners)
    return call


def make_call(*, live=True, **fields) -> CallPage:
    """A complete call in its list, published unless ``live`` is false."""
    section = CallIndexPage.objects.get()
    call = complete_call(**fields)
    section.add_child(instance=call)
    revision = call.save_revision(clean=live)
    if live:
        revision.publish()
    return CallPage.objects.get(pk=call.pk)


def change(call: CallPage, **fields) -> CallPage:
    """Publish a new version of a call."""
    call = CallPage.objects.get(pk=call.pk)
    for name, value in fields.items():
        setattr(call, name, value)
    call.save_revision().publish()
    return CallPage.objects.get(pk=call.pk)
