"""The wizard as an editor goes through it, and what it refuses."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from territoires_en_commun.base.models import Theme
from territoires_en_commun.imports import running, services
from territoires_en_commun.imports.models import ImportJob, ImportState
from tests.factories import UserFactory
from tests.imports.conftest import FILE
from tests.imports.importer import write_one_row

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def browser(client, editor):
    client.force_login(editor)
    return client


def upload(client, content, name="themes.csv"):
    file = SimpleUploadedFile(name, content, content_type="text/csv")
    return client.post(reverse("imports:upload", args=["themes"]), {"file": file}, follow=True)


def text(response):
    return " ".join(response.content.decode().split())


def test_wizard_from_file_to_report(browser, kind, django_capture_on_commit_callbacks):
    page = upload(browser, FILE)
    job = ImportJob.objects.get()
    assert "Windows, Europe de l’Ouest (CP1252)" in text(page)
    assert "Énergie" in text(page)
    page = browser.post(
        reverse("imports:format", args=[job.pk]), {"encoding": "cp1252", "separator": "point-virgule"}, follow=True
    )
    assert '<option value="Matricule" selected>' in text(page)
    page = browser.post(
        reverse("imports:columns", args=[job.pk]), {"name": "Libellé", "slug": "Matricule"}, follow=True
    )
    assert "La simulation n’écrit rien" in text(page)
    with django_capture_on_commit_callbacks(execute=True):
        page = browser.post(
            reverse("imports:settings", args=[job.pk]), {"is_active": "on", "note": "été"}, follow=True
        )
    assert "Simulation en cours" in text(page)
    page = browser.get(reverse("imports:job", args=[job.pk]))
    assert "<strong>2</strong> à créer" in text(page)
    assert "Identifiant : Il manque l’identifiant." in text(page)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("imports:action", args=[job.pk, "confirm"]))
    page = browser.get(reverse("imports:job", args=[job.pk]))
    assert "Import terminé" in text(page)
    assert "<strong>2</strong> créées" in text(page)
    eau = Theme.objects.get(slug="eau")
    assert f'<a href="/quelque-part/{eau.pk}/">Eau</a>' in text(page)
    errors = browser.get(reverse("imports:download", args=[job.pk, "erreurs"]))
    assert b"".join(errors.streaming_content).decode("utf-8-sig").splitlines()[1].endswith("Il manque l’identifiant.")
    report = browser.get(reverse("imports:download", args=[job.pk, "rapport"]))
    assert b"".join(report.streaming_content).count(b"\r\n") == 4
    assert "themes.csv" in text(browser.get(reverse("imports:index")))


def test_settings_are_proposed_again_for_the_same_columns(browser, kind, simulated):
    simulated(answers={"note": ["gardée"], "kinds": ["b"], "is_active": []})
    upload(browser, FILE)
    job = ImportJob.objects.first()
    browser.post(reverse("imports:columns", args=[job.pk]), {"name": "Libellé", "slug": "Matricule"})
    page = text(browser.get(reverse("imports:settings", args=[job.pk])))
    assert 'value="gardée"' in page
    assert '<option value="b" selected>' in page
    assert 'name="is_active" checked' not in page
    assert 'id="id_is_active" checked' not in page


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04....", "pas un fichier CSV"),
        (b"\x00\x01\x02\x03", "n’est pas un texte"),
        (b"", "Ce fichier est vide"),
        (b"a;b\n" * 1_400_000, "la limite est de 5 Mo"),
    ],
)
def test_file_that_cannot_be_read_is_refused_at_once(browser, kind, content, message):
    assert message in text(upload(browser, content))
    assert not ImportJob.objects.exists()


def test_upload_without_file_says_so(browser, kind):
    page = browser.post(reverse("imports:upload", args=["themes"]), {})
    assert "Choisissez un fichier." in text(page)


def test_file_name_keeps_no_folder(browser, kind):
    upload(browser, FILE, "../../../etc/a<b>.csv")
    assert ImportJob.objects.get().file_name == "a<b>.csv"
    assert "a<b>" not in text(browser.get(reverse("imports:index")))


def test_wrong_format_keeps_the_page_and_says_why(browser, open_job):
    job = open_job()
    url = reverse("imports:format", args=[job.pk])
    page = browser.post(url, {"encoding": "utf-8-sig", "separator": "point-virgule"})
    assert "n’est pas en UTF-8" in text(page)
    assert "Sélectionnez un choix valide" in text(browser.post(url, {"encoding": "rot13", "separator": "x"}))


def test_preview_stays_on_the_format(browser, open_job):
    job = open_job()
    data = {"encoding": "mac-roman", "separator": "point-virgule", "preview": "1"}
    page = browser.post(reverse("imports:format", args=[job.pk]), data, follow=True)
    assert page.redirect_chain[-1][0] == reverse("imports:format", args=[job.pk])


def test_columns_refuse_what_is_not_in_the_file(browser, open_job):
    url = reverse("imports:columns", args=[open_job().pk])
    assert "Choisissez une colonne du fichier." in text(browser.post(url, {"slug": "Matricule"}))
    assert "pas dans le fichier" in text(browser.post(url, {"name": "Absente"}))
    assert "choisie deux fois" in text(browser.post(url, {"name": "Autre", "slug": "Autre"}))


def test_repairs_are_chosen_on_the_page(browser, simulated):
    job = simulated()
    page = text(browser.get(reverse("imports:job", args=[job.pk]), {"lignes": "reparations"}))
    assert "« ENERGIE » sera lu « energie »" in page
    assert 'name="accepted" value="3" checked' in page
    url = reverse("imports:repairs", args=[job.pk])
    browser.post(url, {"choice": "shown", "shown": ["3"]})
    assert not job.rows.get(line=3).repairs_accepted
    browser.post(url, {"choice": "all"})
    assert job.rows.get(line=3).repairs_accepted
    browser.post(url, {"choice": "none"})
    assert not job.rows.get(line=3).repairs_accepted
    page = browser.post(url, {"choice": "shown", "shown": ["x"]}, follow=True)
    assert "Choix incompris" in text(page)


@pytest.mark.parametrize("query", ["lignes=refusee", "lignes=autre", "p=99", "p=-1", "p=abc", "lignes=remarques&p=2"])
def test_report_answers_any_query(browser, simulated, query):
    page = browser.get(f"{reverse('imports:job', args=[simulated().pk])}?{query}")
    assert page.status_code == 200


def test_progress_is_told(browser, open_job):
    job = open_job()
    services.start_simulation(job, {})
    answer = browser.get(reverse("imports:progress", args=[job.pk])).json()
    assert answer == {"state": "simulation en cours", "done": 0, "total": 3, "working": True}


def test_steps_of_an_import_already_simulated_lead_to_it(browser, simulated):
    job = simulated()
    for step in ("format", "columns", "settings"):
        assert browser.get(reverse(f"imports:{step}", args=[job.pk])).url == reverse("imports:job", args=[job.pk])


def test_verbs_act_by_post_only_and_say_what_they_refuse(browser, simulated):
    job = simulated()
    url = reverse("imports:action", args=[job.pk, "confirm"])
    assert browser.get(url).status_code == 405
    assert browser.post(reverse("imports:action", args=[job.pk, "autre"])).status_code == 404
    page = browser.post(reverse("imports:action", args=[job.pk, "stop"]), follow=True)
    assert "n’en est plus à cette étape" in text(page)
    assert ImportJob.objects.get().state == ImportState.CHECKED


def test_cancel_from_the_page_erases_everything(browser, simulated):
    page = browser.post(reverse("imports:action", args=[simulated().pk, "cancel"]), follow=True)
    assert "rien n’a été écrit" in text(page)
    assert not ImportJob.objects.exists()


def test_erased_import_shows_its_counts_only(browser, simulated):
    job = simulated()
    services.confirm(job)
    running.run(job.pk)
    ImportJob.objects.filter(pk=job.pk).update(changed_at=timezone.now() - timedelta(days=91))
    services.forget_old_imports(timezone.now())
    page = text(browser.get(reverse("imports:job", args=[job.pk])))
    assert "<strong>2</strong> créées" in page
    assert "a été effacé" in page
    assert browser.get(reverse("imports:download", args=[job.pk, "rapport"])).status_code == 404


def test_interrupted_import_offers_what_can_be_done(browser, simulated):
    job = simulated()
    url = reverse("imports:job", args=[job.pk])
    services.confirm(job)
    services.stop(job)
    page = text(browser.get(url))
    assert [label in page for label in ("Reprendre : 2 lignes", "Revoir colonnes et réglages", "Abandonner")] == [
        True
    ] * 3
    assert "Terminer sans écrire le reste" not in page
    write_one_row(job)
    page = text(browser.get(url))
    assert [label in page for label in ("Reprendre : 1 ligne", "Terminer sans écrire le reste")] == [True] * 2
    assert "Abandonner" not in page
    page = text(browser.post(reverse("imports:action", args=[job.pk, "finish"]), follow=True))
    assert "Import terminé" in page
    assert services.NOT_WRITTEN in page


def test_who_may_not_import_sees_and_does_nothing(client, simulated, kind):
    job = simulated()
    urls = [reverse("imports:index"), reverse("imports:upload", args=["themes"])]
    urls += [
        reverse(f"imports:{name}", args=[job.pk]) for name in ("job", "format", "columns", "settings", "progress")
    ]
    urls += [reverse("imports:download", args=[job.pk, "erreurs"])]
    posts = [
        reverse("imports:action", args=[job.pk, verb]) for verb in ("confirm", "cancel", "stop", "reopen", "finish")
    ]
    posts += [reverse("imports:repairs", args=[job.pk])]
    visitor = UserFactory()
    visitor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    for user in (None, visitor):
        if user:
            client.force_login(user)
        for url in urls:
            assert client.get(url).status_code == 302
        for url in posts:
            assert client.post(url).status_code == 302
    job.refresh_from_db()
    assert job.state == ImportState.CHECKED
    assert not Theme.objects.exists()


def test_unknown_kind_and_job_are_not_found(browser, kind):
    assert browser.get(reverse("imports:upload", args=["autre"])).status_code == 404
    assert browser.get(reverse("imports:job", args=[999])).status_code == 404
