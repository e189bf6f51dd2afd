"""Confirmations of registrations per second on PostgreSQL, beside a bare transaction that locks a row and inserts one.

    .venv/bin/python bench/registrations.py [--confirmations 400] [--connections 8]

Many people confirm for one session at the same time, each connection in a thread of its own: a confirmation locks the
session, counts seats, gives one or a place in the queue, notes the move and queues a mail. The bare transaction is
``SELECT … FOR UPDATE`` of the same row and an ``INSERT``: what no registration can go under. The ratio says what the
rest costs; rates move with the machine. Everything is written in the database of DATABASE_URL, which must be empty; in
a throw-away PostgreSQL (.ci/with-postgres) without one.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEATS = 50


def prepare(directory: str) -> None:
    """A site in the empty database of DATABASE_URL."""
    os.environ |= {
        "DEBUG": "0",
        "DOTENV_PATH": os.devnull,
        "SECRET_KEY": "bench-only-" * 6,
        "VAR_DIR": directory,
        "SITE_URL": "http://127.0.0.1:8000",
        "DJANGO_SETTINGS_MODULE": "territoires_en_commun.settings",
        "LOG_LEVEL": "ERROR",
    }
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with open(os.devnull, "w") as silence:
        call_command("init_site", verbosity=0, stdout=silence)


def make_session():
    """A session of a draft event, with few seats and a waiting list."""
    from datetime import timedelta

    from django.utils import timezone

    from agenda.events.kinds import EventKind, EventMode
    from agenda.models import EventIndexPage, EventPage, EventSession

    event = EventPage(title="Banc", summary="Un banc.", kind=EventKind.WORKSHOP, mode=EventMode.ONSITE, live=False)
    EventIndexPage.objects.get().add_child(instance=event)
    starts_at = timezone.now() + timedelta(days=30)
    return EventSession.objects.create(
        event=event, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), onsite_capacity=SEATS
    )


def forms(session, number: int) -> list:
    """Registrations whose address is to be confirmed."""
    from agenda.registrations import services

    return [
        services.register(
            session=session,
            presence="presentiel",
            person=services.Person(email=f"p{rank}@exemple.fr", last_name=f"Personne {rank}"),
            identity=uuid.uuid4().hex,
        )
        for rank in range(number)
    ]


def bare(session_id: int, rank: int) -> None:
    """Lock the row of the session and insert one, in a transaction."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM agenda_eventsession WHERE id = %s FOR UPDATE", [session_id])
        cursor.execute("INSERT INTO bench_bare (session_id, rank) VALUES (%s, %s)", [session_id, rank])


def rate(acts: list[Callable[[], object]], connections: int) -> float:
    """Acts per second, from this many threads, each with a connection that is open when they start."""
    from django.db import connection

    gate = threading.Barrier(connections)

    def connect(_):
        connection.ensure_connection()
        gate.wait()

    with ThreadPoolExecutor(max_workers=connections) as pool:
        list(pool.map(connect, range(connections)))
        start = time.perf_counter()
        list(pool.map(lambda act: act(), acts))
        seconds = time.perf_counter() - start
        list(pool.map(lambda _: (gate.wait(), connection.close()), range(connections)))
    return len(acts) / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--confirmations", type=int, default=400)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        sys.exit(subprocess.call([ROOT / ".ci/with-postgres", sys.executable, *sys.argv]))
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        prepare(directory)
        from django.db import connection

        from agenda.registrations import services

        session = make_session()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_bare (id bigserial PRIMARY KEY, session_id bigint, rank integer)")
        number = options.confirmations
        floor = rate([lambda rank=rank: bare(session.pk, rank) for rank in range(number)], options.connections)
        people = forms(session, number)
        ours = rate([lambda row=row: services.confirm(registration=row) for row in people], options.connections)
        confirmed = session.registrations.filter(state="confirmee").count()
        waiting = session.registrations.filter(state="attente").count()
        print(f"{number} confirmations, {options.connections} connections, {SEATS} seats")
        print(f"{'bare lock and insert':<32}{floor:>10.0f} per second")
        print(f"{'registration_services.confirm':<32}{ours:>10.0f} per second{floor / ours:>10.1f} × slower")
        print(f"confirmed {confirmed}, waiting {waiting}: {'exact' if confirmed == SEATS else 'WRONG'}")


if __name__ == "__main__":
    main()
