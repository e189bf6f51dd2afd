from django.apps import AppConfig


class RessourcesConfig(AppConfig):
    name = "ressources"
    verbose_name = "Ressources et expériences"

    def ready(self):
        from . import experience_registry, linked_pages, submission_signals  # noqa: F401 (register)
