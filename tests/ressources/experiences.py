"""Builds experiences for the tests: complete ones, published under the list of experiences."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from ressources.experience_sections import SECTIONS
from ressources.models import ExperienceIndexPage, ExperiencePage, ExperienceStatus
from territoires_en_commun.base.models import PageLink
from tests.factories import TerritoryFactory, ThemeFactory, UserFactory
from tests.pages.publishing import put


def complete_experience(**fields):
    """An unsaved experience that lacks nothing but its holder."""
    many = {name: fields.pop(name, ()) for name in ("programmes", "audiences", "territories", "steps", "indicators")}
    themes = fields.pop("themes", None)
    experience = ExperiencePage(
        **{
            "title": "Un jardin partagé (récit fictif)",
            "summary": "Une commune fictive a ouvert un jardin partagé.",
            "place": fields.pop("place", None) or TerritoryFactory(),
            "project_status": ExperienceStatus.DONE,
            "started_on": date(2024, 3, 1),
            "ended_on": date(2025, 6, 30),
            **{section.name: f"<p>{section.title} du récit.</p>" for section in SECTIONS},
            "cost": Decimal(12500),
            "fte": Decimal("0.5"),
            "review_date": timezone.localdate() + timedelta(days=365),
            "review_owner": fields.pop("review_owner", None) or UserFactory(),
            "live": False,
            **fields,
        }
    )
    experience.themes = themes if themes is not None else [ThemeFactory()]
    for name, values in many.items():
        setattr(experience, name, list(values))
    return experience


def make_experience(*, live=True, inspired_by=(), **fields):
    """An experience in the list, complete but for what the test empties, published unless ``live`` is false."""
    from tests.factories import ActorPageFactory, DirectoryPage

    if "holder" not in fields:
        fields["holder"] = ActorPageFactory(parent=DirectoryPage.objects.get())
    experience = complete_experience(**fields)
    experience.links = [PageLink(target=other, kind="inspire") for other in inspired_by]
    return put(ExperienceIndexPage.objects.get(), experience, live=live)
