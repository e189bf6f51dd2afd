"""An actor in the editor: drafts may be incomplete, what is typed is what is judged, a new one is previewed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from annuaire.models import ActorPage, DirectoryPage
from tests.factories import ThemeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def add_url(home):
    return reverse("wagtailadmin_pages:add", args=["annuaire", "actorpage", DirectoryPage.objects.get().pk])


def typed(**fields) -> dict:
    """What the editor sends; lists are several values of one field."""
    rows = {"contacts": inline_formset([]), "comments": inline_formset([])}
    first = {"title": "Association à venir", "slug": "association-a-venir", "licence": "etalab-2.0"}
    return nested_form_data(first | rows) | {"description": "null"} | fields


def test_new_actor_is_published_at_once_with_the_territories_typed(admin_client, superuser, add_url, small_france):
    complete = {
        "summary": "Elle aide les communes.",
        "type": "association",
        "themes": [ThemeFactory().pk],
        "territories": [small_france["commune:23096"].pk],
        "review_date": timezone.localdate() + timedelta(days=200),
        "review_owner": superuser.pk,
    }
    admin_client.post(add_url, typed(**complete, **{"action-publish": "1"}))
    actor = ActorPage.objects.get(slug="association-a-venir")
    assert (actor.live, [place.key for place in actor.territories.all()]) == (True, ["commune:23096"])


def test_new_actor_without_territory_is_saved_as_a_draft_and_not_published(admin_client, add_url):
    admin_client.post(add_url, typed(type="association"))
    assert ActorPage.objects.get(slug="association-a-venir").live is False
    refused = admin_client.post(add_url, typed(type="association", slug="autre", **{"action-publish": "1"}))
    assert "au moins un territoire" in refused.content.decode()
    assert not ActorPage.objects.filter(slug="autre").exists()


def test_actor_that_was_never_saved_is_previewed(admin_client, home, small_france):
    arguments = ["annuaire", "actorpage", DirectoryPage.objects.get().pk]
    url = reverse("wagtailadmin_pages:preview_on_add", args=arguments)
    posted = admin_client.post(url, typed(type="association", territories=[small_france["pays:FR"].pk]))
    assert posted.json() == {"is_valid": True, "is_available": True}
    html = admin_client.get(url).content.decode()
    assert "Association à venir</h1>" in html
    assert "Signaler une erreur" not in html
