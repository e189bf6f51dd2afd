"""Certificates of attendance: for the present only, told by a code that anybody may check."""

import datetime as dt
import secrets

from agenda.events.kinds import RegistrationState
from agenda.models import Registration
from territoires_en_commun.mailing.links import SignedLink

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read for something else: 0 O, 1 I L
CODE_LENGTH = 10  # 49 bits
CERTIFICATE = SignedLink("registration-certificate", url_name="certificate", lifetime=dt.timedelta(days=366))


def new_code() -> str:
    """A code that nobody guesses, and that a person can copy from paper."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def printed(code: str) -> str:
    """« K7M3P-9QXRT »: the code as people read it."""
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"


def is_certified(registration: Registration, now: dt.datetime) -> bool:
    """Whether somebody was checked in to a session that has begun."""
    is_present = registration.state == RegistrationState.PRESENT and registration.erased_at is None
    return is_present and bool(registration.certificate) and registration.session.starts_at <= now


def certified(code: str, now: dt.datetime) -> Registration | None:
    """The registration whose certificate bears this code, as long as it holds."""
    rows = Registration.objects.select_related("session__event__commune")
    registration = rows.filter(certificate=code).first()
    return registration if registration and is_certified(registration, now) else None


def certificate_url(registration: Registration) -> str:
    """The address of a certificate, for the person; it serves as long as the registration is kept."""
    session = registration.session
    expires_at = session.ends_at + dt.timedelta(days=session.event.retention_days)
    return CERTIFICATE.url(registration.uuid, expires_at=expires_at)
