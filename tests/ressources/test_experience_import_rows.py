"""How a row of experiences is read: forms accepted, repairs to accept, refusals with their cause, doubts."""

from datetime import date
from decimal import Decimal

import pytest

from annuaire.models import ActorPage
from ressources.models import ExperiencePage
from territoires_en_commun.territories.models import Territory
from tests.annuaire.build import make_actor
from tests.factories import ThemeFactory
from tests.filled_site import fill_once
from tests.imports.importer import problems, repairs, warnings
from tests.ressources.importing import ExperienceImporter, experience

pytestmark = pytest.mark.django_db
BASE = {"Identifiant": "1", "Titre": "Une expérience", "Début": "03/2024"}


@pytest.fixture
def importer(home, small_france):
    fill_once(write_known, small_france)
    return ExperienceImporter()


def write_known(small_france):
    """The actors and the themes that rows name."""
    everywhere = [small_france["pays:FR"]]
    for title, siren in (("Les Jardins", "200054781"), ("Les Jumeaux", ""), ("Les jumeaux", "")):
        make_actor(title=title, siren=siren, territories=everywhere)
    make_actor(title="L’Antenne", siret="73282932000074", territories=everywhere)
    make_actor(title="Le Caché", live=False, siren="552081317", territories=everywhere)
    for name in ("Budget participatif", "Concertation"):
        ThemeFactory(name=name)


def rows_of(importer, cases):
    """The simulated rows of a table of cases, whose first member is what the row says."""
    return importer.simulate(*(BASE | {"Identifiant": str(n)} | case[0] for n, case in enumerate(cases))).rows.all()


def plain(value):
    """A territory by its key, an actor by its name, the rest as it is."""
    if isinstance(value, Territory):
        return value.key
    return value.title if isinstance(value, ActorPage) else value


FORMS = (
    ({"État du projet": "En cours"}, "project_status", "en-cours"),
    ({"État du projet": "TERMINÉE"}, "project_status", "acheve"),
    ({"État du projet": "à venir"}, "project_status", "projet"),
    ({"Début": "2024-03-12"}, "started_on", date(2024, 3, 12)),
    ({"Début": "mars 2024"}, "started_on", date(2024, 3, 1)),
    ({"Début": "1er mars 2024"}, "started_on", date(2024, 3, 1)),
    ({"Début": "janv. 2024"}, "started_on", date(2024, 1, 1)),
    ({"Début": "12/03/24"}, "started_on", date(2024, 3, 12)),
    ({"Début": "mardi 12 mars 2024"}, "started_on", date(2024, 3, 12)),
    ({"Fin": "02/2028"}, "ended_on", date(2028, 2, 29)),
    ({"Fin": "1er avril 2025"}, "ended_on", date(2025, 4, 1)),
    ({"Coût": "99,90 €"}, "cost", Decimal("99.90")),
    ({"Coût": "10 k€"}, "cost", Decimal(10000)),
    ({"Coût": "12\u202f500"}, "cost", Decimal(12500)),
    ({"Coût": "12 500 € TTC"}, "cost", Decimal(12500)),
    ({"Coût": "12 500 € (TTC)"}, "cost", Decimal(12500)),
    ({"Coût": "aucun coût"}, "cost", Decimal(0)),
    ({"Coût": "0"}, "cost", Decimal(0)),
    ({"Coût": "Inconnu"}, "cost_unknown", True),
    ({"Temps passé": "1,25 ETP"}, "fte", Decimal("1.25")),
    ({"Temps passé": "PAS ENCORE CONNU"}, "fte_unknown", True),
    ({"Contexte": "inconnu"}, "context_unknown", True),
    ({"Contexte": "Un bourg.\n\nUne halle."}, "context", "<p>Un bourg.</p><p>Une halle.</p>"),
    ({"Porteur": "LES JARDINS"}, "holder", "Les Jardins"),
    ({"Porteur": "200 054 781"}, "holder", "Les Jardins"),
    ({"Porteur": "732 829 320 00074"}, "holder", "L’Antenne"),
    ({"Commune": "23096"}, "place", "commune:23096"),
    ({"Commune": "2a004"}, "place", "commune:2A004"),
    ({"Commune": "Guéret (23096)"}, "place", "commune:23096"),
    ({"Commune": "Guéret (23)"}, "place", "commune:23096"),
    ({"Commune": "Saint-Denis (93)"}, "place", "commune:93066"),
    ({"Commune": "Creuse (23)"}, "place", "departement:23"),
    ({"Commune": "Creuse"}, "place", "departement:23"),
    ({"Commune": "epci:243500139"}, "place", "epci:243500139"),
    ({"Commune": "243500139"}, "place", "epci:243500139"),
    ({"Commune": "", "Code INSEE": "01091"}, "place", "commune:01033"),
    ({"Adresse du contact": "jardin@exemple.fr"}, "contact_email", "jardin@exemple.fr"),
)


def test_usual_forms_are_read(importer):
    rows = importer.simulate(*(BASE | {"Identifiant": str(n)} | given for n, (given, _name, _v) in enumerate(FORMS)))
    assert [problems(row) + repairs(row) for row in rows.rows.all()] == [[]] * len(FORMS)
    importer.write(rows)
    found = {page.external_ref.removeprefix("essai:"): page for page in ExperiencePage.objects.all()}
    read = [plain(getattr(found[str(number)], name)) for number, (_given, name, _value) in enumerate(FORMS)]
    assert read == [value for _given, _name, value in FORMS]


STEPS = (
    ("2021-03 : Titre", (date(2021, 3, 1), True, "Titre", "")),
    ("12/03/2021 – Titre", (date(2021, 3, 12), False, "Titre", "")),
    ("- mars 2021: Titre : sous-titre", (date(2021, 3, 1), True, "Titre\u00a0: sous-titre", "")),
    ("1er avril 2021 : Ouverture - cent visiteurs", (date(2021, 4, 1), False, "Ouverture", "cent visiteurs")),
    ("12-03-2021:Titre", (date(2021, 3, 12), False, "Titre", "")),
)
INDICATORS = (
    ("Habitants = 120 personnes (registre, 06/2024)", ("Habitants", "120", "personnes", "2024-06-30", "registre", "")),
    ("Baisse = -12,5 % (INSEE, 2024)", ("Baisse", "-12.5", "%", "None", "INSEE, 2024", "")),
    ("Visites = 1 250 visites (bilan (a), 12/03/2024)", ("Visites", "1250", "visites", "2024-03-12", "bilan (a)", "")),
    ("Eau = 3 m³ (https://a.fr/eau.pdf)", ("Eau", "3", "m³", "None", "", "https://a.fr/eau.pdf")),
)  # fmt: skip


def test_steps_and_indicators_are_read_in_order(importer):
    steps, figures = " | ".join(text for text, _step in STEPS), "\n".join(text for text, _figure in INDICATORS)
    importer.run(BASE | {"Étapes": steps, "Indicateurs": figures})
    page = experience("1")
    assert [(one.date, one.month_only, one.title, one.text) for one in page.steps.all()] == [
        step for _t, step in STEPS
    ]
    read = [
        (one.label, f"{one.value.normalize():f}", one.unit, str(one.date), one.source, one.source_url)
        for one in page.indicators.all()
    ]
    assert read == [figure for _text, figure in INDICATORS]


def test_source_of_the_row_is_given_to_indicators_that_tell_none(importer):
    row = BASE | {"Indicateurs": "A = 1 an (mairie) | B = 2 ans", "Source": "Le bilan, https://exemple.fr/bilan"}
    importer.run(row)
    found = [(one.source, one.source_url) for one in experience("1").indicators.all()]
    assert found == [("mairie", ""), ("Le bilan", "https://exemple.fr/bilan")]


REPAIRS = (
    ({"Commune": "23000 GUERET"}, ("place", "23000 GUERET", "Guéret (23096)")),
    ({"Commune": "23000"}, ("place", "23000", "Guéret (23096)")),
    ({"Commune": "1033"}, ("place", "1033", "Valserhône (01033)")),
    ({"Commune": "Ville de Guéret"}, ("place", "Guéret", "Guéret (23096)")),
    ({"Commune": "", "Code INSEE": "1033"}, ("commune_code", "1033", "01033")),
    ({"Commune": "Guéret"}, ("place", "Guéret", "Guéret (23096)")),
    ({"Commune": "Paris"}, ("place", "Paris", "Paris (75056)")),
    ({"Commune": "Paris 12e"}, ("place", "Paris 12e arrondissement", "Paris (75056)")),
    ({"Commune": "ville de Paris 12ème arr."}, ("place", "Paris 12e arrondissement", "Paris (75056)")),
    ({"Coût": "environ 10 000 €"}, ("cost", "environ 10 000 €", "10\u202f000\u00a0€")),
    ({"Coût": "~12,5 k€ TTC"}, ("cost", "~12,5 k€ TTC", "12\u202f500\u00a0€")),
    ({"Coût": "1 000 € environ"}, ("cost", "1 000 € environ", "1\u202f000\u00a0€")),
    ({"Commune": "ST DENIS", "Code postal": "97400"}, ("place", "97400 ST DENIS", "Saint-Denis (97411)")),
    ({"Début": "2024"}, ("started_on", "2024", "1er\u00a0janvier\u00a02024")),
    ({"Fin": "2024"}, ("ended_on", "2024", "31\u00a0décembre\u00a02024")),
    ({"État du projet": "en cour"}, ("project_status", "en cour", "En cours")),
    (
        {"Indicateurs": "A = 1 an", "Source": "www.exemple.fr/bilan"},
        ("source", "www.exemple.fr/bilan", "https://www.exemple.fr/bilan"),
    ),
    ({"Indicateurs": "A = 1 an (exemple.fr)"}, ("indicators", "exemple.fr", "https://exemple.fr")),
    ({"Adresse du contact": "mailto:a@exemple.fr"}, ("contact_email", "mailto:a@exemple.fr", "a@exemple.fr")),
    (
        {"Thématiques": "budget participatif CONCERTATION"},
        ("themes", "budget participatif CONCERTATION", "budget participatif | CONCERTATION"),
    ),
)


def test_repairs_are_proposed(importer):
    found = rows_of(importer, REPAIRS)
    assert [repairs(row) for row in found] == [[expected] for _given, expected in REPAIRS]
    assert {row.action for row in found} == {"creation"}


REFUSALS = (
    ({"Titre": ""}, "title", "Il n’y a pas de nom."),
    ({"Titre": "x" * 301}, "title", "Ce texte a 301 caractères : la limite est de 200."),
    ({"Titre": "=1+1"}, "title", "« =1+1 » est une formule"),
    ({"Contexte": '=HYPERLINK("http://a.fr")'.replace('"', "'")}, "context", "est une formule"),
    ({"Coût": "=SOMME(A1:A3)"}, "cost", "est une formule"),
    ({"Identifiant": ""}, "external_ref", "un second import ferait des doublons"),
    ({"Résumé": "x" * 301}, "summary", "301 caractères"),
    ({"État du projet": "licorne"}, "project_status", "« licorne ». Choix possibles : en projet"),
    ({"Début": "31/02/2024"}, "started_on", "« 31/02/2024 » n’est ni un jour ni un mois"),
    ({"Début": "13/2024"}, "started_on", "n’est ni un jour ni un mois"),
    ({"Fin": "bientôt"}, "ended_on", "n’est ni un jour ni un mois, comme 12/03/2024 ou 03/2024"),
    ({"Fin": "12/03/0024"}, "ended_on", "n’est ni un jour ni un mois"),
    ({"Fin": "02/2024"}, "ended_on", "La fin précède le début."),
    ({"Coût": "-500 €"}, "cost", "le coût est positif, ou nul"),
    ({"Coût": "12 500 € HT"}, "cost", "« 12 500 € HT » n’est pas un montant"),
    ({"Coût": "environ beaucoup"}, "cost", "« environ beaucoup » n’est pas un montant"),
    ({"Coût": "TTC"}, "cost", "« TTC » n’est pas un montant"),
    ({"Coût": "entre 5 et environ 6 €"}, "cost", "« entre 5 et environ 6 € » n’est pas un montant"),
    ({"Commune": "Guéret 3e"}, "place", "« Guéret 3e » ne désigne aucune commune"),
    ({"Coût": "beaucoup"}, "cost", "« beaucoup » n’est pas un montant, comme 10 000 €"),
    ({"Coût": "20 Md€"}, "cost", "dépasse dix milliards"),
    ({"Temps passé": "−1"}, "fte", "le temps passé est positif, ou nul"),
    ({"Temps passé": "un mi-temps"}, "fte", "comme 0,5 ETP"),
    ({"Temps passé": "0,333"}, "fte", "comme 0,5 ETP"),
    ({"Commune": "75000"}, "place", "« 75000 » n’est le code d’aucune commune."),
    ({"Commune": "Atlantide"}, "place", "ne désigne aucune commune"),
    ({"Commune": "Saint-Denis"}, "place", "Saint-Denis (93066), Saint-Denis (97411)"),
    ({"Commune": "Guéret (93)"}, "place", "ne désigne aucune commune de ce département"),
    ({"Commune": "x" * 256}, "place", "256 caractères"),
    ({"Commune": "Guéret | Nantes"}, "place", "Une expérience a un seul territoire"),
    ({"Code INSEE": "99999"}, "commune_code", "n’est le code d’aucune commune"),
    ({"Code postal": "ABCDE"}, "postal_code", "n’est pas un code postal"),
    ({"Porteur": "123456782"}, "holder", "n’est le SIREN d’aucun acteur publié"),
    ({"Porteur": "552081317"}, "holder", "n’est le SIREN d’aucun acteur publié"),
    ({"Porteur": "Les Jardins | Les Jumeaux"}, "holder", "Une expérience a un seul porteur"),
    ({"Acteurs associés": "12345678200010"}, "actors", "n’est le SIRET d’aucun acteur publié"),
    ({"Étapes": "Réunion publique"}, "steps", "« Réunion publique » : il manque une date ou un titre."),
    ({"Étapes": "31/02/2024 : Rien"}, "steps", "« 31/02/2024 » n’est ni un jour ni un mois"),
    ({"Étapes": "2024 : Rien"}, "steps", "« 2024 » n’est ni un jour ni un mois"),
    ({"Étapes": f"2024-03 : {'x' * 151}"}, "steps", "le titre a 151 caractères"),
    ({"Étapes": f"2024-03 : Titre – {'x' * 1001}"}, "steps", "le texte a 1001 caractères"),
    ({"Étapes": " | ".join(["2024-03 : Titre"] * 31)}, "steps", "Il y en a 31 : la limite est de 30."),
    ({"Indicateurs": "120 personnes"}, "indicators", "Écrivez « libellé = valeur unité (source, date) »"),
    ({"Indicateurs": "Habitants = beaucoup"}, "indicators", "Écrivez « libellé = valeur"),
    ({"Indicateurs": "Habitants = 10 à 20 personnes"}, "indicators", "Écrivez « libellé = valeur"),
    ({"Indicateurs": "Habitants = 120"}, "indicators", "il manque l’unité"),
    ({"Indicateurs": "Habitants = 1,255 personnes"}, "indicators", "deux décimales au plus"),
    ({"Indicateurs": "Habitants = 1 an (mairie, 31/02/2024)"}, "indicators", "« 31/02/2024 » n’est ni un jour"),
    ({"Indicateurs": f"Habitants = 1 {'x' * 41}"}, "indicators", "l’unité a 41 caractères"),
    ({"Indicateurs": "A = 1 an (http://a.fr, http://b.fr)"}, "indicators", "une seule adresse de source"),
    ({"Source": f"{'x' * 201}"}, "source", "la source a 201 caractères"),
    ({"Adresse du contact": "Jeanne"}, "contact_email", "« Jeanne » n’est pas une adresse e-mail."),
    ({"Adresse du contact": f"{'x' * 60}@{'a.' * 120}fr"}, "contact_email", "caractères"),
    ({"Autres territoires concernés": "Atlantide"}, "territories", "aucun territoire"),
)  # fmt: skip


def test_bad_values_are_refused_with_their_column(importer):
    found = rows_of(importer, REFUSALS)
    assert [row.action for row in found] == ["refusee"] * len(REFUSALS)
    for row, (given, column, cause) in zip(found, REFUSALS, strict=True):
        assert [name for name, message in problems(row) if cause in message] == [column], (given, problems(row))
        assert len(problems(row)) == 1, given


def test_each_bad_row_of_a_cell_is_told(importer):
    row = importer.one(BASE | {"Étapes": "2024-03 : Bon | sans date | 32/01/2024 : Impossible"})
    assert [message.partition(" : ")[0] for _column, message in problems(row)] == [
        "« sans date »",
        "« 32/01/2024",
    ]


DOUBTS = (
    ({"Début": "12/03/2024 14:30"}, "started_on", "L’heure (14:30) n’est pas reprise"),
    ({"Porteur": "Inconnue"}, "holder", "« Inconnue » n’est pas dans l’annuaire : le porteur reste à choisir"),
    ({"Porteur": "Le Caché"}, "holder", "« Le Caché » n’est pas dans l’annuaire"),
    ({"Porteur": "LES JUMEAUX"}, "holder", "« LES JUMEAUX » désigne plusieurs acteurs"),
    ({"Acteurs associés": "Les Jardins | Inconnue"}, "actors", "« Inconnue » n’est pas dans l’annuaire"),
    ({"Indicateurs": "Habitants = 1 250 personnes"}, "indicators", "Indicateur « Habitants » : source non indiquée"),
    ({"Source": "Le bilan"}, "source", "Cette source n’est pas reprise"),
    ({"Contexte": "-"}, "context", "« - » ne dit rien"),
    ({"Étapes": "pas encore connu"}, "steps", "cette cellule est lue comme vide"),
    ({"Coût": "non renseigné"}, "cost", "« non renseigné » ne dit rien"),
    ({"Publics": "Élus | Licornes"}, "audiences", "« Licornes » n’est pas dans les référentiels"),
    ({"Commune": "Limoges", "Code INSEE": "23096"}, "place", "le nom dit « Limoges »"),
)


def test_doubts_are_told_and_the_row_goes_on(importer):
    found = rows_of(importer, DOUBTS)
    assert {row.action for row in found} == {"creation"}
    for row, (_given, column, said) in zip(found, DOUBTS, strict=True):
        assert [name for name, message in warnings(row) if said in message] == [column], said


def test_same_experience_twice_in_a_file_names_the_other_line(importer):
    job = importer.simulate(BASE, BASE | {"Titre": "La même"})
    assert problems(job.rows.get(line=3)) == [
        ("external_ref", "La ligne 2 a déjà cette valeur : c’est la même expérience.")
    ]


def test_text_that_only_looks_like_a_formula_stays(importer):
    importer.run(BASE | {"Titre": "=> un jardin", "Contexte": "- une friche\n- un square"})
    page = experience("1")
    assert (page.title, page.context) == ("=> un jardin", "<p>- une friche</p><p>- un square</p>")


PUBLIC_HEADERS = {
    "Porteur": "holder",
    "Démarche": "approach",
    "Thématique": "themes",
    "À retenir": "to_redo",
    "Présentation": "context",
    "Autres acteurs": "actors",
    "Étapes datées": "steps",
    "Source": "source",
    "Ville": "place",
    "Intitulé": "title",
    "Budget": "cost",
}


def test_headers_of_public_files_are_understood(importer):
    header = ["Id", *PUBLIC_HEADERS]
    job = importer.simulate(dict.fromkeys(header, "") | {"Id": "1", "Intitulé": "Un jardin"})
    assert {name: column for column, name in job.mapping.items()} == PUBLIC_HEADERS | {"Id": "external_ref"}
