"""How many queries a visitor's page costs on a filled site: at most 15 once warm, 20 when nothing is in memory."""

from django.core.management import call_command
from django.db import connection
from django.test import TestCase

from territoires_en_commun.base.models import BasePage, HeaderLink, SiteSettings, SocialLink
from territoires_en_commun.territories.models import Territory, TerritoryType
from tests.query_costs import cost_of_visit
from tests.territories.real_map import load_whole_france

WARM, COLD = 15, 20
SHOWN_PER_TYPE = 3
DEMO = {"appel": 8, "evenement": 13}  # pages that the command of the demonstration writes
OTHERS = (
    "/territoires/",
    "/territoires/?q=saint-denis",
    "/territoires/liste/",
    "/recherche/",
    "/recherche/?q=ponts",
    "/recherche/?q=zzzzzzzzzz",
    "/recherche/suggestions/?q=pont",
    "/recherche/?q=eau&territoire=commune:23096&thematique=mobilites",
    "/annuaire/?territoire=commune:23096&type=association",
    "/ressources/?type=guide&public=elus",
    "/experiences/?comme=commune:23096&selon=strate",
    "/experiences/?territoire=commune:23096",
    "/experiences/comparer/",
    "/experiences/partager/",
    "/actualites/?q=ponts&type=focus&annee=2022",
    "/actualites/?export=rss",
    "/actualites/?territoire=commune:23096&export=atom",
    "/appels-a-projets/?territoire=commune:44109&structure=commune",
    "/appels-a-projets/?export=ics",
    "/agenda/?quand=passes",
    "/agenda/?territoire=commune:23096&mode=presentiel",
    "/agenda/?export=ics",
    "/agenda/?export=rss",
    "/plan-du-site/",
    "/contact/",
)


class TestQueryBudgets(TestCase):
    """A class for the sake of its data: the site is filled once, as ``make run`` does."""

    @classmethod
    def setUpTestData(cls):
        load_whole_france()
        for command in ("import_programmes", "init_site", "load_demo"):
            call_command(command, verbosity=0)
        connection.check_constraints()  # once here, or PostgreSQL checks every reference after each test
        site_settings = SiteSettings.objects.create(operator_name="ANCT")
        HeaderLink.objects.create(settings=site_settings, label="Lettre", url="https://exemple.fr")
        SocialLink.objects.create(settings=site_settings, network="linkedin", url="https://exemple.fr")

    def test_site_holds_what_it_is_measured_on(self):
        counts = {kind: BasePage.objects.filter(external_ref__startswith=f"demo:{kind}:").count() for kind in DEMO}
        assert counts == DEMO

    def costs(self, path: str) -> tuple[int, int]:
        """Queries of a warm visit and of a cold one; the pictures are made before."""
        self.client.get(path)
        self.client.get(path)
        warm = cost_of_visit(self.client, path, is_cold=False)
        return warm, cost_of_visit(self.client, path, is_cold=True)

    def over_budget(self, paths) -> dict[str, tuple[int, int]]:
        costs = {path: self.costs(path) for path in paths}
        return {path: (warm, cold) for path, (warm, cold) in costs.items() if warm > WARM or cold > COLD}

    def test_pages_of_every_type(self):
        pages = BasePage.objects.live().filter(depth__gt=1)
        types = set(pages.values_list("content_type", flat=True))
        assert len(types) >= 12
        chosen = [page.url for type_ in types for page in pages.filter(content_type=type_)[:SHOWN_PER_TYPE]]
        assert self.over_budget(chosen) == {}

    def test_territories_of_every_type(self):
        active = Territory.objects.active()
        shown = [active.filter(type=type_).order_by("code").last() for type_ in TerritoryType.values]
        merged = active.filter(type=TerritoryType.COMMUNE, replaces__isnull=False).order_by("code").first()
        chosen = [merged, active.get_by_key("commune:69123"), active.get_by_key("departement:62")]
        paths = [territory.current.get_absolute_url() for territory in filter(None, shown + chosen)]
        assert len(set(paths)) >= 8
        assert self.over_budget(paths) == {}

    def test_lists_and_their_files(self):
        assert self.over_budget(OTHERS) == {}
