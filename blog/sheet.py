"""What an article says, ready for its template and for search engines."""

from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst

from annuaire.models import ActorPage
from blog.kinds import SCHEMA_TYPES, ArticleKind
from blog.listings import ArticleListing
from blog.models import ArticlePage, Author, GalleryPicture
from blog.related import related_articles
from territoires_en_commun.base.addresses import Place, place_of
from territoires_en_commun.base.formats import full_date
from territoires_en_commun.base.headings import parts_of
from territoires_en_commun.base.links import LinkGroup
from territoires_en_commun.base.listing import FeedLink, feed_links
from territoires_en_commun.base.listing.display import Row
from territoires_en_commun.base.models import CustomImage, LinkKind, Partner
from territoires_en_commun.base.models.links import TITLES
from territoires_en_commun.base.pictures import SOCIAL_PICTURE
from territoires_en_commun.base.sheets import PageSheet
from territoires_en_commun.base.site_info import Link, get_site_info
from territoires_en_commun.territories.models import TerritoryType

INDEX_DEPTH = 3  # in the tree: the root, the home page, the blog
FOLLOWED = {
    ArticleKind.NEWS: "les actualités de partenaires",
    ArticleKind.REPORT: "les reportages",
    ArticleKind.INTERVIEW: "les entretiens",
    ArticleKind.FOCUS: "les focus",
}


class Speaker(NamedTuple):
    """Somebody who answers an interview; ``actor`` is empty when visitors may not see its fiche."""

    name: str
    role: str
    actor: Link | None


class ArticleSheet(PageSheet):
    """The data of one article; each property queries once."""

    def __init__(self, article: ArticlePage, request: HttpRequest):
        super().__init__(article)
        # A draft may have no kind yet: it is shown as the plainest one.
        self.kind = ArticleKind(article.kind) if article.kind else ArticleKind.FOCUS
        self.listing = ArticleListing(request)

    @property
    def kind_template(self) -> str:
        """The part of the page that differs from a kind to another."""
        return f"blog/kinds/{self.kind.value}.html"

    @property
    def kind_label(self) -> str:
        """« Reportage »."""
        return capfirst(self.kind.label)

    @property
    def published(self) -> str:
        """« 12 mars 2024 »."""
        return full_date(self.page.published_at.date())

    @property
    def updated(self) -> str:
        """« 4 mai 2025 », when another version came on a later day than the first; else empty."""
        first, last = self.page.first_published_at, self.page.last_published_at
        if not (first and last) or timezone.localdate(last) <= timezone.localdate(first):
            return ""
        return full_date(timezone.localdate(last))

    @property
    def is_old(self) -> bool:
        """Whether readers are told that the article is old."""
        return self.page.is_old(timezone.localdate())

    @cached_property
    def authors(self) -> list[Author]:
        """Who signs, in order."""
        return [signature.author for signature in self.page.signatures.select_related("author")]

    @property
    def partner(self) -> Partner | None:
        """The organisation that publishes."""
        return self.page.partner

    @property
    def parts(self) -> list[dict[str, str]]:
        """The table of contents of a long focus."""
        return parts_of(self.page.body) if self.kind == ArticleKind.FOCUS else []

    @cached_property
    def pictures(self) -> list[GalleryPicture]:
        """The gallery of a report."""
        return list(self.page.pictures.select_related("image"))

    @property
    def shown_pictures(self) -> dict[str, list[CustomImage | None]]:
        """The pictures of the page, by shape: the first of a gallery is as wide as the text."""
        body = self.page.body.stream_block.pictures(self.page.body)
        gallery = [row.image for row in self.pictures] if self.kind == ArticleKind.REPORT else []
        return {
            "content": [self.page.image, *gallery[:1], *body["content"]],
            "half": gallery[1:],
            "logo": [self.partner.logo] if self.partner else [],
            "card": [*(row.page.image for row in self.related), *body["card"]],
        }

    @cached_property
    def speakers(self) -> list[Speaker]:
        """Who answers the interview, with the fiche of their organisation when it is public."""
        people = list(self.page.interviewees.all()) if self.kind == ArticleKind.INTERVIEW else []
        wanted = {person.actor_id for person in people if person.actor_id}
        actors = self.listing.visibility.visible(ActorPage.objects.filter(pk__in=wanted)) if wanted else ()
        fiches = {actor.pk: Link(actor.name, actor.get_url()) for actor in actors}
        return [Speaker(person.name, person.role, fiches.get(person.actor_id)) for person in people]

    # Where it leads

    @cached_property
    def index_url(self) -> str:
        """The address of the blog: that of the article, less its own part and that of its section."""
        return f"{(self.page.get_url() or '').rstrip('/').rsplit('/', self.page.depth - INDEX_DEPTH)[0]}/"

    def _list(self, **parameters: str) -> str:
        return f"{self.index_url}?{urlencode(parameters)}"

    @property
    def kind_url(self) -> str:
        """The articles of the same kind."""
        return self._list(type=self.kind.value)

    @property
    def partner_url(self) -> str:
        """The articles of the same partner."""
        return self._list(partenaire=self.page.partner.slug)

    @cached_property
    def _places(self) -> list:
        return self.terms("territories")

    @property
    def territories(self) -> list[Place]:
        """The territories that it speaks of, by name."""
        return sorted((place_of(territory) for territory in self._places), key=lambda place: place.name)

    @cached_property
    def related(self) -> list[Row]:
        """What to read next."""
        linked = [page.pk for group in self.linked if group.title in TITLES[LinkKind.RELATED] for page in group.pages]
        themes = [theme.slug for theme in self.theme_terms]
        # The country is shared by half of the articles: it says nothing.
        territories = [territory.pk for territory in self._places if territory.type != TerritoryType.PAYS]
        chosen = related_articles(self.page, self.listing, linked=linked, themes=themes, territories=territories)
        return ArticleListing.quoted().quoted_rows(chosen)

    @cached_property
    def links(self) -> list[LinkGroup]:
        """The links that ``related`` does not show already."""
        shown = {row.page.pk for row in self.related}
        groups = [
            LinkGroup(group.title, tuple(page for page in group.pages if page.pk not in shown), group.more)
            for group in self.linked
        ]
        return [group for group in groups if group.pages]

    @property
    def feeds(self) -> list[FeedLink]:
        """The feeds of the articles of the same kind."""
        return feed_links(self.index_url, {"type": [self.kind.value]}, f"{self.kind_label} – {get_site_info().name}")

    @property
    def followed(self) -> str:
        """What these feeds give: « les reportages »."""
        return FOLLOWED[self.kind]

    # For search engines

    @property
    def structured_data(self) -> dict:
        """The article as schema.org describes one: what the page shows, nothing else."""
        article, site = self.page, get_site_info()
        publisher = {"@type": "GovernmentOrganization", "name": site.operator_name or site.name}
        data = {
            "@context": "https://schema.org",
            "@type": SCHEMA_TYPES[self.kind],
            "headline": article.title,
            "description": article.summary,
            "genre": self.kind_label,
            "inLanguage": "fr",
            "isAccessibleForFree": True,
            "mainEntityOfPage": settings.SITE_URL + (article.get_url() or "/"),
            "datePublished": iso(article.published_at),
            "dateModified": iso(max(article.published_at, article.last_published_at or article.published_at)),
            "author": self._authors() or [publisher],
            "publisher": {**publisher, "url": settings.SITE_URL},
            "image": self._image(),
            "contributor": [self._person(speaker.name, speaker.role) for speaker in self.speakers],
            "keywords": [theme.name for theme in self.theme_terms],
            "spatialCoverage": [{"@type": "AdministrativeArea", "name": place.name} for place in self.territories],
        }
        return {key: value for key, value in data.items() if value}

    def _authors(self) -> list[dict]:
        people = [self._person(author.name, author.role) for author in self.authors]
        partner = self.page.partner
        if people or partner is None:
            return people
        organisation = {"@type": "Organization", "name": partner.name, "url": partner.website}
        return [{key: value for key, value in organisation.items() if value}]

    @staticmethod
    def _person(name: str, role: str) -> dict:
        return {"@type": "Person", "name": name, **({"jobTitle": role} if role else {})}

    def _image(self) -> str:
        if self.page.image is None:
            return ""
        url = self.page.image.get_rendition(SOCIAL_PICTURE).url
        return url if "://" in url else settings.SITE_URL + url


def iso(moment: datetime) -> str:
    """A moment in ISO 8601, with the offset of France."""
    return timezone.localtime(moment).isoformat(timespec="seconds")
