from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "territoires_en_commun.home"
    label = "home"
    verbose_name = "Accueil"
