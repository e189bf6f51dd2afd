"""An import of themes, at each of its stages."""

import pytest

from territoires_en_commun.imports import running, services
from territoires_en_commun.imports.kinds import import_kinds
from tests.factories import UserFactory
from tests.imports.kind import ThemeImport

FILE = "Libellé;Matricule;Autre\nEau;eau;x\nÉnergie;ENERGIE;\nSans identifiant;;\n".encode("cp1252")
MAPPING = {"name": "Libellé", "slug": "Matricule"}


@pytest.fixture
def kind(monkeypatch):
    kind = ThemeImport()
    monkeypatch.setitem(import_kinds._kinds, kind.name, kind)
    return kind


@pytest.fixture
def editor(db):
    return UserFactory(is_superuser=True)


@pytest.fixture
def open_job(kind, editor):
    """``open_job(bytes)``: a file described, ready to be simulated."""

    def open_(content=FILE, mapping=MAPPING):
        job = services.open_job(kind=kind, user=editor, file_name="themes.csv", content=content)
        services.describe_columns(job, mapping)
        return job

    return open_


@pytest.fixture
def simulated(open_job):
    """``simulated(bytes)``: an import whose simulation is done."""

    def simulate(content=FILE, mapping=MAPPING, answers=None):
        job = open_job(content, mapping)
        services.start_simulation(job, answers or {"is_active": ["on"]})
        running.simulate(job.pk)
        job.refresh_from_db()
        return job

    return simulate
