"""CPU per uncached request: home, page of a territory, listing with facets, beside a null view.

    .venv/bin/python bench/pages.py [--pages 1400] [--requests 60]

Builds a throw-away SQLite site under production settings (all the territories, programmes, demonstration content,
then pages in bulk) and calls the WSGI application in this process: process time, best of ten runs, so that
neither the network nor the neighbours count. Budgets of issue 3: 12 ms a page, 20 ms a listing with facets.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
BUDGETS = {"page": 12.0, "listing": 20.0}
RUNS = 10
WORDS = ["eau", "énergie", "mobilité", "commerce", "logement", "école", "santé", "numérique", "budget", "forêt"]


def prepare(directory: str, pages: int) -> None:
    """A site under production settings in ``directory``."""
    os.environ |= {
        "DEBUG": "0",
        "DOTENV_PATH": os.devnull,
        "SECRET_KEY": "bench-only-" * 6,
        "DATABASE_URL": f"sqlite:///{directory}/db.sqlite3",
        "VAR_DIR": directory,
        "SITE_URL": "http://127.0.0.1:8000",
        "DJANGO_SETTINGS_MODULE": "territoires_en_commun.settings",
        "LOG_LEVEL": "ERROR",
    }
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    steps = ["migrate", "import_territories", "init_site", "import_programmes", "load_demo", "build_dsfr_bundle"]
    with open(os.devnull, "w") as silence:
        for step in steps:
            print(f"… {step}", file=sys.stderr)
            call_command(step, verbosity=0, stdout=silence)
        call_command("collectstatic", verbosity=0, interactive=False, stdout=silence)
    add_pages(pages)


def add_pages(number: int) -> None:
    """Pages written in bulk under the home page, with themes, programmes and territories."""
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone

    from territoires_en_commun.base.models import BasePage, Programme, Theme
    from territoires_en_commun.home.models import HomePage, StandardPage
    from territoires_en_commun.territories.models import Territory

    dice = random.Random(1)  # noqa: S311 (a bench, the same at each run)
    home = HomePage.objects.get()
    first = BasePage.objects.child_of(home).count() + 1
    now, content_type = timezone.now(), ContentType.objects.get_for_model(StandardPage)
    pages = []
    for position in range(first, first + number):
        title = f"{' '.join(dice.sample(WORDS, 3)).capitalize()} {position}"
        pages.append(
            BasePage(
                title=title,
                draft_title=title,
                slug=f"banc-{position}",
                summary=f"Ce que la commune a appris : {' '.join(dice.choices(WORDS, k=20))}."[:300],
                path=BasePage._get_path(home.path, home.depth + 1, position),
                depth=home.depth + 1,
                url_path=f"{home.url_path}banc-{position}/",
                content_type=content_type,
                locale_id=home.locale_id,
                first_published_at=now,
                last_published_at=now,
                live=True,
            )
        )
    BasePage.objects.bulk_create(pages, batch_size=500)
    rows = BasePage.objects.filter(slug__startswith="banc-")
    insert_children(rows)
    link(rows, BasePage.themes, Theme.objects.all(), dice)
    link(rows, BasePage.programmes, Programme.objects.all(), dice)
    link(rows, BasePage.territories, Territory.objects.active(), dice)
    HomePage.objects.filter(pk=home.pk).update(numchild=first - 1 + number)
    from django.core.management import call_command

    from territoires_en_commun.base.models import mark_change

    mark_change()
    with open(os.devnull, "w") as silence:
        call_command("update_index", verbosity=0, stdout=silence)


def insert_children(pages) -> None:
    """The rows of ``StandardPage`` that go with these base rows, which bulk_create cannot write."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO home_standardpage (basepage_ptr_id, body) VALUES (%s, '[]')", [(page.pk,) for page in pages]
        )


def link(pages, relation, targets, dice: random.Random) -> None:
    """One to three targets of ``relation`` for each page."""
    through, column = relation.through, relation.field.m2m_reverse_name()
    ids = list(targets.values_list("pk", flat=True))
    rows = [
        through(basepage_id=page.pk, **{column: target})
        for page in pages
        for target in dice.sample(ids, dice.randint(1, 3))
    ]
    through.objects.bulk_create(rows, batch_size=5000)


def server():
    """A function that asks the WSGI application for a path, and gives the status."""
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.test import RequestFactory
    from django.urls import path as route

    from territoires_en_commun import urls

    urls.urlpatterns.insert(0, route("rien/", lambda request: HttpResponse("rien")))
    application = get_wsgi_application()
    factory = RequestFactory(HTTP_HOST="127.0.0.1:8000")

    def call(path: str) -> int:
        statuses = []
        body = application(factory._base_environ(**environ_of(path)), lambda status, headers: statuses.append(status))
        b"".join(body)
        body.close()
        return int(statuses[0].split()[0])

    return call


def environ_of(path: str) -> dict[str, str]:
    """What tells a path and its query string to a WSGI application."""
    path, _, query = path.partition("?")
    return {"PATH_INFO": path, "QUERY_STRING": quote(query, safe="=&:+%"), "REQUEST_METHOD": "GET"}


def measure(call, path: str, requests: int) -> tuple[float, int]:
    """CPU milliseconds per request, best of ten runs, and the number of queries of the last one."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if (status := call(path)) != 200:
        raise SystemExit(f"{path} answers {status}.")
    best = float("inf")
    for _ in range(RUNS):
        start = time.process_time()
        for _ in range(requests):
            call(path)
        best = min(best, (time.process_time() - start) / requests)
    with CaptureQueriesContext(connection) as queries:
        call(path)
    return best * 1000, len(queries)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=1400)
    parser.add_argument("--requests", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        prepare(directory, options.pages)
        call = server()
        null, _ = measure(call, "/rien/", options.requests)
        print(f"{'page':<44}{'ms':>8}{'× null':>9}{'queries':>9}{'budget':>9}")
        print(f"{'null view':<44}{null:>8.2f}{1:>9.1f}")
        failed = 0
        for name, kind, path in PATHS:
            cost, queries = measure(call, path, options.requests)
            over = cost > BUDGETS[kind]
            failed += over
            ending = f"{BUDGETS[kind]:>7.0f}ms{' OVER' if over else ''}"
            print(f"{name:<44}{cost:>8.2f}{cost / null:>9.1f}{queries:>9}{ending}")
    return 1 if failed else 0


PATHS = [
    ("home", "page", "/"),
    ("page of text", "page", "/mentions-legales/"),
    ("territory: commune", "page", "/territoires/commune-44109-nantes/"),
    ("territory: intercommunalité", "page", "/territoires/epci-244400404-nantes-metropole/"),
    ("territory: département of 890 communes", "page", "/territoires/departement-62-pas-de-calais/"),
    ("territory: France", "page", "/territoires/pays-FR-france/"),
    ("list of départements", "page", "/territoires/liste/"),
    ("fiche of an actor", "page", "/annuaire/ressourcerie-fictive-du-grand-gueret/"),
    ("kit", "page", "/ressources/lancer-un-budget-participatif/"),
    ("experience", "page", "/experiences/jardin-partage-gueret/"),
    ("article", "page", "/actualites/la-halle-a-rouvert/"),
    ("call", "page", "/appels-a-projets/cafes-associatifs/"),
    ("directory", "listing", "/annuaire/"),
    ("resources", "listing", "/ressources/"),
    ("experiences of communes alike", "listing", "/experiences/?comme=commune:23096"),
    ("articles", "listing", "/actualites/"),
    ("calls", "listing", "/appels-a-projets/"),
    ("listing with facets", "listing", "/recherche/"),
    ("listing, page 50", "listing", "/recherche/?page=50"),
    ("listing, two facets", "listing", "/recherche/?thematique=education&type=page-de-texte"),
    ("listing, territory", "listing", "/recherche/?territoire=commune:44109"),
    ("listing, text", "listing", "/recherche/?q=eau+énergie"),
    ("listing, nothing found", "listing", "/recherche/?q=introuvable&territoire=commune:44109"),
]

if __name__ == "__main__":
    raise SystemExit(main())
