"""An import of experiences: created, updated, unchanged, protected, refused."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ressources.experience_sections import SECTIONS
from ressources.imports.settings import ExperienceSettingsForm
from ressources.models import ExperiencePage
from territoires_en_commun.base.models import LinkKind, PageLink
from territoires_en_commun.imports.kinds import ImportRefused, import_kinds, query_dict
from territoires_en_commun.imports.models import ImportJob
from tests.annuaire.build import make_actor
from tests.factories import AudienceFactory, ProgrammeFactory, StandardPageFactory, ThemeFactory, UserFactory
from tests.filled_site import fill_once
from tests.imports.importer import changes, problems, warnings
from tests.ressources.importing import ExperienceImporter, experience

pytestmark = pytest.mark.django_db
ROW = {
    "ID": "12",
    "Nom du projet": "Un « jardin » partagé",
    "Résumé": "Une friche devenue jardin: trente parcelles.",
    "Commune": "Guéret",
    "Code INSEE": "23096",
    "Porteur": "Les Jardins de Guéret",
    "Autres acteurs": "200 054 781",
    "État": "Terminé",
    "Début": "2024-03",
    "Fin": "06/2025",
    "Présentation": "Une ville moyenne.\nUne friche & un square.",
    "Problème": "Une friche murée.",
    "Démarche": "Une saison d'essai.",
    "Résultats": "Trente parcelles.",
    "Freins": "L'eau.",
    "À retenir": "Pas encore connu",
    "Étapes datées": "2024-03 : Enquête de rue\n12/05/2024 – Première plantation – quarante habitants",
    "Indicateurs": "Parcelles = 30 parcelles (registre, 06/2025) | Visiteurs = 1 250,5 personnes par an",
    "Coût": "12 500 €",
    "ETP": "0,5 ETP",
    "Courriel": "jardin@exemple.fr",
}


@pytest.fixture
def importer(home, small_france):
    fill_once(write_actors, small_france)
    return ExperienceImporter()


def write_actors(small_france):
    everywhere = [small_france["pays:FR"]]
    make_actor(title="Les Jardins de Guéret", territories=everywhere)
    make_actor(title="Les Amis", siren="200054781", territories=everywhere)


def messages(row):
    return [message for _column, message in warnings(row)]


def rows_of(page):
    steps = [(step.date, step.month_only, step.title, step.text) for step in page.steps.all()]
    figures = [(one.label, one.value, one.unit, one.date, one.source) for one in page.indicators.all()]
    return steps, figures


def actors(page):
    return sorted(link.target.title for link in page.links.all() if link.kind == LinkKind.ACTOR)


def test_row_becomes_a_published_experience(importer, client):
    job = importer.run(ROW)
    page = experience("12")
    assert job.counts == {"creation": 1, "modification": 0, "inchangee": 0, "refusee": 0}
    assert (page.live, page.title) == (True, "Un «\u00a0jardin\u00a0» partagé")
    assert (page.holder.title, actors(page)) == ("Les Jardins de Guéret", ["Les Amis"])
    assert (page.place.key, [one.key for one in page.territories.all()]) == ("commune:23096", ["commune:23096"])
    assert (page.project_status, page.started_on, page.ended_on) == ("acheve", date(2024, 3, 1), date(2025, 6, 30))
    assert page.context == "<p>Une ville moyenne.</p><p>Une friche &amp; un square.</p>"
    assert [getattr(page, section.box) for section in SECTIONS] == [False] * 5 + [True]
    assert (page.to_redo, page.cost, page.fte, page.cost_unknown) == ("", Decimal(12500), Decimal("0.5"), False)
    assert rows_of(page) == (
        [
            (date(2024, 3, 1), True, "Enquête de rue", ""),
            (date(2024, 5, 12), False, "Première plantation", "quarante habitants"),
        ],
        [
            ("Parcelles", Decimal(30), "parcelles", date(2025, 6, 30), "registre"),
            ("Visiteurs", Decimal("1250.5"), "personnes par an", None, ""),
        ],
    )
    assert messages(job.rows.get()) == [
        "Indicateur « Visiteurs » : source non indiquée ; les lecteurs en sont prévenus."
    ]
    assert list(page.themes.all()) == [importer.theme]
    html = client.get(page.url)
    assert (html.status_code, page.relay_address) == (200, "jardin@exemple.fr")
    assert "jardin@exemple.fr" not in html.content.decode()


def test_import_again_changes_nothing(importer):
    importer.run(ROW)
    revision = experience("12").latest_revision_id
    job = importer.simulate(ROW)
    assert job.counts == {"creation": 0, "modification": 0, "inchangee": 1, "refusee": 0}
    with pytest.raises(ImportRefused):
        importer.write(job)
    assert (experience("12").latest_revision_id, PageLink.objects.count()) == (revision, 1)


def test_import_again_changes_nothing_once_the_editor_saved_the_page(importer):
    importer.run(ROW)
    page = experience("12")
    page.context = (
        '<p data-block-key="a1">Une ville moyenne.</p><p data-block-key="b2">Une friche &amp; un square.</p>'
    )
    page.save_revision().publish()
    row = importer.one(ROW)
    assert (row.action, changes(row), messages(row)[1:]) == ("inchangee", [], [])


def test_file_that_changed_updates_the_experience(importer):
    importer.run(ROW)
    kept = experience("12").steps.get(title="Enquête de rue").pk
    later = {"Étapes datées": "03/2024 : Enquête de rue | 13 mai 2024 : Première plantation", "Coût": "inconnu"}
    later |= {"À retenir": "Prévoir l'eau.", "Indicateurs": "Parcelles = 32 parcelles (registre, 06/2025)"}
    job = importer.simulate(ROW | later)
    first = "Parcelles = 30\u00a0parcelles (registre, 30\u00a0juin\u00a02025)"
    assert changes(job.rows.get()) == [
        ("to_redo", "Pas encore connu", "Prévoir l’eau."),
        (
            "steps",
            "mars 2024 : Enquête de rue | 12\u00a0mai\u00a02024 : Première plantation – quarante habitants",
            "mars 2024 : Enquête de rue | 13\u00a0mai\u00a02024 : Première plantation",
        ),
        (
            "indicators",
            f"{first} | Visiteurs = 1\u202f250,5\u00a0personnes par an",
            "Parcelles = 32\u00a0parcelles (registre, 30\u00a0juin\u00a02025)",
        ),
        ("cost", "12\u202f500\u00a0€", "Pas encore connu"),
    ]
    importer.write(job)
    page = experience("12")
    assert (page.live, page.to_redo, page.to_redo_unknown) == (True, "<p>Prévoir l’eau.</p>", False)
    assert (page.cost, page.cost_unknown) == (None, True)
    assert [step.title for step in page.steps.all()] == ["Enquête de rue", "Première plantation"]
    assert page.steps.get(title="Enquête de rue").pk == kept
    assert importer.one(ROW | later).action == "inchangee"


def test_empty_cells_erase_nothing(importer):
    importer.run(ROW)
    row = importer.one({"ID": "12", "Titre": "Un « jardin » partagé", "Étapes": "", "Coût": "", "Contexte": ""})
    assert row.action == "inchangee"


def test_correction_by_hand_is_kept_and_told(importer):
    importer.run(ROW)
    page = experience("12")
    page.cost, page.problem = Decimal(13000), "<p>Une friche, et du plomb.</p>"
    first, *others = page.steps.all()
    first.title = "Enquête de marché"
    page.steps = [first, *others]
    page.save_revision().publish()
    changed = ROW | {"Problème": "Une friche fermée."}
    row = importer.one(changed)
    assert row.action == "inchangee"
    assert messages(row)[1] == (
        "Corrigé à la main : « Une friche, et du plomb. » est gardé ; le fichier dit « Une friche fermée. »."
    )
    assert [column for column, _message in warnings(row)] == ["indicators", "problem", "steps", "cost"]
    assert [column for column, _b, _a in changes(importer.one(changed, keep_edits=None))] == [
        "problem",
        "steps",
        "cost",
    ]


def test_what_was_erased_by_hand_does_not_come_back(importer):
    importer.run(ROW)
    page = experience("12")
    page.contact_email = ""
    page.save_revision().publish()
    row = importer.one(ROW)
    assert (row.action, warnings(row)[-1]) == (
        "inchangee",
        (
            "contact_email",
            "Effacé à la main : rien n’est remis ; le fichier dit toujours « jardin@exemple.fr ».",
        ),
    )
    assert [column for column, _b, _a in changes(importer.one(ROW | {"Courriel": "autre@exemple.fr"}))] == [
        "contact_email"
    ]


def test_actors_of_the_file_replace_its_own_and_leave_the_other_links(importer, home, small_france):
    make_actor(title="Une école", territories=[small_france["pays:FR"]])
    importer.run(ROW)
    page = experience("12")
    page.links.add(PageLink(kind=LinkKind.RELATED, target=StandardPageFactory(parent=home, title="À lire")))
    page.save_revision().publish()
    importer.run(ROW | {"Autres acteurs": "une ecole | Les Amis"})
    page = experience("12")
    assert actors(page) == ["Les Amis", "Une école"]
    assert page.links.filter(kind=LinkKind.RELATED).count() == 1


def test_place_and_other_territories_stay_told_apart(importer):
    wide = ROW | {"Territoires": "23 | Guéret"}
    importer.run(wide)
    assert {one.key for one in experience("12").territories.all()} == {"commune:23096", "departement:23"}
    assert importer.one(wide).action == "inchangee"
    assert importer.one(ROW | {"Territoires": "23"}).action == "inchangee"
    moved = importer.simulate(ROW | {"Commune": "Nantes", "Code INSEE": "44109", "Territoires": "23"})
    assert changes(moved.rows.get()) == [("place", "Guéret (23096)", "Nantes (44109)")]
    importer.write(moved)
    assert {one.key for one in experience("12").territories.all()} == {"commune:44109", "departement:23"}


def test_file_cannot_make_an_experience_contradict_itself(importer):
    importer.run(ROW)
    late = ROW | {"Fin": "02/2024"}
    assert problems(importer.one(late)) == [("ended_on", "La fin précède le début.")]
    assert problems(importer.one(late | {"ID": "13"})) == [("ended_on", "La fin précède le début.")]


def test_settings_give_what_rows_lack(importer):
    bare = {"ID": "1", "Titre": "Court", "Résumé": "Un résumé.", "Territoire": "23096", "Porteur": "Les Amis"}
    bare |= {"Début": "03/2024", "Résultats": "Trente parcelles.", "ETP": "0"}
    importer.run(bare, project_status="en-cours", unknown_sections="on", unknown_figures="on")
    page = experience("1")
    assert (page.live, page.project_status) == (True, "en-cours")
    assert [section.name for section in SECTIONS if not getattr(page, section.box)] == ["results"]
    assert (page.cost_unknown, page.fte_unknown, page.fte) == (True, False, Decimal(0))
    told = importer.one(bare | {"Contexte": "Une ville moyenne."})
    assert changes(told) == [("context", "Pas encore connu", "Une ville moyenne.")]


def test_incomplete_rows_become_drafts_with_the_reasons(importer):
    job = importer.run({"ID": "1", "Titre": "Seul", "Porteur": "Inconnue", "État": "achevé"})
    page = experience("1")
    assert (page.live, page.holder) == (False, None)
    for reason in (
        "Écrivez un résumé",
        "Choisissez l’acteur qui a porté l’expérience.",
        "Indiquez le territoire de l’expérience.",
        "Indiquez quand l’expérience a commencé",
        "Indiquez quand l’expérience s’est arrêtée.",
        "« Contexte » est vide",
        "Indiquez le coût",
        "Indiquez le temps passé",
    ):
        assert any(reason in message for message in job.rows.get().messages), reason


def test_drafts_are_made_when_nothing_is_to_be_published(importer):
    importer.run(ROW, publish=None)
    assert not experience("12").live
    job = importer.simulate(ROW)
    assert changes(job.rows.get()) == [("", "brouillon", "publiée")]
    importer.write(job)
    assert experience("12").live


def test_version_in_progress_and_locked_experience_are_left_alone(importer):
    importer.run(ROW)
    page = experience("12")
    page.title = "Titre en cours"
    page.save_revision()
    importer.run(ROW | {"ETP": "0,8"})
    assert (experience("12").title, experience("12").fte) == ("Un «\u00a0jardin\u00a0» partagé", Decimal("0.5"))
    assert experience("12").get_latest_revision_as_object().fte == Decimal("0.8")
    ExperiencePage.objects.update(locked=True)
    assert "verrouillée" in problems(importer.one(ROW | {"ETP": "1"}))[0][1]


def test_terms_of_the_file_come_before_the_settings(importer):
    theme, programme = ThemeFactory(name="Jardins d’essai"), ProgrammeFactory(name="Programme d’essai", acronym="PEX")
    audience = AudienceFactory(name="Élus d’essai")
    importer.run(ROW | {"Thématique": "JARDINS D'ESSAI", "Programme": "pex", "Publics": "elus d'essai"})
    page = experience("12")
    assert [list(page.themes.all()), list(page.programmes.all()), list(page.audiences.all())] == [
        [theme],
        [programme],
        [audience],
    ]


def test_markup_in_a_cell_stays_text(importer, client):
    hostile = {"Nom du projet": "<b>Gras</b>", "Démarche": "<script>alert(1)</script>"}
    importer.run(ROW | hostile | {"Étapes datées": "2024-03 : <img src=x onerror=alert(2)>"})
    html = client.get(experience("12").url).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert" in html


def test_file_without_identifier_or_title_is_refused(importer):
    with pytest.raises(ImportRefused, match="Identifiant dans le fichier"):
        importer.simulate({"Titre": "Seul"})


def test_bad_settings_are_refused(importer):
    bad = {"dataset": ["Pas un nom"], "project_status": ["bizarre"], "licence": [""], "review_date": ["2020-01-01"]}
    assert set(ExperienceSettingsForm(query_dict(importer.answers | bad)).errors) == set(bad)


def test_only_who_publishes_experiences_imports(importer):
    kind = import_kinds.get("experiences")
    assert kind.allows(importer.user)
    assert not kind.allows(UserFactory())
    assert kind in import_kinds.allowed_to(UserFactory(groups=["Éditeurs"]))
    assert import_kinds.allowed_to(UserFactory(groups=["Contributeurs"])) == []


@pytest.mark.ignore_template_errors
def test_contributor_is_refused_by_the_wizard(importer, contributor, client):
    client.force_login(contributor)
    file = SimpleUploadedFile("experiences.csv", b"ID;Titre\n1;Un jardin", content_type="text/csv")
    client.post(reverse("imports:upload", args=["experiences"]), {"file": file})
    assert not ImportJob.objects.exists()


@pytest.mark.ignore_template_errors
def test_wizard_from_file_to_report(importer, editor, client, django_capture_on_commit_callbacks):
    client.force_login(editor)
    lines = [";".join(ROW), ";".join(f'"{text}"' for text in ROW.values())]
    file = SimpleUploadedFile("experiences.csv", "\n".join(lines).encode(), content_type="text/csv")
    client.post(reverse("imports:upload", args=["experiences"]), {"file": file})
    job = ImportJob.objects.get()
    columns = client.get(reverse("imports:columns", args=[job.pk]))
    client.post(reverse("imports:columns", args=[job.pk]), columns.context["form"].initial)
    assert "Cocher « pas encore connu »" in client.get(reverse("imports:settings", args=[job.pk])).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("imports:settings", args=[job.pk]), importer.answers | {"review_owner": [str(editor.pk)]})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("imports:action", args=[job.pk, "confirm"]))
    page = experience("12")
    report = client.get(reverse("imports:job", args=[job.pk])).content.decode()
    assert (page.live, page.latest_revision.user) == (True, editor)
    assert f'href="{reverse("wagtailadmin_pages:edit", args=[page.pk])}"' in report


def test_queries_of_each_unchanged_row_are_few(importer):
    rows = [ROW | {"ID": str(number), "Nom du projet": f"Jardin {number}"} for number in range(6)]
    importer.run(*rows)
    counts = []
    for some in (rows[:2], rows):
        with CaptureQueriesContext(connection) as queries:
            importer.simulate(*some)
        counts.append(len(queries))
    assert (counts[1] - counts[0]) / 4 <= 16
