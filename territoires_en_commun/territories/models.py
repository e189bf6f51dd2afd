"""Territories of France as plain rows, with the precomputed closure of what contains what."""

from django.db import models


class TerritoryType(models.TextChoices):
    """Kinds of territory; the value is the first half of a territory's public key (``commune:44109``)."""

    COMMUNE = "commune", "commune"
    COMMUNE_DELEGUEE = "commune-deleguee", "commune déléguée"
    COMMUNE_ASSOCIEE = "commune-associee", "commune associée"
    ARRONDISSEMENT = "arrondissement", "arrondissement municipal"
    EPCI = "epci", "intercommunalité"
    EPT = "ept", "établissement public territorial"
    DEPARTEMENT = "departement", "département"
    REGION = "region", "région"
    PAYS = "pays", "pays"


class Territory(models.Model):
    """A territory of the official geographic code (INSEE COG, DGCL); its key is type + official code."""

    type = models.CharField(max_length=20, choices=TerritoryType.choices)
    code = models.CharField("code officiel", max_length=10)
    name = models.CharField("nom", max_length=200)
    article_kind = models.PositiveSmallIntegerField(
        "type de liaison", default=0, help_text="Code INSEE « TNCC » (0 à 8) : l'article qui précède le nom."
    )
    slug = models.SlugField(max_length=200, db_index=False)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    postal_codes = models.JSONField("codes postaux", default=list, blank=True)
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    category = models.CharField(
        "nature", max_length=10, blank=True, help_text="Nature de l'EPCI (CC, CA, CU, METRO…) ou zone de la région."
    )
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_active = models.BooleanField("en vigueur", default=True)
    replaced_by = models.ForeignKey(
        "self", verbose_name="remplacé par", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    ancestors = models.ManyToManyField(
        "self", through="TerritoryClosure", symmetrical=False, related_name="descendants", blank=True
    )

    class Meta:
        verbose_name = "territoire"
        verbose_name_plural = "territoires"
        ordering = ["name", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "code"],
                name="territory_type_code_unique",
                violation_error_message="Un territoire de ce type porte déjà ce code.",
            )
        ]
        indexes = [models.Index(fields=["siren"], name="territory_siren")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The public key, as in ``commune:44109``."""
        return f"{self.type}:{self.code}"


class TerritoryClosure(models.Model):
    """One row per (territory, territory that contains it), itself included at distance 0.

    The distance orders scales from the nearest: 1 for the smallest container, then growing
    (commune → EPT → EPCI → département → région → France).
    """

    descendant = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="ancestor_links")
    ancestor = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="descendant_links")
    distance = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["descendant", "ancestor"], name="territory_closure_unique")]

    def __str__(self) -> str:
        return f"{self.descendant_id} ⊂ {self.ancestor_id} ({self.distance})"
