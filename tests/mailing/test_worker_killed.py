"""Nothing is lost and nothing is sent twice when a worker is killed (docs/decisions/0005-outbox.md)."""

import os
import signal
import threading
import time

import pytest

FIRST = "p0@exemple.fr"
THREE = {"p0@exemple.fr": "sent", "p1@exemple.fr": "sent", "p2@exemple.fr": "sent"}


def kill_worker_at(smtp, stage, workers):
    """Start a worker that the SMTP server kills with SIGKILL, once, at one stage of the first mail's dialogue."""
    started = threading.Event()
    victim = []

    def kill(recipient):
        started.wait(20)
        smtp.hooks.pop(stage)
        os.kill(victim[0].pid, signal.SIGKILL)
        time.sleep(0.1)

    smtp.hooks[stage] = kill
    workers.call("queue", count=3)
    victim.append(workers.start("send_once"))
    started.set()
    assert victim[0].wait() == -signal.SIGKILL


@pytest.mark.parametrize("stage", ["ehlo", "mail", "rcpt", "data"])
def test_worker_killed_before_the_content_is_accepted_sends_each_mail_once(stage, smtp, workers):
    kill_worker_at(smtp, stage, workers)
    assert smtp.recipients() == []
    assert workers.call("states")[FIRST] == "sending"

    workers.call("let_leases_expire")
    report = workers.call("send_once")

    assert (report["sent"], report["uncertain"]) == (3, 0)
    assert smtp.recipients() == sorted(THREE)
    assert workers.call("states") == THREE


@pytest.mark.parametrize("moment", ["claim_next:after", "_mark_handed_over:before"])
def test_worker_dead_before_the_mark_sends_each_mail_once(moment, smtp, workers):
    workers.call("queue", count=3)
    assert workers.start("send_once", dies=moment).wait() == -signal.SIGKILL
    assert smtp.recipients() == []

    workers.call("let_leases_expire")
    workers.call("send_once")

    assert smtp.recipients() == sorted(THREE)
    assert workers.call("states") == THREE


def test_worker_killed_after_the_server_accepted_leaves_the_mail_to_an_operator(smtp, workers):
    kill_worker_at(smtp, "accepted", workers)
    assert smtp.recipients() == [FIRST]

    workers.call("let_leases_expire")
    report = workers.call("send_once")

    assert (report["sent"], report["uncertain"]) == (2, 1)
    assert smtp.recipients() == sorted(THREE), "the first mail must not be sent twice"
    assert workers.call("states") == THREE | {FIRST: "uncertain"}


def test_worker_dead_before_recording_the_acceptance_never_sends_twice(smtp, workers):
    workers.call("queue", count=3)
    assert workers.start("send_once", dies="_record:before").wait() == -signal.SIGKILL

    for _ in range(3):
        workers.call("let_leases_expire")
        workers.call("send_once")

    assert smtp.recipients() == sorted(THREE)
    assert workers.call("states") == THREE | {FIRST: "uncertain"}


@pytest.mark.parametrize("final_dot_sent", [False, True])
def test_worker_dead_after_the_mark_but_before_the_acceptance_loses_nothing(final_dot_sent, smtp, workers):
    if final_dot_sent:
        kill_worker_at(smtp, "content", workers)
    else:
        workers.call("queue", count=3)
        assert workers.start("send_once", dies="_mark_handed_over:after").wait() == -signal.SIGKILL
    assert smtp.recipients() == []

    workers.call("let_leases_expire")
    workers.call("send_once")
    assert workers.call("states") == THREE | {FIRST: "uncertain"}

    workers.call("relaunch", number=0)
    workers.call("send_once")
    assert smtp.recipients() == sorted(THREE)
    assert workers.call("states") == THREE


def test_workers_killed_at_random_moments_send_each_mail_once(smtp, workers):
    workers.call("queue", count=30)
    for delay in (0.05, 0.1, 0.15, 0.2, 0.3):
        child = workers.start("send_once")
        time.sleep(delay)
        child.kill()
        child.wait()
        workers.call("let_leases_expire")
    workers.call("send_once")

    states = workers.call("states")
    delivered = smtp.recipients()
    assert len(delivered) == len(set(delivered)), "sent twice"
    missing = set(states) - set(delivered)
    assert all(states[recipient] == "uncertain" for recipient in missing), "lost"
    assert all(state in ("sent", "uncertain") for state in states.values())


def test_two_workers_share_the_outbox_and_send_each_mail_once(smtp, workers):
    workers.call("queue", count=40)
    smtp.hooks["rcpt"] = lambda recipient: time.sleep(0.02)
    children = [workers.start("send_once") for _ in range(2)]
    reports = [child.result() for child in children]

    assert smtp.recipients() == sorted(f"p{n}@exemple.fr" for n in range(40))
    assert sum(report["sent"] for report in reports) == 40
    assert all(report["sent"] > 0 for report in reports), "one worker did everything"


def test_mail_cancelled_while_it_is_being_sent_is_not_delivered(smtp, workers):
    workers.call("queue")
    reached, cancelled = threading.Event(), threading.Event()

    def pause(recipient):
        reached.set()
        cancelled.wait(20)

    smtp.hooks["data"] = pause
    child = workers.start("send_once")
    assert reached.wait(20)
    assert workers.call("cancel", number=0) is True
    cancelled.set()

    assert child.result()["sent"] == 0
    assert smtp.recipients() == []
    assert workers.call("states") == {FIRST: "cancelled"}


def test_slow_worker_that_lost_its_lease_stops_before_the_final_dot(smtp, workers):
    workers.call("queue")
    reached, taken_over = threading.Event(), threading.Event()

    def pause_once(recipient):
        smtp.hooks.pop("data")
        reached.set()
        taken_over.wait(20)

    smtp.hooks["data"] = pause_once
    slow = workers.start("send_once")
    assert reached.wait(20)
    workers.call("let_leases_expire")
    assert workers.call("send_once")["sent"] == 1
    taken_over.set()

    assert slow.result()["sent"] == 0
    assert smtp.recipients() == [FIRST]
    assert workers.call("states") == {FIRST: "sent"}
