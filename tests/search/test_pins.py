"""Pinned results: for which queries, until when, never a page that visitors may not read."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import PageViewRestriction

from search.models import PinnedResult
from search.pins import pinned_pages
from tests.search.contents import write_contents

pytestmark = pytest.mark.django_db


@pytest.fixture
def contents(small_france):
    return write_contents()


def pin(page, queries="marché\nfoire aux vins", days=30, **more):
    expires = timezone.localdate() + dt.timedelta(days=days)
    return PinnedResult.objects.create(queries=queries, page=page.basepage_ptr, expires_on=expires, **more)


def test_pin_answers_its_queries_whatever_accents_plurals_and_order(contents):
    market = contents[1]["market"]
    pin(market)
    for text in ("marché", "Les MARCHES", "vin et foires"):
        assert pinned_pages(text) == [market.pk], text
    for text in ("", "marché couvert", "foire", "!!!"):
        assert pinned_pages(text) == [], text


def test_pins_of_a_query_come_in_their_order_each_page_once(contents):
    _section, pages = contents
    pin(pages["school"], order=2)
    pin(pages["market"], order=1)
    pin(pages["school"], queries="marchés", order=3)
    assert pinned_pages("marché") == [pages["market"].pk, pages["school"].pk]


def test_expired_pin_is_not_shown_from_the_next_day(contents, freeze):
    freeze("2026-11-23 10:00")
    market = contents[1]["market"]
    pinned = pin(market, days=1)
    assert pinned_pages("marché") == [market.pk]
    freeze("2026-11-24 23:59")
    assert pinned_pages("marché") == [market.pk]
    freeze("2026-11-25 00:01")
    assert pinned_pages("marché") == []
    assert pinned.state_label == "Expiré"


def test_unpublished_or_private_page_is_not_shown(contents):
    section, pages = contents
    pinned = pin(pages["market"])
    pages["market"].unpublish()
    assert pinned_pages("marché") == []
    pinned = PinnedResult.objects.get(pk=pinned.pk)
    assert pinned.state_label == "Page non publiée"
    pages["market"].save_revision().publish()
    assert pinned_pages("marché") == [pages["market"].pk]
    PageViewRestriction.objects.create(page=section.basepage_ptr, restriction_type="login")
    assert pinned_pages("marché") == []
    assert PinnedResult.objects.get(pk=pinned.pk).state_label == "Page réservée"


def test_query_without_pin_costs_the_marks_alone(contents, django_assert_num_queries):
    pin(contents[1]["market"])
    pinned_pages("école")
    with django_assert_num_queries(1):
        assert pinned_pages("école") == []


@pytest.mark.parametrize(("days", "words"), [(0, "à venir"), (-1, "à venir"), (367, "un an au plus")])
def test_a_day_past_or_too_far_is_refused(contents, days, words):
    expires = timezone.localdate() + dt.timedelta(days=days)
    wrong = PinnedResult(queries="marché", page=contents[1]["market"].basepage_ptr, expires_on=expires)
    with pytest.raises(ValidationError) as caught:
        wrong.full_clean()
    assert words in caught.value.message_dict["expires_on"][0]


def test_pin_needs_queries_and_a_day(contents):
    with pytest.raises(ValidationError) as caught:
        PinnedResult(queries="de la", page=contents[1]["market"].basepage_ptr).full_clean()
    assert set(caught.value.message_dict) == {"queries", "expires_on"}


def test_expired_pin_may_be_corrected_without_a_new_day(contents):
    expired = pin(contents[1]["market"], days=-10)
    expired.note = "Gardé pour mémoire"
    expired.full_clean()
    expired.expires_on -= dt.timedelta(days=1)
    with pytest.raises(ValidationError):
        expired.full_clean()
