"""Where collectstatic and the development server find static files."""

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core.files.storage import FileSystemStorage

from .bundle import build_bundle

UNUSED_APPS = {"dsfr"}  # 12 MB, of which the bundle takes what the site uses


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
