"""The door: a code that names nobody, a page that answers the door alone, a list where one searches a name."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agenda.events.kinds import EventMode, TeamRole
from agenda.events.kinds import RegistrationState as State
from agenda.models import Registration
from agenda.registrations import decisions
from agenda.registrations.mails import MANAGE
from agenda.registrations.tickets import ticket_png, ticket_url
from agenda.sessions import services as session_services
from territoires_en_commun.mailing.models import OutgoingMail
from tests.agenda.events import REMOTE, ask, enrol, fresh, make_event, make_session
from tests.agenda.test_team import said, signed_in

pytestmark = pytest.mark.ignore_template_errors
SECRETS = ("Sacha", "Camille", "Atelier des cafés", "exemple.fr", "Salle des fêtes")


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-02 13:55")


@pytest.fixture
def session():
    return make_session(
        make_event(title="Atelier des cafés"), starts_at=timezone.now() + timedelta(minutes=5), seats=9
    )


@pytest.fixture
def door(session):
    return signed_in("Accueil", session.event, TeamRole.DOOR)


@pytest.fixture
def organiser(session):
    return signed_in("Organisateurs", session.event, TeamRole.ORGANISER)


def path_of(registration) -> str:
    return f"/agenda/pointage/{registration.ticket}/"


def list_of(session) -> str:
    return reverse("pointage:session", args=[session.pk])


def text_of(response) -> str:
    """What is read in the main part of a page."""
    html = response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


# The code


def test_confirmation_carries_the_code_and_no_name(session):
    registration = enrol(session)
    mail = OutgoingMail.objects.get(purpose="registration_confirmed")
    attached = {row.name: row for row in mail.attachments.all()}
    assert set(attached) == {"inscription.ics", "billet.png"}
    assert attached["billet.png"].content_type == "image/png"
    assert bytes(attached["billet.png"].content) == ticket_png(registration)
    assert ticket_png(registration).startswith(b"\x89PNG")
    assert ticket_url(registration) == f"http://testserver/agenda/pointage/{registration.ticket}/"
    assert ("billet.png" in mail.text, "billet.png" in mail.html) == (True, True)
    assert registration.ticket != registration.uuid


def test_code_is_on_the_page_of_the_registration_of_who_comes(client, session):
    html = client.get(f"/agenda/inscription/gerer/{MANAGE.token(enrol(session).uuid)}/").content.decode()
    assert ("Votre billet" in html, "<svg" in html.partition("Votre billet")[2]) == (True, True)
    assert "style=" not in html.partition("Votre billet")[2].partition("</section>")[0]


def test_nobody_at_a_distance_or_waiting_has_a_code(client):
    session = make_session(make_event(mode=EventMode.HYBRID, video_url="https://visio.exemple.fr"), seats=0, days=9)
    for registration in (enrol(session, "anne", REMOTE), enrol(session, "bruno")):
        page = client.get(f"/agenda/inscription/gerer/{MANAGE.token(registration.uuid)}/")
        assert "Votre billet" not in page.content.decode()
    names = OutgoingMail.objects.values_list("attachments__name", flat=True)
    assert "billet.png" not in set(names)


# What the code leads to


def test_scan_shows_who_it_is_then_the_button_checks_in(door, session, freeze):
    registration = enrol(session)
    page = text_of(door.get(path_of(registration)))
    assert ("Sacha Camille" in page, "Pointer" in page, "Atelier des cafés" in page) == (True, True, True)
    assert fresh(registration).state == State.CONFIRMED
    freeze("2027-03-02 14:02")
    assert "Pointé à 14 h 02" in text_of(door.post(path_of(registration)))
    assert fresh(registration).moves.last().by == door.user
    freeze("2027-03-02 14:09")
    for response in (door.get(path_of(registration)), door.post(path_of(registration))):
        page = text_of(response)
        assert ("Déjà pointé à 14 h 02" in page, "Pointer" in page) == (True, False)
    assert fresh(registration).moves.count() == 3
    freeze("2027-03-03 09:00")
    door.force_login(door.user)
    page = text_of(door.get(path_of(registration)))
    assert "Déjà pointé le 2 mars 2027 à 14 h 02" in page
    assert "cette séance n’est pas aujourd’hui" in page


def test_hours_are_those_of_the_event(freeze):
    session = make_session(make_event(time_zone="Indian/Reunion"), days=0.1)
    registration = enrol(session)
    client = signed_in("Accueil", session.event, TeamRole.DOOR)
    freeze("2027-03-02 14:02")
    assert "Pointé à 17 h 02" in text_of(client.post(path_of(registration)))
    assert "Pointé à 17 h 02" in text_of(client.get(list_of(session)))


def test_opening_a_code_changes_nothing(door, organiser, session):
    registration = enrol(session)
    before = Registration.objects.values().get(pk=registration.pk)
    for client in (door, organiser, Client()):
        for ask_for in (client.get, client.head, client.options):
            assert ask_for(path_of(registration)).status_code == 200
    assert Registration.objects.values().get(pk=registration.pk) == before


def test_anybody_else_reads_the_same_of_any_code(session):
    registration = enrol(session)
    unknown = f"/agenda/pointage/{uuid.uuid4()}/"
    other = signed_in("Accueil", make_event(title="Autre"), TeamRole.DOOR)
    for client in (Client(), signed_in("Accueil"), signed_in("Contributeurs"), signed_in(None), other):
        answers = [client.get(path) for path in (path_of(registration), unknown)]
        assert [(answer.status_code, text_of(answer).split("Connectez-vous")[0]) for answer in answers] == [
            (200, text_of(answers[0]).split("Connectez-vous")[0])
        ] * 2
        assert "Ce code se montre à l’accueil" in text_of(answers[0])
        assert [secret for secret in SECRETS if secret in answers[0].content.decode()] == []
        assert [client.post(path).status_code for path in (path_of(registration), unknown)] == [403, 403]
    assert fresh(registration).state == State.CONFIRMED


def test_code_is_out_of_search_engines_and_of_caches(client, session):
    response = client.get(path_of(enrol(session)))
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_bad_codes_are_not_found(client):
    for code in ("faux", "9" * 5000, "2f3e4b6a"):
        assert client.get(f"/agenda/pointage/{code}/").status_code == 404


def test_account_that_left_the_editing_space_checks_nobody_in(door, session):
    registration = enrol(session)
    door.user.groups.clear()
    assert door.post(path_of(registration)).status_code == 403
    assert fresh(registration).state == State.CONFIRMED


def test_state_of_who_is_not_expected_is_said(door, session):
    full = make_session(session.event, seats=0, days=0.1)
    waiting, asked = enrol(full), ask(session, "bruno")
    for registration, state in ((waiting, "sur liste d’attente"), (asked, "à confirmer")):
        page = text_of(door.get(path_of(registration)))
        assert (state in page, "Pointer" in page) == (True, False)
        assert state in text_of(door.post(path_of(registration)))
    assert {fresh(waiting).state, fresh(asked).state} == {State.WAITING, State.TO_CONFIRM}


def test_nobody_is_checked_in_to_a_session_that_does_not_take_place(door, session):
    registration = enrol(session)
    session_services.cancel_session(session=session, message="Salle fermée.")
    assert decisions.NOBODY_COMES in text_of(door.get(path_of(registration)))
    assert decisions.NOBODY_COMES in text_of(door.post(path_of(registration)))
    assert fresh(registration).state == State.CONFIRMED


# The list


def test_door_checks_in_from_the_list(door, session):
    anne, bruno = enrol(session, "anne"), enrol(session, "bruno")
    ask(session, "chloe")
    page = text_of(door.get(list_of(session)))
    assert "0 présent sur 2 attendus" in page
    assert [name in page for name in ("Sacha Anne", "Sacha Bruno", "Sacha Chloe")] == [True, True, False]
    response = door.post(list_of(session), {"pointer": anne.pk}, follow=True)
    assert "Sacha Anne : pointé à 13 h 55." in said(response).replace("\u00a0", " ")
    page = text_of(response)
    assert ("1 présent sur 2 attendus" in page, "Pointé à 13 h 55" in page) == (True, True)
    again = door.post(list_of(session), {"pointer": anne.pk}, follow=True)
    assert "déjà pointé à 13 h 55" in said(again).replace("\u00a0", " ")
    assert (fresh(anne).state, fresh(bruno).state) == (State.PRESENT, State.CONFIRMED)


def test_list_shows_neither_address_nor_needs(door, session):
    enrol(session, "anne", needs="Une boucle magnétique", organisation="Mairie fictive")
    html = door.get(list_of(session)).content.decode()
    assert ("Mairie fictive" in html, "anne@exemple.fr" in html, "boucle" in html) == (True, False, False)


def test_name_is_found_without_accents_and_order(door, session):
    enrol(session, "anne", last_name="D’Haène", first_name="Éloïse")
    enrol(session, "bruno")
    waiting = ask(session, "chloe")
    for query in ("haene", "ELOISE d haene", "d’haène élo"):
        page = text_of(door.get(list_of(session), {"q": query}))
        assert ("Éloïse D’Haène" in page, "Bruno" in page) == (True, False)
    page = text_of(door.get(list_of(session), {"q": "chloe"}))
    assert ("Sacha Chloe" in page, "À confirmer" in page) == (True, True)
    assert "Personne ne correspond" in text_of(door.get(list_of(session), {"q": "inconnue"}))
    assert fresh(waiting).state == State.TO_CONFIRM


def test_code_read_in_the_search_field_finds_the_person(door, session):
    registration = enrol(session, "anne")
    enrol(session, "bruno")
    for query in (ticket_url(registration), str(registration.ticket).upper()):
        page = text_of(door.get(list_of(session), {"q": query}))
        assert ("Sacha Anne" in page, "Sacha Bruno" in page, "Pointer" in page) == (True, False, True)


def test_code_of_another_session_says_which_one(door, session):
    evening = make_session(session.event, title="Séance du soir", days=1)
    elsewhere = make_session(make_event(title="Ailleurs"))
    page = text_of(door.get(list_of(session), {"q": ticket_url(enrol(evening))}))
    assert "Ce code est celui d’une autre séance : Atelier des cafés – Séance du soir, mercredi 3 mars 2027" in page
    for query in (ticket_url(enrol(elsewhere)), str(uuid.uuid4())):
        page = text_of(door.get(list_of(session), {"q": query}))
        assert ("n’est pas celui d’une inscription à cette séance" in page, "Ailleurs" in page) == (True, False)


@pytest.mark.parametrize("query", ["a" * 5000, "\x00", "<b>", "%", "' OR 1=1--", "😀"])
def test_hostile_searches_are_answered(door, session, query):
    enrol(session)
    response = door.get(list_of(session), {"q": query})
    assert response.status_code == 200
    assert "<b>" not in response.content.decode().partition("<main")[2]


def test_only_organisers_undo(door, organiser, session):
    registration = enrol(session)
    decisions.check_in(registration=registration, by=None)
    assert "Annuler le pointage" not in text_of(door.get(list_of(session)))
    door.post(list_of(session), {"annuler": registration.pk})
    assert fresh(registration).state == State.PRESENT
    assert "Annuler le pointage" in text_of(organiser.get(list_of(session)))
    organiser.post(list_of(session), {"annuler": registration.pk})
    done = fresh(registration)
    assert (done.state, done.checked_in_at, done.moves.last().by) == (State.CONFIRMED, None, organiser.user)


def test_registration_is_checked_in_at_its_own_session(door, session):
    other = enrol(make_session(make_event(title="Ailleurs")))
    for data in ({"pointer": other.pk}, {"annuler": other.pk}, {"pointer": "x"}, {"pointer": "9" * 30}, {}):
        assert "rien n’a changé" in said(door.post(list_of(session), data, follow=True))
    assert fresh(other).state == State.CONFIRMED


def test_door_of_an_event_is_that_of_its_team(session):
    registration = enrol(session)
    other = signed_in("Organisateurs", make_event(title="Autre"), TeamRole.ORGANISER)
    for client in (other, signed_in("Accueil"), signed_in("Contributeurs")):
        assert client.get(list_of(session)).status_code == 302
        client.post(list_of(session), {"pointer": registration.pk})
    assert fresh(registration).state == State.CONFIRMED
    assert "Atelier des cafés" not in other.get(reverse("pointage:index")).content.decode()
    assert signed_in("Accueil").get(reverse("pointage:index")).status_code == 302


def test_sessions_of_the_door_are_those_to_come_and_just_over(door, session):
    make_session(session.event, title="Passée", days=-9)
    make_session(session.event, title="Hier", days=-1)
    cancelled = make_session(session.event, title="Annulée", days=2)
    session_services.cancel_session(session=cancelled, message="Salle fermée.")
    enrol(session, "anne")
    decisions.check_in(registration=enrol(session, "bruno"), by=None)
    page = text_of(door.get(reverse("pointage:index")))
    assert [word in page for word in ("Hier", "Passée", "Annulée")] == [True, False, False]
    assert "1 présent sur 2 attendus" in page
