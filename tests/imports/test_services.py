"""Simulation, run, interruption, report: nothing is lost, nothing is written twice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from territoires_en_commun.base.jobs import forget_imports
from territoires_en_commun.base.models import Theme
from territoires_en_commun.imports import running, services
from territoires_en_commun.imports.csv_files import FileRefused
from territoires_en_commun.imports.kinds import Action, ImportRefused
from territoires_en_commun.imports.mapping import proposed_mapping
from territoires_en_commun.imports.models import ColumnMapping, ImportedValues, ImportJob, ImportState, fingerprint
from territoires_en_commun.imports.reports import error_lines, report_lines
from tests.imports.conftest import FILE, MAPPING
from tests.imports.importer import write_one_row
from tests.imports.kind import ThemeSession

pytestmark = pytest.mark.django_db


def run(job):
    services.confirm(job)
    running.run(job.pk)
    job.refresh_from_db()


def rows(*names):
    return ("Libellé;Matricule\n" + "".join(f"{name};{name}\n" for name in names)).encode()


def test_simulation_plans_every_row_and_writes_nothing(simulated):
    job = simulated()
    assert job.state == ImportState.CHECKED
    assert [(row.line, row.action, row.label) for row in job.rows.all()] == [
        (2, Action.CREATE, "Eau"),
        (3, Action.CREATE, "Énergie"),
        (4, Action.REFUSED, "Sans identifiant"),
    ]
    assert job.counts == {"creation": 2, "modification": 0, "inchangee": 0, "refusee": 1}
    assert not Theme.objects.exists()


def test_run_writes_what_was_simulated_and_again_changes_nothing(simulated):
    job = simulated()
    run(job)
    assert job.state == ImportState.DONE
    assert dict(Theme.objects.values_list("slug", "name")) == {"eau": "Eau", "energie": "Énergie"}
    assert [row.result for row in job.rows.all()] == [Action.CREATE, Action.CREATE, Action.REFUSED]
    assert job.counts == {"creation": 2, "modification": 0, "inchangee": 0, "refusee": 1}
    again = simulated()
    assert again.counts == {"creation": 0, "modification": 0, "inchangee": 2, "refusee": 1}
    with pytest.raises(ImportRefused, match="rien à écrire"):
        services.confirm(again)


def test_what_follows_the_rows_never_makes_the_import_fail(simulated, monkeypatch, caplog):
    def finish(session):
        raise RuntimeError("recherche en panne")

    job = simulated()
    monkeypatch.setattr(ThemeSession, "finish", finish)
    run(job)
    assert job.state == ImportState.DONE
    assert Theme.objects.count() == 2
    assert "recherche en panne" in caplog.text


def test_tasks_are_given_once_the_choice_is_committed(open_job, django_capture_on_commit_callbacks):
    job = open_job()
    with django_capture_on_commit_callbacks(execute=True):
        services.start_simulation(job, {})
        assert ImportJob.objects.get().state == ImportState.CHECKING
    job.refresh_from_db()
    assert job.state == ImportState.CHECKED
    with django_capture_on_commit_callbacks(execute=True):
        services.confirm(job)
        assert not Theme.objects.exists()
    job.refresh_from_db()
    assert (job.state, Theme.objects.count()) == (ImportState.DONE, 2)


def test_update_shows_what_changes(simulated):
    Theme.objects.create(slug="eau", name="L’eau")
    row = simulated().rows.get(line=2)
    assert row.action == Action.UPDATE
    assert row.plan["changes"] == [{"column": "name", "before": "L’eau", "after": "Eau"}]


def test_refused_repairs_leave_the_row_aside_with_its_cause(simulated):
    job = simulated()
    services.accept_repairs(job, accepted=[], shown=[3])
    run(job)
    assert list(Theme.objects.values_list("slug", flat=True)) == ["eau"]
    assert job.rows.get(line=3).result == Action.REFUSED
    text = "".join(error_lines(job))
    assert "Énergie;ENERGIE;;3;Les réparations proposées ont été refusées." in text


def test_repairs_are_chosen_line_by_line(simulated):
    job = simulated("Libellé;Matricule\na;A\nb;B\nc;C\n".encode())
    services.accept_repairs(job, accepted=[2], shown=[2, 3])
    assert list(job.rows.values_list("repairs_accepted", flat=True)) == [True, False, True]


def test_row_that_changed_since_the_simulation_is_refused(simulated):
    job = simulated()
    Theme.objects.create(slug="eau", name="Autre chose")
    run(job)
    assert Theme.objects.get(slug="eau").name == "Autre chose"
    row = job.rows.get(line=2)
    assert (row.result, row.messages) == (Action.REFUSED, [running.CHANGED_SINCE])


def test_row_that_fails_writes_nothing_and_others_go_on(simulated):
    job = simulated(rows("a", "panne", "interdit", "b"))
    run(job)
    assert list(Theme.objects.order_by("slug").values_list("slug", flat=True)) == ["a", "b"]
    assert [row.messages for row in job.rows.all()] == [
        ["Écrite."],
        [running.UNEXPECTED],
        ["Ce nom est interdit."],
        ["Écrite."],
    ]


def test_defect_while_planning_refuses_one_row_only(simulated):
    job = simulated(rows("a", "boum", "b"))
    assert [row.action for row in job.rows.all()] == [Action.CREATE, Action.REFUSED, Action.CREATE]


def test_row_with_too_many_cells_is_refused(simulated):
    job = simulated("Libellé;Matricule\nEau;eau\nAir; propre;air\n".encode())
    row = job.rows.get(line=3)
    assert row.action == Action.REFUSED
    assert "3 cellules pour 2 colonnes" in row.plan["problems"][0]["message"]
    assert "Air;propre;air;3;" in "".join(error_lines(job))


def test_interruption_keeps_what_is_written_and_resumes(simulated):
    job = simulated(rows("a", "b", "c"))
    write_one_row(job)
    assert (job.state, Theme.objects.count()) == (ImportState.STOPPED, 1)
    run(job)
    assert (job.state, Theme.objects.count()) == (ImportState.DONE, 3)
    assert job.counts["creation"] == 3


def test_run_again_after_a_crash_goes_on_where_it_was(simulated, monkeypatch, kind):
    job = simulated(rows("a", "b", "c"))
    services.confirm(job)
    write, written = running._write_row, []

    def die(job, session, pk):
        if len(written) == 2:
            raise SystemExit
        written.append(pk)
        write(job, session, pk)

    monkeypatch.setattr(running, "_write_row", die)
    with pytest.raises(SystemExit):
        running.run(job.pk)
    monkeypatch.setattr(running, "_write_row", write)
    running.run(job.pk)
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, Theme.objects.count(), job.counts["creation"]) == (ImportState.DONE, 3, 3)


@pytest.mark.parametrize(("many", "is_read"), [(3, True), (4, False)])
def test_statistics_of_the_database_are_read_after_many_rows(simulated, monkeypatch, many, is_read):
    monkeypatch.setattr(running, "MANY", many)
    job = simulated(rows("a", "b", "c"))
    with CaptureQueriesContext(connection) as queries:
        run(job)
    assert (job.state, any(query["sql"] == "ANALYZE" for query in queries)) == (ImportState.DONE, is_read)


def test_one_import_of_a_kind_is_written_at_a_time(simulated):
    first, second = simulated(rows("a")), simulated(rows("b"))
    services.confirm(first)
    with pytest.raises(ImportRefused, match="Un autre import du même type est en cours"):
        services.confirm(second)
    running.run(first.pk)
    run(second)
    assert Theme.objects.count() == 2


def test_simulation_again_replaces_the_rows(simulated):
    job = simulated()
    services.reopen(job)
    assert not job.rows.exists()
    services.start_simulation(job, {"is_active": ["on"]})
    running.simulate(job.pk)
    running.simulate(job.pk)
    assert job.rows.count() == 3


@pytest.mark.parametrize("verb", [services.stop, services.confirm, services.reopen, services.finish])
def test_verbs_refuse_another_stage(open_job, verb):
    with pytest.raises(ImportRefused):
        verb(open_job())


def test_cancel_leaves_nothing(simulated):
    services.cancel(simulated())
    assert not ImportJob.objects.exists()
    assert not Theme.objects.exists()


def test_cancelled_while_simulating_writes_nothing(open_job, monkeypatch):
    job = open_job()
    services.start_simulation(job, {})
    plan = running._plan

    def cancel_first(current, session, line):
        if ImportJob.objects.filter(pk=job.pk).exists():
            services.cancel(ImportJob.objects.get(pk=job.pk))
        return plan(current, session, line)

    monkeypatch.setattr(running, "_plan", cancel_first)
    running.simulate(job.pk)
    assert not ImportJob.objects.exists()


def test_import_that_cannot_begin_says_why(simulated):
    job = simulated(answers={"note": ["refuser"]})
    assert (job.state, job.message) == (ImportState.FAILED, "Cet import ne peut pas commencer.")


def test_settings_that_no_longer_hold_stop_the_import(simulated):
    job = simulated(answers={"kinds": ["disparu"]})
    assert (job.state, "Les réglages ne conviennent plus" in job.message) == (ImportState.FAILED, True)


def test_import_whose_settings_went_stale_is_described_again_or_given_up(simulated):
    jobs = [simulated(answers={"kinds": ["a"]}), simulated(answers={"kinds": ["a"]})]
    ImportJob.objects.update(settings={"kinds": ["disparu"]})
    for job in jobs:
        job.refresh_from_db()
        run(job)
        assert (job.state, job.message) == (
            ImportState.STOPPED,
            f"Les réglages ne conviennent plus (Kinds). {running.NOTHING_WRITTEN}",
        )
    services.reopen(jobs[0])
    services.start_simulation(jobs[0], {"kinds": ["b"]})
    running.simulate(jobs[0].pk)
    run(jobs[0])
    assert (jobs[0].state, Theme.objects.count()) == (ImportState.DONE, 2)
    services.cancel(jobs[1])
    assert ImportJob.objects.get() == jobs[0]


def test_import_half_written_whose_settings_went_stale_ends_with_what_is_left(simulated):
    job = simulated(rows("a", "b", "c") + b"sans identifiant;\n")
    write_one_row(job)
    ImportJob.objects.update(settings={"kinds": ["disparu"]})
    job.refresh_from_db()
    run(job)
    assert (job.state, running.END_FIRST in job.message) == (ImportState.STOPPED, True)
    for verb in (services.reopen, services.cancel):
        with pytest.raises(ImportRefused, match="déjà écrites"):
            verb(ImportJob.objects.get())
    services.finish(job)
    job = ImportJob.objects.get()
    assert (job.state, job.message, job.done) == (ImportState.DONE, "", 4)
    assert job.counts == {"creation": 1, "modification": 0, "inchangee": 0, "refusee": 3}
    left = "".join(error_lines(job)).splitlines()[1:]
    assert [line.split(";")[0] for line in left] == ["b", "c", "sans identifiant"]
    assert left[0].endswith(services.NOT_WRITTEN)


def test_report_names_every_row(simulated):
    job = simulated()
    run(job)
    lines = "".join(report_lines(job)).splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == ["2", "3", "4"]
    assert "Refusée;Identifiant : Il manque l’identifiant." in lines[3]


def test_error_file_is_imported_again_with_the_same_answers(simulated, open_job, kind):
    job = simulated()
    text = "".join(error_lines(job)).replace("Sans identifiant;;", "Sans identifiant;avec;")
    again = services.open_job(kind=kind, user=None, file_name="x.csv", content=text.encode())
    assert proposed_mapping(kind, again.table.header) == MAPPING
    services.describe_columns(again, MAPPING)
    services.start_simulation(again, {})
    running.simulate(again.pk)
    assert [(row.line, row.action) for row in again.rows.all()] == [(2, Action.CREATE)]


def test_mapping_is_guessed_then_remembered(open_job, kind):
    assert proposed_mapping(kind, ("MATRICULE", "libelle", "x")) == {"name": "libelle", "slug": "MATRICULE"}
    open_job(mapping={"name": "Autre", "slug": "Matricule"})
    assert proposed_mapping(kind, ("Libellé", "Matricule", "Autre")) == {"name": "Autre", "slug": "Matricule"}
    assert ColumnMapping.objects.count() == 1


@pytest.mark.parametrize(
    ("mapping", "message"),
    [({"slug": "Matricule"}, "Dites quelle colonne donne : Nom"), ({"name": "Autre", "slug": "Autre"}, "deux fois")],
)
def test_mapping_that_is_not_enough_is_refused(open_job, mapping, message):
    with pytest.raises(ImportRefused, match=message):
        open_job(mapping=mapping)


def test_file_is_described_again(open_job):
    job = open_job()
    with pytest.raises(FileRefused):
        services.describe_file(job, encoding="utf-8-sig", separator="point-virgule")
    services.describe_file(job, encoding="iso8859-15", separator="point-virgule")
    assert job.table.header[0] == "Libellé"


def test_old_imports_are_erased_and_their_counts_kept(simulated, open_job):
    done, draft, fresh = simulated(), open_job(FILE), simulated(rows("z"))
    run(done)
    past = timezone.now() - timedelta(days=91)
    ImportJob.objects.filter(pk__in=[done.pk, draft.pk]).update(changed_at=past)
    assert forget_imports() == "Imports effacés : 2."
    done.refresh_from_db()
    assert (done.content, done.mapping, done.settings, done.rows.count()) == (None, {}, {}, 0)
    assert done.counts["creation"] == 2
    assert set(ImportJob.objects.values_list("pk", flat=True)) == {done.pk, fresh.pk}


def test_imported_values_are_kept_as_fingerprints_only():
    ImportedValues.remember("themes", 1, {"phone": fingerprint("05 36 49 12 34")})
    ImportedValues.remember("themes", 1, {"email": fingerprint("a@exemple.fr")})
    kept = ImportedValues.objects.get()
    assert set(kept.fingerprints) == {"phone", "email"}
    assert kept.fingerprints["phone"] == fingerprint("05 36 49 12 34")
    assert all(len(value) == 16 and "@" not in value for value in kept.fingerprints.values())
