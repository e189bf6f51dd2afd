"""What the governed lists share."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from wagtail.search import index

MAX_REPLACEMENTS = 20  # length of a chain of merges; merging flattens chains, so one is the rule


def _check_deletion(terms) -> None:
    from territoires_en_commun.base.services import check_deletion

    for term in terms:
        check_deletion(term)


class TermQuerySet(models.QuerySet):
    """Reads of the governed lists."""

    def active(self) -> Self:
        """Terms that editors and visitors are offered."""
        return self.filter(is_active=True)

    def standing(self) -> Self:
        """Terms that were not merged into another one: offered or retired."""
        return self.filter(replaced_by__isnull=True)

    def resolve(self, slug: str) -> "Term":
        """The term an address speaks of today: a merged term answers with the one that took over.

        Raise the model's DoesNotExist for an unknown slug.
        """
        return self.get(slug=slug).current

    def delete(self):
        """Raise TermInUse, and delete nothing, if one of the terms is used."""
        _check_deletion(self)
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class Term(index.Indexed, models.Model):
    """What the governed lists share: a name, a stable slug used in URLs, and a way to retire.

    A term is never silently lost: retiring sets ``is_active`` to false; merging also sets
    ``replaced_by``, so that old URLs and filters lead to the term that took over.
    """

    name = models.CharField("nom", max_length=120)
    slug = models.SlugField(
        "identifiant dans les adresses",
        max_length=120,
        unique=True,
        blank=True,
        help_text="Calculé à partir du premier nom ; il reste le même quand le nom change.",
    )
    is_active = models.BooleanField("proposé aux rédacteurs et aux visiteurs", default=True)
    replaced_by = models.ForeignKey(
        "self", verbose_name="remplacé par", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )

    objects = TermQuerySet.as_manager()

    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.FilterField("is_active"),
        index.FilterField("replaced_by"),
    ]

    class Meta:
        abstract = True
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(replaced_by__isnull=True) | ~models.Q(replaced_by=models.F("id")),
                name="%(class)s_not_its_own_successor",
                violation_error_message="Un terme ne peut pas se remplacer lui-même.",
            ),
            models.CheckConstraint(
                condition=models.Q(replaced_by__isnull=True) | models.Q(is_active=False),
                name="%(class)s_replaced_is_retired",
                violation_error_message="Un terme fusionné n’est plus proposé : un autre l’a remplacé.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs):
        self._fill_slug()
        super().save(**kwargs)

    def delete(self, **kwargs):
        """Raise TermInUse if the term is used."""
        _check_deletion([self])
        return super().delete(**kwargs)

    def clean_fields(self, exclude=None):
        self._fill_slug()
        super().clean_fields(exclude=exclude)

    def clean(self):
        super().clean()
        self.name = " ".join((self.name or "").split())
        wanted = self.name.casefold()
        if any(name.casefold() == wanted for name in self._names_beside()):
            raise ValidationError({"name": f"« {self.name} » existe déjà."})

    def _fill_slug(self) -> None:
        if self.slug or not self.name:
            return
        stem = slugify(self.name)[:110] or self._meta.model_name
        taken = set(type(self).objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        candidates = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
        self.slug = next(slug for slug in candidates if slug not in taken)

    def _beside(self) -> TermQuerySet:
        """The terms among which the name must be unique."""
        return type(self).objects.standing().exclude(pk=self.pk)

    def _names_beside(self):
        return self._beside().values_list("name", flat=True)

    @property
    def current(self) -> Self:
        """The term in force: itself, or the one that replaced it."""
        term = self
        for _ in range(MAX_REPLACEMENTS):
            if term.replaced_by_id is None:
                break
            term = term.replaced_by
        return term

    @property
    def status(self) -> str:
        """What the list of terms says of it, in French."""
        if self.replaced_by_id:
            return f"fusionné avec « {self.replaced_by} »"
        return "proposé" if self.is_active else "retiré"
