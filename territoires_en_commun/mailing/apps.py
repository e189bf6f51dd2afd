from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "territoires_en_commun.mailing"
    label = "mailing"
    verbose_name = "Courriels"
