"""The import of the territories that programmes cover: each oddity of the source, and what it refuses."""

import json
import lzma
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from territoires_en_commun.base.models import Programme, ProgrammeTerritory
from territoires_en_commun.base.programme_import import DATA, DEFAULT_DATE, DEFAULT_SOURCE
from territoires_en_commun.territories.models import Territory
from tests.factories import ProgrammeFactory, ProgrammeTerritoryFactory

HEADER = "programme\tid\tlibelle\tcodes"


@pytest.fixture
def run(tmp_path, small_france):
    """``run(line, …)`` imports these lines over the small France; returns what the command says."""

    def write_and_import(*lines, header=HEADER, encoding="utf-8", **options) -> str:
        path = tmp_path / "programmes.tsv"
        path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
        output = StringIO()
        call_command("import_programmes", path, stdout=output, **options)
        return output.getvalue()

    return write_and_import


def coverages() -> list[tuple[str, str, str, str]]:
    rows = ProgrammeTerritory.objects.select_related("programme", "territory").order_by(
        "external_ref", "territory__code"
    )
    return [(row.programme.slug, row.external_ref, row.label, row.territory.key) for row in rows]


def test_seven_programmes_are_created_with_their_official_site(run):
    said = run()
    assert said.splitlines()[1] == "0 lignes, 0 rattachements : 0 créés, 0 mis à jour, 0 inchangés ; 0 refusés."
    known = json.loads((DATA / "programmes.json").read_text(encoding="utf-8"))
    assert [programme["slug"] for programme in known] == [
        "petites-villes-de-demain",
        "action-coeur-de-ville",
        "france-services",
        "territoires-d-industrie",
        "villages-d-avenir",
        "fabriques-de-territoire",
        "cites-educatives",
    ]
    for programme in Programme.objects.all():
        programme.full_clean()
    assert Programme.objects.count() == 7


def test_commune_is_covered_with_its_source_and_date(run):
    said = run("Petites villes de demain\tpvd-1\tChâteaubriant\t44036")
    assert "1 lignes, 1 rattachements : 1 créés, 0 mis à jour, 0 inchangés ; 0 refusés." in said
    row = ProgrammeTerritory.objects.get()
    assert (row.source, row.source_date, row.start, row.end) == (DEFAULT_SOURCE, date(2024, 9, 1), None, None)
    assert date(2024, 9, 1) == DEFAULT_DATE
    assert coverages() == [("petites-villes-de-demain", "pvd-1", "Châteaubriant", "commune:44036")]


@pytest.mark.parametrize(
    "codes", ["243500741 244400404", "243500741,244400404", " 243500741 ,  244400404", "243500741;244400404"]
)
def test_codes_are_separated_by_spaces_or_commas(run, codes):
    run(f"Territoires d'industrie\tti-1\tLoire\t{codes}")
    assert coverages() == [
        ("territoires-d-industrie", "ti-1", "Loire", "epci:243500741"),
        ("territoires-d-industrie", "ti-1", "Loire", "epci:244400404"),
    ]


def test_siren_of_a_commune_is_understood(run):
    run("Territoires d'industrie\tti-2707\tNevers Val de Loire\t215800467")
    assert coverages() == [("territoires-d-industrie", "ti-2707", "Nevers Val de Loire", "commune:58046")]


def test_arrondissement_and_corsican_codes_in_lower_case_are_understood(run):
    run("France services\tfs-1\tParis 12\t75112", "Petites villes de demain\tpvd-2\tBastia\t2b033")
    assert [row[3] for row in coverages()] == ["arrondissement:75112", "commune:2B033"]


def test_merged_commune_gives_the_commune_of_today_and_is_listed(run):
    said = run("Villages d'avenir\tva-1\tArlod\t01018", "Villages d'avenir\tva-2\tNeuville\t60455")
    assert [row[3] for row in coverages()] == ["commune:01033", "commune:60694"]
    assert said.splitlines()[-3:] == [
        "Codes de communes fusionnées, rattachés à la commune d'aujourd'hui : 2",
        "  01018 → Valserhône (01033)",
        "  60455 → Les Hauts-Talican (60694)",
    ]


def test_several_references_pair_with_as_many_codes(run):
    run("France services\tfs-1; fs-2\tNantes Nord; Rezé\t44109 44143")
    assert coverages() == [
        ("france-services", "fs-1", "Nantes Nord", "commune:44109"),
        ("france-services", "fs-2", "Rezé", "commune:44143"),
    ]


def test_several_references_share_one_code(run):
    run("Cités éducatives\tcite-2 ; cite-1\tNantes Est ; Nantes Ouest\t44109")
    assert coverages() == [
        ("cites-educatives", "cite-1", "Nantes Ouest", "commune:44109"),
        ("cites-educatives", "cite-2", "Nantes Est", "commune:44109"),
    ]


def test_label_that_cannot_be_split_is_kept_whole(run):
    label = "Le Lieu-Dit ; dix structures ; une forge"
    run(f"France services\tfs-1; fs-2\t{label}\t44109 44109", f"Fabriques de territoire\tfabt-1\t{label}\t44109")
    assert {row[2] for row in coverages()} == {label}
    assert len(coverages()) == 3


def test_long_label_is_kept(run):
    run(f"Fabriques de territoire\tfabt-1\t{'é' * 554}\t44109")
    assert len(ProgrammeTerritory.objects.get().label) == 554


@pytest.mark.parametrize("name", ["Territoires d'industrie", "Territoires d’industrie", "TERRITOIRES D'INDUSTRIE"])
def test_programme_is_recognised_whatever_its_apostrophe_and_case(run, name):
    run(f"{name}\tti-1\tLoire\t244400404")
    assert [row[0] for row in coverages()] == ["territoires-d-industrie"]


def test_programme_renamed_by_editors_is_kept_and_still_recognised(run):
    run()
    Programme.objects.filter(slug="action-coeur-de-ville").update(name="Action cœur de ville 2", description="Relu.")
    run("Action cœur de ville\tacv-1\tNantes\t44109", "Action cœur de ville 2\tacv-2\tRezé\t44143")
    assert [row[0] for row in coverages()] == ["action-coeur-de-ville"] * 2
    assert Programme.objects.get(slug="action-coeur-de-ville").description == "Relu."


def test_merged_programme_gives_the_one_that_took_over(run):
    run()
    successor = ProgrammeFactory(name="France ruralités", slug="france-ruralites")
    Programme.objects.filter(slug="villages-d-avenir").update(is_active=False, replaced_by=successor)
    run("Villages d'avenir\tva-1\tNantes\t44109")
    assert [row[0] for row in coverages()] == ["france-ruralites"]


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("Grand Plan\tgp-1\tNantes\t44109", "ligne 3 : programme inconnu : « Grand Plan »"),
        ("France services\tfs-1\tNan\x00tes\t44109", "ligne 3 : caractère nul"),
        ("France services\tfs-1\tNantes\t", "ligne 3 : aucun code de territoire"),
        ("France services\t\tNantes\t44109", "ligne 3 : référence vide"),
        ("France services\tfs-1;\tNantes\t44109", "ligne 3 : référence vide"),
        ("France services\tfs-1\tNantes\t99999", "ligne 3 : territoire inconnu : 99999 (France services, fs-1)"),
        ("France services\tfs-1; fs-2\tNantes\t44109 44143 44162", "ligne 3 : 2 références pour 3 codes"),
        ("France services\tfs-0\tRezé\t44143", "ligne 3 : fs-0 sur Rezé figure déjà à la ligne 2"),
        (
            f"France services\t{'f' * 61}\tNantes\t44109",
            "ligne 3 : external_ref : Assurez-vous que cette valeur comporte au plus 60 caractères (actuellement 61).",
        ),
    ],
)
def test_bad_line_is_refused_with_its_number_and_cause_and_the_others_are_kept(run, line, cause):
    said = run("France services\tfs-0\tRezé\t44143", line, "France services\tfs-9\tSaint-Herblain\t44162")
    assert [row[1] for row in coverages()] == ["fs-0", "fs-9"]
    assert "3 lignes, 2 rattachements : 2 créés, 0 mis à jour, 0 inchangés ; 1 refusés." in said
    assert f"Refusés : 1\n  {cause}\n" in said


def test_unknown_codes_are_counted(run):
    said = run("France services\tfs-1\tA\t99999 44109", "France services\tfs-2\tB\t99999")
    assert said.endswith("Codes inconnus : 1\n  99999 (2 fois)\n")
    assert [row[1] for row in coverages()] == ["fs-1"]


def test_second_import_changes_nothing(run):
    line = "France services\tfs-1; fs-2\tNantes; Rezé\t44109 44143"
    run(line)
    before = list(ProgrammeTerritory.objects.order_by("pk").values_list())
    assert run(line) == "1 lignes, 2 rattachements : 0 créés, 0 mis à jour, 2 inchangés ; 0 refusés.\n"
    assert list(ProgrammeTerritory.objects.order_by("pk").values_list()) == before


def test_later_import_updates_label_and_source_and_keeps_the_dates_of_editors(run):
    run("France services\tfs-1\tNantes\t44109")
    ProgrammeTerritory.objects.update(start=date(2020, 1, 1))
    said = run("France services\tfs-1\tNantes Nord\t44109", source="ANCT 2027", date=date(2027, 1, 15))
    assert "1 lignes, 1 rattachements : 0 créés, 1 mis à jour, 0 inchangés ; 0 refusés." in said
    row = ProgrammeTerritory.objects.get()
    assert (row.label, row.source, row.source_date, row.start) == (
        "Nantes Nord",
        "ANCT 2027",
        date(2027, 1, 15),
        date(2020, 1, 1),
    )


def test_commune_merged_since_the_last_import_keeps_its_row(run, small_france):
    run("France services\tfs-1\tRezé\t44143")
    row = ProgrammeTerritory.objects.get()
    Territory.objects.filter(pk=small_france["commune:44143"].pk).update(
        is_active=False, replaced_by=small_france["commune:44109"]
    )
    said = run("France services\tfs-1\tRezé\t44143")
    assert "0 créés, 1 mis à jour" in said
    assert list(ProgrammeTerritory.objects.values_list("pk", "territory__code")) == [(row.pk, "44109")]


def test_row_of_a_merged_commune_gives_way_to_that_of_today(run, small_france):
    run("France services\tfs-1\tRezé\t44143 44109")
    Territory.objects.filter(pk=small_france["commune:44143"].pk).update(
        is_active=False, replaced_by=small_france["commune:44109"]
    )
    said = run("France services\tfs-1\tRezé\t44109")
    assert "0 créés, 0 mis à jour, 1 inchangés" in said
    assert said.endswith("Absents du fichier, conservés : 1\n  France services : Rezé (fs-1)\n")


def test_missing_rows_are_kept_unless_asked_within_the_programmes_of_the_file(run, small_france):
    run(
        "France services\tfs-1\tNantes\t44109",
        "France services\tfs-2\tRezé\t44143",
        "Cités éducatives\tcite-1\tNantes\t44109",
    )
    by_hand = ProgrammeTerritoryFactory(
        programme=Programme.objects.get(slug="france-services"), territory=small_france["commune:44036"]
    )
    said = run("France services\tfs-1\tNantes\t44109")
    assert said.endswith("Absents du fichier, conservés : 1\n  France services : Rezé (fs-2)\n")
    assert ProgrammeTerritory.objects.count() == 4
    said = run("France services\tfs-1\tNantes\t44109", delete_missing=True)
    assert said.endswith("Absents du fichier, supprimés : 1\n  France services : Rezé (fs-2)\n")
    assert [row[1] for row in coverages()] == ["", "cite-1", "fs-1"]
    assert ProgrammeTerritory.objects.filter(pk=by_hand.pk).exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"header": "programme;id;libelle;codes"},
            "Ligne 1 : les colonnes attendues, séparées par des tabulations, sont programme, id, libelle, codes.",
        ),
        ({"encoding": "cp1252"}, "programmes.tsv n'est pas en UTF-8 (octet "),
        ({"encoding": "utf-16"}, "programmes.tsv n'est pas en UTF-8 (octet 0)."),
    ],
)
def test_file_of_another_shape_is_refused_whole(run, options, message):
    with pytest.raises(CommandError) as refusal:
        run("Cités éducatives\tcite-1\tNantes\t44109", **options)
    assert str(refusal.value).startswith(message)
    assert Programme.objects.count() == 0


def test_line_cut_short_refuses_the_whole_file(run):
    with pytest.raises(CommandError, match=r"^Ligne 3 : 3 valeurs au lieu de 4 ; rien n'a été importé\.$"):
        run("France services\tfs-1\tNantes\t44109", "France services\tfs-2\tRezé")
    assert ProgrammeTerritory.objects.count() == 0


def test_stray_carriage_return_refuses_the_whole_file(run):
    with pytest.raises(CommandError, match=r"^Ligne 3 : retour à la ligne isolé .* rien n'a été importé\.$"):
        run("France services\tfs-1\tNantes\t44109", "France services\tfs-2\tRe\rzé\t44143")
    assert ProgrammeTerritory.objects.count() == 0


def test_unicode_line_separator_stays_within_its_label(run):
    run("France services\tfs-1\tNantes\u2028Nord\t44109")
    assert [row[2] for row in coverages()] == ["Nantes\u2028Nord"]


def test_byte_order_mark_and_windows_line_ends_are_accepted(run):
    run("France services\tfs-1\tNantes\t44109\r", header=HEADER + "\r", encoding="utf-8-sig")
    assert coverages() == [("france-services", "fs-1", "Nantes", "commune:44109")]


def test_missing_or_damaged_file_is_refused(small_france, tmp_path):
    with pytest.raises(CommandError, match=r"^Fichier illisible : .*absent\.tsv"):
        call_command("import_programmes", tmp_path / "absent.tsv")
    path = tmp_path / "coupé.tsv.xz"
    path.write_bytes(lzma.compress(HEADER.encode() * 1000)[:-20])
    with pytest.raises(CommandError, match=r"^coupé\.tsv\.xz n'est pas une archive xz entière\.$"):
        call_command("import_programmes", path)


def test_without_territories_the_command_says_what_to_run_first(db):
    with pytest.raises(CommandError, match=r"lancez d'abord « manage\.py import_territories »"):
        call_command("import_programmes")


def test_derived_file_reads_back_what_was_written(run, tmp_path):
    run(
        "France services\tfs-1; fs-2\tNantes; Rezé\t44109 01018",
        "Territoires d'industrie\tti-1\tLoire ; Mayenne\t244400404",
    )
    before = coverages()
    path = tmp_path / "derive.tsv.xz"
    call_command("build_programmes_data", output=path, stdout=StringIO())
    ProgrammeTerritory.objects.all().delete()
    call_command("import_programmes", path, verbosity=0)
    assert coverages() == before


def test_derived_file_is_not_written_from_an_empty_table(small_france, tmp_path):
    with pytest.raises(CommandError, match="Aucun rattachement en base"):
        call_command("build_programmes_data", output=tmp_path / "vide.tsv.xz")
    assert not (tmp_path / "vide.tsv.xz").exists()
