from django.apps import AppConfig


class RessourcesConfig(AppConfig):
    name = "ressources"
    verbose_name = "Ressources et expériences"

    def ready(self):
        from territoires_en_commun.imports.kinds import import_kinds

        from . import experience_registry, linked_pages, submission_signals, todo  # noqa: F401 (register)
        from .imports.kind import ExperienceImport

        import_kinds.register(ExperienceImport())
