"""The base of every page."""

import datetime as dt
import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxLengthValidator
from django.db import models
from django.http import Http404
from django.utils.functional import classproperty
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.log_actions import get_active_log_context
from wagtail.models import AbstractPage, DefaultBasePageMixin, PageManager, PageViewRestriction, Site
from wagtail.models.pages import AbstractPageMeta
from wagtail.query import PageQuerySet
from wagtail.search import index

from territoires_en_commun.base import publication
from territoires_en_commun.base.panels import page_tabs
from territoires_en_commun.base.previews import PreviewsMixin
from territoires_en_commun.base.registry import SearchTraits
from territoires_en_commun.territories.models import Territory, TerritoryClosure

from .changes import mark_change
from .links import LinkKind
from .routes import is_a_view
from .taxonomies import Audience, Partner, Programme, Theme
from .visibility import private_paths


class Licence(models.TextChoices):
    """Licences under which a content can be reused."""

    ETALAB_2 = "etalab-2.0", "Licence Ouverte 2.0"
    CC_BY_4 = "cc-by-4.0", "CC BY 4.0"
    CC_BY_SA_4 = "cc-by-sa-4.0", "CC BY-SA 4.0"
    CC_BY_NC_4 = "cc-by-nc-4.0", "CC BY-NC 4.0"
    CC_BY_ND_4 = "cc-by-nd-4.0", "CC BY-ND 4.0"
    CC_BY_NC_ND_4 = "cc-by-nc-nd-4.0", "CC BY-NC-ND 4.0"
    ALL_RIGHTS = "tous-droits", "Tous droits réservés"

    @property
    def url(self) -> str:
        """The text of the licence; empty when all rights are reserved."""
        if self == Licence.ETALAB_2:
            return "https://github.com/etalab/licence-ouverte/blob/master/LO.md"
        if self == Licence.ALL_RIGHTS:
            return ""
        return (
            f"https://creativecommons.org/licenses/{self.value.removeprefix('cc-').removesuffix('-4.0')}/4.0/deed.fr"
        )

    @property
    def allows_adaptations(self) -> bool:
        """Whether the content may be changed and published again."""
        return self not in (Licence.CC_BY_ND_4, Licence.CC_BY_NC_ND_4, Licence.ALL_RIGHTS)


class BasePageQuerySet(PageQuerySet):
    """Reads that every kind of page shares."""

    def private_q(self):
        """As Wagtail's, from the paths of the private sections, which the page being read asks for once."""
        private = models.Q()
        for path in private_paths():
            private |= models.Q(path__startswith=path)
        return private or models.Q(pk__in=[])

    def live_public(self):
        """Pages that any visitor can read: published, and under no privacy restriction."""
        return self.live().public()

    def with_theme(self, theme: Theme):
        """Pages on a theme, on one of its sub-themes, or still tagged with a term that it replaced."""
        links = BasePage.themes.through.objects.filter(theme_id__in=Theme.objects.family_ids(theme))
        return self.filter(pk__in=links.values("basepage_id"))

    def for_territory(self, territory: Territory, *, wider: bool = False):
        """Pages that speak of a territory or of one inside it; ``wider`` adds those on what contains it."""
        inside = TerritoryClosure.objects.filter(ancestor=territory).values("descendant_id")
        territories = models.Q(territory_id__in=inside)
        if wider:
            around = TerritoryClosure.objects.filter(descendant=territory).values("ancestor_id")
            territories |= models.Q(territory_id__in=around)
        links = BasePage.territories.through.objects.filter(territories)
        return self.filter(pk__in=links.values("basepage_id"))

    def due_for_review(self, today: dt.date):
        """Published pages whose day of review has come."""
        return self.filter(live=True, review_date__lte=today)

    def by_external_ref(self, reference: str):
        """The page that an import created under this reference of its source, or an empty set."""
        return self.filter(external_ref=reference) if reference else self.none()

    # Writes that send no signal tell of the change themselves.

    def update(self, **values):
        """As Django's, and the lists are told."""
        mark_change()
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, *args, **kwargs):
        """As Django's, and the lists are told."""
        mark_change()
        return super().bulk_create(*args, **kwargs)


class BasePageManager(PageManager.from_queryset(BasePageQuerySet)):
    """The default manager of pages; treebeard and Wagtail need it to derive from theirs."""


class BasePage(PreviewsMixin, AbstractPage, DefaultBasePageMixin):
    """What every page has.

    Pages of ``is_content`` types follow the publication rules of :mod:`territoires_en_commun.base.publication`;
    the home, index and legal pages set it to false.
    """

    is_content: ClassVar[bool] = True
    is_actor: ClassVar[bool] = False  # sheets of actors are suggested apart from contents
    # A room that has its own block on « Ma commune » keeps its pages out of the general one.
    has_own_territory_block: ClassVar[bool] = False
    # Whether its template lists the pages below it, and whether the frame of every page leads to it: what neither does
    # is an orphan unless something else does (see base/health/problems.py).
    lists_children: ClassVar[bool] = False
    is_in_frame: ClassVar[bool] = False
    # The links that editors of this type are offered (see base/links.py); none hides their panel.
    link_kinds: ClassVar[tuple[LinkKind, ...]] = ()
    # Foreign keys that the page shows, read with it when a visitor asks for it.
    shown_relations: ClassVar[tuple[str, ...]] = ()
    # Whether it was read from the database to answer a visitor: a version that is previewed was not.
    is_as_published = False

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_ref = models.CharField(
        "référence externe", max_length=255, blank=True, editable=False, help_text="Source et identifiant d’origine."
    )
    summary = models.TextField(
        "résumé",
        max_length=300,
        blank=True,
        validators=[MaxLengthValidator(300)],  # Django only limits a TextField in forms
        help_text="300 caractères au plus : ce que la page apporte, et à qui.",
    )
    image = models.ForeignKey(
        "base.CustomImage", verbose_name="image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    image_alt = models.CharField(
        "texte alternatif de l’image",
        max_length=255,
        blank=True,
        help_text="Ce que l’image apporte à qui ne la voit pas.",
    )
    image_decorative = models.BooleanField(
        "image décorative",
        default=False,
        help_text="L’image n’apporte aucune information : les lecteurs d’écran l’ignoreront.",
    )
    themes = ParentalManyToManyField(
        Theme, verbose_name="thématiques", blank=True, related_name="pages", help_text="De une à cinq."
    )
    programmes = ParentalManyToManyField(Programme, verbose_name="programmes", blank=True, related_name="pages")
    audiences = ParentalManyToManyField(
        Audience,
        verbose_name="publics",
        blank=True,
        related_name="pages",
        help_text="À qui la page s’adresse ; aucun : à tout le monde.",
    )
    territories = ParentalManyToManyField(
        Territory,
        verbose_name="territoires",
        blank=True,
        related_name="pages",
        help_text="Communes, intercommunalités, départements ou régions dont parle la page.",
    )
    partner = models.ForeignKey(
        Partner,
        verbose_name="partenaire",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pages",
        help_text="L’organisation qui publie cette page.",
    )
    licence = models.CharField(
        "licence",
        max_length=20,
        choices=Licence.choices,
        default=Licence.ETALAB_2,
        help_text="Ce que les lecteurs peuvent faire de ce contenu.",
    )
    review_date = models.DateField(
        "date de revue", null=True, blank=True, help_text="Le jour où ce contenu devra être relu et mis à jour."
    )
    review_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="responsable de la revue",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reviewed_pages",
        help_text="La personne prévenue quand la date de revue approche.",
    )

    objects = BasePageManager()

    exclude_fields_in_copy: ClassVar[list[str]] = ["uuid", "external_ref"]

    content_panels = [
        *AbstractPage.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(["image", "image_alt", "image_decorative"], heading="Image"),
    ]
    classification_panels: ClassVar[list] = [
        FieldPanel("themes", required_on_save=False),
        FieldPanel("programmes"),
        FieldPanel("territories", required_on_save=False),
        FieldPanel("partner"),
        FieldPanel("licence"),
    ]
    review_panels: ClassVar[list] = [FieldPanel("review_date"), FieldPanel("review_owner")]
    promote_panels = DefaultBasePageMixin.promote_panels

    search_fields = [
        *AbstractPage.search_fields,
        *DefaultBasePageMixin.search_fields,
        index.SearchField("summary", boost=2),
        index.RelatedFields("themes", [index.SearchField("name"), index.SearchField("synonyms")]),
        index.RelatedFields("programmes", [index.SearchField("name"), index.SearchField("acronym")]),
        index.FilterField("review_date"),
        index.FilterField("external_ref"),
    ]

    class Meta(AbstractPageMeta):
        verbose_name = "page"
        verbose_name_plural = "pages"
        constraints = [
            models.UniqueConstraint(
                fields=["external_ref"],
                condition=~models.Q(external_ref=""),
                name="basepage_external_ref_unique",
                violation_error_message="Un contenu porte déjà cette référence externe.",
            )
        ]

    @classproperty
    def edit_handler(cls):  # noqa: N805 - a class property, read once per page type by Wagtail
        return page_tabs(cls)

    def content_gaps(self, approved_go_live_at=None):
        """Yield what this version lacks to be published; page types add their own rules after ``super()``."""
        yield from publication.summary_gaps(self.summary)
        yield from publication.image_gaps(self.image_id is not None, self.image_alt, self.image_decorative)
        yield from publication.themes_gaps(len(self.themes.all()))
        yield from publication.review_date_gaps(
            self.review_date,
            live_review_date=self.live_review_date,
            go_live_at=self.go_live_at,
            approved_go_live_at=approved_go_live_at,
        )
        yield from publication.review_owner_gaps(self.review_owner)

    @staticmethod
    def _slug_is_available(slug, parent_page, page=None):
        """As Wagtail's; a slug whose address a view of the site answers (``/experiences/partager/``) is taken."""
        return AbstractPage._slug_is_available(slug, parent_page, page) and not is_a_view(parent_page, slug)

    # What a visitor asks for

    @staticmethod
    def route_for_request(request, path):
        """As Wagtail's; the home page is read in whole only when it is the one asked for."""
        components = [component for component in path.split("/") if component]
        if components and not hasattr(request, "_wagtail_route_for_request"):
            try:
                site = Site.find_for_request(request)
                request._wagtail_route_for_request = site and site.root_page.route(request, components)
            except Http404:
                request._wagtail_route_for_request = None
        return AbstractPage.route_for_request(request, path)

    def route(self, request, path_components):
        """As Wagtail's, in two queries whatever the depth: Wagtail reads each page on the way, twice."""
        if not path_components:
            return super().route(request, path_components)
        below = BasePage.objects.descendant_of(self).filter(
            slug__in=path_components, depth__lte=self.depth + len(path_components)
        )
        rows = {(row[0], row[1]): row for row in below.values_list("path", "slug", "pk", "content_type_id", "live")}
        row, path = None, self.path
        for slug in path_components:
            row = next((r for (p, s), r in rows.items() if s == slug and p[: -self.steplen] == path), None)
            if row is None:
                raise Http404
            path = row[0]
        *_, pk, content_type, live = row
        if not live:
            raise Http404
        model = ContentType.objects.get_for_id(content_type).model_class()
        page = model._default_manager.select_related(*model.shown_relations).get(pk=pk)
        page.is_as_published = True
        return page.route(request, [])

    def get_admin_display_title(self):
        """The title in progress for those who may edit the page; to others, the one that visitors read."""
        reader = get_active_log_context().user  # whoever asks for a screen of the editing space
        is_rewritten = self.live and self.draft_title != self.title
        if reader and is_rewritten and not self.permissions_for_user(reader).can_edit():
            return self.title
        return super().get_admin_display_title()

    def get_view_restrictions(self):
        """As Wagtail's; nothing more is asked of the database when no section is private."""
        return super().get_view_restrictions() if private_paths() else PageViewRestriction.objects.none()

    def search_traits(self) -> SearchTraits:
        """What the search knows of this page beside the texts of ``search_fields``; page types say theirs."""
        return SearchTraits()

    def remarks(self):
        """Yield the name of a field and a remark for the editor; page types say what their contents call for."""
        return ()

    @property
    def live_review_date(self):
        """The review date of the version that visitors read, or None."""
        return BasePage.objects.filter(pk=self.pk, live=True).values_list("review_date", flat=True).first()

    def save(self, clean=True, user=None, log_action=False, **kwargs):
        """Raise PublicationRefused when the page would become live, or a new version of it, with gaps."""
        if self._state.adding and self.alias_of_id:  # Wagtail's aliases copy every field
            self.uuid = uuid.uuid4()
            self.external_ref = ""
        if self._is_going_live(kwargs.get("update_fields")):
            revision = self.live_revision
            if not getattr(revision, "was_judged_complete", False):
                approved = revision.approved_go_live_at if revision else None
                if gaps := publication.publication_gaps(self, approved_go_live_at=approved):
                    raise publication.PublicationRefused(self, gaps)
        super().save(clean=clean, user=user, log_action=log_action, **kwargs)

    def _is_going_live(self, update_fields) -> bool:
        # An alias only follows a page that was judged itself.
        if not (self.live and self.is_content) or self.alias_of_id:
            return False
        if update_fields is not None and "live" not in update_fields:
            return False
        before = BasePage.objects.filter(pk=self.pk).values_list("live", "live_revision_id").first()
        return before != (True, self.live_revision_id)

    def publish(  # noqa: PLR0913, PLR0917 - Wagtail's signature
        self,
        revision,
        user=None,
        changed=True,
        log_action=True,
        previous_revision=None,
        skip_permission_checks=False,
    ):
        """Publish or schedule a revision.

        Raise PublicationRefused when the revision has gaps. A scheduled publication that became impossible
        meanwhile is cancelled instead, and its authors are told: other scheduled pages must not wait for it.
        """
        gaps = publication.revision_gaps(revision)
        if gaps and log_action == "wagtail.publish.scheduled":
            from territoires_en_commun.base.services import cancel_scheduled_publication

            return cancel_scheduled_publication(revision=revision, gaps=gaps)
        if gaps:
            raise publication.PublicationRefused(self, gaps)
        return super().publish(
            revision,
            user=user,
            changed=changed,
            log_action=log_action,
            previous_revision=previous_revision,
            skip_permission_checks=skip_permission_checks,
        )

    def with_content_json(self, content):
        """As Wagtail's; what identifies the page (``uuid``, ``external_ref``) never comes from a revision."""
        page = super().with_content_json(content)
        page.uuid = self.uuid
        page.external_ref = self.external_ref
        return page
