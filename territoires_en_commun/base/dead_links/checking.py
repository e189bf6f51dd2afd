"""A run: the addresses that are due, at most so many, each result kept as soon as it is known."""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from territoires_en_commun.base.formats import grouped
from territoires_en_commun.base.models import LinkCheck, LinkState

from .judging import Pace, Verdict, judge
from .own_site import is_ours, judge_ours, ours_q
from .recording import record_verdict

PROBES = 20
TOO_FEW = 5  # addresses under which a silence says nothing of the network
MUTE = "Aucun autre site ne répond : le réseau de cette machine est sans doute fermé. Rien n’en a été noté."


def check_link(link: LinkCheck, pace: Pace | None = None) -> LinkCheck | None:
    """Check one address now; None when no page leads there any more."""
    verdict = judge_ours(link.url) if is_ours(link.url) else judge(link.url, pace)
    try:
        return record_verdict(link=link, verdict=verdict, now=timezone.now())
    except LinkCheck.DoesNotExist:
        return None


def check_due_links(
    *, limit: int | None = None, progress: Callable[[Iterable[LinkCheck]], Iterable[LinkCheck]] = iter
) -> str:
    """Check what is due, LINK_CHECK_PER_RUN addresses of others at most; say in French what was seen.

    Those of the site itself take no place from them. A run that is cut has lost nothing: the next one takes the rest.
    When no other site at all answers, the fault is on our side and nothing is written of them.
    """
    pace = Pace()
    due = LinkCheck.objects.due(timezone.localtime())
    ours = list(due.filter(ours_q())[: limit or settings.LINK_CHECK_OWN_PER_RUN])
    others = list(due.exclude(ours_q())[: limit - len(ours) if limit else settings.LINK_CHECK_PER_RUN])
    if not ours and not others:
        return "Aucun lien à vérifier."
    is_mute = bool(others) and not network_answers(pace)
    links = ours if is_mute else [*ours, *spread(others)]
    checked = Counter(link.state for link in (check_link(link, pace) for link in progress(links)) if link)
    if is_mute:
        return f"{summary(checked)} {MUTE}" if ours else MUTE
    return summary(checked)


def spread(links: list[LinkCheck]) -> list[LinkCheck]:
    """The same addresses, those of one host far from each other, so that keeping its pace costs no wait."""
    hosts: dict[str, deque[LinkCheck]] = {}
    for link in links:
        hosts.setdefault(_host(link.url), deque()).append(link)
    turns = []
    while hosts:
        turns += [waiting.popleft() for waiting in hosts.values()]
        hosts = {host: waiting for host, waiting in hosts.items() if waiting}
    return turns


def network_answers(pace: Pace) -> bool:
    """Whether any of a few addresses is heard, those that answered lately first."""
    known = LinkCheck.objects.exclude(ours_q()).exclude(state=LinkState.REFUSED)
    lately = known.filter(state=LinkState.OK).order_by("-checked_at")[:PROBES]
    probes = list(lately) or list(known.order_by("pk")[:PROBES])
    return len(probes) < TOO_FEW or any(_is_heard(judge(link.url, pace)) for link in probes)


def _is_heard(verdict: Verdict) -> bool:
    return verdict.status is not None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def summary(states: Counter) -> str:
    """« Liens vérifiés : 250. Répondent : 240 ; morts : 2 ; … » without what is nil."""
    words = [
        (LinkState.OK, "répondent"),
        (LinkState.DEAD, "morts"),
        (LinkState.SUSPECT, "en échec, à confirmer"),
        (LinkState.TO_CHECK, "à vérifier"),
        (LinkState.REFUSED, "refusés"),
    ]
    told = " ; ".join(f"{label} : {grouped(states[state])}" for state, label in words if states[state])
    return f"Liens vérifiés : {grouped(states.total())} ({told})." if told else "Aucun lien vérifié."
