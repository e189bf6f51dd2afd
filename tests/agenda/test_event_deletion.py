"""An event where people are registered is neither deleted under them, nor withdrawn without a word."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from agenda.models import EventIndexPage, EventPage, Registration
from agenda.registrations import services as registration_services
from agenda.sessions import services as session_services
from tests.agenda.events import enrol, make_event, make_session
from tests.agenda.organising import text

pytestmark = pytest.mark.ignore_template_errors


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


def delete(client, page, **data):
    return client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), data, follow=True)


def bulk(client, verb, *pages):
    query = urlencode({"id": [page.pk for page in pages], "next": "/admin/evenements/"}, doseq=True)
    return client.post(f"/admin/bulk/base/basepage/{verb}/?{query}", follow=True)


def test_event_where_people_are_expected_is_not_deleted(admin_client):
    event = make_event(title="Café")
    session = make_session(event)
    enrol(session, "anne")
    assert "une personne est inscrite à une séance à venir" in text(delete(admin_client, event))
    enrol(session, "bruno")
    said = text(delete(admin_client, event))
    assert "« Café » ne peut pas être supprimée : 2 personnes sont inscrites à une séance à venir." in said
    assert "Annulez d’abord ses séances" in said
    assert "Café" in text(admin_client.get(reverse("wagtailadmin_pages:delete", args=[event.pk]), follow=True))
    assert EventPage.objects.filter(pk=event.pk).exists()


@pytest.mark.parametrize("ending", ["cancelled", "session", "over"])
def test_event_that_keeps_registrations_is_not_deleted_either(admin_client, freeze, ending):
    event = make_event(title="Café")
    session = make_session(event, days=1 / 24)
    registration = enrol(session, "anne")
    if ending == "cancelled":
        registration_services.cancel_registration(registration=registration)
    elif ending == "session":
        session_services.cancel_session(session=session, message="La salle est fermée.")
    else:
        freeze("2027-03-01 14:00")
    assert "des inscriptions y sont attachées. Dépubliez-la plutôt" in text(delete(admin_client, event))
    assert Registration.objects.filter(pk=registration.pk).exists()


def test_page_above_such_an_event_is_not_deleted(admin_client):
    enrol(make_session(), "anne")
    section = EventIndexPage.objects.get()
    assert "ne peut pas être supprimée" in text(delete(admin_client, section, wagtail_site_name=""))
    assert EventIndexPage.objects.exists()


def test_event_without_registration_is_deleted_with_its_sessions(admin_client):
    event = make_event()
    make_session(event)
    delete(admin_client, event)
    assert not EventPage.objects.exists()


def test_bulk_deletion_stops_at_the_first_such_event(admin_client):
    event, other = make_event(title="Café"), make_event(title="Autre")
    enrol(make_session(event), "anne")
    assert "« Café » ne peut pas être supprimée" in text(bulk(admin_client, "delete", event, other))
    assert EventPage.objects.count() == 2
    bulk(admin_client, "delete", other)
    assert EventPage.objects.get() == event


def test_unpublication_says_who_remains(admin_client):
    event = make_event(title="Café")
    enrol(make_session(event), "anne")
    url = reverse("wagtailadmin_pages:unpublish", args=[event.pk])
    assert "une personne reste inscrite à une séance à venir" in text(admin_client.post(url, follow=True))
    assert not EventPage.objects.get().live


def test_bulk_unpublication_says_who_remains(admin_client):
    event = make_event(title="Café")
    enrol(make_session(event), "anne")
    assert "une personne reste inscrite" in text(bulk(admin_client, "unpublish", event))
    assert not EventPage.objects.get().live
