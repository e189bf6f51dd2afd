"""Builds actors for the tests: complete ones, published under the directory."""

from datetime import timedelta

from django.utils import timezone

from annuaire.models import ActorPage, ActorType, DirectoryPage
from territoires_en_commun.base.ordering import in_order
from tests.factories import ThemeFactory, UserFactory
from tests.pages.publishing import put


def complete_actor(**fields):
    """An unsaved actor that lacks nothing but the territories given."""
    themes, territories = fields.pop("themes", None), fields.pop("territories", ())
    actor = ActorPage(
        **{
            "title": "Association fictive",
            "summary": "Elle aide les communes à partager ce qu’elles ont appris.",
            "type": ActorType.ASSOCIATION,
            "review_date": timezone.localdate() + timedelta(days=365),
            "review_owner": fields.pop("review_owner", None) or UserFactory(),
            "verified_on": timezone.localdate(),
            "live": False,
            **fields,
        }
    )
    actor.themes = themes if themes is not None else [ThemeFactory()]
    actor.territories = list(territories)
    return actor


def make_actor(*, live=True, contacts=(), **fields):
    """A complete actor in the directory, published unless ``live`` is false."""
    directory = DirectoryPage.objects.get()
    actor = complete_actor(**fields)
    actor.contacts = in_order(contacts)
    return put(directory, actor, live=live)
