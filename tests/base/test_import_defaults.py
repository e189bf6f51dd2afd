"""An import sets constants for what its file lacks, and says whether it publishes."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from territoires_en_commun.base.import_defaults import ImportDefaults, save_imported_page
from territoires_en_commun.base.models import Licence
from territoires_en_commun.base.services import merge_term
from tests.factories import PartnerFactory, ProgrammeFactory, ThemeFactory, UserFactory
from tests.pages.build import make_page, make_section
from tests.pages.models import ContentPage

pytestmark = pytest.mark.django_db


def next_year() -> date:
    return timezone.localdate() + timedelta(days=365)


def row(**fields) -> ContentPage:
    return ContentPage(**{"title": "Fiche importée", "summary": "Un résumé.", "body": "<p>Corps.</p>", **fields})


def test_defaults_fill_only_what_the_file_lacks():
    own_owner, partner = UserFactory(), PartnerFactory()
    theme, programme = ThemeFactory(), ProgrammeFactory()
    defaults = ImportDefaults(
        themes=[theme],
        programmes=[programme],
        review_date=next_year(),
        review_owner=UserFactory(),
        partner=partner,
        licence=Licence.ALL_RIGHTS,
    )
    page = row(review_owner=own_owner, licence=Licence.CC_BY_4)

    defaults.apply(page, provided={"licence"})

    assert page.review_owner == own_owner
    assert (page.review_date, page.partner, page.licence) == (next_year(), partner, Licence.CC_BY_4)
    assert list(page.themes.all()) == [theme]
    assert list(page.programmes.all()) == [programme]


def test_licence_of_a_page_that_exists_stays(home):
    page = home.add_child(instance=row(live=False, licence=Licence.ALL_RIGHTS))

    ImportDefaults(licence=Licence.ETALAB_2).apply(page)

    assert page.licence == Licence.ALL_RIGHTS


def test_defaults_take_a_merged_theme_as_its_successor():
    old, new = ThemeFactory(), ThemeFactory()
    merge_term(source=old, target=new)
    old.refresh_from_db()
    page = row()

    ImportDefaults(themes=[old]).apply(page)

    assert list(page.themes.all()) == [new]


def test_imported_page_is_published_when_asked_and_complete():
    defaults = ImportDefaults(
        themes=[ThemeFactory()], review_date=next_year(), review_owner=UserFactory(), publish=True
    )

    outcome = save_imported_page(row(external_ref="src:1"), parent=make_section(), defaults=defaults)

    assert (outcome.published, outcome.gaps, outcome.page.live) == (True, (), True)
    assert ContentPage.objects.by_external_ref("src:1").get() == outcome.page


def test_imported_page_stays_a_draft_when_the_import_makes_drafts():
    defaults = ImportDefaults(themes=[ThemeFactory()], review_date=next_year(), review_owner=UserFactory())

    outcome = save_imported_page(row(), parent=make_section(), defaults=defaults)

    assert (outcome.published, outcome.gaps, outcome.page.live) == (False, (), False)
    assert outcome.page.get_latest_revision_as_object().themes.count() == 1


def test_imported_page_with_gaps_is_kept_as_a_draft_with_the_reasons():
    outcome = save_imported_page(row(), parent=make_section(), defaults=ImportDefaults(publish=True))

    assert not outcome.published
    assert not outcome.page.live
    assert [gap.field for gap in outcome.gaps] == ["themes", "review_date", "review_owner"]


def test_imported_page_cannot_claim_a_past_review_date():
    defaults = ImportDefaults(
        themes=[ThemeFactory()],
        review_date=timezone.localdate() - timedelta(days=1),
        review_owner=UserFactory(),
        publish=True,
    )

    outcome = save_imported_page(row(), parent=make_section(), defaults=defaults)

    assert [gap.field for gap in outcome.gaps] == ["review_date"]
    assert not outcome.page.live


def test_imported_again_a_live_page_keeps_its_version_until_the_draft_is_published():
    page = make_page(title="Version en ligne")
    page.title = "Version importée"

    outcome = save_imported_page(page, defaults=ImportDefaults())

    assert (outcome.page.title, outcome.page.live, outcome.published) == ("Version en ligne", True, False)
    assert outcome.page.get_latest_revision_as_object().title == "Version importée"


def test_imported_page_without_title_is_refused_whole():
    section = make_section()

    with pytest.raises(ValidationError):
        save_imported_page(row(title=""), parent=section, defaults=ImportDefaults())

    assert not ContentPage.objects.exists()


def test_imported_page_needs_a_place():
    with pytest.raises(ValueError, match="parent"):
        save_imported_page(row(), defaults=ImportDefaults())


def test_imported_page_costs_the_same_as_rows_go_by():
    section = make_section()
    defaults = ImportDefaults(
        themes=[ThemeFactory()], review_date=next_year(), review_owner=UserFactory(), publish=True
    )
    costs = []

    for title in ("Première", "Deuxième", "Troisième", "Quatrième"):
        section.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            save_imported_page(row(title=title), parent=section, defaults=defaults)
        costs.append(len(queries))

    assert costs[1:] == [costs[1]] * 3
