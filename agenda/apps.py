from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "agenda"
    verbose_name = "Agenda et appels à projets"

    def ready(self):
        from territoires_en_commun.imports.kinds import import_kinds

        from .calls import territory_block, todo, winner_links  # noqa: F401 (register)
        from .events import links  # noqa: F401 (register)
        from .events import territory_block as events_block  # noqa: F401 (register)
        from .imports.kind import CallImport

        import_kinds.register(CallImport())
