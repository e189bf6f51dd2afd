"""What editors set for the whole site: its identity, the persons in charge, the banner."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Orderable

MAX_HEADER_LINKS = 3  # DSFR, header: three quick links at most

link_validator = RegexValidator(
    r"^(https://|/(?!/))", "Saisissez une adresse complète (https://…) ou une page de ce site (/contact/)."
)
phone_validator = RegexValidator(
    r"^(\+\d{2,3}|0)[\d .]{8,15}$", "Saisissez un numéro de téléphone, par exemple 01 23 45 67 89."
)


class NoticeLevel(models.TextChoices):
    """Colours of the DSFR notice."""

    INFO = "info", "Information"
    WARNING = "warning", "Avertissement"
    ALERT = "alert", "Alerte"


@register_setting(icon="site")
class SiteSettings(ClusterableModel, BaseGenericSetting):
    """The identity of the site and who answers for it.

    Nothing about persons or organisations is invented: these fields start empty, ``missing_facts`` lists what the
    law asks (LCEN art. 1-1 for the legal notice, GDPR art. 13 for the data protection officer).
    """

    state_name = models.TextField(
        "texte du bloc-marque", default="République\nfrançaise", help_text="Une ligne par ligne du bloc-marque."
    )
    tagline = models.CharField(
        "signature du service",
        max_length=120,
        blank=True,
        default="Partager les expériences des territoires, trouver les bons interlocuteurs",
    )
    description = models.CharField(
        "description du site",
        max_length=300,
        default="La plateforme de partage d’expériences et de mise en relation entre les collectivités, "
        "leurs partenaires et les programmes de l’État.",
        help_text="Pour les moteurs de recherche et le pied de page.",
    )
    operator_name = models.CharField("nom de l’opérateur", max_length=120, blank=True)
    operator_logo = models.ForeignKey(
        "base.CustomImage",
        verbose_name="logo de l’opérateur",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    operator_logo_alt = models.CharField(
        "texte alternatif du logo",
        max_length=255,
        blank=True,
        help_text="Reprend le texte visible dans l’image ; obligatoire dès qu’un logo est choisi.",
    )

    contact_email = models.EmailField("adresse électronique de contact", blank=True)
    publication_director = models.CharField("directeur ou directrice de la publication", max_length=120, blank=True)
    publication_director_title = models.CharField("sa fonction", max_length=160, blank=True)
    editor_name = models.CharField("nom de l’éditeur", max_length=160, blank=True)
    editor_address = models.TextField("adresse de l’éditeur", blank=True, max_length=400)
    editor_phone = models.CharField("téléphone de l’éditeur", max_length=20, blank=True, validators=[phone_validator])
    host_name = models.CharField("nom de l’hébergeur", max_length=160, blank=True)
    host_address = models.TextField("adresse de l’hébergeur", blank=True, max_length=400)
    host_phone = models.CharField("téléphone de l’hébergeur", max_length=20, blank=True, validators=[phone_validator])
    dpo_email = models.EmailField("adresse du délégué à la protection des données", blank=True)
    multi_year_plan_url = models.URLField("schéma pluriannuel d’accessibilité", blank=True)
    action_plan_url = models.URLField("plan d’action d’accessibilité de l’année", blank=True)

    notice_level = models.CharField("niveau", max_length=10, choices=NoticeLevel.choices, default=NoticeLevel.INFO)
    notice_title = models.CharField(
        "titre", max_length=120, blank=True, help_text="Le bandeau s’affiche dès qu’il a un titre."
    )
    notice_text = models.CharField("texte", max_length=300, blank=True)
    notice_url = models.CharField("lien", max_length=500, blank=True, validators=[link_validator])
    notice_link_label = models.CharField("intitulé du lien", max_length=80, blank=True)
    notice_until = models.DateTimeField(
        "jusqu’au", null=True, blank=True, help_text="Vide : jusqu’à ce que le titre soit effacé."
    )

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("state_name"),
                    FieldPanel("tagline"),
                    FieldPanel("description"),
                    MultiFieldPanel(
                        [FieldPanel("operator_name"), FieldPanel("operator_logo"), FieldPanel("operator_logo_alt")],
                        heading="Opérateur",
                    ),
                    InlinePanel("header_links", heading="Accès rapides de l’en-tête", max_num=MAX_HEADER_LINKS),
                    InlinePanel("social_links", heading="Réseaux sociaux"),
                ],
                heading="Identité",
            ),
            ObjectList(
                [
                    FieldPanel("contact_email"),
                    FieldRowPanel([FieldPanel("publication_director"), FieldPanel("publication_director_title")]),
                    MultiFieldPanel(
                        [FieldPanel("editor_name"), FieldPanel("editor_address"), FieldPanel("editor_phone")],
                        heading="Éditeur",
                    ),
                    MultiFieldPanel(
                        [FieldPanel("host_name"), FieldPanel("host_address"), FieldPanel("host_phone")],
                        heading="Hébergeur",
                    ),
                    FieldPanel("dpo_email"),
                    MultiFieldPanel(
                        [FieldPanel("multi_year_plan_url"), FieldPanel("action_plan_url")],
                        heading="Accessibilité",
                    ),
                ],
                heading="Mentions obligatoires",
            ),
            ObjectList(
                [
                    FieldPanel("notice_level"),
                    FieldPanel("notice_title"),
                    FieldPanel("notice_text"),
                    FieldRowPanel([FieldPanel("notice_url"), FieldPanel("notice_link_label")]),
                    FieldPanel("notice_until"),
                ],
                heading="Bandeau d’information",
            ),
        ]
    )

    class Meta:
        verbose_name = "réglages du site"

    def __str__(self) -> str:
        return "Réglages du site"

    def clean(self):
        super().clean()
        errors = {}
        if self.operator_logo and not self.operator_logo_alt:
            errors["operator_logo_alt"] = "Décrivez le logo : son texte alternatif est obligatoire (RGAA 1.1)."
        if self.notice_url and not self.notice_link_label:
            errors["notice_link_label"] = "Donnez l’intitulé du lien : il doit dire où il mène (RGAA 6.1)."
        if errors:
            raise ValidationError(errors)

    @property
    def missing_facts(self) -> list[str]:
        """Names of the empty fields that the legal pages must state."""
        names = [
            "contact_email",
            "publication_director",
            "publication_director_title",
            "editor_name",
            "editor_address",
            "editor_phone",
            "host_name",
            "host_address",
            "host_phone",
            "dpo_email",
        ]
        return [str(self._meta.get_field(name).verbose_name) for name in names if not getattr(self, name)]

    def shows_notice(self, now: datetime) -> bool:
        """Whether the banner is due at that time."""
        return bool(self.notice_title) and (self.notice_until is None or now < self.notice_until)


class SiteLink(Orderable):
    """A labelled address, outside the page tree."""

    label = models.CharField("intitulé", max_length=60)
    url = models.CharField("adresse", max_length=500, validators=[link_validator])

    panels = [FieldRowPanel([FieldPanel("label"), FieldPanel("url")])]

    class Meta(Orderable.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.label


class HeaderLink(SiteLink):
    """A quick link of the header."""

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="header_links")

    class Meta(SiteLink.Meta):
        verbose_name = "accès rapide"
        verbose_name_plural = "accès rapides"


class SocialNetwork(models.TextChoices):
    """The networks for which the DSFR has an icon."""

    BLUESKY = "bluesky", "Bluesky"
    DAILYMOTION = "dailymotion", "Dailymotion"
    FACEBOOK = "facebook", "Facebook"
    INSTAGRAM = "instagram", "Instagram"
    LINKEDIN = "linkedin", "LinkedIn"
    MASTODON = "mastodon", "Mastodon"
    YOUTUBE = "youtube", "YouTube"


class SocialLink(Orderable):
    """An account of the platform on a social network."""

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="social_links")
    network = models.CharField("réseau", max_length=20, choices=SocialNetwork.choices)
    url = models.URLField("adresse")

    panels = [FieldRowPanel([FieldPanel("network"), FieldPanel("url")])]

    class Meta(Orderable.Meta):
        verbose_name = "réseau social"
        verbose_name_plural = "réseaux sociaux"

    def __str__(self) -> str:
        return self.get_network_display()
