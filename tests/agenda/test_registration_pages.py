"""Registering without an account: a form, a link that confirms, a link that manages; nothing acts when opened."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from agenda.events.kinds import EventMode
from agenda.events.kinds import RegistrationState as State
from agenda.models import Registration
from agenda.registrations.mails import CONFIRM, MANAGE
from territoires_en_commun.mailing.models import OutgoingMail
from tests.agenda.events import REMOTE, ask, enrol, fresh, make_event, make_session

LINK = re.compile(r"http://testserver(/agenda/inscription/\w+/[\w.-]+/)")
DATA = {
    "email": "camille@exemple.fr",
    "first_name": "Camille",
    "last_name": "Durand",
    "organisation": "Mairie fictive",
    "role": "",
    "commune": "",
    "needs": "Une boucle magnétique.",
    "website": "",
}


@pytest.fixture(autouse=True)
def now(home, small_france, freeze):
    freeze("2027-03-01 10:00")


@pytest.fixture
def session():
    return make_session(seats=1)


def path_of(session):
    return f"/agenda/inscription/{session.uuid}/"


@pytest.fixture
def fill(client, freeze):
    """Open the form of a session, take ten seconds, send it."""

    def act(session, **changes):
        html = client.get(path_of(session)).content.decode()
        token = re.search(r'name="token" value="([^"]+)"', html)[1]
        freeze(timezone.now() + timedelta(seconds=10))
        return client.post(path_of(session), DATA | {"token": token} | changes)

    return act


def links_of(purpose, email="camille@exemple.fr"):
    mail = OutgoingMail.objects.filter(purpose=purpose, recipient=email).latest("pk")
    found = LINK.findall(mail.text)
    assert set(found) == set(LINK.findall(mail.html))
    return {link.split("/")[3]: link for link in found}


def title_of(response):
    return " ".join(re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)[1].split())


def test_journey_from_the_form_to_the_cancellation(client, session, fill):
    response = fill(session)
    assert (response.status_code, response.url) == (302, f"{path_of(session)}envoyee/")
    assert "Une étape reste à faire" in client.get(response.url).content.decode()
    confirm = links_of("registration_confirm")["confirmer"]
    assert "Confirmer mon inscription" in client.get(confirm).content.decode()
    assert Registration.objects.get().state == State.TO_CONFIRM
    response = client.post(confirm)
    assert response.status_code == 302
    html = client.get(response.url).content.decode()
    assert ("Votre place est à vous." in html, "Annuler mon inscription" in html) == (True, True)
    registration = Registration.objects.get()
    assert (registration.needs, registration.organisation) == ("Une boucle magnétique.", "Mairie fictive")
    manage = links_of("registration_confirmed")["gerer"]
    assert client.post(manage, {"verb": "annuler"}).status_code == 302
    assert fresh(registration).state == State.CANCELLED
    assert "M’inscrire de nouveau" in client.get(manage).content.decode()
    assert client.post(manage, {"verb": "revenir"}).status_code == 302
    assert fresh(registration).state == State.CONFIRMED


def test_known_and_unknown_addresses_see_the_same_screen(client, session, fill):
    enrol(session)
    known = fill(session)
    other = fill(session, email="autre@exemple.fr")
    assert (known.status_code, known.url) == (other.status_code, other.url)
    assert Registration.objects.filter(email_key="camille@exemple.fr").count() == 1
    assert "gerer" in links_of("registration_known")


def test_opening_links_changes_nothing(session):
    """As mail scanners do (GDPR-5)."""
    registrations = [enrol(session, "anne"), enrol(session, "bruno"), ask(session, "chloe")]
    before = list(Registration.objects.order_by("pk").values())
    mails = OutgoingMail.objects.count()
    scanner = Client()
    for registration in registrations:
        for link in (CONFIRM, MANAGE):
            path = link.url(registration.uuid).removeprefix("http://testserver")
            for ask_for in (scanner.get, scanner.head, scanner.options):
                assert ask_for(path).status_code == 200
        scanner.get(f"/agenda/inscription/modifier/{MANAGE.token(registration.uuid)}/")
    assert list(Registration.objects.order_by("pk").values()) == before
    assert OutgoingMail.objects.count() == mails


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": ""}, "Indiquez votre adresse électronique"),
        ({"email": "camille@"}, "saisissez une adresse e-mail valide"),
        ({"last_name": " "}, "Indiquez votre nom."),
        ({"last_name": "Durand\nBcc: x@exemple.fr"}, "les retours à la ligne et les caractères de contrôle"),
        ({"commune": "Saint-Denis"}, "Plusieurs territoires correspondent"),
        ({"needs": "x" * 1001}, "1000"),
        ({"website": "robot"}, "champ caché"),
        ({"token": "faux"}, "trop longtemps"),
    ],
)
def test_bad_answers_are_refused_and_kept(session, fill, changes, said):
    response = fill(session, **changes)
    html = response.content.decode()
    assert (response.status_code, said in html) == (400, True)
    assert "<title>Erreur" in html
    assert 'value="Mairie fictive"' in html
    assert Registration.objects.count() == OutgoingMail.objects.count() == 0


@pytest.mark.parametrize("name", ["Ó Briain", "D’Arc", "N’Guessan 👩‍🌾", "<b>Durand</b>", "مريم", "X", "É" * 150])
def test_names_of_every_kind_are_kept_as_they_are(session, fill, name):
    assert fill(session, last_name=name, first_name="").status_code == 302
    assert Registration.objects.get().full_name == name


def test_hybrid_session_asks_how(client, fill):
    session = make_session(make_event(mode=EventMode.HYBRID))
    response = fill(session)
    assert (response.status_code, "Dites si vous venez sur place" in response.content.decode()) == (400, True)
    assert fill(session, presence=REMOTE).status_code == 302
    assert Registration.objects.get().presence == REMOTE


def test_small_commune_is_found_by_its_name(fill):
    session = make_session(make_event(small_quota=1), seats=1)
    assert fill(session, commune="commune:23190").status_code == 302
    registration = Registration.objects.get()
    assert (registration.commune.code, registration.is_small) == ("23190", True)


def test_form_sent_twice_is_one_registration(client, session, freeze):
    html = client.get(path_of(session)).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', html)[1]
    freeze("2027-03-01 10:00:10")
    for _ in range(2):
        assert client.post(path_of(session), DATA | {"token": token}).status_code == 302
    assert (Registration.objects.count(), OutgoingMail.objects.count()) == (1, 1)


@pytest.mark.parametrize("fields", [{"days": -1}, {"closes_at": -1}, {"opens_at": 1}])
def test_closed_form_says_so(client, fields):
    for name in {"closes_at", "opens_at"} & fields.keys():
        fields[name] = timezone.now() + timedelta(days=fields[name])
    session = make_session(**fields)
    html = client.get(path_of(session)).content.decode()
    assert ("Les inscriptions ne sont pas ouvertes" in html, '<form method="post"' in html) == (True, False)


def test_session_of_a_hidden_event_is_not_found(client):
    hidden = make_session(make_event(live=False))
    for method in (client.get, client.post):
        assert method(path_of(hidden)).status_code == 404
    assert client.get(f"{path_of(hidden)}envoyee/").status_code == 404


def test_link_serves_until_the_session_ends(client, session, freeze):
    enrol(session)
    manage = links_of("registration_confirmed")["gerer"]
    freeze(session.ends_at - timedelta(seconds=1))
    assert client.get(manage).status_code == 200
    freeze(session.ends_at + timedelta(seconds=1))
    response = client.get(manage)
    assert (response.status_code, title_of(response)) == (410, "Ce lien a expiré")


def test_forged_links_lead_nowhere(client, session):
    registration = enrol(session)
    confirm, manage = CONFIRM.token(registration.uuid), MANAGE.token(registration.uuid)
    for path in (
        f"/agenda/inscription/gerer/{confirm}/",
        f"/agenda/inscription/confirmer/{manage}/",
        f"/agenda/inscription/gerer/{manage[:-2]}xx/",
        f"/agenda/inscription/gerer/{'x' * 600}/",
        f"/agenda/inscription/modifier/{MANAGE.token('pas-un-uuid')}/",
    ):
        assert client.get(path).status_code == client.post(path, {"verb": "annuler"}).status_code
        assert client.get(path).status_code in {404, 410}
    assert fresh(registration).state == State.CONFIRMED


def test_offer_is_accepted_by_its_button(client, session):
    first, second = enrol(session, "anne"), enrol(session, "bruno")
    client.post(links_of("registration_confirmed", "anne@exemple.fr")["gerer"], {"verb": "annuler"})
    manage = links_of("registration_offer", "bruno@exemple.fr")["gerer"]
    html = client.get(manage).content.decode()
    assert ("Accepter cette place" in html, "Refuser cette place" in html) == (True, True)
    assert client.post(manage, {"verb": "accepter"}).status_code == 302
    assert (fresh(first).state, fresh(second).state) == (State.CANCELLED, State.CONFIRMED)
    assert client.post(manage, {"verb": "exploser"}).status_code == 409


def test_answers_are_changed_by_the_link(client, session):
    registration = enrol(session)
    change = f"/agenda/inscription/modifier/{MANAGE.token(registration.uuid)}/"
    assert 'value="Camille"' in client.get(change).content.decode()
    refused = client.post(change, DATA | {"last_name": ""})
    assert (refused.status_code, "Indiquez votre nom." in refused.content.decode()) == (409, True)
    assert client.post(change, DATA | {"last_name": "Petit", "email": "pirate@exemple.fr"}).status_code == 302
    changed = fresh(registration)
    assert (changed.last_name, changed.email, changed.state) == ("Petit", "camille@exemple.fr", State.CONFIRMED)


def test_mail_says_date_place_and_link_with_a_calendar_entry(session):
    enrol(session)
    mail = OutgoingMail.objects.get(purpose="registration_confirmed")
    for part in (mail.text, mail.html):
        plain = part.replace("\u00a0", " ").replace("&nbsp;", " ")
        assert "Mercredi 31 mars 2027, de 11 h à 13 h" in plain
        assert "Salle des fêtes, 1 place de la Mairie, Guéret" in plain
        assert "/agenda/inscription/gerer/" in part
    attachment = mail.attachments.get(name="inscription.ics")
    assert attachment.content_type.startswith("text/calendar")
    assert b"METHOD:PUBLISH" in bytes(attachment.content)


def test_video_link_is_for_the_confirmed_who_are_at_a_distance(client):
    secret = "https://visio.exemple.fr/secret"
    session = make_session(make_event(mode=EventMode.HYBRID, video_url=secret), remote_seats=1)
    enrol(session, "anne", REMOTE)
    enrol(session, "bruno", REMOTE)
    enrol(session, "chloe")
    told = {mail.recipient.split("@")[0] for mail in OutgoingMail.objects.all() if secret in mail.text + mail.html}
    assert told == {"anne"}
    attached = {
        mail.recipient.split("@")[0]
        for mail in OutgoingMail.objects.all()
        for attachment in mail.attachments.all()
        if secret.encode() in bytes(attachment.content).replace(b"\r\n ", b"")
    }
    assert attached == {"anne"}


def managed(client, registration):
    """What the person reads of their registration, and their calendar file."""
    token = MANAGE.token(registration.uuid)
    calendar = f"/agenda/inscription/calendrier/{token}/"
    shown = client.get(f"/agenda/inscription/gerer/{token}/").content.decode()
    return calendar in shown, client.get(calendar)


def test_who_comes_takes_the_session_to_their_calendar(client):
    event = make_event(mode=EventMode.HYBRID, video_url="https://visio.exemple.fr/salle")
    session = make_session(event, remote_seats=1)
    found = [managed(client, enrol(session, *who)) for who in (("anne",), ("bruno", REMOTE))]
    assert {(is_offered, file["Content-Type"]) for is_offered, file in found} == {
        (True, "text/calendar; charset=utf-8")
    }
    entries = [Calendar.from_ical(file.content).events[0] for _, file in found]
    assert {str(entry["UID"]) for entry in entries} == {f"{session.uuid}@testserver"}
    assert [entry.get("CONFERENCE") for entry in entries] == [None, "https://visio.exemple.fr/salle"]


def test_who_waits_has_no_calendar_entry(client, session):
    enrol(session, "anne")
    is_offered, file = managed(client, enrol(session, "bruno"))
    assert (is_offered, file.status_code) == (False, 410)
