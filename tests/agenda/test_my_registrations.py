"""Finding one's registrations by one's address, reading what is kept, taking it away; nobody learns of another."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from agenda.events.kinds import QuestionKind
from agenda.events.kinds import RegistrationState as State
from agenda.models import EventQuestion, Registration
from agenda.registrations import services
from agenda.registrations import transfer_services as transfers
from agenda.registrations.mails import MANAGE
from agenda.registrations.my_registrations import MY_DATA, registrations_of
from territoires_en_commun.mailing.models import OutgoingMail
from tests.agenda.events import ask, enrol, fresh, make_event, make_session

FIND = "/agenda/mes-inscriptions/"
LINK = re.compile(r"http://testserver(/agenda/[\w-]+/\w+/[\w.-]+/)")


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


@pytest.fixture
def find(client, freeze):
    """Open the form, take ten seconds, send an address."""

    def act(email):
        token = re.search(r'name="token" value="([^"]+)"', client.get(FIND).content.decode())[1]
        freeze(timezone.now() + timedelta(seconds=10))
        return client.post(FIND, {"email": email, "token": token, "website": ""})

    return act


def mail():
    return OutgoingMail.objects.filter(purpose="registration_links").latest("pk")


def links():
    found = LINK.findall(mail().text)
    assert set(found) == set(LINK.findall(mail().html))
    return found


def data_path(registration, page="donnees"):
    return f"/agenda/mes-inscriptions/{page}/{MY_DATA.token(registration.uuid)}/"


def test_links_of_each_registration_are_mailed(client, find):
    past = make_session(make_event(title="Atelier passé"), days=-10)
    old = Registration.objects.create(
        session=past,
        presence="presentiel",
        email="Camille@exemple.fr",
        last_name="Durand",
        identity="a" * 32,
        state=State.PRESENT,
        seat=1,
        rank=1,
        created_at=timezone.now(),
        confirmed_at=timezone.now(),
    )
    enrol(make_session(make_event(title="Atelier à venir")))
    enrol(make_session(make_event(title="Atelier d’une autre")), "anne")
    response = find(" camille@EXEMPLE.fr")
    assert (response.status_code, response.url) == (302, f"{FIND}envoyees/")
    assert "Vos inscriptions : demande reçue" in client.get(response.url).content.decode()
    assert mail().recipient == "camille@exemple.fr"
    assert ["Atelier passé" in mail().text, "à venir" in mail().text, "d’une autre" in mail().text] == [
        True,
        True,
        False,
    ]
    assert [client.get(link).status_code for link in links()] == [200] * 3
    assert "Annuler mon inscription" not in client.get(links()[1]).content.decode()
    assert fresh(old).state == State.PRESENT


def test_unknown_address_sees_the_same_screen_and_receives_nothing(client, find):
    enrol(make_session())
    before = OutgoingMail.objects.count()
    known, unknown = find("camille@exemple.fr"), find("inconnue@exemple.fr")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert OutgoingMail.objects.count() == before + 1


@pytest.mark.parametrize("email", ["", "camille@", "a@exemple.fr\nBcc: b@exemple.fr", "a" * 250 + "@exemple.fr"])
def test_bad_addresses_are_refused(find, email):
    assert find(email).status_code == 400
    assert not OutgoingMail.objects.exists()


def test_demands_are_limited(find):
    assert [find("camille@exemple.fr").status_code for _ in range(6)] == [302] * 5 + [429]


def test_lookalike_mailbox_is_not_the_same():
    enrol(make_session(), email="camille@strasse.exemple.fr")
    assert len(registrations_of("Camille@strasse.exemple.fr")) == 1
    assert registrations_of("camille@straße.exemple.fr") == []


def test_data_is_read_whole_and_nothing_of_others(client):
    event = make_event(title="Atelier des cafés")
    question = EventQuestion.objects.create(event=event, label="Repas ?", kind=QuestionKind.CHOICES)
    session = make_session(event, seats=5)
    camille = enrol(session, needs="Une boucle.", role="Maire", answers={str(question.uuid): ["Bio", "Local"]})
    enrol(session, "anne", role="Secrète")
    transfers.propose(registration=camille, email="dominique@exemple.fr")
    html = client.get(data_path(camille)).content.decode()
    for words in ("Atelier des cafés", "Une boucle.", "Maire", "Bio, Local", "confirmée", "dominique@exemple.fr"):
        assert words in html
    assert "Secrète" not in html
    response = client.get(f"{data_path(camille)}export/")
    assert response["Content-Disposition"] == 'attachment; filename="mes-inscriptions.json"'
    told = json.loads(response.content)
    row = told["inscriptions"][0]
    assert (told["adresse"], row["événement"], row["Besoins"]) == (
        "camille@exemple.fr",
        "Atelier des cafés",
        "Une boucle.",
    )
    assert row["réponses"] == {"Repas ?": "Bio, Local"}
    assert [move["état"] for move in row["mouvements"]] == ["à confirmer", "confirmée"]
    assert row["place proposée à"][0]["à"] == "dominique@exemple.fr"
    assert "Secrète" not in response.content.decode()
    assert {mail["objet"] for mail in told["courriels"]} == {
        "Confirmez votre inscription : Atelier des cafés",
        "Inscription confirmée : Atelier des cafés",
    }


def test_somebody_who_was_proposed_a_place_finds_it_too(client, find):
    transfers.propose(registration=enrol(make_session()), email="dominique@exemple.fr")
    find("dominique@exemple.fr")
    (link,) = links()
    html = client.get(link).content.decode()
    assert ("Places qui vous ont été proposées" in html, "camille@exemple.fr" in html) == (True, False)


def test_opening_the_links_changes_nothing(find):
    camille = enrol(make_session())
    find("camille@exemple.fr")
    before, mails = list(Registration.objects.values()), OutgoingMail.objects.count()
    scanner = Client()
    paths = [*links(), data_path(camille), f"{data_path(camille)}export/", data_path(camille, "effacer")]
    assert [scanner.get(path).status_code for path in paths] == [200] * 5
    assert [scanner.head(path).status_code for path in paths] == [200] * 5
    assert (list(Registration.objects.values()), OutgoingMail.objects.count()) == (before, mails)


def test_erasure_cancels_what_is_to_come_and_leaves_no_name(client):
    session = make_session(seats=1)
    camille, anne = enrol(session), enrol(session, "anne")
    path = data_path(camille, "effacer")
    assert "Effacer définitivement" in client.get(path).content.decode()
    response = client.post(path)
    assert (response.status_code, "Vos données sont effacées" in response.content.decode()) == (200, True)
    gone = fresh(camille)
    assert (gone.state, gone.email, gone.seat, gone.erased_at) == (State.CANCELLED, "", None, timezone.now())
    assert fresh(anne).state == State.OFFERED
    assert client.get(path).status_code == client.post(path).status_code == 410
    assert client.get(f"/agenda/inscription/gerer/{MANAGE.token(camille.uuid)}/").status_code == 410
    assert not OutgoingMail.objects.filter(recipient="camille@exemple.fr").exists()
    assert enrol(session).state == State.WAITING, "the same person registers again, as anybody"


def test_erasure_late_or_unconfirmed_is_done_all_the_same(client, freeze):
    session = make_session(seats=1, cancel_until=timezone.now() + timedelta(days=1))
    camille = enrol(session)
    other = ask(make_session())
    freeze(timezone.now() + timedelta(days=2))
    assert client.post(data_path(camille, "effacer")).status_code == 200
    assert fresh(camille).state == State.CANCELLED
    assert not Registration.objects.filter(pk=other.pk).exists()


def test_erasure_of_a_session_that_is_over_keeps_who_came(client, freeze):
    session = make_session(seats=1)
    camille = enrol(session)
    services.check_in(registration=camille, by=None)
    freeze(session.ends_at)
    assert client.post(data_path(camille, "effacer")).status_code == 200
    assert (fresh(camille).state, fresh(camille).seat, fresh(camille).last_name) == (
        State.PRESENT,
        1,
        "Personne effacée",
    )


def test_links_of_other_purposes_lead_nowhere(client):
    camille = enrol(make_session())
    for path in (
        f"/agenda/mes-inscriptions/donnees/{MANAGE.token(camille.uuid)}/",
        f"/agenda/mes-inscriptions/effacer/{MANAGE.token(camille.uuid)}/",
        f"/agenda/mes-inscriptions/donnees/{MY_DATA.token('pas-un-uuid')}/export/",
        f"/agenda/inscription/gerer/{MY_DATA.token(camille.uuid)}/",
    ):
        assert client.get(path).status_code in {404, 410}
        assert client.post(path).status_code in {404, 405, 410}
    assert fresh(camille).email == "camille@exemple.fr"


def test_pages_of_registration_lead_here(client):
    session = make_session()
    camille = enrol(session)
    for path in (f"/agenda/inscription/{session.uuid}/", f"/agenda/inscription/gerer/{MANAGE.token(camille.uuid)}/"):
        assert f'href="{FIND}"' in client.get(path).content.decode()
