from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "territoires_en_commun.imports"
    label = "imports"
    verbose_name = "Imports"
