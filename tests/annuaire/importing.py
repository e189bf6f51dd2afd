"""Imports of actors for the tests: a file given as rows, simulated and written as the wizard does."""

from datetime import timedelta

from django.utils import timezone

from annuaire.imports.settings import ActorSettingsForm
from annuaire.models import ActorPage
from territoires_en_commun.imports import running, services
from territoires_en_commun.imports.kinds import import_kinds, query_dict
from territoires_en_commun.imports.mapping import proposed_mapping
from tests.factories import ThemeFactory, UserFactory


class ActorImporter:
    """Imports rows given as dictionaries of column to text."""

    def __init__(self):
        self.kind = import_kinds.get("acteurs")
        self.user = UserFactory(is_superuser=True)
        self.theme = ThemeFactory(name="Thématique d’essai")
        self.answers = {
            "dataset": ["essai"],
            "source": ["Fichier d’essai"],
            "type": ["association"],
            "summary": ["Un lieu d’accueil à {commune}."],
            "acts_in": ["epci"],
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
        job = services.open_job(kind=self.kind, user=self.user, file_name="acteurs.csv", content=content)
        services.describe_columns(job, mapping or proposed_mapping(self.kind, job.table.header))
        chosen = self.answers | {name: [value] for name, value in answers.items()}
        chosen = {name: values for name, values in chosen.items() if values != [None]}
        form = ActorSettingsForm(query_dict(chosen))
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


def actor(reference: str) -> ActorPage:
    """The fiche that an import created under this identifier."""
    return ActorPage.objects.get(external_ref=f"essai:{reference}")
