"""The real data files: every territory of France, and the territories of the State's programmes."""

from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import TestCase

from territoires_en_commun.base.models import ProgrammeTerritory
from territoires_en_commun.base.programme_import import DEFAULT_PATH as PROGRAMMES
from territoires_en_commun.base.programme_import import read_lines
from territoires_en_commun.territories.datafile import DEFAULT_PATH
from territoires_en_commun.territories.models import Territory, TerritoryClosure, TerritoryImport
from tests.territories.real_map import load_whole_france

ANCT_FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "programmes_anct.tsv"


def run(command, *args) -> str:
    output = StringIO()
    call_command(command, *args, stdout=output)
    return output.getvalue()


class TestWholeFrance(TestCase):
    """A class for the sake of its data: the whole map is imported once, and each test rolls back to it."""

    @classmethod
    def setUpTestData(cls):
        load_whole_france()

    def test_counts_are_those_of_the_source(self):
        assert Counter(Territory.objects.active().values_list("type", flat=True)) == {
            "commune": 34_969,
            "commune-deleguee": 2_105,
            "commune-associee": 471,
            "arrondissement": 45,
            "epci": 1_255,
            "ept": 11,
            "departement": 109,
            "region": 26,
            "pays": 1,
        }
        former = Territory.objects.filter(is_active=False)
        assert (former.count(), former.filter(type="commune", replaced_by__is_active=True).count()) == (4_240, 4_240)

    def test_second_import_changes_nothing(self):
        assert run("import_territories") == "Territoires 2026 : rien n'a changé.\n"
        assert TerritoryImport.objects.count() == 1

    def test_every_active_commune_is_in_one_departement_and_one_region(self):
        for type_ in ("departement", "region", "pays"):
            links = TerritoryClosure.objects.filter(
                descendant__type="commune", descendant__is_active=True, ancestor__type=type_
            )
            assert (links.count(), links.values("descendant").distinct().count()) == (34_969, 34_969), type_

    def test_only_four_islands_and_the_collectivites_are_in_no_epci(self):
        inside = TerritoryClosure.objects.filter(ancestor__type="epci").values("descendant")
        outside = Territory.objects.active().filter(type="commune").exclude(pk__in=inside)
        assert outside.filter(code__startswith="9").exclude(code__lt="975").count() == 94
        names = set(
            outside.exclude(code__startswith="97").exclude(code__startswith="98").values_list("name", flat=True)
        )
        assert names == {"Île-de-Bréhat", "Île-de-Sein", "Ouessant", "L'Île-d'Yeu"}

    def test_populations_add_up(self):
        france = Territory.objects.get_by_key("pays:FR")
        assert france.population == 68_952_941
        for type_ in ("region", "departement"):
            assert sum(
                Territory.objects.filter(type=type_).exclude(population=None).values_list("population", flat=True)
            ) == (france.population)
        assert Territory.objects.get_by_key("departement:984").population is None
        assert Territory.objects.get_by_key("commune:55039").population == 0

    def test_paris_has_its_postal_codes_point_and_arrondissements(self):
        paris = Territory.objects.get_by_key("commune:75056")
        assert (len(paris.postal_codes), paris.siren) == (21, "217500016")
        assert (round(paris.latitude, 1), round(paris.longitude, 1)) == (48.9, 2.3)
        assert Territory.objects.within(paris).filter(type="arrondissement").count() == 20

    def test_points_cover_nearly_all_big_communes_and_are_in_france(self):
        big = Territory.objects.active().filter(type="commune", population__gte=10_000)
        assert big.exclude(latitude=None).count() / big.count() > 0.98
        metropole = Territory.objects.filter(latitude__isnull=False).exclude(code__regex="^9[78]")
        outside = metropole.exclude(latitude__range=(41.3, 51.2), longitude__range=(-5.2, 9.6))
        assert list(outside) == []

    def test_former_codes_have_the_name_they_bore(self):
        assert not Territory.objects.filter(name__startswith="Ancienne commune").exists()
        names = {code: Territory.objects.get_by_key(f"commune:{code}").name for code in ("01018", "50649")}
        assert names == {"01018": "Arlod", "50649": "Pont-Farcy"}
        assert Territory.objects.get_by_key("commune:20004").current.key == "commune:2A004"

    def test_programmes_of_the_repository_are_all_placed(self):
        said = run("import_programmes")
        assert "8348 lignes, 8348 rattachements : 8348 créés, 0 mis à jour, 0 inchangés ; 0 refusés." in said
        assert run("import_programmes") == (
            "8348 lignes, 8348 rattachements : 0 créés, 0 mis à jour, 8348 inchangés ; 0 refusés.\n"
        )
        counts = Counter(ProgrammeTerritory.objects.values_list("programme__slug", flat=True))
        assert counts == {
            "petites-villes-de-demain": 1_645,
            "action-coeur-de-ville": 245,
            "villages-d-avenir": 2_498,
            "france-services": 2_720,
            "territoires-d-industrie": 641,
            "cites-educatives": 238,
            "fabriques-de-territoire": 361,
        }
        assert not ProgrammeTerritory.objects.exclude(territory__is_active=True).exists()

    @pytest.mark.skipif(not ANCT_FILE.exists(), reason="le fichier de l'ANCT n'est pas à côté du dépôt")
    def test_file_of_the_agency_says_the_same_as_the_derived_file(self):
        call_command("import_programmes", verbosity=0)
        said = run("import_programmes", ANCT_FILE)
        assert "7588 lignes, 8348 rattachements : 0 créés, 0 mis à jour, 8348 inchangés ; 0 refusés." in said
        assert "  93059 → Saint-Denis (93066)" in said
        assert sum(len(list(line.pairs())) for line in read_lines(ANCT_FILE)) == len(read_lines(PROGRAMMES))

    def test_data_files_stay_small(self):
        assert DEFAULT_PATH.stat().st_size < 700_000
        assert PROGRAMMES.stat().st_size < 100_000
