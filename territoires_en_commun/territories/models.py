"""Territories of France as plain rows, with the precomputed closure of what contains what."""

from functools import cached_property

from django.db import models
from django.urls import reverse

from . import names


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


class TerritoryQuerySet(models.QuerySet):
    """Questions asked of the map."""

    def active(self):
        """The territories that exist today: neither merged nor dissolved."""
        return self.filter(is_active=True)

    def get_by_key(self, key: str) -> "Territory":
        """The territory of a key such as ``commune:44109``, what contains it read as well; one query when in force.

        Its ``has_former`` says whether communes joined it, or whether it has parts; its ``latest_import``, which
        reading of the data file made the map (None before the first). Raises ``DoesNotExist``, malformed keys
        included.
        """
        type_, separator, code = key.partition(":")
        if not separator or type_ not in TerritoryType.values or not code.isalnum():
            raise self.model.DoesNotExist(f"Aucun territoire ne porte la clé {key!r}.")
        below = self.model.objects.filter(
            models.Q(replaced_by=models.OuterRef("pk")) | models.Q(commune=models.OuterRef("pk"))
        )
        around = self.filter(descendant_links__descendant__type=type_, descendant_links__descendant__code=code)
        around = around.order_by("descendant_links__distance").annotate(has_former=models.Exists(below))
        rows = list(around.annotate(**TerritoryImport.latest_annotations()))
        found = next((row for row in rows if (row.type, row.code) == (type_, code)), None)
        if found is None:
            return self.annotate(has_former=models.Exists(below)).get(type=type_, code=code)
        found.containers = [row for row in rows if row.is_active and row is not found]
        found.latest_import = TerritoryImport.of_annotated(found)
        return found

    def covering(self, territory: "Territory"):
        """The territory itself and all that contain it, nearest and main first."""
        return self.filter(descendant_links__descendant=territory).order_by("descendant_links__distance")

    def within(self, territory: "Territory"):
        """The territory itself and all that it contains, former communes and straddling EPCI included."""
        return self.filter(ancestor_links__ancestor=territory)


class Territory(models.Model):
    """A territory of the official geographic code (INSEE COG, DGCL); its key is type + official code.

    Each code that a commune ever bore since 1943 is a row of type ``commune``: inactive and ``replaced_by``
    today's commune once merged. A commune déléguée or associée is another row, active, of its own type,
    with the same code, whose ``commune`` is today's.
    """

    type = models.CharField(max_length=20, choices=TerritoryType.choices)
    code = models.CharField("code officiel", max_length=10)
    name = models.CharField("nom", max_length=200)
    article_kind = models.PositiveSmallIntegerField(
        "type de liaison", default=0, help_text="Code INSEE « TNCC » (0 à 8) : l'article qui précède le nom."
    )
    slug = models.SlugField(max_length=200, db_index=False)
    precision = models.CharField(
        "précision", max_length=255, blank=True, help_text="Ce qui le distingue d'un homonyme ; calculée à l'import."
    )
    siren = models.CharField("SIREN", max_length=9, blank=True)
    postal_codes = models.JSONField("codes postaux", default=list, blank=True)
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    category = models.CharField(
        "nature",
        max_length=10,
        blank=True,
        help_text="Nature de l'EPCI (CC, CA…) ; zone d'un département ou d'une région.",
    )
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_active = models.BooleanField("en vigueur", default=True)
    replaced_by = models.ForeignKey(
        "self", verbose_name="remplacé par", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    commune = models.ForeignKey(
        "self",
        verbose_name="commune dont il fait partie",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    ancestors = models.ManyToManyField(
        "self", through="TerritoryClosure", symmetrical=False, related_name="descendants", blank=True
    )

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        verbose_name_plural = "territoires"
        ordering = ["name", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "code"],
                name="territory_type_code_unique",
                violation_error_message="Un territoire de ce type porte déjà ce code.",
            ),
            models.CheckConstraint(
                condition=models.Q(is_active=False) | models.Q(replaced_by__isnull=True),
                name="territory_replaced_is_inactive",
                violation_error_message="Un territoire remplacé ne peut pas être en vigueur.",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False)
                & models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="territory_point_whole",
                violation_error_message="Un point a une latitude (-90 à 90) et une longitude (-180 à 180).",
            ),
        ]
        indexes = [models.Index(fields=["siren"], name="territory_siren")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The territory's one public page."""
        return reverse("territory", kwargs={"type": self.type, "code": self.code, "slug": self.slug})

    @property
    def key(self) -> str:
        """The public key, as in ``commune:44109``."""
        return f"{self.type}:{self.code}"

    @property
    def current(self) -> "Territory":
        """Today's territory: the one that replaced this one, or the commune of a commune déléguée or associée."""
        if self.type in (TerritoryType.COMMUNE_DELEGUEE, TerritoryType.COMMUNE_ASSOCIEE) and self.commune:
            return self.commune.current
        return self.replaced_by.current if self.replaced_by else self

    @cached_property
    def containers(self) -> list["Territory"]:
        """The territories in force that contain this one, nearest and main first; read once per instance."""
        return list(Territory.objects.active().covering(self).exclude(pk=self.pk))

    @property
    def name_with_article(self) -> str:
        """The name as a sentence says it: « Le Havre », « la Creuse », « la communauté de communes de Blaye »."""
        return names.with_article(self.type, self.code, self.name, self.article_kind)

    @property
    def in_name(self) -> str:
        """The place as a complement: « au Havre », « à Nantes », « dans la Creuse », « en Bretagne »."""
        return names.located(self.type, self.code, self.name, self.article_kind)

    @property
    def of_name(self) -> str:
        """The possessive complement: « du Havre », « de Nantes », « de la Creuse », « d'Occitanie »."""
        return names.possessive(self.type, self.code, self.name, self.article_kind)


class TerritoryClosure(models.Model):
    """One row per (territory, territory that contains it), itself included at distance 0.

    The distance is the rank among the containers, nearest scale first (commune → EPT → EPCI → département →
    région → France) and, at one scale, the most populated share first: an EPCI that straddles départements lies in
    each of them. A commune lies in its own département only, wherever its EPCI reaches; a former commune lies in
    the one that replaced it.
    """

    descendant = models.ForeignKey(
        Territory, on_delete=models.CASCADE, related_name="ancestor_links", db_index=False
    )  # the unique constraint begins with it
    ancestor = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="descendant_links")
    distance = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["descendant", "ancestor"], name="territory_closure_unique")]

    def __str__(self) -> str:
        return f"{self.descendant_id} ⊂ {self.ancestor_id} ({self.distance})"


IMPORT_SHOWN = ("pk", "vintage", "imported_at")


class TerritoryImport(models.Model):
    """A reading of the data file that changed something; the latest one stamps the state of the map."""

    vintage = models.CharField("millésime", max_length=20)
    sha256 = models.CharField("empreinte du fichier", max_length=64)
    imported_at = models.DateTimeField("importé le", auto_now_add=True)
    counts = models.JSONField("nombre par type", default=dict)
    changes = models.JSONField("ce qui a changé", default=dict)

    class Meta:
        verbose_name = "import des territoires"
        verbose_name_plural = "imports des territoires"
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"{self.vintage} ({self.sha256[:8]})"

    @classmethod
    def latest_annotations(cls) -> dict[str, models.Subquery]:
        """What rows of another table may be read with: the latest import, for :meth:`of_annotated`."""
        latest = cls.objects.order_by("-pk")
        return {f"import_{name}": models.Subquery(latest.values(name)[:1]) for name in IMPORT_SHOWN}

    @classmethod
    def of_annotated(cls, row: models.Model) -> "TerritoryImport | None":
        """The import that a row was read with; None before the first one."""
        values = {name: getattr(row, f"import_{name}") for name in IMPORT_SHOWN}
        return cls(**values) if values["pk"] else None
