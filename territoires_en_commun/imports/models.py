"""Imports: the file, what its columns mean, what each row would do and did."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from territoires_en_commun.imports.csv_files import Encoding, Separator, Table, read_table
from territoires_en_commun.imports.kinds import Action, ImportKind, import_kinds

# Content and rows may hold personal data: they go, and what the import did in numbers stays.
KEEP_DONE = timedelta(days=90)
KEEP_UNFINISHED = timedelta(days=30)
REFUSALS_SHOWN = timedelta(days=30)


class ImportState(models.TextChoices):
    """Where an import stands."""

    DRAFT = "a_decrire", "à décrire"
    CHECKING = "simulation", "simulation en cours"
    CHECKED = "simulee", "simulation prête"
    RUNNING = "en_cours", "import en cours"
    STOPPED = "interrompu", "interrompu"
    DONE = "termine", "terminé"
    FAILED = "echoue", "échoué"
    CANCELLED = "abandonne", "abandonné"


FINISHED = (ImportState.DONE, ImportState.STOPPED)


class ImportJobQuerySet(models.QuerySet):
    """Reads of the imports."""

    def refused_to(self, user, now: datetime):
        """The imports of a person, of the last thirty days, some rows of which were refused."""
        states = (ImportState.CHECKED, ImportState.STOPPED, ImportState.DONE)
        recent = self.filter(user=user, state__in=states, created_at__gt=now - REFUSALS_SHOWN)
        return recent.filter(**{f"counts__{Action.REFUSED.value}__gt": 0})


class ImportJob(models.Model):
    """One file that somebody imports, from its upload to its report."""

    kind = models.CharField("nature", max_length=50, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="importé par",
        null=True,
        on_delete=models.SET_NULL,
        related_name="imports",
    )
    file_name = models.CharField("fichier", max_length=255)
    content = models.BinaryField("contenu", null=True)
    size = models.PositiveIntegerField("poids")
    encoding = models.CharField("encodage", max_length=20, choices=Encoding.choices)
    separator = models.CharField("séparateur", max_length=20, choices=Separator.choices)
    mapping = models.JSONField("correspondance", default=dict)
    settings = models.JSONField("réglages", default=dict)
    state = models.CharField("état", max_length=20, choices=ImportState.choices, default=ImportState.DRAFT)
    total = models.PositiveIntegerField("lignes", default=0)
    done = models.PositiveIntegerField("lignes traitées", default=0)
    counts = models.JSONField("résultats", default=dict)
    message = models.TextField("message", blank=True)
    created_at = models.DateTimeField("déposé le", auto_now_add=True)
    changed_at = models.DateTimeField("changé le", auto_now=True)
    finished_at = models.DateTimeField("terminé le", null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = "import"
        verbose_name_plural = "imports"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(state=ImportState.RUNNING), name="import_one_run_per_kind"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def kind_object(self) -> ImportKind | None:
        """What the room says of this kind; None when the room is gone."""
        return import_kinds.get(self.kind)

    @property
    def kind_label(self) -> str:
        return self.kind_object.label if self.kind_object else self.kind

    @cached_property
    def table(self) -> Table:
        """The file, read as it was described. Raise FileRefused."""
        return read_table(bytes(self.content or b""), self.encoding, self.separator)

    @property
    def is_working(self) -> bool:
        """Whether the worker has something to do, or is doing it."""
        return self.state in (ImportState.CHECKING, ImportState.RUNNING)

    @property
    def is_erased(self) -> bool:
        """Whether its content is gone, and only its numbers are left; told without reading the content."""
        return self.state in FINISHED and not self.mapping

    @property
    def has_written(self) -> bool:
        """Whether rows were written, at least one."""
        return self.rows.filter(result__in=(Action.CREATE, Action.UPDATE)).exists()

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class ImportRow(models.Model):
    """One row of the file: what it would do, then what it did."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField("ligne")
    cells = models.JSONField("cellules")
    action = models.CharField("simulation", max_length=20, choices=Action.choices)
    label = models.CharField("nom", max_length=255, blank=True)
    target = models.BigIntegerField("objet", null=True)
    plan = models.JSONField("détail", default=dict)
    has_repairs = models.BooleanField("a des réparations", default=False)
    has_warnings = models.BooleanField("a des remarques", default=False)
    repairs_accepted = models.BooleanField("réparations acceptées", default=True)
    result = models.CharField("résultat", max_length=20, choices=Action.choices, blank=True)
    messages = models.JSONField("messages", default=list)

    class Meta:
        verbose_name = "ligne d’import"
        verbose_name_plural = "lignes d’import"
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["job", "line"], name="import_row_line_unique")]
        indexes = [models.Index(fields=["job", "action"], name="import_row_action")]

    def __str__(self) -> str:
        return f"Ligne {self.line}"


class ColumnMapping(models.Model):
    """What the columns of such a file meant the last time: the same headers are understood at once."""

    kind = models.CharField("nature", max_length=50)
    headers = models.CharField("empreinte des en-têtes", max_length=64)
    mapping = models.JSONField("correspondance")
    encoding = models.CharField("encodage", max_length=20)
    settings = models.JSONField("réglages", default=dict)
    used_at = models.DateTimeField("dernier usage", default=timezone.now)

    class Meta:
        verbose_name = "correspondance de colonnes"
        verbose_name_plural = "correspondances de colonnes"
        constraints = [models.UniqueConstraint(fields=["kind", "headers"], name="column_mapping_unique")]

    def __str__(self) -> str:
        return f"{self.kind} ({self.used_at:%d/%m/%Y})"


class ImportedValues(models.Model):
    """Fingerprints of what imports last wrote in an object, field by field: what differs was written by hand.

    The values themselves are not kept: they may be personal data.
    """

    kind = models.CharField("nature", max_length=50)
    target = models.BigIntegerField("objet")
    fingerprints = models.JSONField("empreintes", default=dict)

    class Meta:
        verbose_name = "valeurs importées"
        verbose_name_plural = "valeurs importées"
        constraints = [models.UniqueConstraint(fields=["kind", "target"], name="imported_values_unique")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"

    @classmethod
    def remember(cls, kind: str, target: int, fingerprints: Mapping[str, str]) -> None:
        """Note what an import wrote, or found already there: a fingerprint by field."""
        known, _ = cls.objects.get_or_create(kind=kind, target=target)
        fresh = known.fingerprints | dict(fingerprints)
        if fresh != known.fingerprints:
            known.fingerprints = fresh
            known.save(update_fields=["fingerprints"])


def fingerprint(value: str) -> str:
    """Sixteen hexadecimal digits for a value."""
    return hashlib.sha256(value.encode()).hexdigest()[:16]
