"""Weight of a first visit of the home: bytes transferred and requests, in Chromium, from the production server.

    .venv/bin/python bench/first_visit.py [--path /]

Builds a throw-away SQLite site under production settings (territories, programmes, demonstration), serves it with
gunicorn and Brotli, opens the page in a new Chromium and prints each request as it came over the network, headers
included.
Budget of issue 3: 200 kB and 10 requests, pictures apart.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlparse

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BUDGET_BYTES, BUDGET_REQUESTS = 200_000, 10
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STEPS = [
    ["migrate", "-v0"],
    ["import_territories", "-v0"],
    ["init_site", "-v0"],
    ["import_programmes", "-v0"],
    ["load_demo", "-v0"],
    ["collectstatic", "--noinput", "-v0"],
]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start(directory: str, port: int) -> subprocess.Popen:
    """The production server on a new site; raises CalledProcessError when a step of its preparation fails."""
    environment = os.environ | {
        "DEBUG": "0",
        "DOTENV_PATH": os.devnull,
        "SECRET_KEY": "bench-only-" * 6,
        "DATABASE_URL": f"sqlite:///{directory}/db.sqlite3",
        "VAR_DIR": directory,
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "territoires_en_commun.settings",
        "EMAIL_URL": "consolemail://",
        "LOG_LEVEL": "ERROR",
        "ACCESS_LOG": "",
    }
    for step in STEPS:
        print(f"… {step[0]}", file=sys.stderr)
        command = [sys.executable, "manage.py", *step]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    gunicorn = Path(sys.executable).with_name("gunicorn")
    arguments = ["--config=python:territoires_en_commun.gunicorn", f"--bind=127.0.0.1:{port}"]
    server = subprocess.Popen([gunicorn, *arguments, "territoires_en_commun.wsgi"], cwd=ROOT, env=environment)
    wait(server, port)
    return server


def wait(server: subprocess.Popen, port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except (HTTPException, OSError):
            time.sleep(0.2)
    raise SystemExit("The server does not answer.")


def visit(url: str) -> list[tuple[int, str, str]]:
    """Bytes, type and path of each request of a first visit."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="fr-FR")
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        seen, sizes = {}, {}
        session.on("Network.requestWillBeSent", lambda event: seen.update({event["requestId"]: event}))
        session.on(
            "Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]})
        )
        page.goto(url)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)
        browser.close()
    return [
        (int(sizes.get(key, 0)), event.get("type", "Other"), urlparse(event["request"]["url"]).path)
        for key, event in seen.items()
        if not event["request"]["url"].startswith("data:")
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--path", default="/")
    path = parser.parse_args().path
    port = free_port()
    with tempfile.TemporaryDirectory() as directory:
        server = start(directory, port)
        try:
            requests = visit(f"http://127.0.0.1:{port}{path}")
        finally:
            server.terminate()
            server.wait(timeout=30)
    for size, kind, address in sorted(requests, reverse=True):
        print(f"{size / 1000:8.1f} kB  {kind:<10} {address}")
    pictures = sum(size for size, kind, address in requests if kind == "Image" and "favicon" not in address)
    total = sum(size for size, _kind, _address in requests) - pictures
    print(f"{total / 1000:8.1f} kB in {len(requests)} requests, pictures apart ({pictures / 1000:.1f} kB)")
    print(f"budget   {BUDGET_BYTES / 1000:.0f} kB in {BUDGET_REQUESTS} requests")
    return int(total > BUDGET_BYTES or len(requests) > BUDGET_REQUESTS)


if __name__ == "__main__":
    raise SystemExit(main())
