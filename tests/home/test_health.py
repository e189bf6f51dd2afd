"""/readyz: what makes it say no."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.utils import timezone

from territoires_en_commun.mailing import heartbeats
from territoires_en_commun.mailing.models import ProcessHeartbeat

READY = {"base": "ok", "migrations": "ok", "cache": "ok", "processus": "ok"}


@pytest.fixture
def processes(db):
    """A worker and a scheduler alive."""
    for name in (heartbeats.WORKER, heartbeats.SCHEDULER):
        heartbeats.beat(name, f"{name}:1", timezone.now())


def states(client, status, **extra) -> dict[str, str]:
    response = client.get("/readyz", **extra)
    assert response.status_code == status
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    assert body["etat"] == ("pret" if status == 200 else "indisponible")
    return body["controles"]


def test_readyz_says_yes_when_everything_answers(processes, client):
    assert states(client, 200) == READY


def test_readyz_answers_a_probe_that_knows_only_the_address(processes, client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert states(client, 200, headers={"host": "10.1.2.3:8000"}) == READY


@pytest.mark.parametrize("silent", [heartbeats.WORKER, heartbeats.SCHEDULER])
def test_readyz_names_a_silent_process(processes, client, silent):
    seen = timezone.now() - heartbeats.SILENCE - timedelta(seconds=5)
    ProcessHeartbeat.objects.filter(name=silent).update(at=seen)
    found = states(client, 503)
    assert found == READY | {"processus": f"sans signe de vie : {silent} (vu à {seen.isoformat()})"}


def test_readyz_names_processes_never_seen(db, client):
    assert states(client, 503)["processus"] == ("sans signe de vie : worker (jamais vu), scheduler (jamais vu)")


def test_readyz_accepts_a_late_beat(processes, client):
    ProcessHeartbeat.objects.update(at=timezone.now() - heartbeats.SILENCE / 2)
    assert states(client, 200) == READY


def test_readyz_counts_migrations_to_apply(processes, client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'annuaire'")
    assert states(client, 503)["migrations"] == "1 migration(s) à appliquer"


def test_readyz_names_a_cache_that_keeps_nothing(processes, client, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert states(client, 503)["cache"] == "le cache ne rend pas ce qui lui est confié"


class StaleCache(LocMemCache):
    """Answers with what was kept before."""

    def get(self, key, default=None, version=None):
        return "ce qui était là"


def test_readyz_names_a_cache_that_gives_something_else_back(processes, client, settings):
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.StaleCache"}}
    assert states(client, 503)["cache"] == "le cache ne rend pas ce qui lui est confié"


def test_readyz_leaves_nothing_in_the_cache(processes, client):
    assert states(client, 200)["cache"] == "ok"
    assert not [key for key in cache._cache if "readyz" in key]


def test_readyz_survives_a_cache_that_fails(processes, client, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert states(client, 503)["cache"] == "ne répond pas"
    assert cache is not None


def test_readyz_tells_no_secret(db, client, settings):
    body = client.get("/readyz").content.decode()
    assert settings.SECRET_KEY not in body
    assert str(connection.settings_dict["NAME"]) not in body
