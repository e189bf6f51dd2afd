from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "territoires_en_commun.base"
    label = "base"
    verbose_name = "Socle"

    def ready(self):
        from . import redirects, signals, site_info, territory_contents  # noqa: F401 (connect and register)
        from .listing import signals as listing_signals  # noqa: F401 (connects its signals)
        from .media_policies import register_media_policies

        register_media_policies()
