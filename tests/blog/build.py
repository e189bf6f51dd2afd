"""Builds articles for the tests: complete ones of each kind, published in the blog."""

from datetime import timedelta

from django.utils import timezone

from blog.models import ArticleIndexPage, ArticlePage, GalleryPicture, Interviewee, Signature
from territoires_en_commun.base.html_blocks import new_block
from territoires_en_commun.base.models import BasePage, CustomImage
from territoires_en_commun.base.ordering import in_order
from tests.factories import AuthorFactory, ImageFactory, PartnerFactory, ThemeFactory, UserFactory
from tests.pages.publishing import put

KINDS = ("actualite", "reportage", "entretien", "focus")


def text_blocks(text="Le récit."):
    return [new_block("text", f"<p>{text}</p>")]


def question(text="Et ensuite ?", answer="<p>On recommence.</p>"):
    return new_block("question", {"question": text, "answer": answer})


def picture(**fields):
    """A picture of a gallery that lacks nothing."""
    fields.setdefault("image", library_image())
    return GalleryPicture(**{"alt": "Des étals sous une halle.", "caption": "Un samedi de marché", **fields})


def library_image(**fields):
    """A picture of the library; the first one serves again, for drawing one takes time."""
    return ImageFactory(**fields) if fields else CustomImage.objects.first() or ImageFactory()


# What each kind asks for, besides what any article does.
OWN_PARTS = {
    "actualite": lambda: {"partner": PartnerFactory()},
    "reportage": lambda: {"pictures": [picture()]},
    "entretien": lambda: {"questions": [question()], "interviewees": [Interviewee(name="Lina Hypothèse")]},
}


def complete_article(kind="focus", **fields):
    """An unsaved article of that kind that lacks nothing."""
    fields = {**OWN_PARTS.get(kind, dict)(), **fields}
    rows = {name: fields.pop(name, ()) for name in ("pictures", "interviewees")}
    authors = fields.pop("authors") if "authors" in fields else [AuthorFactory()]
    many = {name: fields.pop(name, ()) for name in ("programmes", "territories")}
    themes = fields.pop("themes", None)
    article = ArticlePage(
        **{
            "title": "La halle a rouvert",
            "kind": kind,
            "summary": "Onze étals et une file d’attente.",
            "body": text_blocks(),
            "review_date": timezone.localdate() + timedelta(days=365),
            "review_owner": fields.pop("review_owner", None) or UserFactory(),
            "live": False,
            **fields,
        }
    )
    article.themes = themes if themes is not None else [ThemeFactory()]
    for name, values in rows.items():
        setattr(article, name, in_order(values))
    for name, values in many.items():
        setattr(article, name, list(values))
    article.signatures = in_order(Signature(author=author) for author in authors)
    return article


def make_article(kind="focus", *, live=True, parent=None, **fields):
    """A complete article in the blog, published unless ``live`` is false."""
    article = complete_article(kind, **fields)
    parent = BasePage.objects.get(pk=(parent or ArticleIndexPage.objects.get()).pk)
    return put(parent, article, live=live)
