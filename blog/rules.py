"""What an article needs to be published, by kind."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from blog.kinds import ArticleKind
from territoires_en_commun.base.publication import Gap, blocks_gaps, scheduled_time

if TYPE_CHECKING:
    from blog.models import ArticlePage

MISSING_KIND = "Choisissez le type de l’article."
MISSING_BODY = "Écrivez l’article : son contenu est vide."
MISSING_SIGNATURE = "Dites qui signe l’article : ajoutez un auteur, ou choisissez le partenaire qui le publie."
MISSING_PARTNER = "Choisissez le partenaire dont c’est l’actualité."
MISSING_PICTURE = "Un reportage montre au moins une photo : ajoutez-en une."
MISSING_INTERVIEWEE = "Dites qui répond aux questions : ajoutez au moins une personne."
MISSING_QUESTION = "Un entretien a au moins une question et sa réponse."
FUTURE_DATE = "La date affichée est à venir : programmez la mise en ligne, ou indiquez une date passée."
NOT_A_REPORT = "Seul un reportage a une galerie : retirez les photos, ou changez le type de l’article."
NOT_AN_INTERVIEW = "Seul un entretien a des questions et des personnes interrogées : retirez-les, ou changez le type."


def article_gaps(article: "ArticlePage", approved_go_live_at: datetime | None) -> Iterator[Gap]:
    """What an article needs, besides what any content does, to be published."""
    if not article.kind:
        yield Gap("kind", MISSING_KIND)
    go_live = scheduled_time(article.go_live_at, approved_go_live_at)
    if article.published_on and article.published_on > timezone.localdate(go_live, timezone.get_default_timezone()):
        yield Gap("published_on", FUTURE_DATE)
    if not article.body and article.kind != ArticleKind.INTERVIEW:
        yield Gap("body", MISSING_BODY)
    yield from blocks_gaps("body", article.body)
    if article.kind == ArticleKind.NEWS and not article.partner_id:
        yield Gap("partner", MISSING_PARTNER)
    elif not article.partner_id and not article.signatures.all():
        yield Gap("signatures", MISSING_SIGNATURE)
    yield from gallery_gaps(article)
    yield from interview_gaps(article)


def gallery_gaps(article: "ArticlePage") -> Iterator[Gap]:
    """A report has pictures, and it alone; each one is described, captioned and credited."""
    pictures = list(article.pictures.all())
    if article.kind == ArticleKind.REPORT and not pictures:
        yield Gap("pictures", MISSING_PICTURE)
    elif article.kind != ArticleKind.REPORT and pictures:
        yield Gap("pictures", NOT_A_REPORT)
    for number, picture in enumerate(pictures, start=1):
        parts = {
            "le texte alternatif": picture.alt,
            "la légende": picture.caption,
            "le crédit": picture.credit,
        }
        if missing := missing_parts(parts):
            yield Gap("pictures", f"Photo {number} : il manque {missing}.")


def interview_gaps(article: "ArticlePage") -> Iterator[Gap]:
    """An interview has questions and persons who answer, and it alone; each question has its answer."""
    people = list(article.interviewees.all())
    if article.kind != ArticleKind.INTERVIEW:
        if people:
            yield Gap("interviewees", NOT_AN_INTERVIEW)
        if article.questions:
            yield Gap("questions", NOT_AN_INTERVIEW)
        return
    if not people:
        yield Gap("interviewees", MISSING_INTERVIEWEE)
    for number, person in enumerate(people, start=1):
        if not person.name.strip():
            yield Gap("interviewees", f"Personne {number} : il manque le nom.")
    if not article.questions:
        yield Gap("questions", MISSING_QUESTION)
    for number, block in enumerate(article.questions, start=1):
        answer = block.value.get("answer")
        parts = {"la question": block.value.get("question") or "", "la réponse": answer.source if answer else ""}
        if missing := missing_parts(parts):
            yield Gap("questions", f"Question {number} : il manque {missing}.")


def missing_parts(parts: dict[str, str]) -> str:
    """« le texte alternatif, la légende »: the names of what is blank; empty when all is there."""
    return ", ".join(name for name, text in parts.items() if not text.strip())
