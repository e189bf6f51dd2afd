"""« Auteurs », governed as the other lists are, and the list of articles."""

from typing import ClassVar

import django_filters
from django import forms
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from blog.kinds import ArticleKind
from blog.models import ArticlePage, Author, Signature
from territoires_en_commun.base.admin_columns import DayColumn
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.page_listings import PageListing, TypedPageFilters
from territoires_en_commun.base.term_views import TermChooserViewSet, TermUsageView
from territoires_en_commun.base.viewsets import PAGES_COLUMN, STATUS_COLUMN, TermFilterSet, TermViewSet


class AuthorFilterSet(TermFilterSet):
    class Meta:
        model = Author
        fields: ClassVar[list[str]] = []


class AuthorChooserViewSet(TermChooserViewSet):
    """Chooses authors of an article, and adds the one who is missing without leaving it."""

    icon = "user"
    form_fields = ["name", "role"]
    create_action_label = "Ajouter cet auteur"
    creation_tab_label = "Nouvel auteur"


class AuthorUsageView(TermUsageView):
    """The articles that an author signs."""

    def using(self):
        signed = ArticlePage.objects.filter(signatures__author=self.object)
        return BasePage.objects.filter(pk__in=signed.values("pk"))


class AuthorViewSet(TermViewSet):
    model = Author
    icon = "user"
    menu_label = "Auteurs"
    menu_order = 310
    add_to_admin_menu = True
    filterset_class = AuthorFilterSet
    chooser_viewset_class = AuthorChooserViewSet
    usage_view_class = AuthorUsageView
    search_fields = ["name", "role"]
    page_links = Signature
    page_links_field = "author"
    list_display = ["name", "role", STATUS_COLUMN, PAGES_COLUMN]
    list_export = ["name", "role", "is_active", "replaced_by", "page_count"]
    edit_handler = ObjectList([FieldPanel("name"), FieldPanel("role")])


class ArticleFilters(TypedPageFilters):
    """By kind."""

    kind = django_filters.MultipleChoiceFilter(
        label="Type d’article", choices=ArticleKind.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ArticlePage
        fields: ClassVar[list[str]] = []


class ArticleAdminListing(PageListing):
    """Every article."""

    model = ArticlePage
    name = "articles"
    menu_order = 20
    icon = "doc-full"
    filterset_class = ArticleFilters
    own_columns = [
        Column("get_kind_display", label="Type", sort_key="kind"),
        Column("partner", label="Partenaire", sort_key="partner__name"),
        DayColumn("published_on", label="Date affichée", sort_key="published_on"),
    ]
    own_export = {"get_kind_display": "Type", "partner": "Partenaire", "published_on": "Date affichée"}
    related = ("partner",)
