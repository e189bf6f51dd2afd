from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "territoires_en_commun.base"
    label = "base"
    verbose_name = "Socle"
