"""The remarks on the last version of a page, as its editor reads them again after each save."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from territoires_en_commun.base.advice import editorial_advice
from territoires_en_commun.base.dead_links.finding import labels_of_fields
from territoires_en_commun.base.models import BasePage


def advice_context(page: BasePage) -> dict:
    """The remarks, each with the name of its field; None for a page that was never saved."""
    if page.pk is None:
        return {"advice": None}
    found = editorial_advice(page)
    labels = labels_of_fields((type(page), remark.field) for remark in found)
    return {"advice": [(labels[type(page), remark.field], remark.message) for remark in found]}


@require_safe
def advice_fragment(request, pk: int):
    """The remarks alone, for who may edit the page."""
    page = get_object_or_404(BasePage.objects.filter(depth__gt=1), pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return render(request, "base/admin/advice_list.html", advice_context(page.get_latest_revision_as_object()))
