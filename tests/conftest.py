"""Fixtures shared by every test."""

import gc
import os
from contextlib import ExitStack
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from xdist.scheduler import LoadScopeScheduling

from territoires_en_commun.base.listing import snapshot
from tests import strict_templates
from tests.databases import migrated_once
from tests.factories import UserFactory, number_apart
from tests.shared import share_in

PARIS = ZoneInfo("Europe/Paris")
BROWSER_TESTS = "tests/browser/"
LOOKING = ("tests/browser/test_axe.py", "tests/browser/test_sample.py")


class ByClass(LoadScopeScheduling):
    """The tests of a class in one process, for a class is there for data that are dear to prepare; others anywhere.

    Of a file, in the browser, where each file writes in the site that it opens; those that look at the pages of the
    sample go anywhere, and last: they fill what the long files leave free. The groups of xdist 3.8 do not work with
    pytest 9.2, whose tests have another kind of identifier.
    """

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.partition("[")[0]
        if nodeid.startswith(BROWSER_TESTS) and not nodeid.startswith(LOOKING):
            return name.partition("::")[0]
        return name.rpartition("::")[0] if name.count("::") > 1 else nodeid


@pytest.hookimpl(optionalhook=True)  # without xdist too
def pytest_xdist_make_scheduler(config, log):
    return ByClass(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Browser tests come last: Playwright leaves an event loop behind, in which Django refuses the database.

    What no database changes is not tried again on PostgreSQL.
    """
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        again = [item for item in items if item.get_closest_marker("any_database")]
        config.hook.pytest_deselected(items=again)
        items[:] = [item for item in items if item not in again]
    items.sort(key=lambda item: item.nodeid.startswith(BROWSER_TESTS))


def pytest_collection_finish(session):
    """What is imported stays: the collector of cycles need not walk it again and again, a tenth of the whole time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session", autouse=True)
def shared_between_processes(request, tmp_path_factory):
    """Where there are several processes, the folder where each leaves what the others need not prepare again."""
    if hasattr(request.config, "workerinput"):
        share_in(tmp_path_factory.getbasetemp().parent / "shared")
        number_apart(int(request.config.workerinput["workerid"].removeprefix("gw")))


@pytest.fixture(scope="session")
def migrated_database(shared_between_processes, django_db_modify_db_settings, django_db_blocker):
    """What the other processes copy, or a copy; they wait until ``ready`` is closed."""
    with ExitStack() as ready, django_db_blocker.unblock():
        yield ready.enter_context(migrated_once()), ready


@pytest.fixture(scope="session")
def django_db_keepdb(migrated_database):
    """A copy is taken as it is."""
    return migrated_database[0].copied


@pytest.fixture(scope="session")
def django_db_setup(migrated_database, django_db_setup, django_db_blocker):
    """A test database for each process, migrated by the first of them."""
    database, ready = migrated_database
    with django_db_blocker.unblock(), ready:
        database.keep_for_others()
    yield
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture(autouse=True)
def undefined_variables_fail(request, monkeypatch):
    """An undefined variable fails in our own templates; ``ignore_template_errors`` opts out."""
    if request.node.get_closest_marker("ignore_template_errors") is None:
        strict_templates.install(monkeypatch)


@pytest.fixture(autouse=True)
def no_snapshot_is_dear(monkeypatch):
    """On a busy machine a small list may seem dear, and a thread would then read a database that is a test's alone."""
    monkeypatch.setattr(snapshot, "DEAR_SECONDS", 3600)


@pytest.fixture(autouse=True)
def search_forgets():
    """A test finds the database as another one left it to none: the marks of change may be those of before."""
    from search import pins, rules
    from search.embedded.engine import embedded_engine

    for kept in (embedded_engine(), pins._kept, rules._kept):
        kept.forget()


@pytest.fixture(autouse=True)
def empty_cache():
    """Each test starts with a cold cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def freeze():
    """``freeze("2026-11-23 10:00")`` stops the clock at that Paris time (or at an aware datetime) for the test."""
    travellers = []

    def stop(moment):
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment).replace(tzinfo=PARIS)
        traveller = time_machine.travel(moment, tick=False)
        traveller.start()
        travellers.append(traveller)

    yield stop
    for traveller in reversed(travellers):
        traveller.stop()


@pytest.fixture
def small_france(db):
    """A few hundred territories, of every type, with their closure."""
    from tests.territories.small_france import load_small_france

    return load_small_france()


@pytest.fixture
def site(db):
    """The site as ``init_site`` leaves it in production: home, index and legal pages, roles, workflow."""
    from wagtail.models import Site

    from tests.filled_site import fill_once, init_site

    fill_once(init_site)
    return Site.objects.get(is_default_site=True)


@pytest.fixture
def home(site):
    """The home page."""
    return site.root_page.specific


@pytest.fixture
def superuser(db):
    """An account with every right."""
    return UserFactory(superuser=True)


@pytest.fixture
def editor(site):
    """An account that writes and publishes."""
    return UserFactory(groups=["Éditeurs"])


@pytest.fixture
def reviewer(site):
    """An account that changes and approves what others propose."""
    return UserFactory(groups=["Relecteurs"])


@pytest.fixture
def contributor(site):
    """An account that writes, and publishes nothing."""
    return UserFactory(groups=["Contributeurs"])


@pytest.fixture(scope="session")
def smtp_controller():
    """A real SMTP server."""
    from tests.mailing.smtp_server import Script, ScriptedController

    controller = ScriptedController(Script(), hostname="127.0.0.1", port=0)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def smtp(smtp_controller, settings):
    """The script of the server; this process sends its mails there."""
    script = smtp_controller.handler
    script.__init__()
    settings.MAILING_TRANSPORT = "territoires_en_commun.mailing.backends.SmtpBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = smtp_controller.port
    settings.EMAIL_TIMEOUT = 5
    return script


@pytest.fixture
def own_database(django_db_setup, django_db_blocker, tmp_path):
    """A migrated database of this test alone, where what it writes is committed: several connections may meet there.

    Emptying the common database instead, as ``transaction=True`` does, takes the root of the pages from later tests.
    """
    from tests.mailing.workers import connected_to_a_copy

    with django_db_blocker.unblock(), connected_to_a_copy(tmp_path):
        yield


@pytest.fixture
def csrf_client():
    """A client that meets the CSRF check, as a browser does."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def admin_client(superuser):
    """A client signed in with every right."""
    client = Client()
    client.force_login(superuser)
    return client
