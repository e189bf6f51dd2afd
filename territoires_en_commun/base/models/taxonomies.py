"""Controlled lists that editors govern without a developer: themes, programmes, partners."""

from django.db import models
from wagtail.search import index

from territoires_en_commun.territories.models import Territory


class Term(index.Indexed, models.Model):
    """What the governed lists share: a name, a stable slug used in URLs, and a way to retire.

    A term is never silently lost: retiring sets ``is_active`` to false; merging also sets
    ``replaced_by``, so that old URLs and filters lead to the term that took over.
    """

    name = models.CharField("nom", max_length=120)
    slug = models.SlugField(
        "identifiant dans les adresses", max_length=120, unique=True, help_text="Reste le même quand le nom change."
    )
    is_active = models.BooleanField("proposé aux rédacteurs et aux visiteurs", default=True)
    replaced_by = models.ForeignKey(
        "self", verbose_name="remplacé par", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Theme(Term):
    """A theme of public action; two levels at most."""

    parent = models.ForeignKey(
        "self",
        verbose_name="thématique parente",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    synonyms = models.TextField("synonymes", blank=True, help_text="Un par ligne ; ils servent à la recherche.")
    description = models.TextField("description", blank=True, max_length=500)

    class Meta(Term.Meta):
        verbose_name = "thématique"
        verbose_name_plural = "thématiques"


class Programme(Term):
    """A programme of the State that accompanies territories."""

    acronym = models.CharField("sigle", max_length=20, blank=True)
    description = models.TextField("description", max_length=1000)
    official_site = models.URLField("site officiel")

    class Meta(Term.Meta):
        verbose_name = "programme"
        verbose_name_plural = "programmes"


class ProgrammeTerritory(models.Model):
    """A territory covered by a programme, for a time, on the word of a source."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="coverages")
    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="programme_coverages")
    external_ref = models.CharField("référence de la source", max_length=60, blank=True)
    label = models.CharField("intitulé local", max_length=255, blank=True)
    start = models.DateField("début", null=True, blank=True)
    end = models.DateField("fin", null=True, blank=True)
    source = models.CharField("source", max_length=255)
    source_date = models.DateField("date de la source")

    class Meta:
        verbose_name = "territoire d'un programme"
        verbose_name_plural = "territoires des programmes"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "territory"],
                name="programme_territory_unique",
                violation_error_message="Ce territoire est déjà rattaché à ce programme.",
            ),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True)
                | models.Q(start__isnull=True)
                | models.Q(end__gte=models.F("start")),
                name="programme_territory_dates",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} : {self.territory}"


class Partner(Term):
    """An organisation that publishes here, with its logo."""

    logo = models.ForeignKey("base.CustomImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    logo_alt = models.CharField("texte alternatif du logo", max_length=255, blank=True)
    website = models.URLField("site", blank=True)

    class Meta(Term.Meta):
        verbose_name = "partenaire"
        verbose_name_plural = "partenaires"
