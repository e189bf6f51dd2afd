"""What an address is worth: it answers, fails, can't be told by a robot, or must not be asked."""

import time
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urldefrag, urljoin

from django.conf import settings

from .fetching import Answer, ask
from .targets import Refused, Target, Unreachable, Unsure, find_target

MAX_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
MOVED = {301, 308}
# A server says so when the door is closed to robots or for now: visitors may well go in.
CLOSED = {
    401: "Accès réservé",
    403: "Accès refusé aux robots",
    405: "Méthode refusée",
    429: "Trop de demandes",
    503: "Service momentanément indisponible",
}
FAILURES = {404: "Page introuvable", 410: "Page supprimée"}
# An error answered to HEAD is asked again by GET: some servers only know that one. Not of a server that is busy.
SURE_WITHOUT_GET = {401, 429, 503}


class Outcome(Enum):
    """What a check concludes."""

    ANSWERS = "answers"
    FAILS = "fails"
    UNSURE = "unsure"
    REFUSED = "refused"


@dataclass(frozen=True)
class Verdict:
    """The conclusion of a check, the last status received, and the reason in French (empty when all is well)."""

    outcome: Outcome
    status: int | None = None
    cause: str = ""


@dataclass
class Pace:
    """Waits so that no host is asked more often than once every LINK_CHECK_PAUSE seconds."""

    ready: dict[str, float] = field(default_factory=dict)

    def wait(self, host: str) -> None:
        now = time.monotonic()
        moment = max(now, self.ready.get(host, now))
        if moment > now:
            time.sleep(moment - now)
        self.ready[host] = moment + settings.LINK_CHECK_PAUSE


def judge(url: str, pace: Pace | None = None) -> Verdict:
    """Ask an address, follow it five redirections at most, each of them judged as the first, and conclude."""
    pace = pace or Pace()
    status, moved, seen = None, False, []
    try:
        for _ in range(MAX_REDIRECTS + 1):
            answer = _question(find_target(url), pace)
            status = answer.status
            if status not in REDIRECTS:
                return _conclude(status, url if moved else "")
            if not answer.location:
                return Verdict(Outcome.FAILS, status, f"Redirection sans destination ({status})")
            moved = (moved or not seen) and status in MOVED
            seen.append(url)
            url = urldefrag(urljoin(url, answer.location)).url
    except Refused as error:
        return Verdict(Outcome.REFUSED, status, f"Redirection refusée : {_lower(error)}" if seen else str(error))
    except Unsure as error:
        return Verdict(Outcome.UNSURE, status, str(error))
    except (Unreachable, ValueError) as error:
        cause = str(error) if isinstance(error, Unreachable) else "Redirection vers une adresse mal formée"
        return Verdict(Outcome.FAILS, status, cause)
    return Verdict(Outcome.FAILS, status, f"Plus de {MAX_REDIRECTS} redirections")


def _question(target: Target, pace: Pace) -> Answer:
    pace.wait(target.host)
    answer = ask(target, "HEAD")
    if answer.status < 400 or answer.status in SURE_WITHOUT_GET:
        return answer
    pace.wait(target.host)
    return ask(target, "GET")


def _conclude(status: int, moved_to: str) -> Verdict:
    if status in CLOSED:
        return Verdict(Outcome.UNSURE, status, f"{CLOSED[status]} ({status})")
    if status >= 400:
        default = "Erreur du serveur" if status >= 500 else "Demande refusée"
        return Verdict(Outcome.FAILS, status, f"{FAILURES.get(status, default)} ({status})")
    return Verdict(Outcome.ANSWERS, status, f"A déménagé : {moved_to}"[:255] if moved_to else "")


def _lower(error: Exception) -> str:
    text = str(error)
    return text[:1].lower() + text[1:]
