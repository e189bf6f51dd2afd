"""The sessions in the editing space: added, edited, cancelled, put off; their registrants, their sheet to sign."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agenda.events.kinds import EventMode, RegistrationWay, SessionStatus
from agenda.events.kinds import RegistrationState as State
from agenda.models import EventSession, Registration
from agenda.registrations import services
from agenda.sessions import services as session_services
from territoires_en_commun.mailing.models import OutgoingMail
from tests.agenda.events import REMOTE, ask, enrol, fresh, make_event, make_session, states
from tests.agenda.organising import is_refused, make_stranger, signed_in, text

pytestmark = pytest.mark.ignore_template_errors
INDEX = "/admin/seances/"
VERBS = ("annuler", "reporter", "en-ligne", "retablir")


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


@pytest.fixture
def organiser(editor):
    return signed_in(editor)


def url(name, *args):
    return reverse(f"seances:{name}", args=args)


def filled(**fields) -> dict:
    return {"starts_at": "31/03/2027 14:00", "ends_at": "31/03/2027 16:00", "onsite_capacity": "12", **fields}


def edited(session, **fields) -> dict:
    """What the editor posts of a session that is there."""
    local = {name: getattr(session, f"local_{name}") for name in ("start", "end")}
    hours = {f"{name}s_at": f"{moment:%d/%m/%Y %H:%M:%S}" for name, moment in local.items()}
    seats = {"onsite_capacity": session.onsite_capacity if session.onsite_capacity is not None else ""}
    return {"title": session.title, **hours, **seats, **fields}


def again(session) -> EventSession:
    return EventSession.objects.get(pk=session.pk)


# Adding


def test_session_is_added_at_the_hours_of_the_event(organiser):
    event = make_event(time_zone="Indian/Reunion")
    assert "De quel événement" in text(organiser.get(url("add")))
    assert organiser.get(url("event", event.pk)).status_code == 200
    organiser.post(url("event", event.pk), filled(title="Matin"))
    session = EventSession.objects.get()
    assert (session.event, session.title, session.onsite_capacity) == (event, "Matin", 12)
    assert session.starts_at.isoformat() == "2027-03-31T10:00:00+00:00"


def test_series_is_added(organiser):
    event = make_event()
    page = organiser.post(url("event", event.pk), filled(frequency="semaine", count="3"), follow=True)
    assert "3 séances sont créées." in text(page)
    assert EventSession.objects.exclude(series=None).count() == 3


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"starts_at": ""}, "starts_at"),
        ({"starts_at": "31/02/2027 14:00"}, "starts_at"),
        ({"starts_at": "28/03/2027 02:30"}, "starts_at"),
        ({"ends_at": "pirate"}, "ends_at"),
        ({"ends_at": "31/03/2027 13:00"}, "__all__"),
        ({"onsite_capacity": "-1"}, "onsite_capacity"),
        ({"title": "x" * 151}, "title"),
        ({"frequency": "jamais"}, "frequency"),
    ],
)
def test_session_that_makes_no_sense_is_refused(organiser, fields, name):
    response = organiser.post(url("event", make_event().pk), filled(**fields))
    assert response.status_code == 200
    assert name in response.context["form"].errors
    assert not EventSession.objects.exists()


def test_seats_are_those_of_the_ways_to_take_part(organiser):
    for mode, names in (
        (EventMode.ONSITE, {"onsite_capacity"}),
        (EventMode.REMOTE, {"remote_capacity"}),
        (EventMode.HYBRID, {"onsite_capacity", "remote_capacity"}),
    ):
        fields = organiser.get(url("event", make_event(mode=mode).pk)).context["form"].fields
        assert {name for name in fields if name.endswith("capacity")} == names


# The list


def test_list_says_when_how_full_and_leads_to_the_registrants(organiser):
    session = make_session(make_event(title="Café"), seats=1)
    for name in ("anne", "bruno", "chloe"):
        enrol(session, name)
    services.cancel_registration(registration=Registration.objects.get(email="chloe@exemple.fr"))
    ask(session, "david")
    page = text(organiser.get(INDEX))
    assert "Café" in page
    assert "1 / 1" in page
    row = organiser.get(INDEX).context["object_list"][0]
    assert (row.registered, row.waiting) == (2, 1)
    assert f'href="/admin/inscriptions/?session={session.pk}"' in page


def test_list_is_filtered_by_period_and_event(organiser):
    event = make_event()
    coming, past = make_session(event), make_session(event, days=-3)
    other = make_session()

    def listed(**query):
        return [row.pk for row in organiser.get(INDEX, query).context["object_list"]]

    assert listed(period="passees") == [past.pk]
    assert set(listed(period="a-venir")) == {coming.pk, other.pk}
    assert set(listed(event=event.pk)) == {coming.pk, past.pk}


# Editing


def test_session_without_registration_is_edited(organiser):
    session = make_session(seats=3)
    organiser.post(url("edit", session.pk), edited(session, title="Soir", starts_at="30/03/2027 18:00"))
    changed = again(session)
    assert (changed.title, changed.local_start.hour, changed.sequence) == ("Soir", 18, 1)
    assert (changed.status, OutgoingMail.objects.count()) == (SessionStatus.SCHEDULED, 0)


def test_hours_move_with_a_message_once_somebody_is_registered(organiser):
    session = make_session()
    enrol(session, "anne")
    moved = edited(session, starts_at="30/03/2027 18:00", ends_at="30/03/2027 20:00")
    page = organiser.post(url("edit", session.pk), moved)
    assert session_services.MESSAGE_NEEDED in page.context["form"].errors["message"]
    assert again(session).starts_at == session.starts_at
    organiser.post(url("edit", session.pk), moved | {"message": "La salle est prise."})
    assert again(session).status == SessionStatus.RESCHEDULED
    mail = OutgoingMail.objects.get(purpose="registration_session_changed")
    assert "La salle est prise." in mail.text


def test_fewer_seats_than_people_asks(organiser):
    session = make_session(seats=2)
    for name in ("anne", "bruno"):
        enrol(session, name)
    page = organiser.post(url("edit", session.pk), edited(session, onsite_capacity="1"))
    assert "is_acknowledged" in page.context["form"].errors
    assert again(session).onsite_capacity == 2
    organiser.post(url("edit", session.pk), edited(session, onsite_capacity="1", is_acknowledged="on"))
    assert again(session).onsite_capacity == 1
    assert set(states(session).values()) == {State.CONFIRMED}


def test_more_seats_go_to_the_queue(organiser):
    session = make_session(seats=0)
    enrol(session, "anne")
    organiser.post(url("edit", session.pk), edited(session, onsite_capacity="1"))
    assert states(session) == {"anne": State.OFFERED}


# Verbs


@pytest.mark.parametrize(
    ("verb", "status", "restored"),
    [
        ("annuler", SessionStatus.CANCELLED, SessionStatus.RESCHEDULED),
        ("reporter", SessionStatus.POSTPONED, SessionStatus.RESCHEDULED),
        ("en-ligne", SessionStatus.MOVED_ONLINE, SessionStatus.MOVED_ONLINE),
    ],
)
def test_verb_tells_everybody_and_can_be_taken_back(organiser, verb, status, restored):
    session = make_session(make_event(mode=EventMode.HYBRID))
    enrol(session, "anne")
    assert "1 personne recevra ce message" in text(organiser.get(url("verb", session.pk, verb)))
    assert again(session).status == SessionStatus.SCHEDULED
    page = organiser.post(url("verb", session.pk, verb), {"message": " "})
    assert "Écrivez aux inscrits" in text(page)
    assert again(session).status == SessionStatus.SCHEDULED
    organiser.post(url("verb", session.pk, verb), {"message": "La neige."})
    assert again(session).status == status
    assert "La neige." in OutgoingMail.objects.filter(purpose="registration_session_changed").latest("pk").text
    assert "La neige." in text(organiser.get(url("edit", session.pk)))
    organiser.post(url("verb", session.pk, "retablir"), {"message": "Le soleil."})
    assert again(session).status == restored


def test_verb_that_does_not_exist_is_not_found(organiser):
    session = make_session()
    assert organiser.get(url("verb", session.pk, "pirater")).status_code == 404
    assert organiser.post(url("verb", session.pk, "pirater"), {"message": "Oui"}).status_code == 404
    assert organiser.get(url("edit", 999_999)).status_code == 404


# Registrants of the session


def test_screen_counts_registrants_and_leads_to_them(organiser):
    session = make_session(seats=1)
    for name in ("anne", "bruno", "chloe"):
        enrol(session, name)
    page = text(organiser.get(url("edit", session.pk)))
    assert f'href="/admin/inscriptions/?session={session.pk}&amp;state=confirmee">Confirmée : 1' in page
    assert "Sur liste d’attente : 2" in page
    for name in ("message", "attendance"):
        assert url(name, session.pk) in page
    assert "Noter absentes" not in page


def test_screen_of_an_event_without_registration_says_nothing_of_it(organiser):
    event = make_event(registration_way=RegistrationWay.NONE)
    assert "session-people" not in text(organiser.get(url("edit", make_session(event).pk)))


def test_absents_are_noted_once_the_session_is_over(organiser, freeze):
    session = make_session(days=1 / 24)
    for name in ("anne", "bruno", "chloe"):
        enrol(session, name)
    services.check_in(registration=Registration.objects.get(email="anne@exemple.fr"), by=organiser.user)
    assert "trop tôt" in text(organiser.post(url("absents", session.pk), follow=True))
    freeze("2027-03-01 14:00")
    assert "Noter absentes" in text(organiser.get(url("edit", session.pk)))
    assert organiser.get(url("absents", session.pk)).status_code == 405
    assert "2 personnes sont notées absentes" in text(organiser.post(url("absents", session.pk), follow=True))
    assert states(session) == {"anne": State.PRESENT, "bruno": State.ABSENT, "chloe": State.ABSENT}
    page = text(organiser.get(url("edit", session.pk)))
    for words in ("Présente : 1", "Absente : 2"):
        assert words in page
    assert "Noter absentes" not in page


# The sheet to sign


def names_on(page: str) -> list[str]:
    return re.findall(r"<td><strong>([^<]+)</strong>", page)


def test_sheet_lists_who_is_expected_in_the_order_of_french(organiser):
    session = make_session(make_event(title="Café & cie"), title="Matin")
    for name in ("Zola", "Étienne", "Eve", "Œdipe", "Olive", "d’Arc", "de la Tour", "Edmond"):
        enrol(session, re.sub(r"\W", "", name.lower()).encode("ascii", "ignore").decode(), last_name=name)
    services.cancel_registration(registration=enrol(session, "annule", last_name="Absent"))
    ask(session, "aconfirmer", last_name="Inconnue")
    services.check_in(registration=Registration.objects.get(last_name="Zola"), by=organiser.user)
    page = text(organiser.get(url("attendance", session.pk)))
    assert names_on(page) == ["d’Arc", "de la Tour", "Edmond", "Étienne", "Eve", "Œdipe", "Olive", "Zola"]
    for words in ("Café &amp; cie", "Matin", "Salle des fêtes, 1 place de la Mairie, Guéret", "Signature"):
        assert words in page
    assert page.count('<tr class="blank">') == 8
    assert page.count("<thead>") == 1
    assert "wagtail" not in page


def test_sheet_is_by_presence(organiser):
    session = make_session(make_event(mode=EventMode.HYBRID))
    enrol(session, "anne", organisation="Mairie")
    enrol(session, "bruno", REMOTE)
    both = text(organiser.get(url("attendance", session.pk)))
    assert names_on(both) == ["Anne", "Bruno"]
    assert both.count("<thead>") == 2
    assert "<td>Mairie</td>" in both
    assert names_on(text(organiser.get(url("attendance", session.pk), {"modalite": "distance"}))) == ["Bruno"]
    assert organiser.get(url("attendance", session.pk), {"modalite": "pirate"}).status_code == 404
    alone = make_session()
    assert organiser.get(url("attendance", alone.pk), {"modalite": "distance"}).status_code == 404
    assert organiser.get(url("attendance", alone.pk)).status_code == 200


# Strangers


def test_stranger_sees_and_changes_nothing():
    event = make_event(title="Canari")
    session = make_session(event)
    registration = enrol(session, "anne")
    stranger = make_stranger()
    pages = [INDEX, url("add"), url("event", event.pk), url("edit", session.pk), url("attendance", session.pk)]
    pages += [url("verb", session.pk, verb) for verb in VERBS]
    for address in pages:
        response = stranger.get(address)
        assert is_refused(response) or "Canari" not in text(response), address
    assert is_refused(stranger.get(url("edit", session.pk)))
    assert is_refused(stranger.post(url("event", event.pk), filled()))
    assert is_refused(stranger.post(url("edit", session.pk), edited(session, title="Piraté")))
    assert is_refused(stranger.post(url("absents", session.pk)))
    for verb in VERBS:
        assert is_refused(stranger.post(url("verb", session.pk, verb), {"message": "Piraté"}))
    assert (again(session).status, again(session).title) == (SessionStatus.SCHEDULED, "")
    assert (EventSession.objects.count(), fresh(registration).state) == (1, State.CONFIRMED)
    assert timezone.now() + timedelta(days=30) == again(session).starts_at


def test_next_session_comes_first_and_those_that_are_over_last(organiser):
    event = make_event()
    for days, title in ((-10, "Passée"), (40, "Plus tard"), (3, "Prochaine")):
        make_session(event, days=days, title=title)
    rows = organiser.get(url("index")).context["object_list"]
    assert [row.title for row in rows] == ["Prochaine", "Plus tard", "Passée"]
