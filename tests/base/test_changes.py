"""What is kept between two changes: what moves the marks of change, and what is forgotten when."""

import pytest
from django.core.cache import cache
from django.db import transaction
from wagtail.models import PageViewRestriction

from territoires_en_commun.base.models import BasePage, ChangeMark, mark_change
from territoires_en_commun.base.pictures import picture
from territoires_en_commun.home.models import PROGRAMMES_CACHE, cached_programmes
from tests.base.listing_site import make_section
from tests.factories import ImageFactory, ProgrammeFactory, ThemeFactory

pytestmark = pytest.mark.django_db


def moved(action) -> bool:
    before = ChangeMark.objects.current()
    action()
    return ChangeMark.objects.current() != before


def test_publication_and_withdrawal_move_the_marks():
    section = make_section("Rubrique")
    assert moved(lambda: section.save_revision().publish())
    assert moved(section.unpublish)
    assert moved(section.delete)


def test_draft_moves_nothing():
    section = make_section("Rubrique")
    section.title = "Autre titre"
    assert not moved(section.save_revision)


def test_privacy_and_theme_move_the_marks():
    section = make_section("Rubrique")
    theme = ThemeFactory(name="Eau")
    theme.name = "Eau et rivières"
    assert moved(theme.save)
    assert moved(lambda: PageViewRestriction.objects.create(page=BasePage.objects.get(pk=section.pk)))


def test_mark_is_written_again_after_the_rows_are_lost():
    ChangeMark.objects.all().delete()
    assert moved(mark_change)


def test_mark_is_part_of_the_transaction():
    before = ChangeMark.objects.current()
    with transaction.atomic():
        mark_change()
        transaction.set_rollback(True)
    assert ChangeMark.objects.current() == before


def test_programmes_of_the_home_follow_their_edition():
    programme = ProgrammeFactory(name="Petites villes")
    assert "Petites villes" in cached_programmes()
    programme.name = "Petites villes de demain"
    programme.save()
    assert cache.get(PROGRAMMES_CACHE) is None
    assert "Petites villes de demain" in cached_programmes()


def test_picture_kept_follows_the_image_and_its_alternative_text():
    image = ImageFactory(title="Fontaine")
    first = picture(image, "Une <fontaine>", "card")
    assert "Une &lt;fontaine&gt;" in first
    assert picture(image, "", "card").count('alt=""') == 1
    image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = 10, 10, 5, 5
    image.save()
    assert picture(image, "Une <fontaine>", "card") != first


def test_picture_is_made_again_once_its_renditions_are_deleted():
    image = ImageFactory(title="Fontaine")
    picture(image, "", "card")
    image.renditions.all().delete()
    picture(image, "", "card")
    assert image.renditions.count() == 6


def test_publication_prepares_the_pictures_of_the_page():
    image = ImageFactory(title="Fontaine")
    page = make_section("Rubrique")
    page.image, page.image_decorative = image, True
    page.save_revision().publish()
    specs = set(image.renditions.values_list("filter_spec", flat=True))
    assert {"format-avif|fill-640x360", "format-webp|width-1200", "fill-1200x630|format-jpeg"} <= specs
