"""Imports of pages for the tests: a file given as rows, simulated and written as the wizard does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from territoires_en_commun.imports import running, services
from territoires_en_commun.imports.kinds import import_kinds, query_dict
from territoires_en_commun.imports.mapping import proposed_mapping
from territoires_en_commun.imports.models import ImportJob
from tests.factories import ThemeFactory, UserFactory


class Importer:
    """Imports rows given as dictionaries of column to text; ``own`` adds the settings of the kind."""

    def __init__(self, kind: str, own: dict[str, list[str]]):
        self.kind = import_kinds.get(kind)
        self.user = UserFactory(is_superuser=True)
        self.theme = ThemeFactory(name="Thématique d’essai")
        self.answers = own | {
            "dataset": ["essai"],
            "themes": [str(self.theme.pk)],
            "licence": ["etalab-2.0"],
            "review_date": [(timezone.localdate() + timedelta(days=300)).isoformat()],
            "review_owner": [str(self.user.pk)],
            "keep_edits": ["on"],
            "publish": ["on"],
        }

    def simulate(self, *rows, **answers):
        """The import of these rows, simulated; ``answers`` change the settings."""
        header = list(dict.fromkeys(name for row in rows for name in row))
        lines = [";".join(header), *(";".join(f'"{row.get(name, "")}"' for name in header) for row in rows)]
        content = "\n".join(lines).encode()
        return self.simulate_file(content, **answers)

    def simulate_file(self, content, mapping=None, **answers):
        job = services.open_job(kind=self.kind, user=self.user, file_name="fichier.csv", content=content)
        services.describe_columns(job, mapping or proposed_mapping(self.kind, job.table.header))
        chosen = self.answers | {name: [value] for name, value in answers.items()}
        chosen = {name: values for name, values in chosen.items() if values != [None]}
        form = self.kind.settings_form(query_dict(chosen))
        assert form.is_valid(), form.errors
        services.start_simulation(job, chosen)
        running.simulate(job.pk)
        job.refresh_from_db()
        return job

    def run(self, *rows, **answers):
        """As :meth:`simulate`, then written."""
        return self.write(self.simulate(*rows, **answers))

    def write(self, job):
        services.confirm(job)
        running.run(job.pk)
        job.refresh_from_db()
        return job

    def one(self, row, **answers):
        """The one row of an import that is only simulated."""
        return self.simulate(row, **answers).rows.get()


def changes(row):
    """What a row changes: column, before, after."""
    return [(item["column"], item["before"], item["after"]) for item in row.plan["changes"]]


def repairs(row):
    """The repairs that a row proposes: column, before, after."""
    return [(item["column"], item["before"], item["after"]) for item in row.plan["repairs"]]


def problems(row):
    """Why a row is refused: column, sentence."""
    return [(item["column"], item["message"]) for item in row.plan["problems"]]


def warnings(row):
    """What is told of a row: column, sentence."""
    return [(item["column"], item["message"]) for item in row.plan["warnings"]]


def write_one_row(job):
    """Confirm an import that an editor interrupts once a row is written."""
    write = running._write_row

    def write_one(job, session, pk):
        write(job, session, pk)
        services.stop(ImportJob.objects.get(pk=job.pk))

    services.confirm(job)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "_write_row", write_one)
        running.run(job.pk)
    job.refresh_from_db()
