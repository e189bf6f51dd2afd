"""/readyz: whether this process can serve and the processes beside it are alive."""

import logging
import secrets
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.utils import timezone

from territoires_en_commun.mailing.heartbeats import stale_processes

logger = logging.getLogger(__name__)

OK = "ok"


def check_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return OK


def check_cache() -> str:
    """Each probe has its own key: two at once would read the token of the other."""
    token = secrets.token_hex(8)
    key = f"readyz:{token}"
    cache.set(key, token, 10)
    kept = cache.get(key)
    cache.delete(key)
    return OK if kept == token else "le cache ne rend pas ce qui lui est confié"


def check_migrations() -> str:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(pending)} migration(s) à appliquer" if pending else OK


def check_processes() -> str:
    silent = stale_processes(timezone.now())
    if not silent:
        return OK
    return "sans signe de vie : " + ", ".join(
        f"{process.name} ({f'vu à {process.last_seen.isoformat()}' if process.last_seen else 'jamais vu'})"
        for process in silent
    )


CHECKS: dict[str, Callable[[], str]] = {
    "base": check_database,
    "migrations": check_migrations,
    "cache": check_cache,
    "processus": check_processes,
}


def readiness() -> dict[str, str]:
    """The state of each dependency: « ok », or what is wrong without any secret."""
    states = {}
    for name, check in CHECKS.items():
        try:
            states[name] = check()
        except Exception:  # whatever fails, the probe answers
            logger.exception("Readiness: %s", name)
            states[name] = "ne répond pas"
    return states


class ReadinessMiddleware:
    """Answers /readyz before the host check and the redirection: a probe calls the container by its address."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path != "/readyz":
            return self.get_response(request)
        states = readiness()
        ready = all(state == OK for state in states.values())
        body = {"etat": "pret" if ready else "indisponible", "controles": states}
        response = JsonResponse(body, status=200 if ready else 503, json_dumps_params={"ensure_ascii": False})
        response["Cache-Control"] = "no-store"
        return response
