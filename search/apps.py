from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Recherche"

    def ready(self):
        from territoires_en_commun.base.listing import register_text_searcher

        from . import demo  # noqa: F401 (registers its loader)
        from .documents import files, loading, marks  # noqa: F401 (connect their signals)
        from .engines import ListingSearcher
        from .files import receivers, todo  # noqa: F401 (connect and register)

        register_text_searcher(ListingSearcher())
