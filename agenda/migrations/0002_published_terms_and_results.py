"""What is kept of a call besides its dates: what candidates read when it was last published, and its results.

The first is taken from the calls that are there.
"""

import django.db.models.deletion
from django.db import migrations, models

import agenda.fields

TERMS = (
    "opens_on",
    "prefiling_on",
    "closes_on",
    "amount_min",
    "amount_max",
    "rate_min",
    "rate_max",
    "eligibility",
)


def keep_terms(apps, schema_editor):
    """What the pages say is the best that is known; of a call that is withdrawn, it may be a draft."""
    calls = apps.get_model("agenda.CallPage").objects.exclude(first_published_at=None)
    model = apps.get_model("agenda.PublishedTerms")
    model.objects.bulk_create(model(call_id=values.pop("pk"), **values) for values in calls.values("pk", *TERMS))


class Migration(migrations.Migration):
    dependencies = [("agenda", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="callpage",
            name="results_note",
            field=models.CharField(
                blank=True,
                help_text="Quand aucun lauréat n’est nommé, dites pourquoi : « Aucun projet n’a été retenu. » Publié "
                "une fois l’appel clos.",
                max_length=255,
                verbose_name="résultats",
            ),
        ),
        migrations.CreateModel(
            name="PublishedTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opens_on", models.DateField(null=True, verbose_name="ouverture")),
                ("prefiling_on", models.DateField(null=True, verbose_name="pré-dépôt")),
                ("closes_on", models.DateField(null=True, verbose_name="clôture")),
                ("amount_min", agenda.fields.AmountField(null=True, verbose_name="montant minimal de l’aide")),
                ("amount_max", agenda.fields.AmountField(null=True, verbose_name="montant maximal de l’aide")),
                ("rate_min", models.PositiveSmallIntegerField(null=True, verbose_name="taux minimal")),
                ("rate_max", models.PositiveSmallIntegerField(null=True, verbose_name="taux maximal")),
                ("eligibility", models.TextField(blank=True, verbose_name="conditions d’éligibilité")),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="published_terms",
                        to="agenda.callpage",
                    ),
                ),
            ],
            options={
                "verbose_name": "dernières conditions publiées d’un appel",
                "verbose_name_plural": "dernières conditions publiées des appels",
            },
        ),
        migrations.RunPython(keep_terms, migrations.RunPython.noop),
    ]
