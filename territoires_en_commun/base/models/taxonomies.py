"""Controlled lists that editors govern without a developer: themes, programmes, partners."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from wagtail.search import index

from territoires_en_commun.territories.models import Territory

from .terms import Term, TermQuerySet


class ThemeQuerySet(TermQuerySet):
    """Reads of the two-level list of themes."""

    def family_ids(self, theme: "Theme") -> set[int]:
        """Identifiers of what a filter on this theme must find: it, its children, and all they replaced."""
        theme = theme.current
        own = models.Q(pk=theme.pk) | models.Q(parent=theme)
        replaced = models.Q(replaced_by=theme) | models.Q(replaced_by__parent=theme)
        return set(self.model.objects.filter(own | replaced).order_by().values_list("pk", flat=True))


class Theme(Term):
    """A theme of public action; two levels at most."""

    parent = models.ForeignKey(
        "self",
        verbose_name="thématique parente",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text="Vide pour une thématique de premier niveau.",
    )
    synonyms = models.TextField("synonymes", blank=True, help_text="Un par ligne ; ils servent à la recherche.")
    description = models.TextField("description", blank=True, max_length=500)

    objects = ThemeQuerySet.as_manager()

    search_fields = [*Term.search_fields, index.SearchField("synonyms"), index.FilterField("parent")]

    class Meta(Term.Meta):
        verbose_name = "thématique"
        verbose_name_plural = "thématiques"
        constraints = [
            *Term.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="theme_not_its_own_parent",
                violation_error_message="Une thématique ne peut pas être sa propre parente.",
            ),
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(parent__isnull=True, replaced_by__isnull=True),
                name="theme_name_unique_at_the_top",
                violation_error_message="Une thématique de premier niveau porte déjà ce nom.",
            ),
            models.UniqueConstraint(
                Lower("name"),
                "parent",
                condition=models.Q(parent__isnull=False, replaced_by__isnull=True),
                name="theme_name_unique_under_parent",
                violation_error_message="Cette thématique parente a déjà une thématique de ce nom.",
            ),
        ]

    def clean(self):
        super().clean()
        if self.parent_id is None:
            return
        if self.parent_id == self.pk:
            raise ValidationError({"parent": "Une thématique ne peut pas être sa propre parente."})
        if self.parent.parent_id is not None:
            raise ValidationError(
                {"parent": f"« {self.parent} » est déjà au second niveau : il n’y a que deux niveaux."}
            )
        if self.parent.replaced_by_id is not None:
            raise ValidationError(
                {"parent": f"« {self.parent} » est {self.parent.status} : choisissez cette dernière."}
            )
        if self.pk and (children := self.children.count()):
            raise ValidationError(
                {"parent": f"Cette thématique a {children} sous-thématique(s) : elle reste au premier niveau."}
            )

    def _beside(self) -> TermQuerySet:
        return super()._beside().filter(parent=self.parent_id)


class Audience(Term):
    """Those a content is for: « Élus », « Agents »…"""

    class Meta(Term.Meta):
        verbose_name = "public"
        verbose_name_plural = "publics"
        constraints = [
            *Term.Meta.constraints,
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(replaced_by__isnull=True),
                name="audience_name_unique",
                violation_error_message="Un public porte déjà ce nom.",
            ),
        ]


class Programme(Term):
    """A programme of the State that accompanies territories."""

    acronym = models.CharField("sigle", max_length=20, blank=True)
    description = models.TextField("description", max_length=1000)
    official_site = models.URLField("site officiel")

    search_fields = [*Term.search_fields, index.SearchField("acronym"), index.AutocompleteField("acronym")]

    class Meta(Term.Meta):
        verbose_name = "programme"
        verbose_name_plural = "programmes"
        constraints = [
            *Term.Meta.constraints,
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(replaced_by__isnull=True),
                name="programme_name_unique",
                violation_error_message="Un programme porte déjà ce nom.",
            ),
        ]


class ProgrammeTerritory(models.Model):
    """A territory covered by a programme, for a time, on the word of a source.

    A territory has one row per reference of the source: three France services houses in a commune are three rows.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="coverages")
    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="programme_coverages")
    external_ref = models.CharField("référence de la source", max_length=60, blank=True)
    label = models.CharField("intitulé local", max_length=1000, blank=True)
    start = models.DateField("début", null=True, blank=True)
    end = models.DateField("fin", null=True, blank=True)
    source = models.CharField("source", max_length=255)
    source_date = models.DateField("date de la source")

    class Meta:
        verbose_name = "territoire d'un programme"
        verbose_name_plural = "territoires des programmes"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "territory", "external_ref"],
                name="programme_territory_unique",
                violation_error_message="Ce territoire est déjà rattaché à ce programme sous cette référence.",
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

    def has_ended(self, today: dt.date) -> bool:
        """Whether the programme no longer covers the territory."""
        return self.end is not None and self.end < today


class Partner(Term):
    """An organisation that publishes here, with its logo."""

    logo = models.ForeignKey(
        "base.CustomImage", verbose_name="logo", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    logo_alt = models.CharField(
        "texte alternatif du logo",
        max_length=255,
        blank=True,
        help_text="Obligatoire avec un logo ; en général le nom de l’organisation.",
    )
    website = models.URLField("site", blank=True)

    class Meta(Term.Meta):
        verbose_name = "partenaire"
        verbose_name_plural = "partenaires"
        constraints = [
            *Term.Meta.constraints,
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(replaced_by__isnull=True),
                name="partner_name_unique",
                violation_error_message="Un partenaire porte déjà ce nom.",
            ),
            models.CheckConstraint(
                condition=models.Q(logo__isnull=True) | ~models.Q(logo_alt=""),
                name="partner_logo_has_alt",
                violation_error_message="Le logo demande un texte alternatif.",
            ),
        ]

    def clean(self):
        super().clean()
        self.logo_alt = (self.logo_alt or "").strip()
        if self.logo_id and not self.logo_alt:
            raise ValidationError({"logo_alt": "Le logo demande un texte alternatif."})
