"""Settings of the tests: production's, less what only slows them."""

import os
from tempfile import TemporaryDirectory

FILES = TemporaryDirectory(prefix="tests-")
os.environ["VAR_DIR"] = FILES.name
os.mkdir(os.path.join(FILES.name, "static"))  # WhiteNoise warns without it
os.environ["DOTENV_PATH"] = os.devnull  # nothing is taken from this machine's site
os.environ.setdefault("SECRET_KEY", "test-only-secret-key-test-only-secret-key-test-only-0123456789")
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
os.environ["DEBUG"] = "0"
os.environ["SITE_URL"] = "http://testserver"
os.environ["EMAIL_URL"] = "memorymail://"
os.environ["SEARCH_URL"] = ""

from territoires_en_commun.settings import *  # noqa: E402, F403
from territoires_en_commun.settings import INSTALLED_APPS, TEMPLATES  # noqa: E402

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
INSTALLED_APPS = [*INSTALLED_APPS, "tests.pages"]  # a content page type that stands for those of the rooms
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
TEMPLATES[0]["OPTIONS"]["debug"] = True
TERRITORY_SEARCH_REFRESH = 0
SEARCH_PREPARED_IN_REQUEST = 100_000  # a thread would read a database that is a test's alone
SEARCH_LOOK_FOR_MISSED = 0
