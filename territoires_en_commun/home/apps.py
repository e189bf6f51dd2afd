from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "territoires_en_commun.home"
    label = "home"
    verbose_name = "Accueil"

    def ready(self):
        from django.db.models.signals import post_delete, post_save

        from .models import forget_programmes

        for signal in (post_save, post_delete):
            signal.connect(forget_programmes, sender="base.Programme", dispatch_uid="home.forget_programmes")
