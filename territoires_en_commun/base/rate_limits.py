"""Limits on what one caller may do in a time, kept in the cache: no table, nothing to purge."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac


@dataclass(frozen=True)
class RateLimit:
    """At most ``limit`` actions of a caller per ``period`` seconds, in fixed windows.

    With a cache that is not shared (locmem) each server process counts for itself.
    """

    name: str
    limit: int
    period: int

    def hit(self, caller: str) -> int:
        """Count an action; 0 when it is allowed, else the seconds to wait (Retry-After, RFC 9110, 10.2.3)."""
        now = time.time()
        window = int(now // self.period)
        # The caller is hashed: an IP or mail address is personal data, the cache needs only an identity.
        digest = salted_hmac(f"rate-limit:{self.name}", caller.strip().lower()).hexdigest()[:32]
        key = f"rate:{self.name}:{window}:{digest}"
        cache.add(key, 0, self.period)
        try:
            count = cache.incr(key)
        except ValueError:  # evicted between the two calls
            return 0
        return 0 if count <= self.limit else max(1, int((window + 1) * self.period - now))


def client_address(request) -> str:
    """The address of the caller: the one that our own proxy added last when there is a proxy (BEHIND_PROXY)."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded
    return request.META.get("REMOTE_ADDR", "")
