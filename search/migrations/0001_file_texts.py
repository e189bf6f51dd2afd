"""The text of documents, read for the search."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("base", "0011_link_organiser"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_hash", models.CharField(blank=True, max_length=40, verbose_name="empreinte du fichier lu")),
                ("file_name", models.CharField(max_length=255, verbose_name="nom du fichier lu")),
                ("pages", models.JSONField(default=list, verbose_name="texte de chaque page")),
                ("labels", models.JSONField(default=list, verbose_name="nom de chaque page")),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("chiffre", "Protégé par un mot de passe ou chiffré"),
                            ("ancien", "Enregistré dans un ancien format d’Office"),
                            ("illisible", "Abîmé, ou pas du format que dit son nom"),
                            ("vide", "Sans texte : fichier vide, ou pages numérisées en images"),
                            ("long", "Trop long à lire"),
                            ("lourd", "Trop lourd à lire : il demande trop de mémoire"),
                            ("introuvable", "Introuvable là où le site garde ses fichiers"),
                        ],
                        max_length=20,
                        verbose_name="problème",
                    ),
                ),
                ("is_truncated", models.BooleanField(default=False, verbose_name="lu en partie")),
                ("extracted_at", models.DateTimeField(auto_now=True, verbose_name="lu le")),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="file_text",
                        to="base.customdocument",
                        verbose_name="document",
                    ),
                ),
            ],
            options={
                "verbose_name": "texte de document",
                "verbose_name_plural": "textes de documents",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "problem__in",
                                ["", "chiffre", "ancien", "illisible", "vide", "long", "lourd", "introuvable"],
                            )
                        ),
                        name="file_text_problem",
                        violation_error_message="Ce problème de lecture n’existe pas.",
                    )
                ],
            },
        ),
    ]
