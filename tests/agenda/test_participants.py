"""The list of participants: by consent, for those who are coming, for some months."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agenda.events.kinds import RegistrationState as State
from agenda.models import EventPage, Registration
from agenda.registrations import services
from agenda.registrations.mails import MANAGE
from agenda.registrations.participants import SHOWN_FOR
from tests.agenda.events import ask, enrol, fresh, make_event, make_session


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


@pytest.fixture
def session():
    return make_session(make_event(lists_participants=True), seats=3)


def path_of(registration, page="participants"):
    token = MANAGE.token(registration.uuid, expires_at=timezone.now() + timedelta(days=1))
    return f"/agenda/inscription/{page}/{token}/"


def act(client, registration, verb):
    return client.post(path_of(registration, "gerer"), {"verb": verb}).status_code


def test_those_who_agree_are_shown_by_name_to_those_who_come(client, session):
    enrol(session, "zoé", email="zoe@exemple.fr", in_list=True, organisation="Mairie fictive")
    enrol(session, "Élodie", email="elodie@exemple.fr", in_list=True)
    quiet = enrol(session, "camille")
    enrol(session, "waiting", in_list=True)
    response = client.get(path_of(quiet))
    html = response.content.decode()
    assert html.index("<li>Sacha Élodie</li>") < html.index("<li>Sacha Zoé, Mairie fictive</li>")
    assert ["Camille" in html, "Waiting" in html, "@exemple.fr" in html] == [False] * 3
    assert ('name="robots"' in html, response["X-Robots-Tag"]) == (True, "noindex")


def test_those_who_do_not_come_read_nothing(client, session):
    listed = enrol(session, "anne", in_list=True)
    outside = [ask(session, "bruno"), services.cancel_registration(registration=enrol(session, "chloe"))]
    enrol(session, "eve")
    enrol(session, "fanny")
    outside.append(enrol(session, "david"))
    assert outside[-1].state == State.WAITING
    for row in outside:
        response = client.get(path_of(row))
        assert (response.status_code, "Sacha Anne" in response.content.decode()) == (410, False)
        assert "Lire la liste" not in client.get(path_of(row, "gerer")).content.decode()
    assert client.get("/agenda/inscription/participants/faux/").status_code == 404
    assert client.post(path_of(listed)).status_code == 405


def test_one_leaves_the_list_and_comes_back_by_the_same_link(client, session):
    camille = enrol(session, in_list=True)
    page = client.get(path_of(camille, "gerer")).content.decode()
    assert ("Sortir de la liste" in page, "Lire la liste" in page) == (True, True)
    assert (act(client, camille, "sortir"), fresh(camille).in_list) == (302, False)
    page = client.get(path_of(camille, "gerer")).content.decode()
    assert ("Sortir de la liste" in page, "Y figurer" in page) == (False, True)
    assert "Sacha Camille" not in client.get(path_of(camille)).content.decode()
    assert (act(client, camille, "figurer"), fresh(camille).in_list) == (302, True)


def test_list_is_hidden_some_months_after_but_one_still_leaves_it(client, session, freeze):
    camille = enrol(session, in_list=True)
    freeze(session.ends_at + SHOWN_FOR - timedelta(minutes=1))
    assert client.get(path_of(camille)).status_code == 200
    freeze(session.ends_at + SHOWN_FOR)
    assert client.get(path_of(camille)).status_code == 410
    assert "Lire la liste" not in client.get(path_of(camille, "gerer")).content.decode()
    assert (act(client, camille, "sortir"), fresh(camille).in_list) == (302, False)


def test_event_without_list_shows_none(client, session):
    camille = enrol(session, in_list=True)
    quiet = enrol(session, "anne")
    EventPage.objects.update(lists_participants=False)
    assert client.get(path_of(camille)).status_code == 410
    assert act(client, quiet, "figurer") == 409
    assert "Liste des participants" not in client.get(path_of(quiet, "gerer")).content.decode()
    assert list(Registration.objects.filter(in_list=True)) == [camille]


def test_who_left_may_not_join_the_list(client, session):
    camille = services.cancel_registration(registration=enrol(session))
    assert (act(client, camille, "figurer"), fresh(camille).in_list) == (409, False)
