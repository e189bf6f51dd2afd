"""run_worker and run_scheduler as real processes: they start, give signs of life, and stop when asked."""

import signal
import threading
import time

import pytest


def stop(child, number=signal.SIGTERM) -> tuple[int, float]:
    """Ask a process to stop; give its status and how long it took."""
    begun = time.monotonic()
    child.kill(number)
    return child.wait(), time.monotonic() - begun


def wait_for_lines(path, lines: list[str], timeout: float = 15):
    deadline = time.monotonic() + timeout
    while (path.read_text().split() if path.exists() else []) != lines:
        assert time.monotonic() < deadline, path.read_text() if path.exists() else "no file"
        time.sleep(0.05)


def test_worker_sends_what_is_queued_and_stops_when_asked(smtp, workers):
    child = workers.start("run_worker")
    workers.call("queue", count=2)
    workers.wait_until("states", {"p0@exemple.fr": "sent", "p1@exemple.fr": "sent"})
    assert smtp.recipients() == ["p0@exemple.fr", "p1@exemple.fr"]
    assert workers.call("stale") == ["scheduler"]

    status, seconds = stop(child)

    assert status == 0
    assert seconds < 5
    assert workers.call("stale") == ["worker", "scheduler"], "a process stopped in good order is no longer announced"


def test_worker_asked_to_stop_finishes_the_mail_under_way(smtp, workers):
    reached, go_on = threading.Event(), threading.Event()

    def pause(recipient):
        reached.set()
        go_on.wait(20)

    smtp.hooks["rcpt"] = pause
    workers.call("queue", count=2)
    child = workers.start("run_worker")
    assert reached.wait(20)
    child.kill(signal.SIGTERM)
    smtp.hooks.clear()
    go_on.set()

    assert child.wait() == 0
    assert workers.call("states") == {"p0@exemple.fr": "sent", "p1@exemple.fr": "pending"}


def test_worker_and_scheduler_survive_a_database_that_goes_away(smtp, workers, tmp_path):
    traces = tmp_path / "traces"
    worker = workers.start("run_worker")
    scheduler = workers.start("run_scheduler", path=str(traces), every=1)
    workers.wait_until("stale", [])
    for _ in range(3):
        workers.call("disturb_database")
        time.sleep(0.3)
    workers.call("queue")
    workers.wait_until("states", {"p0@exemple.fr": "sent"})
    workers.call("enqueue_sleep", path=str(tmp_path / "task"), seconds=0)
    wait_for_lines(tmp_path / "task", ["start", "end"])
    runs = len(traces.read_text().split())
    deadline = time.monotonic() + 15
    while len(traces.read_text().split()) < runs + 4:
        assert time.monotonic() < deadline, scheduler.log()
        time.sleep(0.1)
    assert [stop(child)[0] for child in (worker, scheduler)] == [0, 0]


def test_worker_runs_background_tasks_beside_the_outbox(smtp, workers, tmp_path):
    traces = tmp_path / "traces"
    child = workers.start("run_worker")
    workers.call("enqueue_sleep", path=str(traces), seconds=2)
    wait_for_lines(traces, ["start"])
    workers.call("queue")
    workers.wait_until("states", {"p0@exemple.fr": "sent"})
    assert traces.read_text().split() == ["start"], "the mail left while the task was running"

    assert stop(child)[0] == 0
    assert traces.read_text().split() == ["start", "end"], "the task under way was finished"
    assert workers.call("task_statuses") == [["SUCCESSFUL", 1]]


def test_task_of_a_killed_worker_is_run_again(smtp, workers, tmp_path):
    traces = tmp_path / "traces"
    workers.call("enqueue_sleep", path=str(traces), seconds=3)
    child = workers.start("run_worker")
    wait_for_lines(traces, ["start"])
    child.kill()
    child.wait()
    assert workers.call("requeue_abandoned", minutes_later=0) == 0, "the worker may still be alive"

    assert workers.call("requeue_abandoned", minutes_later=3) == 1

    assert workers.call("task_statuses") == [["READY", 1]]
    workers.call("command", name="run_worker", arguments=["--once"])
    assert traces.read_text().split() == ["start", "start", "end"]
    assert workers.call("task_statuses") == [["SUCCESSFUL", 2]]


def test_task_that_keeps_killing_its_worker_is_given_up(smtp, workers, tmp_path):
    workers.call("enqueue_sleep", path=str(tmp_path / "traces"), seconds=0)
    workers.call("pretend_task_was_left", times=3)

    assert workers.call("requeue_abandoned", minutes_later=3) == 0

    assert workers.call("task_statuses") == [["FAILED", 3]]


def test_worker_once_empties_the_outbox_and_ends(smtp, workers):
    workers.call("queue", count=3)
    child = workers.start("command", name="run_worker", arguments=["--once"])
    assert child.wait() == 0
    assert "Courriels envoyés : 3" in child.log()
    assert len(smtp.deliveries) == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_scheduler_stops_within_two_seconds(number, smtp, workers, tmp_path):
    traces = tmp_path / "traces"
    child = workers.start("run_scheduler", path=str(traces))
    wait_for_lines(traces, ["start", "end"])
    assert workers.call("stale") == ["worker"]

    status, seconds = stop(child, number)

    assert status == 0
    assert seconds < 2


def test_scheduler_interrupts_a_long_job_and_gives_it_back(smtp, workers, tmp_path):
    traces = tmp_path / "traces"
    child = workers.start("run_scheduler", path=str(traces), seconds=60)
    wait_for_lines(traces, ["start"])

    status, seconds = stop(child)

    assert status == 3
    assert seconds < 2.5
    assert workers.call("job_state") == {"essai": "interrupted"}
    again = workers.start("run_scheduler", path=str(traces))
    wait_for_lines(traces, ["start", "start", "end"])
    assert stop(again)[0] == 0


def test_two_schedulers_run_a_due_job_once(smtp, workers, tmp_path):
    traces = tmp_path / "traces"
    children = [workers.start("run_scheduler", path=str(traces), seconds=1) for _ in range(2)]
    wait_for_lines(traces, ["start", "end"])
    time.sleep(1.5)
    assert [stop(child)[0] for child in children] == [0, 0]
    assert traces.read_text().split() == ["start", "end"]


def test_job_longer_than_its_lease_is_not_run_twice(smtp, workers, tmp_path):
    traces = tmp_path / "traces"
    children = [workers.start("run_scheduler", path=str(traces), seconds=5, lease=2) for _ in range(2)]
    wait_for_lines(traces, ["start", "end"])
    assert [stop(child)[0] for child in children] == [0, 0]
    assert traces.read_text().split() == ["start", "end"]


def test_job_of_a_killed_scheduler_is_run_again(smtp, workers, tmp_path):
    traces = tmp_path / "traces"
    child = workers.start("run_scheduler", path=str(traces), seconds=60, lease=2)
    wait_for_lines(traces, ["start"])
    child.kill()
    child.wait()
    again = workers.start("run_scheduler", path=str(traces), lease=2)
    wait_for_lines(traces, ["start", "start", "end"])
    assert stop(again)[0] == 0
    assert workers.call("job_state") == {"essai": "succeeded"}
