"""When a snapshot is taken: at once when it is cheap, beside the requests when it is dear."""

import threading

import pytest

from territoires_en_commun.base.listing import forget_snapshots
from territoires_en_commun.base.listing import snapshot as module
from territoires_en_commun.base.listing.snapshot import snapshot


@pytest.fixture(autouse=True)
def forgotten():
    forget_snapshots()
    yield
    forget_snapshots()


def content(*pks):
    return {"pks": frozenset(pks), "orders": {}, "parts": {}}


def test_cheap_snapshot_is_taken_as_soon_as_something_changed():
    assert snapshot("list", 1, lambda: content(1)).pks == {1}
    assert snapshot("list", 1, lambda: content(1, 2)).pks == {1}
    assert snapshot("list", 2, lambda: content(1, 2)).pks == {1, 2}


def test_dear_snapshot_is_served_while_another_is_taken(monkeypatch):
    monkeypatch.setattr(module, "DEAR_SECONDS", -1)
    monkeypatch.setattr(module, "REST", 0)
    snapshot("list", 1, lambda: content(1))
    begun, free, taken = threading.Event(), threading.Event(), []

    def slow():
        begun.set()
        free.wait(5)
        taken.append(threading.current_thread())
        return content(1, 2)

    assert snapshot("list", 2, slow).pks == {1}
    assert begun.wait(5)
    assert snapshot("list", 2, slow).pks == {1}  # one at a time
    free.set()
    wait_until(lambda: snapshot("list", 2, slow).pks == {1, 2})
    assert taken != [threading.main_thread()]
    assert len(taken) == 1


def test_dear_snapshot_is_not_taken_again_too_soon(monkeypatch):
    monkeypatch.setattr(module, "DEAR_SECONDS", -1)
    monkeypatch.setattr(module, "REST", 1e12)
    snapshot("list", 1, lambda: content(1))
    assert snapshot("list", 2, lambda: pytest.fail("taken too soon")).pks == {1}
    assert [thread for thread in threading.enumerate() if "_take_beside" in thread.name] == []


def test_failure_keeps_the_old_snapshot_and_is_tried_again(monkeypatch, caplog):
    monkeypatch.setattr(module, "DEAR_SECONDS", -1)
    monkeypatch.setattr(module, "REST", 0)
    snapshot("list", 1, lambda: content(1))

    def broken():
        raise RuntimeError("base coupée")

    assert snapshot("list", 2, broken).pks == {1}
    wait_until(lambda: "Liste non rafraîchie" in caplog.text)
    wait_until(lambda: snapshot("list", 2, lambda: content(3)).pks == {3})


def wait_until(condition, seconds=5):
    pause = threading.Event()
    for _ in range(int(seconds / 0.01)):
        if condition():
            return
        pause.wait(0.01)
    pytest.fail("never happened")
