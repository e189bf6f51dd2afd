from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "territoires_en_commun.territories"
    label = "territories"
    verbose_name = "Territoires"
