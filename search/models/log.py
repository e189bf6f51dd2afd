"""What was searched, without who searched it: no address, no account, no session."""

import datetime as dt

from django.db import models

# At most thirteen months: the shortest that begin and end on the same day of the month have 393 days.
KEEP = dt.timedelta(days=393)
MAX_TEXT = 200  # characters


class SearchLogEntry(models.Model):
    """The first page of the results of one search. ``normalised``: the folded words, which group its spellings."""

    text = models.CharField("requête", max_length=MAX_TEXT)
    normalised = models.CharField("mots", max_length=MAX_TEXT)
    results = models.PositiveIntegerField("résultats")
    filters = models.JSONField("filtres", default=dict)
    engine = models.CharField("moteur", max_length=20)
    moment = models.DateTimeField("moment", db_index=True)

    class Meta:
        verbose_name = "recherche"
        verbose_name_plural = "recherches"
        ordering = ["-moment", "-pk"]
        indexes = [models.Index(fields=["normalised", "moment"], name="search_log_normalised")]

    def __str__(self) -> str:
        return self.text


class SearchClick(models.Model):
    """A result that somebody opened: where it was in the list, from 1."""

    entry = models.ForeignKey(
        SearchLogEntry, verbose_name="recherche", on_delete=models.CASCADE, related_name="clicks"
    )
    rank = models.PositiveSmallIntegerField("rang")
    page = models.ForeignKey(
        "base.BasePage", verbose_name="page", on_delete=models.CASCADE, related_name="search_clicks"
    )

    class Meta:
        verbose_name = "clic sur un résultat"
        verbose_name_plural = "clics sur les résultats"
        constraints = [models.UniqueConstraint(fields=["entry", "page"], name="search_click_once")]

    def __str__(self) -> str:
        return f"{self.rank} : {self.page_id}"
