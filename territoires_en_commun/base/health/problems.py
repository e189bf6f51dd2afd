"""The problems that published pages may have, each as a condition that the database judges for all of them at once."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Length, Substr
from django.utils import timezone
from wagtail.models import ReferenceIndex, Site, get_default_page_content_type, get_page_models

from territoires_en_commun.base.drafts import content_types
from territoires_en_commun.base.models import BasePage, CustomDocument, IndexPage, LinkState, LinkUse
from territoires_en_commun.base.site_info import MENU_DEPTH, OPTIONAL_FOOTER_LINKS

UNREVIEWED_FOR = dt.timedelta(days=365)
HOME_DEPTH = 2


@dataclass(frozen=True)
class Problem:
    """A problem: the word of its address, its name, what to do about it, and the pages that have it on a given day."""

    key: str
    label: str
    advice: str
    condition: Callable[[dt.date], Q]


def types_where(attribute: str) -> list[ContentType]:
    """The page types of which a class attribute is true."""
    models = [model for model in get_page_models() if getattr(model, attribute)]
    return list(ContentType.objects.get_for_models(*models).values())


def index_types() -> list[ContentType]:
    """The page types that are lists."""
    models = [model for model in get_page_models() if issubclass(model, IndexPage)]
    return list(ContentType.objects.get_for_models(*models).values())


def is_content() -> Q:
    return Q(content_type__in=content_types())


def due_for_review(today: dt.date) -> Q:
    return Q(review_date__lte=today)


def unreviewed(today: dt.date) -> Q:
    """Nobody published them for a year; lists change by themselves."""
    oldest = timezone.make_aware(dt.datetime.combine(today - UNREVIEWED_FOR, dt.time.min))
    return Q(last_published_at__lt=oldest) & ~Q(content_type__in=index_types())


def without_owner(_today: dt.date) -> Q:
    return is_content() & (Q(review_owner=None) | Q(review_owner__is_active=False))


def without_theme(_today: dt.date) -> Q:
    themed = BasePage.themes.through.objects.values("basepage_id")
    return is_content() & ~Q(pk__in=themed)


def without_summary(_today: dt.date) -> Q:
    return Q(summary="", search_description="")


def with_undescribed_image(_today: dt.date) -> Q:
    return Q(image__isnull=False, image_alt="", image_decorative=False)


def with_dead_link(_today: dt.date) -> Q:
    return Q(pk__in=LinkUse.objects.filter(link__state=LinkState.DEAD).values("page_id"))


def with_inaccessible_pdf(_today: dt.date) -> Q:
    """They lead to a PDF that some readers can't read (RGAA 13.3)."""
    lacking = CustomDocument.objects.without_accessible_version().values("pk")
    references = page_references(CustomDocument).filter(target__in=lacking)
    return Q(pk__in=references.values("source"))


def orphan(_today: dt.date) -> Q:
    """Nothing leads to them: neither the menu nor the footer, a list above them, a page, a typed address."""
    in_frame = Q(show_in_menus=True, depth__lte=MENU_DEPTH) | Q(content_type__in=types_where("is_in_frame"))
    in_frame |= Q(depth=HOME_DEPTH + 1, slug__in=[link.url.strip("/") for link in OPTIONAL_FOOTER_LINKS])
    live = BasePage.objects.live().values("pk")
    referred = page_references(BasePage).exclude(object_id=F("to_object_id")).filter(source__in=live)
    linked = Q(pk__in=referred.values("target")) | Q(pk__in=with_typed_address())
    return Q(depth__gt=HOME_DEPTH) & ~in_frame & ~listed() & ~linked


def listed() -> Q:
    """A list shows them: they are somewhere below an index page, or right below a page that lists its children."""
    found = Q(pk__in=[])
    for path in BasePage.objects.live().filter(content_type__in=index_types()).values_list("path", flat=True):
        found |= Q(path__startswith=path, depth__gt=len(path) // BasePage.steplen)
    parents = BasePage.objects.live().filter(content_type__in=types_where("lists_children")).values("path")
    below = BasePage.objects.alias(parent_path=Substr("path", 1, Length("path") - BasePage.steplen))
    return found | Q(pk__in=below.filter(parent_path__in=parents).values("pk"))


def with_typed_address() -> QuerySet:
    """Pages to which another one leads by their address."""
    root = Site.objects.filter(is_default_site=True).values_list("root_page__url_path", flat=True).first() or "/"
    address = Concat(Value(f"{settings.SITE_URL}/"), Substr("url_path", len(root) + 1))
    elsewhere = LinkUse.objects.filter(link__url=OuterRef("address")).exclude(page=OuterRef("pk"))
    return BasePage.objects.alias(address=address).filter(Exists(elsewhere)).values("pk")


def page_references(target: type) -> QuerySet:
    """What pages point at among the rows of a model: ``source`` and ``target`` are the keys of both."""
    return ReferenceIndex.objects.filter(
        base_content_type=get_default_page_content_type(),
        to_content_type=ContentType.objects.get_for_model(target),
    ).annotate(source=Cast("object_id", BigIntegerField()), target=Cast("to_object_id", BigIntegerField()))


PROBLEMS = (
    Problem("revue", "Date de revue passée", "Relire la page, puis donner une nouvelle date.", due_for_review),
    Problem("ancienne", "Pas revue depuis 12 mois", "Relire la page, puis la publier de nouveau.", unreviewed),
    Problem("responsable", "Sans responsable", "Désigner une personne dont le compte est actif.", without_owner),
    Problem("thematique", "Sans thématique", "Choisir de une à cinq thématiques.", without_theme),
    Problem("resume", "Sans résumé", "Écrire un résumé.", without_summary),
    Problem("image", "Image sans description", "Décrire l’image, ou la dire décorative.", with_undescribed_image),
    Problem("lien", "Lien mort", "Remplacer ou retirer le lien.", with_dead_link),
    Problem("pdf", "PDF sans version accessible", "Joindre au document sa version accessible.", with_inaccessible_pdf),
    Problem("orpheline", "Orpheline", "La mettre au menu, ou y mener depuis une autre page.", orphan),
)
