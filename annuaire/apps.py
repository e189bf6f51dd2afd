from django.apps import AppConfig


class AnnuaireConfig(AppConfig):
    name = "annuaire"
    verbose_name = "Annuaire"

    def ready(self):
        from territoires_en_commun.imports.kinds import import_kinds

        from . import signals, territory_block  # noqa: F401 (register)
        from .imports.kind import ActorImport

        import_kinds.register(ActorImport())
