"""What a person of the editing space may know there: what they work on, and what every visitor reads.

Wagtail keeps the pages, images and documents of others from being opened; its choosers, filters and forms still name
them. What is here closes those ways, for people whose rights hold in a part of the site only.
"""

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.admin.views.reports.audit_logging import LogEntriesView, SiteHistoryReportFilterSet
from wagtail.admin.views.reports.workflows import WorkflowReportFilterSet
from wagtail.models import GroupPagePermission
from wagtail.permissions import policy_registry

from territoires_en_commun.base.forms import editors
from territoires_en_commun.base.models import BasePage, CustomDocument, CustomImage
from territoires_en_commun.base.references import references_of

HOME_DEPTH = 2  # of the home page in the tree of pages
LIBRARY = (CustomImage, CustomDocument)


def is_confined(user) -> bool:
    """Whether this person works in a part of the site: no right hangs on the home page or above it."""
    if user.is_superuser:
        return False
    return not GroupPagePermission.objects.filter(group__user=user, page__depth__lte=HOME_DEPTH).exists()


def visible_pages(user, pages: QuerySet) -> QuerySet:
    """Those of these pages that this person finds in the explorer, or that every visitor reads."""
    if not is_confined(user):
        return pages
    explorable = policy_registry.get_by_type(BasePage).explorable_instances(user)
    public = BasePage.objects.live_public()
    return pages.filter(Q(pk__in=explorable.values("pk")) | Q(pk__in=public.values("pk")))


def visible_media(user, model) -> QuerySet:
    """The images, or the documents, that this person may use."""
    return policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, ["choose", "change"])


def visible_people(user) -> QuerySet:
    """The accounts whose names this person may read in a list: everybody's, or those of one's own groups."""
    people = get_user_model().objects.all()
    if not is_confined(user):
        return people
    return people.filter(Q(pk=user.pk) | Q(groups__in=user.groups.all())).distinct()


def visible_editors(request) -> QuerySet:
    """The editors whose names a filter may offer to whoever asks."""
    return editors().filter(pk__in=visible_people(request.user).values("pk"))


# Forms


def hidden_references(page: BasePage, user) -> bool:
    """Whether this version of a page uses something that this person may not know, and that it did not use before.

    An identifier typed by hand would otherwise show the title of any page, image or document.
    """
    known = references_of(page.get_latest_revision_as_object()) if page.pk else set()
    added = references_of(page) - known
    for model in (*LIBRARY, BasePage):
        wanted = {key for content_type, key in added if content_type == ContentType.objects.get_for_model(model).pk}
        seen = visible_pages(user, BasePage.objects.all()) if model is BasePage else visible_media(user, model)
        if wanted - {str(key) for key in seen.filter(pk__in=wanted).values_list("pk", flat=True)}:
            return True
    return False


# Lists


class ScopedHistoryFilterSet(SiteHistoryReportFilterSet):
    """The history of the site, filtered by the people that one may know."""

    def get_users_queryset(self):
        return super().get_users_queryset().filter(pk__in=visible_people(self.request.user))


def among_visible(people):
    """The queryset of a filter of people, narrowed to those that whoever asks may know."""

    def narrow(request):
        every = people(request) if callable(people) else people
        return every.filter(pk__in=visible_people(request.user).values("pk"))

    return narrow


def narrow_filters() -> None:
    """Wagtail has no setting for the people offered by the filters of its lists: narrow them where they are kept."""
    for filterset, names in ((PageFilterSet, ("owner", "edited_by")), (WorkflowReportFilterSet, ("requested_by",))):
        for name in names:
            people = filterset.declared_filters[name]
            people.queryset = among_visible(people.queryset)
    LogEntriesView.filterset_class = ScopedHistoryFilterSet
