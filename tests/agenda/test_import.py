"""An import of calls: created, updated, unchanged, protected, refused."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agenda.imports.settings import CallSettingsForm
from agenda.models import CallChange, CallPage
from territoires_en_commun.base.models import LinkKind, PageLink
from territoires_en_commun.imports.kinds import ImportRefused, import_kinds, query_dict
from tests.agenda.build import make_call
from tests.agenda.importing import CallImporter, call
from tests.annuaire.build import make_actor
from tests.factories import ProgrammeFactory, StandardPageFactory, ThemeFactory, UserFactory
from tests.filled_site import fill_once
from tests.imports.importer import changes, problems, warnings

pytestmark = pytest.mark.django_db
ROW = {
    "ID": "12",
    "Nom de l’aide": "Des « halles » qui vivent",
    "Résumé": "Rouvrir une halle: avec les commerçants.",
    "Type": "AAP",
    "Date d’ouverture": "01/02/2099",
    "Date de pré-dépôt": "2099-03-01",
    "Date limite": "1er avril 2099",
    "Montant min": "10 000 €",
    "Montant max": "1,5 M€",
    "Taux": "80 %",
    "Bénéficiaires": "Communes | EPCI | associations",
    "Dépenses": "travaux",
    "Étapes du projet": "réalisation",
    "Description": "Un appel.\nPour les bourgs.",
    "Éligibilité": "Moins de 3 500 habitants.",
    "Périmètre": "23 | commune:44109",
    "Porteurs": "La Fondation | Mécènes réunis",
    "URL de candidature": "https://halles.exemple.fr/candidater",
    "Lien": "https://halles.exemple.fr/",
}


@pytest.fixture
def importer(home, small_france):
    fill_once(write_funder, small_france)
    return CallImporter()


def write_funder(small_france):
    make_actor(title="La Fondation", siren="200054781", territories=[small_france["pays:FR"]])


def messages(row):
    return [message for _column, message in warnings(row)]


def funders(page):
    return [link.target.title for link in page.links.all() if link.kind == LinkKind.FUNDER]


def test_row_becomes_a_published_call(importer, small_france, client):
    job = importer.run(ROW)
    page = call("12")
    assert job.counts == {"creation": 1, "modification": 0, "inchangee": 0, "refusee": 0}
    assert (page.live, page.title) == (True, "Des «\u00a0halles\u00a0» qui vivent")
    assert (page.nature, page.recurrence) == ("aap", "ponctuel")
    assert (page.opens_on, page.prefiling_on, page.closes_on) == (
        date(2099, 2, 1),
        date(2099, 3, 1),
        date(2099, 4, 1),
    )
    assert (page.amount_min, page.amount_max, page.rate_min, page.rate_max) == (10_000, 1_500_000, None, 80)
    assert page.beneficiaries == ["commune", "epci", "association"]
    assert (page.eligible_costs, page.project_stages) == (["investissement"], ["realisation"])
    assert page.description == "<p>Un appel.</p><p>Pour les bourgs.</p>"
    assert {place.key for place in page.territories.all()} == {"departement:23", "commune:44109"}
    assert (funders(page), page.funders_text) == (["La Fondation"], "Mécènes réunis")
    assert messages(job.rows.get()) == [
        "« Mécènes réunis » n’est pas dans l’annuaire : ce nom est gardé en toutes lettres."
    ]
    assert list(page.themes.all()) == [importer.theme]
    assert client.get(page.url).status_code == 200


def test_import_again_changes_nothing(importer):
    importer.run(ROW)
    revision = call("12").latest_revision_id
    job = importer.simulate(ROW)
    assert job.counts == {"creation": 0, "modification": 0, "inchangee": 1, "refusee": 0}
    with pytest.raises(ImportRefused):
        importer.write(job)
    assert (call("12").latest_revision_id, PageLink.objects.count()) == (revision, 1)


def test_file_that_changed_updates_the_call_and_tells_candidates(importer):
    importer.run(ROW)
    job = importer.simulate(ROW | {"Date limite": "15/04/2099", "Montant max": "2 M€", "Porteurs": "200 054 781"})
    assert changes(job.rows.get()) == [
        ("closes_on", "1er\u00a0avril\u00a02099", "15\u00a0avril\u00a02099"),
        ("amount_max", "1\u202f500\u202f000\u00a0€", "2\u202f000\u202f000\u00a0€"),
    ]
    importer.write(job)
    assert [change.sentence.replace("\u202f", " ").replace("\u00a0", " ") for change in CallChange.objects.all()] == [
        "Montant de l’aide : de 10 000 € à 2 000 000 € (auparavant : de 10 000 € à 1 500 000 €).",
        "La clôture passe du 1er au 15 avril 2099.",
    ]


def test_amount_of_zero_is_an_amount(importer):
    importer.run(ROW)
    no_floor = ROW | {"Montant min": "0 €"}
    assert changes(importer.one(no_floor)) == [("amount_min", "10\u202f000\u00a0€", "0\u00a0€")]
    importer.run(no_floor)
    assert call("12").amount_min == 0
    assert importer.one(no_floor).action == "inchangee"


def test_empty_cells_erase_nothing(importer):
    importer.run(ROW)
    job = importer.simulate({"ID": "12", "Titre": "Des « halles » qui vivent", "Date limite": "", "Taux": ""})
    assert job.rows.get().action == "inchangee"


def test_correction_by_hand_is_kept_and_told(importer):
    importer.run(ROW)
    page = call("12")
    page.closes_on = date(2099, 4, 30)
    page.save_revision().publish()
    row = importer.one(ROW | {"Date limite": "02/04/2099"})
    assert row.action == "inchangee"
    assert messages(row)[-1] == (
        "Corrigé à la main : « 30\u00a0avril\u00a02099 » est gardé ; le fichier dit « 2\u00a0avril\u00a02099 »."
    )
    assert changes(importer.one(ROW | {"Date limite": "02/04/2099"}, keep_edits=None)) == [
        ("closes_on", "30\u00a0avril\u00a02099", "2\u00a0avril\u00a02099")
    ]


def test_funders_of_the_file_replace_its_own_and_leave_the_other_links(importer, home, small_france):
    make_actor(title="Autre fondation", territories=[small_france["pays:FR"]])
    importer.run(ROW)
    page = call("12")
    page.links.add(PageLink(kind=LinkKind.RELATED, target=StandardPageFactory(parent=home, title="À lire")))
    page.save_revision().publish()
    importer.run(ROW | {"Porteurs": "Autre fondation"})
    page = call("12")
    assert funders(page) == ["Autre fondation"]
    assert page.links.filter(kind=LinkKind.RELATED).count() == 1


def test_file_cannot_make_a_call_contradict_itself(importer):
    importer.run(ROW)
    row = importer.one({"ID": "12", "Titre": "Des « halles » qui vivent", "Date limite": "15/01/2099"})
    assert (row.action, [column for column, _message in problems(row)]) == ("refusee", ["closes_on", "prefiling_on"])
    assert importer.one(ROW | {"ID": "13", "Montant min": "2 M€"}).plan["problems"] == [
        {"column": "amount_min", "message": "Le montant minimal dépasse le montant maximal."}
    ]


def test_settings_give_what_rows_lack(importer, small_france):
    row = {"ID": "1", "Titre": "Court", "Résumé": "Un résumé.", "Éligibilité": "Toutes.", "Bénéficiaires": "Communes"}
    row |= {"Où candidater": "https://a.exemple.fr/"}
    importer.run(row, nature="permanent", source_url="https://liste.exemple.fr/")
    page = call("1")
    assert (page.live, page.nature, page.funders_text) == (True, "permanent", "Fondation d’essai")
    assert page.source_url == "https://liste.exemple.fr/"
    assert list(page.territories.all()) == [small_france["pays:FR"]]


def test_incomplete_rows_become_drafts_with_the_reasons(importer):
    job = importer.run({"ID": "1", "Titre": "Seul"}, funders_text=None, everywhere=None)
    page = call("1")
    assert not page.live
    for reason in (
        "Choisissez la nature de l’appel.",
        "Nommez un financeur",
        "Indiquez où sont les projets attendus",
        "Dites qui peut candidater.",
    ):
        assert any(reason in message for message in job.rows.get().messages), reason


def test_drafts_are_made_when_nothing_is_to_be_published(importer):
    importer.run(ROW, publish=None)
    assert not call("12").live
    job = importer.simulate(ROW)
    assert changes(job.rows.get()) == [("", "brouillon", "publiée")]
    importer.write(job)
    assert call("12").live
    assert CallChange.objects.count() == 0


def test_version_in_progress_and_locked_call_are_left_alone(importer):
    importer.run(ROW)
    page = call("12")
    page.title = "Titre en cours"
    page.save_revision()
    importer.run(ROW | {"Taux": "70 %"})
    assert (call("12").title, call("12").rate_max) == ("Des «\u00a0halles\u00a0» qui vivent", 80)
    assert call("12").get_latest_revision_as_object().rate_max == 70
    CallPage.objects.update(locked=True)
    assert "verrouillée" in problems(importer.one(ROW | {"Taux": "60 %"}))[0][1]


def test_terms_of_the_file_come_before_the_settings(importer):
    theme, programme = ThemeFactory(name="Halles d’essai"), ProgrammeFactory(name="Programme d’essai", acronym="PEX")
    importer.run(ROW | {"Thématiques": "halles d’essai", "Programme": "pex"})
    assert (list(call("12").themes.all()), list(call("12").programmes.all())) == ([theme], [programme])


def test_markup_in_a_cell_stays_text(importer, client):
    importer.run(ROW | {"Nom de l’aide": "<b>Gras</b>", "Éligibilité": "<script>alert(1)</script>"})
    html = client.get(call("12").url).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    assert "&lt;b&gt;Gras&lt;/b&gt;" in html


def test_file_without_identifier_or_title_is_refused(importer):
    with pytest.raises(ImportRefused, match="Identifiant dans le fichier"):
        importer.simulate({"Titre": "Seul"})


def test_bad_settings_are_refused(importer):
    bad = {"dataset": ["Pas un nom"], "nature": ["bizarre"], "source_url": ["pas une adresse"], "licence": [""]}
    bad |= {"review_date": ["2020-01-01"], "themes": ["999"], "funders_text": ["x" * 256]}
    assert set(CallSettingsForm(query_dict(importer.answers | bad)).errors) == set(bad)


def test_only_who_publishes_calls_imports(importer):
    kind = import_kinds.get("appels")
    assert kind.allows(importer.user)
    assert not kind.allows(UserFactory())
    editor = UserFactory(groups=["Éditeurs"])
    assert kind in import_kinds.allowed_to(editor)
    assert import_kinds.allowed_to(UserFactory(groups=["Contributeurs"])) == []


def test_report_links_to_the_calls(importer):
    job = importer.run(ROW)
    url = reverse("wagtailadmin_pages:edit", args=[call("12").pk])
    assert import_kinds.get("appels").target_urls([row.target for row in job.rows.all()]) == {call("12").pk: url}


def test_queries_of_each_unchanged_row_are_few(importer, small_france):
    rows = [ROW | {"ID": str(number), "Nom de l’aide": f"Appel {number}"} for number in range(6)]
    importer.run(*rows)
    make_call(title="Un autre", territories=[small_france["pays:FR"]])
    counts = []
    for some in (rows[:2], rows):
        with CaptureQueriesContext(connection) as queries:
            importer.simulate(*some)
        counts.append(len(queries))
    assert (counts[1] - counts[0]) / 4 <= 12
