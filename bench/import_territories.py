"""Time to import the territories and the programmes, beside the time to read their files.

    .venv/bin/python bench/import_territories.py [--database URL] [--runs 2]

Uses a throw-away SQLite database, or the empty database of the URL (its tables are created and left). Prints process
times and ratios: a slow or busy machine moves the times, hardly the ratios. Target of issue 3: the first import of
territories under 30 s on SQLite.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = 30.0  # seconds


def prepare(directory: str, database: str) -> None:
    """Tables in an empty database."""
    os.environ |= {
        "DEBUG": "0",
        "DOTENV_PATH": os.devnull,
        "SECRET_KEY": "bench-only-" * 6,
        "DATABASE_URL": database or f"sqlite:///{directory}/db.sqlite3",
        "DATABASE_STATEMENT_TIMEOUT": "0",
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


def measure(action: Callable[[], object]) -> tuple[float, float]:
    """Wall-clock and process seconds of an action."""
    wall, process = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - wall, time.process_time() - process


def report(label: str, seconds: tuple[float, float], base: float) -> None:
    wall, process = seconds
    print(f"{label:<42}{wall:>8.2f} s {process:>8.2f} s {process / base:>8.1f} ×")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="", help="URL of an empty database instead of SQLite")
    parser.add_argument("--runs", type=int, default=2, help="how many imports that change nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        prepare(directory, options.database)
        from django.core.management import call_command

        from territoires_en_commun.base.programme_import import DEFAULT_PATH as PROGRAMMES
        from territoires_en_commun.base.programme_import import read_lines
        from territoires_en_commun.territories.datafile import DEFAULT_PATH, read_territories

        print(f"{'':<42}{'wall':>10} {'process':>10} {'ratio':>10}")
        reading = measure(lambda: read_territories(DEFAULT_PATH))
        report("read and check territoires.csv.xz", reading, reading[1])
        first = measure(lambda: call_command("import_territories", verbosity=0))
        report("import_territories, empty database", first, reading[1])
        for _ in range(options.runs):
            again = measure(lambda: call_command("import_territories", verbosity=0))
            report("import_territories, nothing to change", again, reading[1])
        reading = measure(lambda: read_lines(PROGRAMMES))
        report("read programmes_territoires.tsv.xz", reading, reading[1])
        for label in ("import_programmes, empty tables", "import_programmes, nothing to change"):
            report(label, measure(lambda: call_command("import_programmes", verbosity=0)), reading[1])
        verdict = "kept" if first[1] < TARGET else "MISSED"
        print(f"target of {TARGET:.0f} s for the first import: {verdict} ({first[1]:.1f} s of process time)")


if __name__ == "__main__":
    main()
