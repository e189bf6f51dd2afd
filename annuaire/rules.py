"""What makes the fiche of an actor true, and what it needs to be published."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from annuaire.kinds import REPRESENTED
from territoires_en_commun.base.publication import Gap
from territoires_en_commun.territories.models import TerritoryType

if TYPE_CHECKING:
    from annuaire.models import ActorPage

MISSING_TYPE = "Choisissez le type de l’acteur."
MISSING_TERRITORY = "Indiquez où agit l’acteur : au moins un territoire, ou la France entière."
MISSING_COUNCIL = "Indiquez le territoire dont cette collectivité est le conseil."
WRONG_COUNCIL = "Ce territoire n’est pas de ceux dont un acteur de ce type peut être le conseil."


def tidy(actor: "ActorPage") -> None:
    """Complete what the fiche says twice: the SIREN that begins the SIRET, today's commune of an old code."""
    if actor.siret and not actor.siren:
        actor.siren = actor.siret[:9]
    if actor.commune_id:
        actor.commune = actor.commune.current
    if actor.represents_id:
        actor.represents = actor.represents.current


def identity_errors(actor: "ActorPage") -> dict[str, str]:
    """What is wrong in the identifiers, by field."""
    errors: dict[str, str] = {}
    if actor.siret and actor.siren and not actor.siret.startswith(actor.siren):
        errors["siret"] = "Ce SIRET ne commence pas par le SIREN de l’acteur."
    others = type(actor).objects.exclude(pk=actor.pk)
    for field in ("siret", "siren", "rna"):
        number = getattr(actor, field)
        # A branch shares the SIREN of its legal body.
        if not number or (field == "siren" and actor.siret):
            continue
        same = others.by_identifier(**{field: number}).first()
        if same is not None:
            errors[field] = duplicate_message(same)
    allowed = REPRESENTED.get(actor.type)
    if actor.represents_id and allowed and actor.represents.type not in allowed:
        errors["represents"] = WRONG_COUNCIL
    if actor.verified_on and actor.verified_on > timezone.localdate() + dt.timedelta(days=1):
        errors["verified_on"] = "Cette date n’est pas encore passée."
    if actor.parent_actor_id and actor.parent_actor_id == actor.pk:
        errors["parent_actor"] = "Un acteur n’est pas rattaché à lui-même."
    return errors


def duplicate_message(same: "ActorPage") -> str:
    """Who has the number already, with a link to its fiche for the editor."""
    return format_html(
        'Un autre acteur porte déjà ce numéro : <a href="{}">{}</a>.',
        reverse("wagtailadmin_pages:edit", args=[same.pk]),
        same.title,
    )


def place_errors(actor: "ActorPage") -> dict[str, str]:
    """What is wrong in the address, by field."""
    errors: dict[str, str] = {}
    if (actor.latitude is None) != (actor.longitude is None):
        errors["longitude" if actor.longitude is None else "latitude"] = "Un point a une latitude et une longitude."
    if actor.commune_id and actor.commune.type != TerritoryType.COMMUNE:
        errors["commune"] = "Choisissez une commune."
    elif actor.commune_id and not actor.commune.is_active:
        errors["commune"] = "Cette commune n’existe plus."
    return errors


def actor_gaps(actor: "ActorPage") -> Iterator[Gap]:
    """What an actor needs, besides what any content does, to be published."""
    if not actor.type:
        yield Gap("type", MISSING_TYPE)
    if not actor.territories.all():
        yield Gap("territories", MISSING_TERRITORY)
    if actor.type in REPRESENTED and actor.represents_id is None:
        yield Gap("represents", MISSING_COUNCIL)
