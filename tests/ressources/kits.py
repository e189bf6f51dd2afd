"""Builds kits and trainings for the tests: complete ones, published under the resource centre."""

from datetime import timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from ressources.models import KitPage, ResourceIndexPage, TrainingPage
from tests.factories import DocumentFactory, ThemeFactory, UserFactory
from tests.pages.publishing import put

READER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
STEP = ("step", {"title": "Réunir les habitants", "text": "<p>Un samedi matin, au marché.</p>"})


def make_document(title="Règlement", name="reglement.odt", content=b"contenu", **fields):
    """A document of the library, whose file weighs what ``content`` does."""
    return DocumentFactory(title=title, file=ContentFile(content, name), file_size=len(content), **fields)


def file_piece(document, title=""):
    """A file of a kit."""
    return "file", {"document": document.pk if document else None, "title": title, "description": ""}


def stored(pieces):
    """Pieces as the database keeps them, from pairs of a name and a value."""
    return [{"type": name, "value": value, "id": f"p{rank}"} for rank, (name, value) in enumerate(pieces, start=1)]


def complete_fields(fields):
    """What any published page needs, beside what the test gives."""
    return {
        "summary": "De quoi faire, pas à pas.",
        "review_date": timezone.localdate() + timedelta(days=365),
        "review_owner": fields.pop("review_owner", None) or UserFactory(),
        "live": False,
        **fields,
    }


def complete_kit(*, pieces=(STEP,), themes=None, audiences=(), **fields):
    """An unsaved kit that lacks nothing."""
    kit = KitPage(
        **complete_fields({"title": "Budget participatif", "kind": "kit", "version": "1.0", **fields}),
        pieces=stored(pieces),
    )
    kit.themes = themes if themes is not None else [ThemeFactory()]
    kit.audiences = list(audiences)
    return kit


def complete_training(*, themes=None, audiences=(), **fields):
    """An unsaved training that lacks nothing but its organiser."""
    training = TrainingPage(
        **complete_fields(
            {
                "title": "Animer une réunion publique",
                "objectives": "<p>Préparer, animer, rendre compte.</p>",
                "mode": "distance",
                "hours": Decimal("3.5"),
                "is_free": True,
                **fields,
            }
        )
    )
    training.themes = themes if themes is not None else [ThemeFactory()]
    training.audiences = list(audiences)
    return training


def add(page, *, live=True):
    """The page under the resource centre, with one revision, published unless ``live`` is false."""
    return put(ResourceIndexPage.objects.get(), page, live=live)


def make_kit(*, live=True, **fields):
    """A kit of the resource centre."""
    return add(complete_kit(**fields), live=live)


def make_training(*, live=True, **fields):
    """A training of the resource centre; ``organiser`` is asked."""
    return add(complete_training(**fields), live=live)
