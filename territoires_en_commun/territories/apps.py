from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "territoires_en_commun.territories"
    label = "territories"
    verbose_name = "Territoires"

    def ready(self):
        from django.db.models.signals import post_delete, post_save

        from .search.store import store

        for signal in (post_save, post_delete):
            signal.connect(store.forget, sender="territories.Territory", dispatch_uid="territory-search")
