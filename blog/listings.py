"""The listings of articles: the whole blog, and the section of a partner."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.text import capfirst

from blog.kinds import ArticleKind
from blog.models import ArticlePage
from territoires_en_commun.base.formats import full_date
from territoires_en_commun.base.listing import (
    NEAREST,
    RECENT,
    RELEVANCE,
    TITLE,
    Archive,
    ChoiceFacet,
    Column,
    FeedItem,
    FeedListing,
    MonthFilter,
    PeriodFilter,
    ProgrammeFacet,
    Sort,
    TermFacet,
    TerritoryFilter,
    TextFilter,
    ThemeFacet,
    YearFilter,
)
from territoires_en_commun.base.listing.display import Row
from territoires_en_commun.base.models import Partner
from territoires_en_commun.base.pictures import prepare_pictures

KIND = ChoiceFacet(
    "type", "Type d’article", "kind", [(value, capfirst(label)) for value, label in ArticleKind.choices]
)
YEAR = YearFilter("annee", "Année", lookup="published_on", said="Publié en {}")
MONTH = MonthFilter("mois", "Mois", lookup="published_on", said="Publié en {}")
PARTNER = TermFacet("partenaire", "Partenaires", relation="partner", model=Partner)
LATEST = Sort(RECENT.name, RECENT.label, "published_on", reverse=True)
# Ninety columns make an article, of which a list shows these; ``uuid`` and ``last_published_at`` are for feeds.
SHOWN_FIELDS = (
    *("title", "slug", "url_path", "path", "depth", "locale", "content_type", "live", "summary", "image", "uuid"),
    *("kind", "published_on", "first_published_at", "last_published_at", "partner__name"),
)


class ArticleListing(FeedListing):
    """The articles of the blog."""

    nouns = ("article", "articles")
    no_result = "Aucun article"
    search_label = "Rechercher un article"
    results_title = "Articles"
    item_template = "blog/article_item.html"
    per_page = 12  # cards with pictures weigh more than lines of text (ECO-1)
    filters = (TextFilter(), KIND, ThemeFacet(), ProgrammeFacet(), PARTNER, TerritoryFilter(), YEAR, MONTH)
    sorts = (RELEVANCE, NEAREST, LATEST, TITLE)

    def pages(self) -> QuerySet:
        return ArticlePage.objects.all()

    def item_pages(self, pages: QuerySet) -> QuerySet:
        return pages.only(*SHOWN_FIELDS).select_related("image", "partner")

    @cached_property
    def items(self) -> list[ArticlePage]:
        """The articles shown, their pictures ready."""
        found = super().items
        prepare_pictures(card=[page.image for page in found])
        return found

    def row(self, page: ArticlePage) -> Row:
        return Row(page, page.get_url(), self.detail(page), self.theme_labels(page))

    def detail(self, page: ArticlePage) -> str:
        """« Reportage – 12 mars 2024 », with the partner when there is one."""
        day = full_date(page.published_at.date())
        return " – ".join(filter(None, [capfirst(page.get_kind_display()), self.partner_label(page), day]))

    def partner_label(self, page: ArticlePage) -> str:
        """The name of the partner, empty when there is none; nothing is read for it."""
        return page.partner.name if page.partner else ""

    # Archives

    @cached_property
    def archives(self) -> list[Archive]:
        """The years where there are results, the latest first, and the months of the year chosen."""
        others = {name: pks for name, pks in self.selections.items() if name not in {YEAR.name, MONTH.name}}
        among = self.kept_by(others)
        chosen = (self.values.get(YEAR.name) or self.values.get(MONTH.name, ""))[: YEAR.length]
        return [
            year._replace(months=list(self._archives(MONTH, among, period)) if period == chosen else [])
            for year in self._archives(YEAR, among)
            if (period := year.label)
        ]

    def _archives(self, filter_: PeriodFilter, among: frozenset[int], prefix: str = "") -> Iterator[Archive]:
        part = self.part(filter_)
        current = self.values.get(filter_.name)
        kept = {name: values for name, values in self.parameters.items() if name not in {YEAR.name, MONTH.name}}
        for period in sorted(part, reverse=True):
            count = len(part[period] & among)
            if count and period.startswith(prefix):
                url = self.url({**kept, filter_.name: [period]})
                yield Archive(filter_.words(period), url, count, period == current, [])

    # Feeds and files

    @property
    def feed_name(self) -> str:
        return "Actualités"

    def feed_pages(self, pages: QuerySet) -> QuerySet:
        return pages.only(*SHOWN_FIELDS).select_related("partner").prefetch_related("signatures__author")

    def export_pages(self, pages: QuerySet) -> QuerySet:
        return super().export_pages(pages).select_related("partner")

    def feed_item(self, page: ArticlePage) -> FeedItem:
        authors = ", ".join(signature.author.name for signature in page.signatures.all())
        kind = capfirst(page.get_kind_display())
        author = authors or self.partner_label(page)
        return FeedItem(page, page.published_at, author, [kind, *self.theme_labels(page)])

    def columns(self) -> list[Column]:
        kind = Column("Type d’article", lambda page: page.get_kind_display())
        day = Column("Publié le", lambda page: page.published_on)
        partner = Column("Partenaire", self.partner_label)
        own = {"Type": [kind, partner], "Publié le": [day]}
        return [column for common in super().columns() for column in own.get(common.header, [common])]


class SectionListing(ArticleListing):
    """The articles of a partner's section, which is the scope."""

    filters = tuple(filter_ for filter_ in ArticleListing.filters if filter_ is not PARTNER)

    def pages(self) -> QuerySet:
        return super().pages().child_of(self.scope)

    def partner_label(self, page: ArticlePage) -> str:
        return ""

    @property
    def feed_name(self) -> str:
        return self.scope.title
