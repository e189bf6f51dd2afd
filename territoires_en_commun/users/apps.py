from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "territoires_en_commun.users"
    label = "users"
    verbose_name = "Comptes"
