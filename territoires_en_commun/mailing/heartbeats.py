"""Signs of life of the worker and of the scheduler, for the readiness probe."""

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from territoires_en_commun.mailing.models import ProcessHeartbeat

WORKER = "worker"
SCHEDULER = "scheduler"
PERIOD = timedelta(seconds=20)
SILENCE = timedelta(seconds=90)  # four missed beats


@dataclass(frozen=True)
class StaleProcess:
    """An expected process that gives no sign of life; `last_seen` is None when it never did."""

    name: str
    last_seen: datetime | None


def new_instance_name() -> str:
    """A name that no other process has, nor this one after a restart."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


def beat(name: str, instance: str, now: datetime):
    """Record that the process is alive, and forget the instances silent for a day."""
    ProcessHeartbeat.objects.update_or_create(name=name, instance=instance, defaults={"at": now})
    ProcessHeartbeat.objects.filter(name=name, at__lt=now - timedelta(days=1)).delete()


def say_goodbye(name: str, instance: str):
    """Forget an instance that stops in good order."""
    ProcessHeartbeat.objects.filter(name=name, instance=instance).delete()


def stale_processes(now: datetime) -> list[StaleProcess]:
    """The processes of MAILING_EXPECTED_PROCESSES with no instance alive; one query."""
    last_seen: dict[str, datetime] = {}
    for name, at in ProcessHeartbeat.objects.values_list("name", "at"):
        last_seen[name] = max(at, last_seen.get(name, at))
    return [
        StaleProcess(name, last_seen.get(name))
        for name in settings.MAILING_EXPECTED_PROCESSES
        if name not in last_seen or now - last_seen[name] > SILENCE
    ]


def living_instances(now: datetime) -> set[str]:
    """Instances of every kind heard of lately."""
    return set(ProcessHeartbeat.objects.filter(at__gte=now - SILENCE).values_list("instance", flat=True))
