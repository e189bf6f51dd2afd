"""A place that somebody gives: by mail, to one person, by the very seat; and nobody learns who is registered."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from agenda.events.kinds import EventMode, QuestionKind, SessionStatus
from agenda.events.kinds import RegistrationState as State
from agenda.models import EventQuestion, EventSession, Registration, RegistrationTransfer
from agenda.registrations import services
from agenda.registrations import transfer_services as transfers
from agenda.registrations.mails import MANAGE
from agenda.registrations.transfer_mails import TRANSFER
from territoires_en_commun.mailing.models import OutgoingMail
from tests.agenda.events import REMOTE, ask, enrol, fresh, make_event, make_session, person, states
from tests.factories import TerritoryFactory

LINK = re.compile(r"http://testserver(/agenda/inscription/place/[\w.-]+/)")
DATA = {"last_name": "Petit", "first_name": "Dominique", "verb": "accepter"}


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


@pytest.fixture
def session():
    return make_session(seats=1)


def give_path(registration):
    return f"/agenda/inscription/transmettre/{MANAGE.token(registration.uuid)}/"


def manage_path(registration):
    return f"/agenda/inscription/gerer/{MANAGE.token(registration.uuid)}/"


def give(client, registration, email="dominique@exemple.fr"):
    """Propose a place by the form, and return the path of the link that is mailed."""
    assert client.post(give_path(registration), {"email": email}).status_code == 302
    return link_to(email)


def link_to(email):
    mail = OutgoingMail.objects.filter(purpose="transfer_proposal", recipient=email).latest("pk")
    links = set(LINK.findall(mail.text)) | set(LINK.findall(mail.html))
    assert len(links) == 1
    return links.pop()


def said(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ").split())


def test_place_is_given_by_the_very_seat_before_anybody_in_the_queue(client, session):
    camille, waiting = enrol(session), enrol(session, "anne")
    path = give(client, camille)
    page = said(client.get(path))
    assert "Sacha Camille</strong> vous propose sa place : sur place." in page
    assert "camille@exemple.fr" not in page
    response = client.post(path, DATA)
    assert (response.status_code, response.url.split("/")[3]) == (302, "gerer")
    taker = Registration.objects.get(email="dominique@exemple.fr")
    assert (taker.state, taker.seat, taker.full_name) == (State.CONFIRMED, 1, "Dominique Petit")
    assert (fresh(camille).state, fresh(waiting).state) == (State.CANCELLED, State.WAITING)
    assert [(move.after, move.reason) for move in camille.moves.all()][-1] == (State.CANCELLED, "place transmise")
    assert RegistrationTransfer.objects.get().taken_by == taker
    told = {mail.recipient: mail.purpose for mail in OutgoingMail.objects.order_by("pk")}
    assert (told["camille@exemple.fr"], told[taker.email]) == ("transfer_given", "registration_confirmed")
    assert "Votre place est à vous." in said(client.get(response.url))


def test_accepted_twice_it_is_accepted_once(client, session):
    path = give(client, enrol(session))
    urls = [client.post(path, DATA | {"last_name": name}).url for name in ("Petit", "Grand")]
    assert [client.get(url).status_code for url in urls] == [200, 200]
    assert states(session) == {"camille": State.CANCELLED, "dominique": State.CONFIRMED}
    assert Registration.objects.get(state=State.CONFIRMED).last_name == "Petit"
    assert "Cette place est à vous" in said(client.get(path))


def test_opening_the_links_changes_nothing(client, session):
    camille = enrol(session)
    path = give(client, camille)
    before = list(Registration.objects.values()), list(RegistrationTransfer.objects.values())
    mails = OutgoingMail.objects.count()
    for method in (Client().get, Client().head, Client().options):
        assert [method(url).status_code for url in (path, give_path(camille))] == [200, 200]
    assert (list(Registration.objects.values()), list(RegistrationTransfer.objects.values())) == before
    assert OutgoingMail.objects.count() == mails


def test_proposal_says_nothing_that_is_for_the_registered(client):
    secret = "https://visio.exemple.fr/secret"
    camille = enrol(make_session(make_event(mode=EventMode.REMOTE, video_url=secret)), presence=REMOTE)
    path = give(client, camille)
    mail = OutgoingMail.objects.get(purpose="transfer_proposal")
    for text in (mail.text, mail.html, said(client.get(path))):
        assert [words in text for words in (secret, "gerer/", "camille@exemple.fr")] == [False] * 3
        assert "Sacha Camille" in text


def test_giver_reads_the_same_whether_the_recipient_is_registered_or_not(client):
    session = make_session(seats=3)
    camille = enrol(session)
    enrol(session, "anne")
    pages = []
    for email in ("anne@exemple.fr", "inconnue@exemple.fr"):
        path = give(client, camille, email)
        page = said(client.get(manage_path(camille))).replace(email, "X")
        pages.append(re.sub(r"[\w.-]{60,}", "", page))  # tokens
    assert pages[0] == pages[1]
    assert client.get(path).status_code == 200


def test_recipient_who_is_registered_learns_it_alone(client):
    session = make_session(seats=3)
    camille, anne = enrol(session), enrol(session, "anne")
    path = give(client, camille, "Anne@exemple.fr")
    assert "déjà" not in said(client.get(path))
    response = client.post(path, DATA)
    assert (response.status_code, transfers.REGISTERED_ALREADY in said(response)) == (409, True)
    assert (fresh(camille).state, fresh(anne).state) == (State.CONFIRMED, State.CONFIRMED)
    assert Registration.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"email": ""}, 409, "Indiquez l’adresse de cette personne"),
        ({"email": "dominique@"}, 409, "saisissez une adresse e-mail valide"),
        ({"email": "a@exemple.fr\nBcc: b@exemple.fr"}, 409, "les retours à la ligne"),
        ({"email": "CAMILLE@exemple.fr"}, 409, transfers.OWN_ADDRESS),
    ],
)
def test_bad_addresses_are_refused(client, session, data, status, words):
    camille = enrol(session)
    response = client.post(give_path(camille), data)
    assert (response.status_code, words in said(response)) == (status, True)
    assert not RegistrationTransfer.objects.exists()


@pytest.mark.parametrize("data", [{"verb": "accepter"}, {"verb": "exploser"}, {}, DATA | {"last_name": "a\nb"}])
def test_bad_answers_of_the_recipient_are_refused(client, session, data):
    camille = enrol(session)
    path = give(client, camille)
    assert client.post(path, data).status_code == 409
    assert (fresh(camille).state, Registration.objects.count()) == (State.CONFIRMED, 1)


def test_place_is_kept_by_who_takes_it_back(client, session):
    camille = enrol(session)
    path = give(client, camille)
    assert "dominique@exemple.fr jusqu’au lundi 8 mars 2027" in said(client.get(manage_path(camille)))
    assert client.post(manage_path(camille), {"verb": "reprendre"}).status_code == 302
    assert OutgoingMail.objects.get(purpose="transfer_proposal").state == OutgoingMail.State.CANCELLED
    assert "Cette place n’est plus proposée" in said(client.get(path))
    for verb in ("accepter", "decliner"):
        assert client.post(path, DATA | {"verb": verb}).status_code == 409
    assert states(session) == {"camille": State.CONFIRMED}


def test_second_proposal_replaces_the_first(client, session):
    camille = enrol(session)
    first, second = give(client, camille, "un@exemple.fr"), give(client, camille, "deux@exemple.fr")
    assert client.post(first, DATA).status_code == 409
    assert client.post(second, DATA).status_code == 302
    assert states(session) == {"camille": State.CANCELLED, "deux": State.CONFIRMED}


def test_same_address_proposed_twice_receives_one_mail(client, session):
    camille = enrol(session)
    assert give(client, camille) == give(client, camille, "dominique@exemple.fr")
    assert OutgoingMail.objects.filter(purpose="transfer_proposal").count() == 1


def test_declined_place_stays_and_its_holder_is_told(client, session):
    camille = enrol(session)
    path = give(client, camille)
    assert "Place déclinée" in said(client.post(path, {"verb": "decliner"}))
    assert OutgoingMail.objects.latest("pk").purpose == "transfer_declined"
    assert (fresh(camille).state, client.post(path, DATA).status_code) == (State.CONFIRMED, 409)


def test_cancelling_ends_the_proposal(client, session):
    camille, anne = enrol(session), enrol(session, "anne")
    path = give(client, camille)
    services.cancel_registration(registration=camille)
    assert OutgoingMail.objects.get(purpose="transfer_proposal").state == OutgoingMail.State.CANCELLED
    assert RegistrationTransfer.objects.get().ended_at == timezone.now()
    assert client.post(path, DATA).status_code == 409
    services.wait_again(registration=camille)
    assert client.post(path, DATA).status_code == 409
    assert fresh(anne).state == State.OFFERED


@pytest.mark.parametrize(("days", "after"), [(30, timedelta(days=7)), (3, timedelta(days=3))])
def test_link_lasts_seven_days_or_until_the_session_starts(client, freeze, days, after):
    session = make_session(seats=1, days=days)
    path = give(client, enrol(session))
    start = timezone.now()
    freeze(start + after - timedelta(seconds=1))
    assert client.get(path).status_code == 200
    freeze(start + after)
    response = client.get(path)
    assert (response.status_code, "Une place se propose sept jours au plus" in said(response)) == (410, True)
    assert client.post(path, DATA).status_code == 410
    assert states(session) == {"camille": State.CONFIRMED}


def test_only_a_confirmed_place_of_a_session_to_come_is_given(client, freeze):
    session = make_session(seats=1)
    camille, anne, unconfirmed = enrol(session), enrol(session, "anne"), ask(session, "bruno")
    for row in (anne, unconfirmed):
        assert client.post(give_path(row), {"email": "x@exemple.fr"}).status_code == 410
        with pytest.raises(ValidationError, match=re.escape(transfers.NOT_GIVEN)):
            transfers.propose(registration=row, email="x@exemple.fr")
    path = give(client, camille)
    EventSession.objects.update(status=SessionStatus.POSTPONED, status_message="Neige")
    assert client.post(path, DATA).status_code == 409
    EventSession.objects.update(status=SessionStatus.SCHEDULED, status_message="")
    freeze(session.starts_at)
    assert client.get(give_path(camille)).status_code == 410
    assert "Transmettre ma place" not in said(client.get(manage_path(camille)))
    assert RegistrationTransfer.objects.count() == 1


def test_organiser_approves_who_takes_a_place_and_its_seat_is_held(client):
    session = make_session(make_event(needs_approval=True, approval_holds_seat=False), seats=1)
    camille = services.approve(registration=enrol(session), by=None)
    assert client.post(give(client, camille), DATA).status_code == 302
    taker = Registration.objects.get(email="dominique@exemple.fr")
    assert (taker.state, taker.seat) == (State.AWAITING, 1)
    assert services.approve(registration=taker, by=None).seat == 1


def test_seat_kept_for_small_communes_is_not_for_others_unless_one_is_left_for_all(client):
    session = make_session(make_event(small_quota=1), seats=2)
    small, large = TerritoryFactory(population=500), TerritoryFactory(population=90_000)
    camille, anne = enrol(session, commune=small), enrol(session, "anne", commune=large)
    path = give(client, camille)
    response = client.post(path, DATA)
    assert (response.status_code, "réservée aux communes de moins de 3500" in said(response)) == (409, True)
    assert (fresh(camille).state, fresh(camille).seat) == (State.CONFIRMED, 1)
    services.cancel_registration(registration=anne)
    assert client.post(path, DATA).status_code == 302
    assert states(session)["dominique"] == State.CONFIRMED


def test_seat_for_all_that_a_small_commune_takes_frees_one_for_all():
    session = make_session(make_event(small_quota=1), seats=2)
    small, large = TerritoryFactory(population=500), TerritoryFactory(population=90_000)
    camille = enrol(session, commune=large)
    waiting = enrol(session, "anne", commune=large)
    transfer = transfers.propose(registration=camille, email="dominique@exemple.fr")
    transfers.accept_transfer(transfer=transfer, person=person("autre", commune=small))
    assert states(session) == {"camille": State.CANCELLED, "anne": State.OFFERED, "dominique": State.CONFIRMED}
    assert {fresh(waiting).seat, Registration.objects.get(email="dominique@exemple.fr").seat} == {1, 2}


def test_questions_are_asked_to_who_takes_a_place(client, session):
    question = EventQuestion.objects.create(
        event=session.event, label="Repas ?", kind=QuestionKind.TEXT, is_required=1
    )
    path = give(client, enrol(session, answers={str(question.uuid): "Non"}))
    assert client.post(path, DATA).status_code == 409
    assert client.post(path, DATA | {f"question_{question.uuid.hex}": "Oui"}).status_code == 302
    assert Registration.objects.get(email="dominique@exemple.fr").answers == {str(question.uuid): "Oui"}


def test_proposals_are_limited(client, session):
    camille = enrol(session)
    codes = [client.post(give_path(camille), {"email": f"p{rank}@exemple.fr"}).status_code for rank in range(6)]
    assert codes == [302] * 5 + [409]
    assert RegistrationTransfer.objects.count() == 5


def test_links_of_other_purposes_lead_nowhere(client, session):
    camille = enrol(session)
    give(client, camille)
    transfer = RegistrationTransfer.objects.get()
    for path in (
        f"/agenda/inscription/place/{MANAGE.token(transfer.uuid)}/",
        f"/agenda/inscription/gerer/{TRANSFER.token(camille.uuid)}/",
        f"/agenda/inscription/place/{TRANSFER.token(camille.uuid)}/",
        f"/agenda/inscription/place/{TRANSFER.token('pas-un-uuid')}/",
        f"/agenda/inscription/transmettre/{TRANSFER.token(transfer.uuid)}/",
    ):
        assert client.post(path, DATA).status_code in {404, 410}
    assert states(session) == {"camille": State.CONFIRMED}
