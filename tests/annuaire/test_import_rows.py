"""How a row of a spreadsheet is read: repairs to accept, refusals with the column and the cause."""

import pytest

from annuaire.models import ActorPage
from tests.annuaire.importing import ActorImporter
from tests.imports.importer import problems, repairs, warnings

pytestmark = pytest.mark.django_db
BASE = {"Identifiant": "1", "Nom": "Le Fil", "Code INSEE": "23096"}


@pytest.fixture
def importer(home, small_france):
    return ActorImporter()


REPAIRS = (
    # from the postal code and the name, as people write them
    ({"Code postal": "23000", "Commune": "GUERET"}, ("commune", "23000 GUERET", "Guéret (23096)")),
    ({"Code postal": "23000", "Commune": "Gueret cedex 2"}, ("commune", "23000 Gueret cedex 2", "Guéret (23096)")),
    ({"Code postal": "44000", "Commune": "Nante"}, ("commune", "44000 Nante", "Nantes (44109)")),
    ({"Code postal": "97400", "Commune": "ST DENIS"}, ("commune", "97400 ST DENIS", "Saint-Denis (97411)")),
    ({"Code postal": "93200"}, ("commune", "93200", "Saint-Denis (93066)")),
    ({"Commune": "Caudéran"}, ("commune", "Caudéran", "Bordeaux (33063)")),
    # a false code, with a postal code and a name that agree
    (
        {"Code INSEE": "23999", "Code postal": "23000", "Commune": "Guéret"},
        ("commune_code", "23999", "Guéret (23096)"),
    ),
    (
        {"Code INSEE": "33063", "Code postal": "23000", "Commune": "Guéret"},
        ("commune_code", "33063", "Guéret (23096)"),
    ),
    ({"Code INSEE": "1033"}, ("commune_code", "1033", "01033")),
    ({"Code postal": "1200", "Code INSEE": "01033"}, ("postal_code", "1200", "01200")),
    ({"Téléphone": "536491234"}, ("phone", "536491234", "05 36 49 12 34")),
    (
        {"Téléphone": "05 36 49 12 34 / 06 39 98 12 34"},
        ("phone", "05 36 49 12 34 / 06 39 98 12 34", "05 36 49 12 34"),
    ),
    ({"Site": "www.exemple.fr"}, ("website", "www.exemple.fr", "https://www.exemple.fr")),
    ({"Mail": "mailto:a@exemple.fr"}, ("email", "mailto:a@exemple.fr", "a@exemple.fr")),
    ({"SIREN": "1000017"}, ("siren", "1000017", "001000017")),
    ({"lat": "1.87", "lon": "46.17"}, ("latitude", "1.87, 46.17", "46.17, 1.87")),
    ({"Type": "asociation"}, ("type", "asociation", "Association")),
)


def test_repairs_are_proposed(importer):
    rows = []
    for number, (given, _expected) in enumerate(REPAIRS):
        place = {} if {"Code INSEE", "Commune", "Code postal"} & set(given) else {"Code INSEE": "23096"}
        rows.append({"Identifiant": str(number), "Nom": "Le Fil"} | place | given)
    found = importer.simulate(*rows).rows.all()
    assert [repairs(row) for row in found] == [[expected] for _given, expected in REPAIRS]
    assert {row.action for row in found} == {"creation"}


REFUSALS = (
    ({"Nom": ""}, "title", "Il n’y a pas de nom."),
    ({"Nom": "x" * 201}, "title", "201 caractères"),
    ({"Identifiant": ""}, "", "ferait des doublons"),
    ({"SIRET": "12345678900011"}, "siret", "clé de contrôle"),
    ({"SIRET": "8,12E+13"}, "siret", "le format texte"),
    ({"SIREN": "12"}, "siren", "neuf chiffres"),
    ({"RNA": "X1"}, "rna", "RNA"),
    ({"SIRET": "55208131766522", "SIREN": "732829320"}, "siret", "ne commence pas par le SIREN"),
    ({"Code INSEE": "99999"}, "commune_code", "aucune commune"),
    ({"Code INSEE": "", "Commune": "Saint-Denis"}, "commune", "Saint-Denis (93066), Saint-Denis (97411)"),
    ({"Code INSEE": "", "Commune": "Nulle-Part", "Code postal": "99000"}, "commune", "ne désigne aucune"),
    ({"Code postal": "ABCDE"}, "postal_code", "cinq chiffres"),
    ({"Téléphone": "12"}, "phone", "n’est pas un numéro"),
    ({"Mail": "a@"}, "email", "n’est pas une adresse"),
    ({"Site": "http://"}, "website", "n’est pas l’adresse"),
    ({"Site": "javascript:alert(1)"}, "website", "n’est pas l’adresse"),
    ({"lat": "nord", "lon": "2"}, "latitude", "n’est pas une latitude"),
    ({"lat": "95", "lon": "2"}, "latitude", "n’est pas une latitude"),
    ({"Type": "licorne"}, "type", "Type inconnu"),
    ({"Territoires": "Atlantide"}, "territories", "aucun territoire"),
    ({"Territoires": "Saint-Denis"}, "territories", "donnez le code"),
    ({"Vérifiée le": "hier"}, "verified_on", "n’est pas une date"),
    ({"Vérifiée le": "31/12/2199"}, "verified_on", "pas encore passé"),
    ({"h_lundi": "x" * 201}, "hours_mo", "200 caractères"),
    ({"Contact": "", "mail contact": "a@exemple.fr"}, "contact_name", "Un contact a un nom"),
)


def test_bad_values_are_refused_with_their_column(importer):
    rows = [BASE | {"Identifiant": str(number)} | given for number, (given, _c, _m) in enumerate(REFUSALS)]
    found = importer.simulate(*rows).rows.all()
    assert {row.action for row in found} == {"refusee"}
    for row, (given, column, cause) in zip(found, REFUSALS, strict=True):
        assert [name for name, message in problems(row) if cause in message] == [column], given


DOUBTS = (
    ({"Commune": "Limoges"}, "Le code est celui de Guéret (23096), le nom dit « Limoges »."),
    ({"lat": "48.85", "lon": "2.35"}, "à plus de 60 km du centre de Guéret"),
    ({"lat": "46.17"}, "le point n’est pas repris"),
    ({"lat": "0", "lon": "0"}, "en pleine mer"),
    ({"Thématiques": "Licornes"}, "« Licornes » n’est pas dans les référentiels"),
    ({"Programme": "Inconnu"}, "« Inconnu » n’est pas dans les référentiels"),
)


def test_doubts_are_told_and_the_row_goes_on(importer):
    rows = [BASE | {"Identifiant": str(number)} | given for number, (given, _said) in enumerate(DOUBTS)]
    found = importer.simulate(*rows).rows.all()
    assert {row.action for row in found} == {"creation"}
    for row, (_given, said) in zip(found, DOUBTS, strict=True):
        assert [message for _column, message in warnings(row) if said in message]


def test_old_and_part_codes_give_the_commune_of_today(importer):
    job = importer.simulate(
        {"Identifiant": "1", "Nom": "A", "Code INSEE": "01091"},
        {"Identifiant": "2", "Nom": "B", "Code INSEE": "75108"},
        {"Identifiant": "3", "Nom": "C", "Code INSEE": "2b033"},
    )
    importer.write(job)
    codes = ActorPage.objects.filter(external_ref__startswith="essai:").order_by("external_ref")
    assert list(codes.values_list("commune__code", flat=True)) == ["01033", "75056", "2B033"]
    assert not job.rows.filter(has_repairs=True).exists()


def test_same_actor_twice_in_a_file_names_the_other_line(importer):
    job = importer.simulate(BASE, BASE | {"Nom": "Le même"})
    assert problems(job.rows.get(line=3)) == [
        ("external_ref", "La ligne 2 a déjà cette valeur : c’est le même acteur.")
    ]
