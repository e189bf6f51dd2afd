"""What makes an event true, and what it needs to be published."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.html import strip_tags

from agenda.events.kinds import EventMode, Presence, RegistrationWay
from territoires_en_commun.base.models import LinkKind
from territoires_en_commun.base.publication import Gap, blocks_gaps

if TYPE_CHECKING:
    from agenda.models import EventPage

HALF_A_POINT = "Un point a une latitude et une longitude."
UNKNOWN_AND_SAID = "Décochez « non renseigné », ou videz ce qui est dit de l’accessibilité."
VIDEO_OF_NOBODY = "Un événement en présentiel n’a pas de visioconférence : videz ce lien, ou changez la modalité."
ADDRESS_OF_NO_OTHER_SITE = "Choisissez une inscription « sur un autre site », ou videz cette adresse."

MISSING_KIND = "Choisissez le type d’événement."
MISSING_MODE = "Dites si l’on vient sur place, si l’on suit à distance, ou les deux."
MISSING_DESCRIPTION = "Dites de quoi il s’agit."
MISSING_VENUE = "Nommez le lieu."
MISSING_COMMUNE = "Indiquez la commune où l’événement a lieu."
MISSING_ORGANISER = "Nommez un organisateur : ici, ou par un lien « organisé par » (onglet Liens)."
MISSING_ACCESS = "Dites ce qui est prévu pour l’accessibilité, ou cochez « non renseigné »."
MISSING_REGISTRATION_URL = "Donnez l’adresse de la page d’inscription, ou choisissez une autre inscription."
MISSING_CAPTIONS = "« {title} » : un replay est publié sous-titré, ou ne l’est pas (RGAA 4.3)."


def event_errors(event: "EventPage") -> dict[str, str]:
    """What contradicts something else, by field."""
    errors: dict[str, str] = {}
    if (event.latitude is None) != (event.longitude is None):
        errors["latitude" if event.latitude is None else "longitude"] = HALF_A_POINT
    if event.access_unknown and (event.access_measures or event.access_text.strip()):
        errors["access_unknown"] = UNKNOWN_AND_SAID
    if event.mode == EventMode.ONSITE and event.video_url:
        errors["video_url"] = VIDEO_OF_NOBODY
    if event.registration_url and event.registration_way != RegistrationWay.EXTERNAL:
        errors["registration_url"] = ADDRESS_OF_NO_OTHER_SITE
    return errors


def event_gaps(event: "EventPage") -> Iterator[Gap]:
    """What an event needs, besides what any content does, to be published."""
    if not event.kind:
        yield Gap("kind", MISSING_KIND)
    if not event.mode:
        yield Gap("mode", MISSING_MODE)
    if not strip_tags(event.description).strip():
        yield Gap("description", MISSING_DESCRIPTION)
    if Presence.ONSITE in event.presences:
        if not event.venue.strip():
            yield Gap("venue", MISSING_VENUE)
        if event.commune_id is None:
            yield Gap("commune", MISSING_COMMUNE)
    if not event.organisers_text.strip() and not any(link.kind == LinkKind.ORGANISER for link in event.links.all()):
        yield Gap("organisers_text", MISSING_ORGANISER)
    if not (event.access_measures or event.access_text.strip() or event.access_unknown):
        yield Gap("access_measures", MISSING_ACCESS)
    if event.registration_way == RegistrationWay.EXTERNAL and not event.registration_url:
        yield Gap("registration_url", MISSING_REGISTRATION_URL)
    yield from material_gaps(event)


def material_gaps(event: "EventPage") -> Iterator[Gap]:
    """What is missing from what an event leaves; a recording has its captions."""
    replays = [block.value for block in event.materials if block.block_type == "video"]
    silent = [replay for replay in replays if not replay.get("is_captioned")]
    for replay in silent:
        yield Gap("materials", MISSING_CAPTIONS.format(title=replay.get("title")))
    if not silent:
        yield from blocks_gaps("materials", event.materials)
