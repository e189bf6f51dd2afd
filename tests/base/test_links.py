"""Links between pages: offered by type, shown both ways, silent about what visitors may not see."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import PageViewRestriction

from territoires_en_commun.base.links import link_groups
from territoires_en_commun.base.models import LinkKind, PageLink
from tests.annuaire.build import make_actor
from tests.factories import StandardPageFactory


@pytest.fixture
def pages(home):
    return [StandardPageFactory(parent=home, title=title) for title in ("Première", "Deuxième", "Troisième")]


def told(page):
    return [(group.title, [other.title for other in group.pages]) for group in link_groups(page)]


def test_link_is_shown_on_both_pages(pages):
    first, second, _ = pages
    PageLink.objects.create(source=first, target=second)
    assert told(first) == [("À lire aussi", ["Deuxième"])]
    assert told(second) == [("À lire aussi", ["Première"])]


def test_each_side_has_its_words(home, small_france, pages):
    actor = make_actor(title="Cerema fictif", territories=[small_france["pays:FR"]])
    PageLink.objects.create(source=pages[0], target=actor.basepage_ptr, kind=LinkKind.FUNDER)
    assert told(pages[0]) == [("Financeurs", ["Cerema fictif"])]
    assert told(actor) == [("Finance", ["Première"])]


def test_drafts_and_private_pages_are_never_named(pages):
    first, second, third = pages
    PageLink.objects.create(source=first, target=second)
    PageLink.objects.create(source=first, target=third)
    second.unpublish()
    PageViewRestriction.objects.create(page=third.basepage_ptr, restriction_type="login")
    assert told(first) == []
    first.unpublish()
    assert told(third) == []


def test_link_of_a_kind_leads_to_its_type_of_page_only(pages):
    link = PageLink(source=pages[0], target=pages[1], kind=LinkKind.ANSWERS)
    with pytest.raises(ValidationError) as refused:
        link.full_clean()
    assert refused.value.message_dict == {
        "target": ["« Deuxième » ne convient pas au lien « répond à (appel à projets) »."]
    }


def test_page_cannot_lead_to_itself(pages):
    with pytest.raises(ValidationError) as refused:
        PageLink(source=pages[0], target=pages[0]).full_clean()
    assert "Une page ne peut pas renvoyer à elle-même." in str(refused.value)
