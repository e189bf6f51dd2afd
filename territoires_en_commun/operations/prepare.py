"""Brings the site of one's own machine up to date: data, static files, demonstration content, editor account."""

import hashlib
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

EDITOR_EMAIL = "redaction@exemple.fr"
EDITOR_ROLE = "Administrateurs"  # the widest role that init_site creates


def prepare() -> str:
    """Do each step that is due, showing it; return what to tell the reader at the end. Safe to run again."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    django.setup()
    from django.contrib.staticfiles.finders import get_finders

    step("Base de données", lambda: call_command("migrate", interactive=False, verbosity=0))
    if not settings.DEBUG:  # the development server reads them where they are
        files = [path for finder in get_finders() for path in finder_files(finder)]
        with unless_unchanged("static", lambda: static_fingerprint(files)) as due:
            if due:
                step("Fichiers statiques", lambda: call_command("collectstatic", interactive=False, verbosity=0))
    with unless_unchanged("data", data_fingerprint) as due:
        if due:
            step("Territoires", lambda: call_command("import_territories"))
            step("Programmes de l'État", lambda: call_command("import_programmes"))
    step("Pages, rôles et circuit de relecture", lambda: call_command("init_site"))
    step("Contenu de démonstration", lambda: call_command("load_demo"))
    return editor_announcement()


def step(title: str, work: Callable[[], object]) -> None:
    print(f"→ {title}…", flush=True)  # noqa: T201
    start = time.monotonic()
    work()
    print(f"  fait en {time.monotonic() - start:.1f} s", flush=True)  # noqa: T201


def finder_files(finder) -> Iterator[Path]:
    for path, storage in finder.list([]):
        yield Path(storage.path(path))


@contextmanager
def unless_unchanged(name: str, fingerprint: Callable[[], str]) -> Iterator[bool]:
    """Whether something is due, ``fingerprint()`` not being what it was when it was last done to the end."""
    stamp = settings.VAR_DIR / f"{name}.stamp"
    yield not stamp.exists() or stamp.read_text() != fingerprint()
    stamp.write_text(fingerprint())


def static_fingerprint(files: Iterable[Path]) -> str:
    """Changes when a package, one of our static files or the interpreter does, or when what was collected is gone."""
    packages = sorted(f"{found.metadata['Name']} {found.version}" for found in distributions())
    collected = (settings.STATIC_ROOT / "staticfiles.json").exists()
    return digest_of(
        [sys.version, str(collected), *packages], [path for path in files if not path.is_relative_to(sys.prefix)]
    )


def data_fingerprint() -> str:
    """Changes when the data files, what reads them or the database does."""
    from territoires_en_commun.territories.models import TerritoryImport

    latest = TerritoryImport.objects.order_by("pk").last()
    folders = [settings.PROJECT_DIR / "territories", settings.PROJECT_DIR / "base" / "data"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return digest_of([str(settings.DATABASES["default"]["NAME"]), str(latest and latest.imported_at)], files)


def digest_of(texts: Iterable[str], files: Iterable[Path]) -> str:
    digest = hashlib.sha256("\n".join(texts).encode())
    for path in sorted(files):
        digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()


def editor_announcement() -> str:
    """Create the editor account if it is missing; its password is told this once and never kept in clear."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    accounts = get_user_model().objects
    if accounts.filter(email=EDITOR_EMAIL).exists():
        return f"Compte de rédaction : {EDITOR_EMAIL} (mot de passe donné au premier lancement)."
    password = secrets.token_urlsafe(15)
    account = accounts.create_user(EDITOR_EMAIL, password, first_name="Rédaction", last_name="Démonstration")
    account.groups.add(Group.objects.get(name=EDITOR_ROLE))
    rule = "─" * 72
    return (
        f"{rule}\nCompte de rédaction, affiché cette seule fois :\n"
        f"  adresse       {settings.SITE_URL}/admin/\n  identifiant   {EDITOR_EMAIL}\n  mot de passe  {password}\n"
        f"Pour en changer : .venv/bin/python manage.py changepassword {EDITOR_EMAIL}\n{rule}"
    )
