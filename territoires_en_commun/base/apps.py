from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "territoires_en_commun.base"
    label = "base"
    verbose_name = "Socle"

    def ready(self):
        from . import signals, site_info  # noqa: F401 (connect their signals)
