"""What a training needs to be published."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.html import strip_tags

from territoires_en_commun.base.publication import Gap

if TYPE_CHECKING:
    from .models import TrainingPage

MISSING_ORGANISER = "Choisissez l’acteur de l’annuaire qui organise la formation."
MISSING_OBJECTIVES = "Dites ce que l’on saura faire après la formation."
MISSING_MODE = "Choisissez la modalité : en présentiel, à distance, hybride ou MOOC."
MISSING_DURATION = "Indiquez la durée en heures, par exemple 3,5."
MISSING_PRICE = "Indiquez le tarif, ou cochez « formation gratuite »."
FREE_WITH_PRICE = "Une formation gratuite n’a pas de tarif : videz-le, ou décochez « formation gratuite »."
NULL_PRICE = "Un tarif nul se dit en cochant « formation gratuite »."


def training_gaps(training: "TrainingPage") -> Iterator[Gap]:
    """What a training needs, besides what any content does, to be published."""
    if training.organiser_id is None:
        yield Gap("organiser", MISSING_ORGANISER)
    if not strip_tags(training.objectives).strip():
        yield Gap("objectives", MISSING_OBJECTIVES)
    if not training.mode:
        yield Gap("mode", MISSING_MODE)
    if training.hours is None:
        yield Gap("hours", MISSING_DURATION)
    if training.is_free and training.price is not None:
        yield Gap("price", FREE_WITH_PRICE)
    elif not training.is_free and training.price is None:
        yield Gap("price", MISSING_PRICE)
    elif training.price == 0:
        yield Gap("price", NULL_PRICE)
