"""The code that a person shows at the door: an address that names nobody, and shows nothing but to the door."""

import io

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from agenda.events.kinds import Presence, RegistrationState
from agenda.models import Registration

TICKET_FILE = "billet.png"  # mail programs show a PNG, seldom an SVG
PIXELS = 8  # of the side of a module, in the file
QUIET_ZONE = 4  # modules (ISO/IEC 18004)


def has_ticket(registration: Registration) -> bool:
    """Whether somebody is awaited at a door: confirmed, and on site."""
    return registration.state == RegistrationState.CONFIRMED and registration.presence == Presence.ONSITE


def ticket_url(registration: Registration) -> str:
    """The address that the code holds."""
    return settings.SITE_URL + reverse("ticket", args=[registration.ticket])


def ticket_svg(registration: Registration) -> SafeString:
    """The code, to show in a page; black on white whatever the theme, as readers want it."""
    svg = _code(registration).svg_inline(border=QUIET_ZONE, light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(svg)  # noqa: S308 - drawn by segno from an address of ours


def ticket_png(registration: Registration) -> bytes:
    """The code as a picture, to join to a mail."""
    file = io.BytesIO()
    _code(registration).save(file, kind="png", scale=PIXELS, border=QUIET_ZONE)
    return file.getvalue()


def _code(registration: Registration) -> segno.QRCode:
    return segno.make_qr(ticket_url(registration), error="m")
