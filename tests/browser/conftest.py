"""A real server on a filled database, and Debian's Chromium driven by Playwright; no ORM in these tests."""

import contextlib
import fcntl
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

BASE_DIR = Path(__file__).resolve().parents[2]
FAILURES_DIR = BASE_DIR / "var" / "browser-failures"
CHROMIUM_NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 320, "height": 640}
THINKING = 3500  # milliseconds; nobody fills a form faster
# A filled site, in order; each is idempotent.
FILLING = [
    ["migrate", "--verbosity=0"],
    ["import_territories"],
    ["import_programmes"],
    ["init_site"],
    ["load_demo"],
]

EDITOR, EDITOR_PASSWORD = "editrice@exemple.fr", "un-mot-de-passe-d-essai-2026"
REVIEWER, PARTNER = "relectrice@exemple.fr", "partenaire@exemple.fr"
# An editor, a reviewer, and somebody who writes for a partner; all have the same password.
CREATE_ACCOUNTS = f"""
from django.contrib.auth.models import Group
from blog.services import open_partner_space
from territoires_en_commun.base.models import Partner
from territoires_en_commun.users.models import User
space = open_partner_space(partner=Partner.objects.get(name="Agence imaginaire des transitions"))
groups = {{
    "{EDITOR}": Group.objects.get(name="Éditeurs"),
    "{REVIEWER}": Group.objects.get(name="Relecteurs"),
    "{PARTNER}": space.group,
}}
for email, group in groups.items():
    User.objects.create_user(email=email, password="{EDITOR_PASSWORD}", last_name="Fictive").groups.add(group)
"""
SERVE = """
import sys
from territoires_en_commun.operations.serve import Supervisor, site_commands
sys.exit(Supervisor(site_commands("127.0.0.1", {port})).run())
"""


def pytest_collection_modifyitems(items):
    for item in items:
        if item.nodeid.startswith("tests/browser/"):
            item.add_marker(pytest.mark.browser)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_answers(url: str, server: subprocess.Popen, log: Path, seconds: float = 60) -> None:
    """Raise AssertionError with the server's log when it stops or stays silent."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert server.poll() is None, f"le serveur s'est arrêté :\n{log.read_text()}"
        with contextlib.closing(HTTPConnection(url.removeprefix("http://"), timeout=2)) as connection:
            try:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == HTTPStatus.OK:
                    return
            except (HTTPException, OSError):
                time.sleep(0.2)
    raise AssertionError(f"le serveur ne répond pas :\n{log.read_text()}")


@dataclass(frozen=True)
class RunningSite:
    """A site being served; ``folder`` holds its ``server.log`` and its mails, when these tests started it."""

    url: str
    folder: Path | None = None


def site_environment(folder: Path, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "territoires_en_commun.settings",
        "DOTENV_PATH": os.devnull,
        "DEBUG": "0",
        "SECRET_KEY": "browser-tests-only-browser-tests-only-browser-tests-only-01",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "SITE_URL": url,
        "EMAIL_URL": "eml://",
        "VAR_DIR": str(folder),
        "LOG_LEVEL": "WARNING",
    }


def manage(command: list[str], environment: dict[str, str]) -> None:
    """Run a management command; raise AssertionError with what it said when it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        check=False,
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{command[0]} a échoué :\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"


@pytest.fixture(scope="session")
def running_site(tmp_path_factory):
    """A site served as by ``make run``: its three processes, every territory, demonstration content.

    ``BROWSER_SITE_URL`` names a server that already runs, which saves its preparation.
    """
    if url := os.environ.get("BROWSER_SITE_URL"):
        yield RunningSite(url.rstrip("/"))
        return
    folder = tmp_path_factory.mktemp("site") / "var"
    shutil.copytree(filled_folder(tmp_path_factory), folder)
    port = free_port()
    site = RunningSite(f"http://127.0.0.1:{port}", folder)
    with served(folder, port, site_environment(folder, site.url)):
        yield site


def filled_folder(tmp_path_factory) -> Path:
    """The data of a filled site, made by the first of the processes that run the tests.

    ``FILLED_SITE`` names those that ``make check`` has just made from an empty database, by the same commands.
    """
    root = tmp_path_factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    folder, done = root / "filled", root / "filled.done"
    with (root / "filled.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            given = os.environ.get("FILLED_SITE", "")
            if is_given := bool(given) and Path(given).is_dir():
                shutil.copytree(given, folder)
            folder.mkdir(exist_ok=True)
            environment = site_environment(folder, "http://127.0.0.1:8000")
            manage(["collectstatic", "--noinput", "--verbosity=0"], environment)
            for command in () if is_given else FILLING:
                manage(command, environment)
            done.touch()
    return folder


@contextlib.contextmanager
def served(folder: Path, port: int, environment: dict[str, str]) -> Iterator[None]:
    """The site of a folder, served by its three processes."""
    log = folder / "server.log"
    with log.open("w") as output:
        command = [sys.executable, "-c", SERVE.format(port=port)]
        server = subprocess.Popen(command, cwd=BASE_DIR, env=environment, stdout=output, stderr=output)
        try:
            wait_until_answers(environment["SITE_URL"], server, log)
            yield
        finally:
            server.terminate()
            server.wait(timeout=60)


@pytest.fixture(scope="session")
def editors_site(running_site, tmp_path_factory):
    """A copy of the running site, to write in without changing what other tests read; with accounts."""
    if running_site.folder is None:
        pytest.skip("le site donné par BROWSER_SITE_URL ne peut pas être copié")
    folder = tmp_path_factory.mktemp("editors") / "site"
    shutil.copytree(running_site.folder, folder, ignore=shutil.ignore_patterns("db.sqlite3*", "mails", "server.log"))
    with (
        contextlib.closing(sqlite3.connect(running_site.folder / "db.sqlite3")) as source,
        contextlib.closing(sqlite3.connect(folder / "db.sqlite3")) as copy,
    ):
        source.backup(copy)
    port = free_port()
    site = RunningSite(f"http://127.0.0.1:{port}", folder)
    environment = site_environment(folder, site.url)
    manage(["shell", "--verbosity=0", "--command", CREATE_ACCOUNTS], environment)
    with served(folder, port, environment):
        yield site


@pytest.fixture(scope="session")
def site_url(running_site):
    """The address of the running site, without its last slash."""
    return running_site.url


@pytest.fixture(scope="session")
def browser():
    """Chromium, once for all the tests."""
    candidates = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in CHROMIUM_NAMES)]
    executable = next((path for path in candidates if path), None)
    assert executable, "Chromium est introuvable : apt-get install chromium, ou donnez son chemin dans CHROMIUM."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = yield
    setattr(item, f"report_{report.when}", report)
    return report


@pytest.fixture
def open_page(browser, site_url, request):
    """``open_page(viewport=PHONE, color_scheme="dark", java_script_enabled=False)``: a page in a context of its own.

    A page of a failed test leaves its picture and its HTML under ``var/browser-failures/``.
    """
    contexts = []

    def open_(**options):
        context = browser.new_context(**context_settings(site_url) | options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        if has_failed(request):
            keep_evidence(context, request.node.name)
        context.close()


@pytest.fixture(scope="session")
def kept_pages(browser):
    """The pages of ``reuse_page``, by what they were opened with."""
    pages = {}
    yield pages
    for page in pages.values():
        page.context.close()


@pytest.fixture
def reuse_page(browser, site_url, request, kept_pages):
    """As ``open_page``, for tests that only look: the page of the former test, which goes elsewhere three times as
    fast as a new one opens. Its cookies are forgotten, and after a failure so is the page.
    """
    used = []

    def open_(**options):
        known = repr(sorted(options.items()))
        if known not in kept_pages:
            kept_pages[known] = browser.new_context(**context_settings(site_url) | options).new_page()
        page = kept_pages[known]
        page.context.clear_cookies()
        page.context.set_default_timeout(15_000)
        page.set_viewport_size(options.get("viewport", DESKTOP))
        used.append(known)
        return page

    yield open_
    if has_failed(request):
        for known in used:
            context = kept_pages.pop(known).context
            keep_evidence(context, request.node.name)
            context.close()


def context_settings(site_url: str) -> dict:
    """What every visitor of these tests has."""
    return {"base_url": site_url, "locale": "fr-FR", "viewport": DESKTOP, "timezone_id": "Europe/Paris"}


def has_failed(request) -> bool:
    return getattr(request.node, "report_call", None) is not None and request.node.report_call.failed


def keep_evidence(context, name: str) -> None:
    FAILURES_DIR.mkdir(parents=True, exist_ok=True)
    safe_name = "".join(character if character.isalnum() else "-" for character in name)[:100]
    for number, page in enumerate(context.pages):
        page.screenshot(path=FAILURES_DIR / f"{safe_name}-{number}.png", full_page=True)
        (FAILURES_DIR / f"{safe_name}-{number}.html").write_text(page.content())


@pytest.fixture
def page(open_page):
    """A desktop page with JavaScript."""
    return open_page()


@pytest.fixture
def phone(open_page):
    """A page 320 pixels wide with JavaScript."""
    return open_page(viewport=PHONE)


@pytest.fixture
def nojs_page(open_page):
    """A desktop page without JavaScript."""
    return open_page(java_script_enabled=False)


@pytest.fixture
def open_there(browser, editors_site):
    """``open_there(**options)``: a page in a context of its own, on the site where tests write."""
    contexts = []

    def open_(**options):
        context = browser.new_context(**context_settings(editors_site.url) | options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def desk_of(browser, editors_site):
    """``desk_of(REVIEWER)``: the editing space, as somebody who has just signed in."""
    contexts = []

    def sign_in(address: str):
        context = browser.new_context(
            base_url=editors_site.url, locale="fr-FR", viewport={"width": 1280, "height": 900}
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/admin/login/")
        page.locator("#id_username").fill(address)
        page.locator("#id_password").fill(EDITOR_PASSWORD)
        page.get_by_role("button", name="S'identifier").click()
        page.wait_for_url("**/admin/")
        return page

    yield sign_in
    for context in contexts:
        context.close()


@pytest.fixture
def desk(desk_of):
    """The editing space, as an editor who has just signed in."""
    return desk_of(EDITOR)
