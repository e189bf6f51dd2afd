"""The registry of jobs, and the claim of a due job."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from territoires_en_commun.mailing import scheduling
from territoires_en_commun.mailing.models import JobState
from territoires_en_commun.mailing.scheduler import run_due_jobs_once
from territoires_en_commun.mailing.schedules import DailyAt, Every
from territoires_en_commun.mailing.scheduling import (
    Job,
    claim_job,
    due_jobs,
    load_jobs,
    release_job,
    renew_leases,
    run_claimed_job,
    scheduled_job,
    sync_jobs,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOURLY = Every(timedelta(hours=1))
NIGHTLY = DailyAt.parse("03:00")


def jobs_of(schedule, run=lambda: None, name="essai") -> dict[str, Job]:
    return {name: Job(name, "Essai", schedule, run)}


def state(name="essai") -> JobState:
    return JobState.objects.get(name=name)


@pytest.fixture
def empty_registry(monkeypatch):
    monkeypatch.setattr(scheduling, "registry", {})


@pytest.mark.django_db
def test_sync_jobs_dates_the_first_run():
    sync_jobs(NOW, jobs_of(HOURLY) | jobs_of(NIGHTLY, name="nuit"))
    assert state().next_run_at == NOW
    assert state("nuit").next_run_at == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_sync_jobs_twice_keeps_the_dates():
    sync_jobs(NOW, jobs_of(HOURLY))
    sync_jobs(NOW + timedelta(days=1), jobs_of(HOURLY))
    assert state().next_run_at == NOW


@pytest.mark.django_db
def test_sync_jobs_dates_anew_a_schedule_changed_in_the_code():
    sync_jobs(NOW, jobs_of(NIGHTLY))
    sync_jobs(NOW, jobs_of(HOURLY))
    assert (state().schedule, state().next_run_at) == ("chaque heure", NOW + timedelta(hours=1))


@pytest.mark.django_db
def test_due_job_is_claimed_once():
    jobs = jobs_of(HOURLY)
    sync_jobs(NOW, jobs)
    assert due_jobs(NOW, jobs) == [jobs["essai"]]
    token = claim_job(jobs["essai"], NOW)
    assert token is not None
    assert claim_job(jobs["essai"], NOW) is None
    assert due_jobs(NOW, jobs) == []
    assert state().last_status == "running"


@pytest.mark.django_db
def test_claimed_job_is_free_again_after_its_lease_only():
    jobs = jobs_of(HOURLY)
    sync_jobs(NOW, jobs)
    token = claim_job(jobs["essai"], NOW)
    renew_leases([token], NOW + timedelta(seconds=50))
    assert due_jobs(NOW + timedelta(seconds=109), jobs) == []
    assert due_jobs(NOW + timedelta(seconds=110), jobs) == [jobs["essai"]]


@pytest.mark.django_db
def test_run_claimed_job_records_the_outcome(freeze):
    freeze(NOW)
    jobs = jobs_of(HOURLY, lambda: "Trois pages publiées.")
    sync_jobs(NOW, jobs)
    assert run_claimed_job(jobs["essai"], claim_job(jobs["essai"], NOW)) is True
    done = state()
    assert (done.last_status, done.last_result, done.failures) == ("succeeded", "Trois pages publiées.", 0)
    assert (done.next_run_at, done.lease_until) == (NOW + timedelta(hours=1), None)


@pytest.mark.django_db
def test_job_that_raises_is_shown_and_tried_again_soon(freeze):
    def run():
        raise ValueError("fichier absent")

    jobs = jobs_of(NIGHTLY, run)
    sync_jobs(NOW, jobs)
    delays = []
    for _ in range(8):
        now = state().next_run_at
        freeze(now)
        assert run_claimed_job(jobs["essai"], claim_job(jobs["essai"], now)) is False
        delays.append((state().next_run_at - now) / timedelta(minutes=1))
    assert delays == [1, 2, 4, 8, 16, 32, 60, 60]
    failed = state()
    assert (failed.last_status, failed.failures, failed.last_result) == ("failed", 8, "ValueError : fichier absent")


@pytest.mark.django_db
def test_missed_runs_are_caught_up_once(freeze):
    runs = []
    jobs = jobs_of(Every(timedelta(minutes=1)), lambda: runs.append(1))
    freeze(NOW)
    run_due_jobs_once(jobs)
    freeze(NOW + timedelta(days=3))
    for _ in range(3):
        run_due_jobs_once(jobs)
    assert len(runs) == 2
    assert state().next_run_at == NOW + timedelta(days=3, minutes=1)


@pytest.mark.django_db
def test_released_job_is_due_at_once():
    jobs = jobs_of(NIGHTLY)
    sync_jobs(NOW, jobs)
    later = NOW + timedelta(days=1)
    release_job(claim_job(jobs["essai"], later), later)
    assert state().last_status == "interrupted"
    assert due_jobs(later, jobs) == [jobs["essai"]]


@pytest.mark.django_db
def test_outcome_of_a_run_taken_over_is_not_recorded():
    jobs = jobs_of(HOURLY)
    sync_jobs(NOW, jobs)
    old = claim_job(jobs["essai"], NOW)
    new = claim_job(jobs["essai"], NOW + timedelta(minutes=2))
    run_claimed_job(jobs["essai"], old)
    assert (state().lease_token, state().last_status) == (new, "running")


@pytest.mark.usefixtures("empty_registry")
@pytest.mark.parametrize(
    "arguments",
    [{}, {"every": timedelta(hours=1), "daily_at": "03:00"}, {"name": "", "every": timedelta(hours=1)}],
)
def test_scheduled_job_refuses_a_bad_declaration(arguments):
    with pytest.raises(ImproperlyConfigured):
        scheduled_job(**{"name": "essai", "label": "Essai"} | arguments)


@pytest.mark.usefixtures("empty_registry")
def test_scheduled_job_refuses_two_jobs_of_one_name():
    declare = scheduled_job("essai", label="Essai", every=timedelta(hours=1))

    def first():
        """One job."""

    def second():
        """Another job."""

    declare(first)
    declare(first)
    with pytest.raises(ImproperlyConfigured, match="Two scheduled jobs"):
        declare(second)


def test_jobs_of_the_room_are_found():
    jobs = load_jobs()
    expected = {
        "publish_scheduled": "chaque minute",
        "requeue_abandoned_tasks": "toutes les 2 minutes",
        "clear_sessions": "chaque jour à 03:10",
        "forget_task_results": "chaque jour à 03:20",
        "erase_old_mails": "chaque jour à 03:30",
        "forget_expired_links": "chaque jour à 03:40",
    }
    assert {name: str(jobs[name].schedule) for name in expected} == expected


@pytest.mark.django_db
def test_jobs_of_the_room_all_run(freeze):
    freeze("2026-11-23 02:00")
    jobs = {name: job for name, job in load_jobs().items() if job.run.__module__.endswith("mailing.jobs")}
    assert set(run_due_jobs_once(jobs)) == {"publish_scheduled", "requeue_abandoned_tasks"}
    freeze("2026-11-23 04:00")
    outcome = run_due_jobs_once(jobs)
    assert outcome == dict.fromkeys(jobs, True)
    assert len(outcome) == 6


@pytest.mark.django_db
def test_run_scheduler_once_fails_when_a_job_fails(monkeypatch, capsys):
    def run():
        raise ValueError("fichier absent")

    monkeypatch.setattr(scheduling, "registry", jobs_of(HOURLY, run))
    monkeypatch.setattr(scheduling, "autodiscover_modules", lambda name: None)
    with pytest.raises(CommandError, match=r"^Tâches en échec : essai\.$"):
        call_command("run_scheduler", "--once")
    assert capsys.readouterr().out == "essai : en échec\n"
