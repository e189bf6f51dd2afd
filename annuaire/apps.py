from django.apps import AppConfig


class AnnuaireConfig(AppConfig):
    name = "annuaire"
    verbose_name = "Annuaire"

    def ready(self):
        from territoires_en_commun.imports.kinds import import_kinds

        from . import territory_block  # noqa: F401 (registers)
        from .imports.kind import ActorImport

        import_kinds.register(ActorImport())
