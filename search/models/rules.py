"""Synonyms and acronyms: the expressions that editors hold for the same."""

from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from search.expressions import check_different, check_each, check_expression, key_of, lines_of
from territoires_en_commun.base.models import mark_change


class SearchRule(models.Model):
    """Expressions that are as good as one another; live at the next search of each process."""

    note = models.CharField(
        "note", max_length=255, blank=True, help_text="Pour les rédacteurs : pourquoi cette règle, d’où elle vient."
    )
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        mark_change()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        mark_change()
        return deleted

    @property
    def texts(self) -> list[str]:
        """The expressions."""
        raise NotImplementedError

    def check_unused(self) -> None:
        """Raise ValidationError when one of the expressions is in another rule, whatever its kind."""
        wanted = {key_of(text): text for text in self.texts}
        for rule in every_rule():
            if (type(rule), rule.pk) == (type(self), self.pk):
                continue
            for text in rule.texts:
                if key_of(text) in wanted:
                    raise ValidationError(
                        f"«\u00a0{wanted[key_of(text)]}\u00a0» est déjà dans une autre règle : «\u00a0{rule}\u00a0». "
                        "Complétez-la plutôt que d’en écrire une deuxième."
                    )


class SearchSynonym(SearchRule):
    """Expressions of which any will do."""

    expressions = models.TextField(
        "expressions",
        max_length=2000,
        help_text="Une expression par ligne, deux au moins, de huit mots au plus. Chacune trouvera aussi ce que les "
        "autres trouvent. Accents, majuscules et pluriels sont déjà confondus : inutile de les écrire.",
    )

    class Meta:
        verbose_name = "synonymes"
        verbose_name_plural = "synonymes"
        ordering = ["expressions", "pk"]

    def __str__(self) -> str:
        return " = ".join(self.texts)

    @property
    def texts(self) -> list[str]:
        return lines_of(self.expressions)

    def clean(self) -> None:
        """Raise ValidationError for expressions that no query could hold, or that another rule has."""
        if not self.expressions:
            return  # the field says that it is required
        self.expressions = "\n".join(self.texts)
        try:
            if len(self.texts) < 2:
                raise ValidationError("Écrivez deux expressions au moins, une par ligne.")
            check_each(self.texts)
            check_different(self.texts)
            self.check_unused()
        except ValidationError as error:
            raise ValidationError({"expressions": error}) from error


class Acronym(SearchRule):
    """An acronym and what it stands for: each finds the other."""

    acronym = models.CharField("sigle", max_length=20, help_text="Un seul mot, avec ou sans points : PVD, P.V.D.")
    expansion = models.CharField(
        "en toutes lettres", max_length=200, help_text="Huit mots au plus : Petites villes de demain."
    )

    class Meta:
        verbose_name = "sigle"
        verbose_name_plural = "sigles"
        ordering = ["acronym", "pk"]

    def __str__(self) -> str:
        return f"{self.acronym} : {self.expansion}"

    @property
    def texts(self) -> list[str]:
        return [self.acronym, self.expansion]

    def clean(self) -> None:
        """Raise ValidationError for what no query could hold, or that another rule has."""
        self.acronym, self.expansion = (" ".join(text.split()) for text in (self.acronym, self.expansion))
        for name in ("acronym", "expansion"):
            try:
                if text := getattr(self, name):
                    check_expression(text)
            except ValidationError as error:
                raise ValidationError({name: error}) from error
        if not (self.acronym and self.expansion):
            return  # the fields say that they are required
        if len(key_of(self.acronym)) > 1:
            raise ValidationError({"acronym": "Un sigle est un seul mot : les autres règles vont dans les synonymes."})
        try:
            check_different(self.texts)
            self.check_unused()
        except ValidationError as error:
            raise ValidationError({"expansion": error}) from error


def every_rule() -> list[SearchRule]:
    """The rules of both kinds."""
    return [*chain(SearchSynonym.objects.all(), Acronym.objects.all())]
