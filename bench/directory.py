"""CPU per uncached request of the directory with many actors, beside a null view.

    .venv/bin/python bench/directory.py [--actors 40000] [--requests 10]

The site is that of bench/pages.py without its pages of text, plus actors written in bulk: each acts in one to three
territories, carries one to three themes, and most have an address. Budget: 20 ms a list, as for any listing.
"""

import argparse
import random
import sys
import tempfile
import time
from itertools import islice

from pages import WORDS, measure, prepare, server

BUDGET = 20.0
BATCH = 2000
PATHS = [
    ("directory", "/annuaire/"),
    ("directory, page 50", "/annuaire/?page=50"),
    ("directory, commune", "/annuaire/?territoire=commune:23096"),
    (
        "directory, département, two facets",
        "/annuaire/?territoire=departement:62&type=association&thematique=mobilites",
    ),
    ("directory, text", "/annuaire/?q=eau+énergie"),
    ("directory, by date of verification", "/annuaire/?tri=verification"),
    ("fiche", "/annuaire/banc-1/"),
    ("territory: commune", "/territoires/commune-44109-nantes/"),
    ("API, 20 actors of a commune", "/api/v1/acteurs?territoire=commune:44109"),
]


def add_actors(number: int) -> float:
    """Publish actors in bulk; return the seconds it took."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from annuaire.models import ActorPage, ActorType, DirectoryPage
    from territoires_en_commun.base.bulk import add_published_children
    from territoires_en_commun.base.models import Theme, mark_change
    from territoires_en_commun.database import refresh_statistics
    from territoires_en_commun.territories.models import Territory

    dice = random.Random(1)  # noqa: S311 (a bench, the same at each run)
    owner = get_user_model().objects.first() or get_user_model().objects.create_user(email="banc@exemple.fr")
    directory = DirectoryPage.objects.get()
    places = list(Territory.objects.active().exclude(type="pays"))
    communes = [place for place in places if place.type == "commune"]
    themes = list(Theme.objects.active())
    today = timezone.localdate()
    start = time.perf_counter()

    def actors():
        for rank in range(1, number + 1):
            words = " ".join(dice.sample(WORDS, 2))
            yield ActorPage(
                title=f"Acteur du banc {rank}, {words}",
                slug=f"banc-{rank}",
                type=dice.choice(ActorType.values[4:]),
                summary=f"Il aide les communes : {' '.join(dice.choices(WORDS, k=15))}."[:300],
                commune=dice.choice(communes) if rank % 5 else None,
                verified_on=today.replace(year=today.year - dice.randint(0, 2), day=1),
                review_date=today.replace(year=today.year + 1, day=1),
                review_owner=owner,
            )

    waiting = actors()
    while batch := list(islice(waiting, BATCH)):
        relations = {
            rank: {
                "themes": dice.sample(themes, dice.randint(1, 3)),
                "territories": dice.sample(places, dice.randint(1, 3)),
            }
            for rank in range(len(batch))
        }
        add_published_children(directory, batch, relations)
        print(f"… {batch[-1].slug}", file=sys.stderr)
    mark_change()
    refresh_statistics()
    return time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--actors", type=int, default=40_000)
    parser.add_argument("--requests", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        prepare(directory, 0)
        seconds = add_actors(options.actors)
        print(f"{options.actors} actors written in {seconds:.0f} s ({1000 * seconds / options.actors:.1f} ms each)")
        call = server()
        null, _ = measure(call, "/rien/", options.requests)
        print(f"{'page':<44}{'ms':>8}{'× null':>9}{'queries':>9}")
        failed = 0
        for name, path in PATHS:
            cost, queries = measure(call, path, options.requests)
            failed += cost > BUDGET
            print(f"{name:<44}{cost:>8.2f}{cost / null:>9.1f}{queries:>9}{' OVER' if cost > BUDGET else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
