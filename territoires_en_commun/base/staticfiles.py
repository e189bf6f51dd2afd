"""Where static files come from, and how collectstatic writes them."""

import re
from fnmatch import fnmatch

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from .bundle import build_bundle

UNUSED_APPS = {"dsfr"}  # 12 MB, of which the bundle takes what the site uses
# Another viewer of the API than ours, and the map of a script (the map of a sheet is named in it, hence needed).
UNUSED_FILES = ["ninja/redoc*", "ninja/*.js.map"]
HASHED_NAME = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+$")


class BundleFinder(BaseFinder):
    """The DSFR bundle, built when its sources are newer than it."""

    def __init__(self, *args, **kwargs):
        self.storage = FileSystemStorage(location=settings.DSFR_BUNDLE_DIR)
        self.storage.prefix = "bundle"
        super().__init__(*args, **kwargs)

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **_kwargs):
        if not path.startswith("bundle/"):
            return []
        build_bundle()
        name = path.removeprefix("bundle/")
        if not self.storage.exists(name):
            return []
        found = self.storage.path(name)
        return [found] if find_all else found

    def list(self, ignore_patterns):
        build_bundle()
        for path in sorted(settings.DSFR_BUNDLE_DIR.rglob("*")):
            if path.is_file():
                yield path.relative_to(settings.DSFR_BUNDLE_DIR).as_posix(), self.storage


class AppFinder(AppDirectoriesFinder):
    """The static files of the installed apps, less those that nothing serves."""

    def __init__(self, app_names=None, *args, **kwargs):
        super().__init__(app_names, *args, **kwargs)
        self.apps = [name for name in self.apps if name not in UNUSED_APPS]
        self.storages = {name: storage for name, storage in self.storages.items() if name in self.apps}

    def list(self, ignore_patterns):
        for path, storage in super().list(ignore_patterns):
            if not any(fnmatch(path, pattern) for pattern in UNUSED_FILES):
                yield path, storage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, and Brotli only for them: no page asks for the others. A second run compresses nothing again.

    A script that imports another one names it by its hashed name.
    """

    support_js_module_import_aggregation = True

    def compress_files(self, paths):
        return super().compress_files(
            [path for path in paths if HASHED_NAME.search(path) and not self.exists(f"{path}.br")]
        )
