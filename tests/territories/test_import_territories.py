"""The yearly import: what it does, what it refuses, what it says."""

import json
import lzma
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from territoires_en_commun.territories.datafile import COLUMNS, DataFileError, read_territories, write_territories
from territoires_en_commun.territories.models import Territory, TerritoryClosure, TerritoryImport
from tests.territories.small_france import PATH


def run(path, **options) -> str:
    output = StringIO()
    call_command("import_territories", path, stdout=output, **options)
    return output.getvalue()


@pytest.fixture
def rows():
    """The rows of the small France, by key, free to be changed."""
    return read_territories(PATH).rows


@pytest.fixture
def update(tmp_path):
    """``update(rows)`` writes them as the file of the next year and imports it; returns what the command says."""

    def write_and_run(rows, vintage="2027", **options):
        path = tmp_path / "territoires.csv.xz"
        write_territories(path, vintage, ["essai"], rows.values())
        return run(path, **options)

    return write_and_run


def snapshot() -> tuple:
    """Every row of the map, closure and ids included."""
    return (
        list(Territory.objects.order_by("pk").values_list()),
        sorted(TerritoryClosure.objects.values_list("descendant_id", "ancestor_id", "distance")),
        list(TerritoryImport.objects.order_by("pk").values_list("pk", "vintage", "sha256")),
    )


def packed(tmp_path, text: str | bytes):
    path = tmp_path / "mauvais.csv.xz"
    path.write_bytes(lzma.compress(text if isinstance(text, bytes) else text.encode()))
    return path


def test_first_import_says_what_it_created(db):
    assert run(PATH).splitlines() == [
        "Territoires, millésime 2026 :",
        "  commune : 73 en vigueur, 56 anciennes",
        "  commune déléguée : 22",
        "  commune associée : 8",
        "  arrondissement municipal : 45",
        "  intercommunalité : 50",
        "  établissement public territorial : 3",
        "  département : 53",
        "  région : 25",
        "  pays : 1",
        f"336 créés, 0 mis à jour (0 populations), {TerritoryClosure.objects.count()} liens de parenté changés.",
    ]
    stamp = TerritoryImport.objects.latest()
    assert (stamp.vintage, stamp.sha256) == ("2026", read_territories(PATH).sha256)
    assert stamp.counts["commune"] == 73
    assert stamp.changes["created"] == 336


def test_second_import_changes_nothing_and_says_so(small_france):
    before = snapshot()
    assert run(PATH) == "Territoires 2026 : rien n'a changé.\n"
    assert snapshot() == before


def test_second_import_writes_nothing(small_france, django_assert_num_queries):
    # a savepoint and its release, the latest stamp, the territories, the closure
    with django_assert_num_queries(5):
        call_command("import_territories", PATH, verbosity=0)


def test_import_repairs_what_was_altered_by_hand(small_france):
    Territory.objects.filter(code="44109", type="commune").update(name="Condevincum", population=3)
    TerritoryClosure.objects.filter(descendant=small_france["commune:44109"]).delete()
    said = run(PATH)
    nantes = small_france["commune:44109"]
    nantes.refresh_from_db()
    assert nantes.name == "Nantes"
    assert Territory.objects.covering(nantes).count() == 5
    assert "0 créés, 1 mis à jour (1 populations), 5 liens de parenté changés." in said
    assert "  Condevincum → Nantes (44109)" in said
    assert TerritoryImport.objects.count() == 2


def test_yearly_update_keeps_ids_and_marks_merged_communes(small_france, rows, update):
    new = rows["commune:44143"]
    rows["commune:44162"] = replace(rows["commune:44162"], name="Rezé-Saint-Herblain", population=95_000)
    rows["commune:44143"] = replace(new, active=False, replaced_by="commune:44162", parents=[])
    rows["commune-deleguee:44143"] = replace(new, type="commune-deleguee", siren="", parents=["commune:44162"])
    said = update(rows)

    merged = Territory.objects.get_by_key("commune:44143")
    assert (merged.pk, merged.is_active) == (small_france["commune:44143"].pk, False)
    assert merged.current.pk == small_france["commune:44162"].pk
    assert merged.precision == "ancienne commune, aujourd'hui Rezé-Saint-Herblain, Loire-Atlantique (44)"
    part = Territory.objects.get_by_key("commune-deleguee:44143")
    assert [t.key for t in Territory.objects.covering(part)][:2] == ["commune-deleguee:44143", "commune:44162"]
    assert [t.key for t in Territory.objects.covering(merged)][:2] == ["commune:44143", "commune:44162"]
    assert merged in Territory.objects.within(small_france["departement:44"])
    assert said.splitlines()[-4:] == [
        "Renommés : 1",
        "  Saint-Herblain → Rezé-Saint-Herblain (44162)",
        "Remplacés : 1",
        "  Rezé (44143) → Rezé-Saint-Herblain (44162)",
    ]
    assert "1 créés, 3 mis à jour (1 populations)" in said
    assert TerritoryImport.objects.latest().changes == {
        "created": 1,
        "populations": 1,
        "updated": 3,
        "renamed": 1,
        "merged": 1,
        "vanished": 0,
        "restored": 0,
        "moved": 0,
    }


def test_yearly_update_restores_a_commune_that_leaves_the_merger(small_france, rows, update):
    lost = rows["commune:01018"]
    rows["commune:01018"] = replace(
        lost, active=True, replaced_by="", population=1200, parents=["epci:240100891", "departement:01"]
    )
    said = update(rows)
    assert "Rétablis : 1\n  Arlod (01018)\n" in said
    restored = Territory.objects.get_by_key("commune:01018")
    expected = (small_france["commune:01018"].pk, None, True)
    assert (restored.pk, restored.replaced_by, restored.is_active) == expected


def test_yearly_update_says_which_communes_changed_epci(small_france, rows, update):
    rows["commune:44036"] = replace(rows["commune:44036"], parents=["epci:244400404", "departement:44"])
    rows["commune:85113"] = replace(rows["commune:85113"], parents=["epci:244400404", "departement:85"])
    rows["commune:44143"] = replace(rows["commune:44143"], parents=["departement:44"])
    said = update(rows)
    assert said.splitlines()[-4:] == [
        "Changements d'intercommunalité : 3",
        "  Châteaubriant (44036) : CC Châteaubriant-Derval → Nantes Métropole",
        "  Rezé (44143) : Nantes Métropole → aucun EPCI",
        "  L'Île-d'Yeu (85113) : aucun EPCI → Nantes Métropole",
    ]


def test_yearly_update_retires_a_dissolved_epci_without_deleting_it(small_france, rows, update):
    dissolved = small_france["epci:243500741"]
    above = [t.key for t in Territory.objects.covering(dissolved)]
    del rows["epci:243500741"]
    for key, row in rows.items():
        rows[key] = replace(row, parents=[parent for parent in row.parents if parent != "epci:243500741"])
    said = update(rows)
    dissolved.refresh_from_db()
    assert (dissolved.is_active, dissolved.precision) == (False, "n'existe plus")
    assert [t.key for t in Territory.objects.covering(dissolved)] == above
    assert [t.key for t in Territory.objects.within(dissolved)] == ["epci:243500741"]
    assert "Disparus sans successeur connu : 1\n  CA Redon Agglomération (243500741)" in said
    assert update(rows) == "Territoires 2027 : rien n'a changé.\n"


def test_yearly_update_keeps_a_vanished_part_within_its_commune(small_france, rows, update):
    del rows["commune-deleguee:01091"]
    rows["commune:01033"] = replace(rows["commune:01033"], parents=["departement:01"])
    update(rows)
    part = Territory.objects.get_by_key("commune-deleguee:01091")
    assert (part.is_active, part.current.key) == (False, "commune:01033")
    expected = ["commune-deleguee:01091", "commune:01033", "departement:01", "region:84", "pays:FR"]
    assert [t.key for t in Territory.objects.covering(part)] == expected


def test_older_vintage_is_refused_unless_forced(small_france, rows, update):
    update(rows, vintage="2027")
    before = snapshot()
    message = "Le fichier est du millésime 2026, plus ancien que celui en place (2027). Rien n'a été importé"
    with pytest.raises(CommandError, match=r"2026, plus ancien que celui en place \(2027\)") as refusal:
        update(rows, vintage="2026")
    assert str(refusal.value) == f"{message} ; --force passe outre."
    assert snapshot() == before
    update(rows, vintage="2026", force=True)
    assert TerritoryImport.objects.latest().vintage == "2026"


def test_incomplete_file_is_refused_unless_forced(small_france, rows, update):
    before = snapshot()
    kept = {key: row for key, row in rows.items() if row.type in ("pays", "region", "departement")}
    with pytest.raises(CommandError, match=r"^201 territoires en vigueur manquent dans le fichier .*--force"):
        update(kept)
    assert snapshot() == before
    assert "Disparus sans successeur connu : 201" in update(kept, force=True)
    assert Territory.objects.count() == len(rows)
    assert Territory.objects.active().count() == len(kept)


def test_file_is_written_the_same_twice(tmp_path, rows):
    first, second = tmp_path / "1.xz", tmp_path / "2.xz"
    write_territories(first, "2026", ["a"], rows.values())
    write_territories(second, "2026", ["a"], rows.values())
    assert first.read_bytes() == second.read_bytes()
    assert read_territories(first).rows == rows


HEADER = {"format": "territoires-en-commun/territoires", "version": 1, "vintage": "2026", "rows": 5, "sources": []}
GOOD = [
    "pays,FR,France,3,,,,,,,1,,",
    "region,52,Pays de la Loire,4,,,,,,,1,,pays:FR",
    "departement,44,Loire-Atlantique,3,,,,,,,1,,region:52",
    "commune,44109,Nantes,0,214401093,44000 44100,325000,,47.21725,-1.55336,1,,departement:44",
    "commune,44999,Doulon,0,,,,,,,0,commune:44109,",
]


def text(header=None, columns=COLUMNS, lines=GOOD) -> str:
    head = {**HEADER, "rows": len(lines), **(header or {})}
    return "\n".join([json.dumps(head), ",".join(columns), *lines]) + "\n"


def with_line(number: int, line: str) -> str:
    """The good file with one line changed; lines are numbered as in the file, the first territory being 3."""
    return text(lines=[*GOOD[: number - 3], line, *GOOD[number - 2 :]])


def test_smallest_good_file_is_read(db, tmp_path):
    assert "5 créés" in run(packed(tmp_path, text()))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "Ligne 1 : l'en-tête n'est pas du JSON."),
        ("[]\n", "Ligne 1 : l'en-tête n'annonce pas le format « territoires-en-commun/territoires »."),
        (text({"version": 2}), "Ligne 1 : version 2 du format ; ce logiciel lit la version 1."),
        (text({"vintage": 2026}), "Ligne 1 : le millésime (« vintage ») manque ou n'est pas une année."),
        (text({"vintage": "l'an prochain"}), "Ligne 1 : le millésime (« vintage ») manque ou n'est pas une année."),
        (text({"rows": None}), "Ligne 1 : le nombre de territoires (« rows ») manque."),
        (text({"rows": 6}), "L'en-tête annonce 6 territoires, le fichier en contient 5."),
        (text(columns=["type", "code"]), f"Ligne 2 : les colonnes attendues sont {', '.join(COLUMNS)}."),
        (text().encode("cp1252").replace(b"Doulon", b"Doul\xf4n"), "mauvais.csv.xz n'est pas en UTF-8 (octet "),
        (with_line(6, "commune,44109,Nantes"), "Ligne 6 : 3 valeurs au lieu de 13."),
        (with_line(6, 'commune,"44109'), "Ligne 7 : guillemet mal placé ou mal fermé."),
        (with_line(7, GOOD[3]), "Ligne 7 : commune:44109 figure déjà à la ligne 6."),
        (with_line(7, "ville" + GOOD[4][7:]), "Ligne 7 : type inconnu : 'ville'."),
        (with_line(7, GOOD[4].replace("44999", "4499")), "Ligne 7 : code '4499' impossible pour le type commune."),
        (with_line(7, GOOD[4].replace("Doulon", "")), "Ligne 7 : nom impossible : ''."),
        (with_line(7, GOOD[4].replace("Doulon", "Dou\x00lon")), "Ligne 7 : "),
        (with_line(7, GOOD[4].replace("Doulon", "D" * 121)), f"Ligne 7 : nom impossible : '{'D' * 121}'."),
        (with_line(7, GOOD[4].replace("Doulon,0", "Doulon,9")), "Ligne 7 : type de liaison '9', attendu de 0 à 8."),
        (with_line(6, GOOD[3].replace("214401093", "2144")), "Ligne 6 : SIREN '2144', attendu 9 chiffres."),
        (with_line(6, GOOD[3].replace("44100", "4410X")), "Ligne 6 : codes postaux '44000 4410X'."),
        (with_line(6, GOOD[3].replace("325000", "-1")), "Ligne 6 : population '-1', attendue entière et positive."),
        (with_line(6, GOOD[3].replace("325000", "3e5")), "Ligne 6 : population '3e5', attendue entière et positive."),
        (with_line(6, GOOD[3].replace("325000", "325000000")), "Ligne 6 : population 325000000 invraisemblable."),
        (with_line(6, GOOD[3].replace("47.21725", "")), "Ligne 6 : point '', '-1.55336'."),
        (with_line(6, GOOD[3].replace("47.21725", "nan")), "Ligne 6 : point 'nan', '-1.55336'."),
        (with_line(6, GOOD[3].replace("47.21725", "147.2")), "Ligne 6 : point 147.2, -1.55336 hors du globe."),
        (with_line(6, GOOD[3].replace(",1,,", ",oui,,")), "Ligne 6 : « active » vaut 'oui', attendu 0 ou 1."),
        (with_line(6, GOOD[3].replace("325000,", "325000,à/b")), "Ligne 6 : nature 'à/b'."),
        (
            with_line(6, GOOD[3].replace("departement:44", "departement:99")),
            "Ligne 6 : territoire englobant inconnu : departement:99.",
        ),
        (
            with_line(6, GOOD[3].replace("departement:44", "region:52")),
            "Ligne 6 : region:52 ne peut pas englober commune:44109.",
        ),
        (
            with_line(6, GOOD[3].replace("departement:44", "")),
            "Ligne 6 : il manque à commune:44109 son departement.",
        ),
        (
            with_line(7, "arrondissement,44201,Nantes 1er,0,,,,,,,1,,commune:44999"),
            "Ligne 7 : territoire englobant inconnu : commune:44999.",
        ),
        (
            with_line(7, GOOD[4].replace("commune:44109,", "commune:44998,")),
            "Ligne 7 : remplaçant inconnu : commune:44998.",
        ),
        (
            with_line(7, GOOD[4].replace("commune:44109,", "commune:44999,")),
            "Ligne 7 : commune:44999 finit par se remplacer lui-même.",
        ),
        (
            with_line(6, GOOD[3].replace(",1,,", ",1,commune:44999,")),
            "Ligne 6 : commune:44109 est en vigueur et pourtant remplacé par commune:44999.",
        ),
        (
            with_line(6, GOOD[3].replace(",1,,", ",0,,")),
            "Ligne 7 : commune:44999 est remplacé par commune:44109, qui n'est pas en vigueur.",
        ),
    ],
)
def test_bad_file_is_refused_with_line_and_cause_and_changes_nothing(small_france, tmp_path, content, message):
    with pytest.raises(CommandError) as refusal:
        run(packed(tmp_path, content))
    assert str(refusal.value).startswith(message)
    assert str(refusal.value).endswith(" Rien n'a été importé.")
    assert Territory.objects.count() == len(small_france)
    assert TerritoryImport.objects.count() == 1


def test_missing_file_is_refused(db, tmp_path):
    with pytest.raises(CommandError, match=r"^Fichier illisible : .*absent\.csv\.xz \(No such file or directory\)"):
        run(tmp_path / "absent.csv.xz")


@pytest.mark.parametrize("damage", [lambda content: content[:2000], lambda content: b"PK\x03\x04" + content])
def test_damaged_archive_is_refused(db, tmp_path, damage):
    path = tmp_path / "abîmé.csv.xz"
    path.write_bytes(damage(PATH.read_bytes()))
    with pytest.raises(CommandError, match=r"^abîmé\.csv\.xz n'est pas une archive xz entière"):
        run(path)


def test_failure_halfway_changes_nothing(small_france, rows, tmp_path, monkeypatch):
    rows["commune:44109"] = replace(rows["commune:44109"], name="Nantes-sur-Loire")
    path = tmp_path / "suite.csv.xz"
    write_territories(path, "2027", ["essai"], rows.values())
    before = snapshot()

    def fail(*args, **kwargs):
        raise OSError("disque plein")

    monkeypatch.setattr(TerritoryImport.objects, "create", fail)
    with pytest.raises(OSError, match="disque plein"):
        run(path)
    assert snapshot() == before


def test_reader_raises_its_own_error(tmp_path):
    with pytest.raises(DataFileError, match="Fichier illisible"):
        read_territories(tmp_path)
