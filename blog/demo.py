"""The articles of the demonstration."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from django.utils import timezone

from annuaire.models import ActorPage
from blog.models import ArticleIndexPage, ArticlePage, Author, GalleryPicture, Interviewee, Signature
from territoires_en_commun.base.drawings import demo_pictures
from territoires_en_commun.base.html_blocks import blocks_from_html, new_block
from territoires_en_commun.base.models import BasePage, CustomImage, LinkKind, PageLink, Partner, Programme, Theme
from territoires_en_commun.base.ordering import in_order
from territoires_en_commun.base.typography import typeset
from territoires_en_commun.territories.forms import chosen_territory
from territoires_en_commun.users.models import User

DATA = Path(__file__).parent / "data" / "demo"
REVIEW_AFTER = dt.timedelta(days=365)


def load_articles(owner: User) -> Iterator[str]:
    """Create the articles that are missing, published; yield a line, in French, for each.

    The partners of the demonstration come first: see the command ``load_demo``.
    """
    data = tomllib.loads((DATA / "articles.toml").read_text(encoding="utf-8"))
    index = ArticleIndexPage.objects.order_by("path").first()
    known = set(BasePage.objects.exclude(external_ref="").values_list("external_ref", flat=True))
    missing = [entry for entry in data["article"] if reference(entry["ref"]) not in known]
    if index is None or not missing:
        return
    authors = {entry["name"]: ensure_author(**entry) for entry in data["author"]}
    pictures = demo_pictures()
    notice = {"level": "info", "title": data["notice_title"], "text": typeset(f"<p>{data['notice']}</p>")}
    for entry in missing:
        article = article_of(entry, new_block("alert", notice), pictures)
        article.review_owner, article.review_date = owner, timezone.localdate() + REVIEW_AFTER
        article.signatures = in_order(Signature(author=authors[name]) for name in entry.get("authors", ()))
        BasePage.objects.get(pk=index.pk).add_child(instance=article)
        article.save_revision().publish()
        # It was written on the day that it shows, not today.
        BasePage.objects.filter(pk=article.pk).update(last_published_at=article.published_at)
        yield f"Article « {article.title} » créé."
    link_pages(missing)


def reference(ref: str) -> str:
    """Under what an article of the data file is known."""
    return f"demo:article:{ref}"


def ensure_author(name: str, role: str) -> Author:
    """The author of that name."""
    return Author.objects.get_or_create(name=name, defaults={"role": role})[0]


def article_of(entry: dict, notice: dict, pictures: dict[str, CustomImage]) -> ArticlePage:
    """An unsaved article of the data file."""
    body = blocks_from_html(typeset((DATA / f"{entry['ref']}.html").read_text(encoding="utf-8")))
    questions = list(pairs_of(body)) if entry["kind"] == "entretien" else []
    if questions:
        body = body[: -2 * len(questions)]
    article = ArticlePage(
        title=typeset(entry["title"]),
        slug=entry["ref"],
        kind=entry["kind"],
        summary=typeset(entry["summary"]),
        published_on=entry["published_on"],
        is_timeless=entry.get("is_timeless", False),
        external_ref=reference(entry["ref"]),
        partner=Partner.objects.filter(name=typeset(entry.get("partner", ""))).first(),
        image=pictures[entry["picture"]],
        image_decorative=True,
        body=[notice, *body],
        questions=questions,
        live=False,
    )
    article.first_published_at = article.published_at
    article.themes = list(Theme.objects.filter(slug__in=entry["themes"]))
    article.programmes = list(Programme.objects.filter(slug__in=entry["programmes"]))
    article.territories = [place for key in entry["territories"] if (place := chosen_territory(key))]
    article.pictures = in_order(
        GalleryPicture(image=pictures[photo["picture"]], alt=typeset(photo["alt"]), caption=typeset(photo["caption"]))
        for photo in entry.get("photos", ())
    )
    article.interviewees = in_order(interviewee_of(person) for person in entry.get("people", ()))
    return article


def pairs_of(body: list[dict]) -> Iterator[dict]:
    """The questions of an interview: each heading, and the text under it."""
    for heading, text in pairwise(body):
        if heading["type"] == "heading":
            yield new_block("question", {"question": heading["value"]["text"], "answer": text["value"]})


def interviewee_of(person: dict) -> Interviewee:
    """Somebody who answers, and the actor for whom they speak."""
    actor = ActorPage.objects.filter(external_ref=person["actor"]).first() if "actor" in person else None
    return Interviewee(name=typeset(person["name"]), role=typeset(person["role"]), actor=actor)


def link_pages(entries: list[dict]) -> None:
    """The links of the data file, between articles and to actors."""
    kinds = {"links": (LinkKind.RELATED, reference), "actors": (LinkKind.ACTOR, str)}
    for entry in entries:
        source = BasePage.objects.by_external_ref(reference(entry["ref"])).get()
        for name, (kind, find) in kinds.items():
            for target in BasePage.objects.filter(external_ref__in=[find(ref) for ref in entry.get(name, ())]):
                PageLink.objects.get_or_create(source=source, target=target, kind=kind)
