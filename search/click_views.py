"""The clicks on results, told by the script ``search-clicks.js``."""

import logging
from http import HTTPStatus

from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.rate_limits import RateLimit, client_address

from .log import entry_of, record_click

logger = logging.getLogger(__name__)

PER_ADDRESS = RateLimit("search-click", limit=600, period=3600)  # wide: an administration often shares one
LARGEST_RANK = 1000
LARGEST_KEY = 2**63 - 1
UNKNOWN_PAGE = "Cette page n’existe pas."


class ClickForm(forms.Form):
    """What the script tells: the token of the search, the rank of the result from 1, its page."""

    jeton = forms.CharField(max_length=200)
    rang = forms.IntegerField(min_value=1, max_value=LARGEST_RANK)
    page = forms.IntegerField(min_value=1, max_value=LARGEST_KEY)

    def clean_jeton(self) -> int:
        entry = entry_of(self.cleaned_data["jeton"])
        if entry is None:
            raise ValidationError("Ce jeton est inconnu, ou a plus d’une heure.")
        return entry

    def clean_page(self) -> BasePage:
        page = BasePage.objects.live_public().filter(pk=self.cleaned_data["page"], depth__gt=1).first()
        if page is None:
            raise ValidationError(UNKNOWN_PAGE)
        return page


@csrf_exempt  # a signed token says which search it is of
@require_POST
def click(request: HttpRequest) -> HttpResponse:
    """Note the click; nothing to show. 400 says what is wrong, in French; a database that is busy is no error."""
    if wait := PER_ADDRESS.hit(client_address(request)):
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(wait)})
    form = ClickForm(request.POST)
    if not form.is_valid():
        told = [f"{name} : {error}" for name, errors in form.errors.items() for error in errors]
        return HttpResponse("\n".join(told), status=HTTPStatus.BAD_REQUEST, content_type="text/plain; charset=utf-8")
    data = form.cleaned_data
    try:
        with transaction.atomic():
            record_click(entry=data["jeton"], rank=data["rang"], page=data["page"])
    except DatabaseError:
        logger.warning("Clic sur un résultat non noté.", exc_info=True)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
