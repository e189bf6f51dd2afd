"""Signed links for mails: bound to one purpose, with an expiry, single-use or not (GDPR-5).

A room declares its links once, as constants:

    CANCEL = SignedLink("cancellation", url_name="cancellation", lifetime=timedelta(days=7), single_use=True)
    url = CANCEL.url(registration.uuid)            # in a mail
    result = CANCEL.verify(token)                  # on GET: looks, never acts
    with transaction.atomic():                     # on POST
        result = CANCEL.consume(token)

`views.SignedLinkView` does the last two. Tokens are signed with SECRET_KEY and still read with SECRET_KEY_FALLBACKS.
"""

import enum
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from territoires_en_commun.mailing.models import UsedLink

PURPOSE = re.compile(r"[a-z][a-z0-9-]{2,49}")
MAX_TOKEN = 500  # characters; a longer token is not ours
MAX_PAYLOAD = 120  # characters


class LinkState(enum.Enum):
    VALID = "valid"
    EXPIRED = "expired"
    USED = "used"
    INVALID = "invalid"


MESSAGES = {
    LinkState.VALID: "Ce lien est valable.",
    LinkState.EXPIRED: "Ce lien a expiré. Demandez-en un nouveau.",
    LinkState.USED: "Ce lien a déjà été utilisé : il ne servait qu’une fois.",
    LinkState.INVALID: "Ce lien n’est pas valable. Vérifiez que l’adresse a été copiée en entier depuis le courriel.",
}


@dataclass(frozen=True)
class LinkResult:
    """Outcome of the check of a token.

    `payload` is what was signed, also when the link is expired or used; "" when it is invalid.
    """

    state: LinkState
    payload: str = ""
    expires_at: datetime | None = None
    token_id: str = ""

    @property
    def is_valid(self) -> bool:
        return self.state is LinkState.VALID

    @property
    def message(self) -> str:
        return MESSAGES[self.state]


class SignedLink:
    """One kind of link. Raise ValueError on a bad purpose, a null lifetime, or single-use beyond 7 days (GDPR-5)."""

    def __init__(self, purpose: str, *, lifetime: timedelta, url_name: str = "", single_use: bool = False):
        if not PURPOSE.fullmatch(purpose):
            raise ValueError(f"Bad link purpose {purpose!r}")
        if lifetime <= timedelta(0) or (single_use and lifetime > timedelta(days=7)):
            raise ValueError("A link lives more than no time, and a single-use one seven days at most")
        self.purpose = purpose
        self.lifetime = lifetime
        self.url_name = url_name
        self.single_use = single_use

    @property
    def _signer(self) -> Signer:
        return Signer(sep=".", salt=f"mailing.link.{self.purpose}")

    def token(self, payload, *, expires_at: datetime | None = None, now: datetime | None = None) -> str:
        """A new token for a short payload (a uuid, an identifier).

        `expires_at` replaces the usual lifetime, as for a link that serves until an event ends. Raise ValueError on
        a payload over 120 characters, or a single-use link that would live more than 7 days.
        """
        now = now or timezone.now()
        expires_at = expires_at or now + self.lifetime
        if len(str(payload)) > MAX_PAYLOAD:
            raise ValueError(f"A link carries {MAX_PAYLOAD} characters at most")
        if self.single_use and expires_at > now + timedelta(days=7):
            raise ValueError("A single-use link lives seven days at most")
        return self._signer.sign_object([str(payload), int(expires_at.timestamp()), secrets.token_urlsafe(12)])

    def url(self, payload, *, expires_at: datetime | None = None, now: datetime | None = None, **kwargs) -> str:
        """The absolute address for a mail; `kwargs` complete the route, whose `token` argument is ours."""
        path = reverse(self.url_name, kwargs=kwargs | {"token": self.token(payload, expires_at=expires_at, now=now)})
        return settings.SITE_URL + path

    def verify(self, token: str, now: datetime | None = None) -> LinkResult:
        """Check a token and change nothing, however often it is called."""
        result = self._read(token, now or timezone.now())
        if result.is_valid and self.single_use and self._uses(result).exists():
            return LinkResult(LinkState.USED, result.payload, result.expires_at, result.token_id)
        return result

    def consume(self, token: str, now: datetime | None = None) -> LinkResult:
        """Check a token and, when it is single-use, record its use in the caller's transaction.

        Of two simultaneous calls only one gets VALID. A rollback gives the link back. Raise RuntimeError outside of
        a transaction.
        """
        if not connection.in_atomic_block:
            raise RuntimeError("A link is consumed in the transaction of what it does")
        now = now or timezone.now()
        result = self._read(token, now)
        if not (result.is_valid and self.single_use):
            return result
        try:
            with transaction.atomic():
                UsedLink.objects.create(
                    purpose=self.purpose, token_id=result.token_id, used_at=now, expires_at=result.expires_at
                )
        except IntegrityError:
            return LinkResult(LinkState.USED, result.payload, result.expires_at, result.token_id)
        return result

    def _read(self, token: str, now: datetime) -> LinkResult:
        if not token or len(token) > MAX_TOKEN or not token.isascii():
            return LinkResult(LinkState.INVALID)
        try:
            payload, expiry, token_id = self._signer.unsign_object(token)
        except (BadSignature, ValueError, TypeError):
            return LinkResult(LinkState.INVALID)
        expires_at = datetime.fromtimestamp(expiry, tz=UTC)
        state = LinkState.VALID if now < expires_at else LinkState.EXPIRED
        return LinkResult(state, payload, expires_at, token_id)

    def _uses(self, result: LinkResult):
        return UsedLink.objects.filter(purpose=self.purpose, token_id=result.token_id)
