from django.apps import AppConfig


class RessourcesConfig(AppConfig):
    name = "ressources"
    verbose_name = "Ressources et expériences"

    def ready(self):
        from . import linked_pages  # noqa: F401 (registers)
