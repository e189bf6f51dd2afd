"""The supervisor of ``make run``, run for real in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SUPERVISE = (
    "import json, sys; from territoires_en_commun.operations.serve import Supervisor; "
    "sys.exit(Supervisor(json.loads(sys.argv[1])).run())"
)
# Writes its process number, then waits; a child that also leaves a grandchild in its group.
WAIT = "echo $$ > {file}; exec sleep 60"
WAIT_WITH_CHILD = "sleep 60 & echo $! > {file}; wait"


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition, seconds: float = 15):
    """The first true value of ``condition()``; fails after ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    pytest.fail("la condition attendue n'arrive pas")


@pytest.fixture
def supervise(tmp_path):
    """``supervise(name="shell script with {file}")``: the supervisor and the process numbers that scripts wrote."""
    started = []

    def start(**scripts):
        files = {name: tmp_path / name for name in scripts}
        commands = {name: ["sh", "-c", script.format(file=files[name])] for name, script in scripts.items()}
        supervisor = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, json.dumps(commands)], stderr=subprocess.PIPE, text=True
        )
        started.append(supervisor)
        waiting = [file for name, file in files.items() if "{file}" in scripts[name]]
        wait_for(lambda: all(file.exists() and file.read_text().strip() for file in waiting))
        return supervisor, [int(file.read_text()) for file in waiting]

    yield start
    for supervisor in started:
        supervisor.kill()
        supervisor.wait()
        supervisor.stderr.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_supervisor_asked_to_stop_leaves_no_process(supervise, number):
    supervisor, pids = supervise(web=WAIT, worker=WAIT_WITH_CHILD)
    assert all(is_running(pid) for pid in pids)
    supervisor.send_signal(number)
    assert supervisor.wait(timeout=20) == 128 + number
    assert [is_running(pid) for pid in pids] == [False, False]


def test_supervisor_stops_all_and_fails_when_one_process_ends(supervise):
    supervisor, pids = supervise(web=WAIT, worker="sleep 0.5; exit 0")
    assert supervisor.wait(timeout=20) == 1
    assert "« worker » s'est arrêté de lui-même" in supervisor.stderr.read()
    assert [is_running(pid) for pid in pids] == [False]


def test_supervisor_fails_when_a_command_does_not_exist(tmp_path):
    commands = json.dumps({"web": ["sleep", "60"], "worker": [str(tmp_path / "missing")]})
    done = subprocess.run([sys.executable, "-c", SUPERVISE, commands], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "missing" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the parent's death is only told to children by Linux")
def test_supervisor_killed_without_a_word_leaves_no_process(supervise):
    supervisor, pids = supervise(web=WAIT, worker=WAIT)
    os.kill(supervisor.pid, signal.SIGKILL)
    supervisor.wait()
    wait_for(lambda: not any(is_running(pid) for pid in pids))
    assert [is_running(pid) for pid in pids] == [False, False]
