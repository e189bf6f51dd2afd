"""Wagtail's choosers and internal API, narrowed to what the person who asks may know."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.chooser import BrowseView, ChosenMultipleView, ExternalLinkView
from wagtail.admin.views.pages.workflow import ConfirmWorkflowCancellationView
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet

from territoires_en_commun.base.models import BasePage, CustomDocument, CustomImage
from territoires_en_commun.base.scope import visible_media, visible_pages


class ScopedBrowseView(BrowseView):
    """The children of a page, when one may know the page; the hook of choosers narrows the children."""

    def get(self, request, parent_page_id):
        check_visible(request.user, [parent_page_id])
        return super().get(request, parent_page_id)


class ScopedExternalLinkView(ExternalLinkView):
    """The address of a page of ours becomes a link to it, named as whoever asks may know it."""

    def render_chosen_response(self, result):
        if key := result.get("id"):
            result["adminTitle"] = BasePage.objects.get(pk=key).get_admin_display_title()
        return super().render_chosen_response(result)


class ChosenPagesForm(forms.Form):
    """Pages chosen together, among those that one may know."""

    id = forms.ModelMultipleChoiceField(BasePage.objects.none(), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["id"].queryset = visible_pages(user, BasePage.objects.all())


class ScopedChosenMultipleView(ChosenMultipleView):
    """What is told of pages that were chosen together."""

    def get(self, request):
        if not ChosenPagesForm(request.GET, user=request.user).is_valid():
            raise Http404
        return super().get(request)


class ScopedCancellationView(ConfirmWorkflowCancellationView):
    """What is asked before a publication ends a review, of those who edit the page."""

    def dispatch(self, request, *args, **kwargs):
        if not self.object.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ScopedPageTypesUsage(PageTypesUsageReportView):
    """The page of each type that was edited last is named to those who may know it."""

    def decorate_paginated_queryset(self, page_types):
        page_types = super().decorate_paginated_queryset(page_types)
        last = [page_type.last_edited_page_id for page_type in page_types]
        known = set(
            visible_pages(self.request.user, BasePage.objects.filter(pk__in=last)).values_list("pk", flat=True)
        )
        for page_type in page_types:
            if page_type.last_edited_page_id not in known:
                page_type.last_edited_page = None
        return page_types


def check_visible(user, keys) -> None:
    """Raise Http404 for pages that do not exist or that this person may not know; one answer for both."""
    if visible_pages(user, BasePage.objects.filter(pk__in=keys)).count() < len(keys):
        raise Http404


def narrow_page_chooser(pages, request):
    """Hook of the page choosers."""
    return visible_pages(request.user, pages)


def refuse_a_move(request, page, destination) -> None:
    """Hook of moves: Wagtail shows the title before it asks who may move the page."""
    if not page.permissions_for_user(request.user).can_move():
        raise PermissionDenied


class ScopedImagesAPI(ImagesAdminAPIViewSet):
    """The images that the person may use."""

    def get_queryset(self):
        return super().get_queryset().filter(pk__in=visible_media(self.request.user, CustomImage).values("pk"))


class ScopedDocumentsAPI(DocumentsAdminAPIViewSet):
    """The documents that the person may use."""

    def get_queryset(self):
        return super().get_queryset().filter(pk__in=visible_media(self.request.user, CustomDocument).values("pk"))


def narrow_admin_api(router) -> None:
    """Hook of the internal API, after Wagtail's own."""
    router.register_endpoint("images", ScopedImagesAPI)
    router.register_endpoint("documents", ScopedDocumentsAPI)


# They stand before Wagtail's, at the same addresses.
urlpatterns = [
    path("choose-page/<int:parent_page_id>/", require_admin_access(ScopedBrowseView.as_view())),
    path("choose-external-link/", require_admin_access(ScopedExternalLinkView.as_view())),
    path("choose-page/chosen-multiple/", require_admin_access(ScopedChosenMultipleView.as_view())),
    path("pages/workflow/confirm_cancellation/<int:page_id>/", require_admin_access(ScopedCancellationView.as_view())),
    path("reports/page-types-usage/", require_admin_access(ScopedPageTypesUsage.as_view())),
    path("reports/page-types-usage/results/", require_admin_access(ScopedPageTypesUsage.as_view(results_only=True))),
]
