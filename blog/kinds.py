"""The kinds of articles, and the parts of an article that belong to one kind only."""

from django.db import models


class ArticleKind(models.TextChoices):
    """What an article is; each kind asks for its own parts, and shows them its own way."""

    NEWS = "actualite", "actualité de partenaire"
    REPORT = "reportage", "reportage"
    INTERVIEW = "entretien", "entretien"
    FOCUS = "focus", "focus"


# Read by search engines (schema.org has no type of its own for interviews: their genre says it).
SCHEMA_TYPES = {
    ArticleKind.NEWS: "NewsArticle",
    ArticleKind.REPORT: "ReportageNewsArticle",
    ArticleKind.INTERVIEW: "Article",
    ArticleKind.FOCUS: "Article",
}
