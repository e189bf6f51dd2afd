"""How a row of calls is read: forms accepted, repairs to accept, refusals with the column and the cause, doubts."""

from datetime import date

import pytest

from agenda.models import CallPage
from tests.agenda.importing import CallImporter
from tests.annuaire.build import make_actor
from tests.filled_site import fill_once
from tests.imports.importer import problems, repairs, warnings

pytestmark = pytest.mark.django_db
BASE = {"Identifiant": "1", "Titre": "Un appel", "Nature": "AMI", "Clôture": "31/12/2099"}


@pytest.fixture
def importer(home, small_france):
    fill_once(write_known, small_france)
    return CallImporter()


def write_known(small_france):
    """The actors that rows name."""
    for title, siren in (("La Fondation", "200054781"), ("Les Jumeaux", ""), ("Les jumeaux", "")):
        make_actor(title=title, siren=siren, territories=[small_france["pays:FR"]])
    make_actor(title="Le Caché", live=False, siren="732829320", territories=[small_france["pays:FR"]])


def rows_of(importer, cases):
    """The simulated rows of a table of cases, whose first member is what the row says."""
    return importer.simulate(*(BASE | {"Identifiant": str(n)} | case[0] for n, case in enumerate(cases))).rows.all()


FORMS = (
    ({"Nature": "Appel à manifestation d’intérêt"}, "nature", "ami"),
    ({"Nature": "appel a projets"}, "nature", "aap"),
    ({"Nature": "au fil de l'eau", "Clôture": ""}, "nature", "permanent"),
    ({"Fréquence": "Annuelle"}, "recurrence", "annuel"),
    ({"Clôture": "2099-12-30"}, "closes_on", date(2099, 12, 30)),
    ({"Clôture": "30.12.2099"}, "closes_on", date(2099, 12, 30)),
    ({"Clôture": "30 décembre 2099"}, "closes_on", date(2099, 12, 30)),
    ({"Clôture": "mercredi 1er février 2099"}, "closes_on", date(2099, 2, 1)),
    ({"Clôture": "2099-12-30T23:59:59"}, "closes_on", date(2099, 12, 30)),
    ({"Clôture": "30/12/2099 00:00"}, "closes_on", date(2099, 12, 30)),
    ({"Clôture": "30/12/2099 23:59"}, "closes_on", date(2099, 12, 30)),
    ({"Clôture": "30/12/2099 à 23h59"}, "closes_on", date(2099, 12, 30)),
    ({"Clôture": "2099-12-30 24:00:00"}, "closes_on", date(2099, 12, 30)),
    ({"Clôture": "30 décembre 2099 à 24 h"}, "closes_on", date(2099, 12, 30)),
    ({"Ouverture": "01/12/2099 09:00"}, "opens_on", date(2099, 12, 1)),
    ({"Montant minimal": "0 €", "Montant maximal": "10 000 €"}, "amount_min", 0),
    ({"Montant maximal": "0"}, "amount_max", None),
    ({"Taux minimal": "0 %"}, "rate_min", 0),
    ({"Montant maximal": "500 k€"}, "amount_max", 500_000),
    ({"Montant maximal": "10000"}, "amount_max", 10_000),
    ({"Taux maximal": "80"}, "rate_max", 80),
    ({"Taux maximal": "80,0 %"}, "rate_max", 80),
    ({"Qui peut candidater": "Communes, Départements"}, "beneficiaries", ["commune", "departement"]),
    ({"Qui peut candidater": "Intercommunalités / Pays"}, "beneficiaries", ["epci"]),
    ({"Dépenses prises en charge": "études | salaires"}, "eligible_costs", ["ingenierie", "personnel"]),
    ({"Avancement du projet": "Mise en œuvre / réalisation"}, "project_stages", ["realisation"]),
    ({"Financeurs": "Mécènes | Amis"}, "funders_text", "Mécènes, Amis"),
)


def test_usual_forms_are_read(importer):
    rows = importer.simulate(*(BASE | {"Identifiant": str(n)} | given for n, (given, _name, _v) in enumerate(FORMS)))
    importer.write(rows)
    found = {page.external_ref.removeprefix("essai:"): page for page in CallPage.objects.all()}
    read = [getattr(found[str(number)], name) for number, (_given, name, _value) in enumerate(FORMS)]
    assert read == [value for _given, _name, value in FORMS]


REPAIRS = (
    ({"Clôture": "31/03/2099 12:00"}, ("closes_on", "31/03/2099 12:00", "30\u00a0mars\u00a02099")),
    ({"Clôture": "2099-03-31T17:30:00"}, ("closes_on", "2099-03-31T17:30:00", "30\u00a0mars\u00a02099")),
    ({"Clôture": "1er avril 2099 à 12 h"}, ("closes_on", "1er avril 2099 à 12 h", "31\u00a0mars\u00a02099")),
    ({"Pré-dépôt": "01/03/2099 00:30"}, ("prefiling_on", "01/03/2099 00:30", "28\u00a0février\u00a02099")),
    ({"Nature": "apel à candidatures"}, ("nature", "apel à candidatures", "Appel à candidatures")),
    ({"Taux maximal": "0,8"}, ("rate_max", "0,8", "80\u00a0%")),
    ({"Taux minimal": "33,3 %"}, ("rate_min", "33,3 %", "33\u00a0%")),
    ({"Où candidater": "www.exemple.fr"}, ("application_url", "www.exemple.fr", "https://www.exemple.fr")),
)


def test_repairs_are_proposed(importer):
    found = rows_of(importer, REPAIRS)
    assert [repairs(row) for row in found] == [[expected] for _given, expected in REPAIRS]
    assert {row.action for row in found} == {"creation"}


def test_call_that_ends_at_noon_closes_the_day_before_and_says_why(importer):
    job = importer.simulate(BASE | {"Clôture": "31/03/2099 12:00"})
    assert job.rows.get().plan["repairs"][0]["reason"] == (
        "L’échéance est à 12:00 : la veille est le dernier jour entier. "
        "L’heure n’est pas reprise : dites-la dans les conditions d’éligibilité."
    )
    importer.write(job)
    assert CallPage.objects.get().closes_on == date(2099, 3, 30)


REFUSALS = (
    ({"Titre": ""}, "title", "Il n’y a pas de nom."),
    ({"Résumé": "x" * 301}, "summary", "301 caractères"),
    ({"Nature": "licorne"}, "nature", "Nature inconnue : « licorne ». Choix possibles : appel à projets"),
    ({"Fréquence": "parfois"}, "recurrence", "Fréquence inconnue"),
    ({"Clôture": "bientôt"}, "closes_on", "n’est pas une date, comme 31/12/2026"),
    ({"Clôture": "31/02/2099"}, "closes_on", "n’est pas une date"),
    ({"Clôture": "30/12/2099 24:01"}, "closes_on", "n’est pas une date"),
    ({"Clôture": "30/12/2099 à midi"}, "closes_on", "n’est pas une date"),
    ({"Clôture": "31 février 2099"}, "closes_on", "n’est pas une date"),
    ({"Ouverture": "01/01/2100"}, "closes_on", "La clôture précède l’ouverture"),
    ({"Pré-dépôt": "01/01/2100"}, "prefiling_on", "entre l’ouverture et la clôture"),
    ({"Nature": "permanent"}, "closes_on", "Un dispositif permanent n’a pas de date de clôture"),
    ({"Montant minimal": "beaucoup"}, "amount_min", "n’est pas un montant"),
    ({"Montant maximal": "5 000 Md€"}, "amount_max", "vérifiez l’unité"),
    ({"Montant minimal": "20 000", "Montant maximal": "10 000"}, "amount_min", "dépasse le montant maximal"),
    ({"Taux maximal": "120 %"}, "rate_max", "de 0 à 100"),
    ({"Taux maximal": "la moitié"}, "rate_max", "n’est pas un taux"),
    ({"Territoires": "Atlantide"}, "territories", "aucun territoire"),
    ({"Territoires": "Saint-Denis"}, "territories", "donnez le code"),
    ({"Financeurs": "123456782"}, "funders", "n’est le SIREN d’aucun acteur publié"),
    ({"Financeurs": "732829320"}, "funders", "n’est le SIREN d’aucun acteur publié"),
    ({"Financeurs": "x" * 256}, "funders", "la limite est de 255"),
    ({"Où candidater": "javascript:alert(1)"}, "application_url", "n’est pas l’adresse"),
    ({"Annonce officielle": f"https://exemple.fr/{'a' * 500}"}, "source_url", "plus de 500 caractères"),
)


def test_bad_values_are_refused_with_their_column(importer):
    found = rows_of(importer, REFUSALS)
    assert [row.action for row in found] == ["refusee"] * len(REFUSALS)
    for row, (given, column, cause) in zip(found, REFUSALS, strict=True):
        assert [name for name, message in problems(row) if cause in message] == [column], given


DOUBTS = (
    ({"Ouverture": "30/12/2099 12:00"}, "opens_on", "L’heure (12:00) n’est pas reprise"),
    ({"Montant maximal": "0 €"}, "amount_max", "« 0 € » : un maximum nul ne dit rien"),
    ({"Taux maximal": "0"}, "rate_max", "« 0 » : un maximum nul ne dit rien"),
    ({"Qui peut candidater": "Communes | Licornes"}, "beneficiaries", "« Licornes » n’est pas dans les référentiels"),
    ({"Financeurs": "Inconnue"}, "funders", "« Inconnue » n’est pas dans l’annuaire"),
    ({"Financeurs": "Le Caché"}, "funders", "« Le Caché » n’est pas dans l’annuaire"),
    ({"Financeurs": "LES JUMEAUX"}, "funders", "« LES JUMEAUX » désigne plusieurs acteurs"),
)


def test_doubts_are_told_and_the_row_goes_on(importer):
    found = rows_of(importer, DOUBTS)
    assert {row.action for row in found} == {"creation"}
    for row, (_given, column, said) in zip(found, DOUBTS, strict=True):
        assert [name for name, message in warnings(row) if said in message] == [column], said


def test_empty_identifier_is_refused(importer):
    assert problems(importer.one(BASE | {"Identifiant": ""})) == [
        ("external_ref", "Il n’y a pas d’identifiant : un second import ferait des doublons.")
    ]


def test_same_call_twice_in_a_file_names_the_other_line(importer):
    job = importer.simulate(BASE, BASE | {"Titre": "Le même"})
    assert problems(job.rows.get(line=3)) == [
        ("external_ref", "La ligne 2 a déjà cette valeur : c’est le même appel.")
    ]
