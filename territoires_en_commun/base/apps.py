from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "territoires_en_commun.base"
    label = "base"
    verbose_name = "Socle"

    def ready(self):
        from . import site_info  # noqa: F401 (connects its signals)
