"""Views of the governed lists that Wagtail does not have: uses, merge, retirement."""

from django import forms
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import BaseListingView, UsageView
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import EditView, IndexView

from territoires_en_commun.base.registry import term_buttons
from territoires_en_commun.base.services import TermError, check_merge, merge_term, reactivate_term, retire_term
from territoires_en_commun.base.term_uses import pages_using, term_uses


class TermButtonsMixin:
    """Buttons to merge, retire or reactivate a term, for who can change it, then those of the rooms."""

    merge_url_name = None
    state_url_name = None

    def term_buttons(self, term) -> list[Button]:
        of_rooms = [button for give in term_buttons for button in give(term, self.request.user)]
        return [*self.own_buttons(term), *of_rooms]

    def own_buttons(self, term) -> list[Button]:
        if term.replaced_by_id or not self.user_has_permission("change"):
            return []
        return [
            Button("Fusionner avec…", url=reverse(self.merge_url_name, args=[term.pk]), icon_name="link", priority=12),
            Button(
                "Retirer" if term.is_active else "Réactiver",
                url=reverse(self.state_url_name, args=[term.pk]),
                icon_name="view" if not term.is_active else "no-view",
                priority=14,
            ),
        ]


class TermIndexView(TermButtonsMixin, IndexView):
    """The list of terms."""

    def get_list_more_buttons(self, instance):
        return [*super().get_list_more_buttons(instance), *self.term_buttons(instance)]


class TermEditView(TermButtonsMixin, EditView):
    """The form of a term."""

    @property
    def header_more_buttons(self):
        return [*super().header_more_buttons, *self.term_buttons(self.object)]


class OfferedTermsMixin:
    """A chooser offers neither retired nor merged terms."""

    def get_object_list(self):
        return super().get_object_list().active()


class TermChooseView(OfferedTermsMixin, ChooseView):
    """The window that opens to choose a term."""


class TermChooseResultsView(OfferedTermsMixin, ChooseResultsView):
    """Its results, as the editor searches."""


class TermChooserViewSet(SnippetChooserViewSet):
    """Chooses one term of a governed list."""

    choose_view_class = TermChooseView
    choose_results_view_class = TermChooseResultsView


class TermUsageView(UsageView):
    """Pages that hold a term in their published row or last draft, among those the editor can see."""

    view_name = "usage"

    def get_queryset(self):
        visible = PagePermissionPolicy().explorable_instances(self.request.user)
        return self.using().filter(pk__in=visible.values("pk")).order_by("title", "pk")

    def using(self):
        """The pages that hold the term."""
        return pages_using(self.object)

    @cached_property
    def columns(self):
        return [
            TitleColumn(
                "title",
                label="Titre",
                accessor="get_admin_display_title",
                get_url=lambda page: reverse("wagtailadmin_pages:edit", args=[page.pk]),
            ),
            Column("type", label="Type", accessor="page_type_display_name"),
            Column("status", label="État", accessor="status_string"),
            DateColumn("latest_revision_created_at", label="Modifiée"),
        ]

    def get_table(self, object_list, **kwargs):
        return BaseListingView.get_table(self, object_list, **kwargs)


class TermActionView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, FormView):
    """A page about one term, with a form."""

    model = None
    permission_required = "change"
    index_url_name = None
    edit_url_name = None
    merge_url_name = None
    state_url_name = None

    def get_page_subtitle(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        label = self.model._meta.verbose_name_plural
        return [
            {"url": reverse("wagtailadmin_home"), "label": "Accueil"},
            {"url": reverse(self.index_url_name), "label": label[:1].upper() + label[1:]},
            {"url": reverse(self.edit_url_name, args=[self.object.pk]), "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            term=self.object, edit_url=reverse(self.edit_url_name, args=[self.object.pk]), **kwargs
        )


class MergeForm(forms.Form):
    """The term that takes over."""

    target = forms.ModelChoiceField(
        label="Fusionner avec",
        queryset=None,
        empty_label="Choisir un terme",
        error_messages={
            "required": "Choisissez le terme à conserver.",
            "invalid_choice": "Ce terme n’existe pas ou n’est plus proposé.",
        },
    )

    def __init__(self, *args, source, **kwargs):
        super().__init__(*args, **kwargs)
        self.source = source
        terms = type(source).objects.active().exclude(pk=source.pk)
        if hasattr(source, "parent_id"):
            terms = terms.select_related("parent")
        self.fields["target"].queryset = terms
        self.fields["target"].label_from_instance = _full_name

    def clean_target(self):
        target = self.cleaned_data["target"]
        check_merge(source=self.source, target=target)
        return target


def _full_name(term) -> str:
    parent = getattr(term, "parent", None)
    return f"{parent} › {term}" if parent else str(term)


class MergeView(TermActionView):
    """Choose the term that takes over, see what will change, confirm."""

    form_class = MergeForm
    template_name = "base/admin/merge.html"
    page_title = "Fusionner"
    header_icon = "link"

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs() | {"source": self.object}
        if self.request.method == "GET" and "target" in self.request.GET:
            kwargs["data"] = self.request.GET
        return kwargs

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form = context["form"]
        context["target"] = form.cleaned_data["target"] if form.is_bound and form.is_valid() else None
        context["uses"] = term_uses(self.object).sentences()
        return context

    def form_valid(self, form):
        target = form.cleaned_data["target"]
        try:
            result = merge_term(source=self.object, target=target, user=self.request.user)
        except TermError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"« {self.object} » a été fusionné avec « {target} » : {result.pages} page(s) et {result.revisions} "
            f"version(s) enregistrée(s) mises à jour. Ses anciennes adresses mènent à « {target} ».",
        )
        return redirect(self.index_url_name)


class StateView(TermActionView):
    """Retire a term, or offer it again."""

    form_class = forms.Form
    template_name = "base/admin/term_state.html"
    header_icon = "view"

    def get_page_title(self):
        return "Retirer" if self.object.is_active else "Réactiver"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["uses"] = term_uses(self.object).sentences()
        return context

    def form_valid(self, form):
        verb, done = (retire_term, "retiré") if self.object.is_active else (reactivate_term, "de nouveau proposé")
        try:
            term = verb(term=self.object, user=self.request.user)
        except TermError as error:
            messages.error(self.request, error.message)
            return redirect(self.edit_url_name, self.object.pk)
        messages.success(self.request, f"« {term} » est {done}.")
        return redirect(self.index_url_name)
