"""An editor fills the directory from a spreadsheet, and reads the report."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BASE_DIR

pytestmark = pytest.mark.browser
REAL_FILE = BASE_DIR.parent / "shared" / "data" / "france_services_2021.csv"
HEADER = (
    "MATRICULE;lib_france_services;ADRESSE;insee_com;code_postal;lib_com;LATITUDE;LONGITUDE;TELEPHONE;h_lundi;h_samedi"
)
SMALL_FILE = f"""{HEADER}
9001;Maison d’essai de Guéret;1 place de la Mairie;23096;23000;GUERET;46.17;1.87;05 36 49 12 34;9:00 - 12:00;-
9002;Maison d’essai de Sedan;2 rue de l’Exemple;08409;8200;SEDAN;49.7;4.94;;-;-
9003;Maison d’essai de nulle part;3 rue de l’Exemple;99999;99000;NULLE PART;;;;;
9004;Maison d’essai sans téléphone;4 rue de l’Exemple;23096;23000;GUERET;;;12;;
""".encode("cp1252")


def simulate(page: Page, name: str, content: bytes, dataset: str) -> None:
    """From the menu to the simulation, as the wizard asks."""
    page.goto("/admin/imports/")
    page.get_by_role("link", name="Importer des acteurs").click()
    page.get_by_label("Fichier CSV").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Déposer le fichier").click()
    expect(page.get_by_label("Encodage")).to_have_value("cp1252")
    expect(page.get_by_label("Séparateur")).to_have_value("point-virgule")
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator("select[name=title]")).to_have_value("lib_france_services")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nom court de la source").fill(dataset)
    page.get_by_label("Source et licence").fill("ANCT, avril 2021, Licence Ouverte 2.0")
    page.get_by_label("Texte à mettre devant le nom").fill("France services")
    page.get_by_label("Type d’acteur").select_option("autre")
    page.get_by_label("Résumé").fill("Un guichet pour les démarches du quotidien à {commune}.")
    page.get_by_label("Où agissent ces acteurs").select_option("epci")
    page.locator("input[name=themes]").first.check(force=True)
    page.get_by_label("Informations vérifiées le").fill("2021-04-01")
    page.get_by_label("Date de revue des fiches").fill("2027-10-01")
    page.get_by_label("Publier les fiches complètes").check(force=True)
    page.get_by_role("button", name="Simuler l’import").click()
    expect(page.get_by_role("heading", name="Ce que l’import va faire")).to_be_visible(timeout=90_000)


def counts(page: Page) -> dict[str, int]:
    """What the page says: « 907 à créer » and the like."""
    items = page.locator(".import-counts li").all_inner_texts()
    return {label: int(number) for number, label in (re.match(r"(\d+)\s+(.*)", item).groups() for item in items)}


def download(page: Page, name: str) -> list[list[str]]:
    """The rows of a file that the page offers."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def confirm(page: Page, seconds: int) -> None:
    page.get_by_role("button", name=re.compile("^Importer ")).click()
    expect(page.get_by_role("heading", name="Import terminé")).to_be_visible(timeout=seconds * 1000)


def test_editor_imports_a_small_file_and_reads_the_report(desk):
    simulate(desk, "petit.csv", SMALL_FILE, "essai-navigateur")
    assert counts(desk) == {"à créer": 2, "à modifier": 0, "inchangées": 0, "refusées": 2}
    assert (
        "« 12 » n’est pas un numéro de téléphone."
        in desk.get_by_role("row", name=re.compile("sans téléphone")).inner_text()
    )
    desk.get_by_role("link", name=re.compile("avec réparations")).click()
    expect(desk.get_by_text("« 8200 » sera lu « 08200 »")).to_be_visible()
    desk.get_by_role("checkbox", name="Accepter la réparation de la ligne 3").uncheck(force=True)
    desk.get_by_role("button", name="Enregistrer les choix de cette page").click()
    confirm(desk, 60)
    assert counts(desk) == {"créées": 1, "modifiées": 0, "inchangées": 0, "refusées": 3}
    errors = download(desk, "Télécharger les lignes refusées")
    assert [row[0] for row in errors[1:]] == ["9002", "9003", "9004"]
    assert errors[1][-1] == "Les réparations proposées ont été refusées."
    assert len(download(desk, "Télécharger le rapport")) == 5
    desk.get_by_role("link", name="France services Maison d’essai de Guéret").click()
    expect(desk.locator("#id_title")).to_have_value("France services Maison d’essai de Guéret")
    desk.goto("/annuaire/?q=maison+d%27essai")
    expect(desk.get_by_role("link", name="France services Maison d’essai de Guéret")).to_be_visible()


def test_editor_is_told_why_a_file_is_refused(desk):
    desk.goto("/admin/imports/nouveau/acteurs/")
    file = {"name": "classeur.xlsx", "mimeType": "application/octet-stream", "buffer": b"PK\x03\x04" + b"\x00" * 50}
    desk.get_by_label("Fichier CSV").set_input_files(file)
    desk.get_by_role("button", name="Déposer le fichier").click()
    expect(desk.get_by_text("pas un fichier CSV")).to_be_visible()


@pytest.mark.skipif(not REAL_FILE.exists(), reason="le fichier France services n'est pas à côté du dépôt")
def test_editor_imports_the_real_file_without_losing_a_row(desk):
    simulate(desk, REAL_FILE.name, REAL_FILE.read_bytes(), "france-services")
    assert counts(desk) == {"à créer": 907, "à modifier": 0, "inchangées": 0, "refusées": 1}
    confirm(desk, 300)
    assert counts(desk) == {"créées": 907, "modifiées": 0, "inchangées": 0, "refusées": 1}
    report = download(desk, "Télécharger le rapport")
    assert [int(row[0]) for row in report[1:]] == list(range(2, 910))
    errors = download(desk, "Télécharger les lignes refusées")
    assert [(row[0], row[-2]) for row in errors[1:]] == [("812", "733")]
    assert "« 2B10 » n’est le code d’aucune commune" in errors[1][-1]
    desk.goto("/annuaire/?q=france+services+valserhone")
    expect(desk.get_by_role("link", name="France services Valserhône")).to_be_visible()
    simulate(desk, REAL_FILE.name, REAL_FILE.read_bytes(), "france-services")
    assert counts(desk) == {"à créer": 0, "à modifier": 0, "inchangées": 907, "refusées": 1}
