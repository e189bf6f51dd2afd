"""Messages to a group of registrants: whom, what, a preview, and one mail each, once."""

import re
import uuid

import pytest
from django.urls import reverse

from agenda.events.kinds import EventMode
from agenda.models import Registration, SessionMessage
from agenda.registrations import services
from agenda.registrations.group_messages import Group, recipients, send_message
from territoires_en_commun.mailing.models import OutgoingMail
from tests.agenda.events import REMOTE, ask, enrol, make_event, make_session
from tests.agenda.organising import is_refused, make_stranger, signed_in, text

pytestmark = pytest.mark.ignore_template_errors


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


@pytest.fixture
def organiser(editor):
    return signed_in(editor)


def url(session):
    return reverse("seances:message", args=[session.pk])


def filled(**fields) -> dict:
    message = {"group": Group.CONFIRMED.value, "subject": "Parking", "body": "Garez-vous ici.\n<b>Merci</b>"}
    return {**message, "identity": str(uuid.uuid4()), **fields}


def mails():
    return OutgoingMail.objects.filter(purpose="registration_message").order_by("recipient")


def written_to() -> list[str]:
    return [mail.recipient.split("@")[0] for mail in mails()]


def in_every_state(session) -> None:
    """One person in each state: each is called after hers."""
    organiser = session.event.owner
    for name in ("confirmed", "present", "absent", "cancelled"):
        enrol(session, name)
    services.check_in(registration=Registration.objects.get(email="present@exemple.fr"), by=organiser)
    Registration.objects.filter(email="absent@exemple.fr").update(state="absente")
    services.cancel_registration(registration=Registration.objects.get(email="cancelled@exemple.fr"))
    ask(session, "unconfirmed")
    session.onsite_capacity = 3
    session.save()
    enrol(session, "waiting")


@pytest.mark.parametrize(
    ("group", "names"),
    [
        (Group.CONFIRMED, ["confirmed"]),
        (Group.WAITING, ["waiting"]),
        (Group.AWAITING, []),
        (Group.PRESENT, ["present"]),
        (Group.ABSENT, ["absent"]),
        (Group.ALL, ["confirmed", "present", "absent", "waiting"]),
    ],
)
def test_group_is_chosen_by_state(group, names):
    session = make_session()
    in_every_state(session)
    assert [row.email.split("@")[0] for row in recipients(session, group)] == names


def test_message_is_previewed_then_goes_once_to_each(organiser):
    session = make_session(make_event(contact_email="atelier@exemple.fr"), seats=2)
    for name in ("anne", "bruno", "chloe"):
        enrol(session, name)
    data = filled()
    page = text(organiser.post(url(session), data))
    assert "2 personnes recevront ce message (inscriptions confirmées)." in page
    assert "Envoyer à 2 personnes" in page
    assert "&lt;b&gt;Merci&lt;/b&gt;" in page
    assert not mails().exists()
    counted = re.search(r'name="counted" value="(\d+)"', page)[1]
    send = {**data, "step": "envoyer", "counted": counted}
    assert "Le message part à 2 personnes." in text(organiser.post(url(session), send, follow=True))
    assert written_to() == ["anne", "bruno"]
    mail = mails()[0]
    assert (mail.subject, mail.reply_to) == ("Parking", "atelier@exemple.fr")
    assert "Garez-vous ici.\n<b>Merci</b>" in mail.text
    assert "Garez-vous ici.<br>&lt;b&gt;Merci&lt;/b&gt;" in mail.html
    assert "Salle des fêtes" in mail.text
    assert "déjà parti" in text(organiser.post(url(session), send, follow=True))
    assert (len(written_to()), SessionMessage.objects.count()) == (2, 1)


def test_message_that_went_is_kept_and_listed(organiser):
    session = make_session(make_event(title="Café"))
    enrol(session, "anne")
    organiser.post(url(session), filled(step="envoyer", counted=1))
    kept = SessionMessage.objects.get()
    assert (kept.session, kept.by, kept.count, kept.group) == (session, organiser.user, 1, "inscriptions confirmées")
    assert (kept.subject, kept.what) == ("Parking", str(session))
    page = text(organiser.get(url(session)))
    for words in ("Parking", str(organiser.user), "inscriptions confirmées", "01/03/2027 10:00"):
        assert words in page


def test_answers_reach_who_writes_for_want_of_an_address_of_the_event(organiser):
    session = make_session()
    enrol(session, "anne")
    organiser.post(url(session), filled(step="envoyer", counted=1))
    assert mails().get().reply_to == organiser.user.email
    assert organiser.user.email in mails().get().text


def test_message_of_one_presence(organiser):
    session = make_session(make_event(mode=EventMode.HYBRID))
    enrol(session, "anne")
    enrol(session, "bruno", REMOTE)
    organiser.post(url(session), filled(presence="distance", step="envoyer", counted=1))
    assert written_to() == ["bruno"]
    assert SessionMessage.objects.get().group == "inscriptions confirmées, à distance"


def test_nothing_goes_without_a_preview_that_tells_the_right_number(organiser):
    session = make_session()
    enrol(session, "anne")
    for counted in ("", "0", "7", "abc", "-1"):
        response = organiser.post(url(session), filled(step="envoyer", counted=counted))
        assert response.status_code == 200
    assert "Le nombre de destinataires a changé" in text(
        organiser.post(url(session), filled(step="envoyer", counted="7"))
    )
    assert not mails().exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"subject": ""}, "Écrivez l’objet du message."),
        ({"subject": "a\u2028b"}, "les retours à la ligne"),
        ({"subject": "x" * 151}, "150"),
        ({"body": "  "}, "Écrivez le message."),
        ({"body": "a\x00b"}, ""),
        ({"body": "x" * 5001}, "5000"),
        ({"group": ""}, "Choisissez à qui vous écrivez."),
        ({"group": "tous"}, ""),
        ({"group": Group.ABSENT.value}, "Il n’y a personne dans ce groupe"),
        ({"identity": "pirate"}, ""),
        ({"identity": ""}, ""),
    ],
)
def test_message_that_makes_no_sense_is_refused_in_words(organiser, fields, words):
    session = make_session()
    enrol(session, "anne")
    response = organiser.post(url(session), filled(step="envoyer", counted=1, **fields))
    assert response.status_code == 200
    assert words in text(response)
    assert response.context["form"].errors
    assert not mails().exists()


def test_person_who_is_erased_receives_nothing(organiser):
    session = make_session()
    enrol(session, "anne")
    Registration.objects.update(erased_at="2027-03-01T10:00Z")
    assert "personne dans ce groupe" in text(organiser.post(url(session), filled(step="envoyer", counted=1)))
    assert not mails().exists()


def test_two_messages_are_two(organiser):
    session = make_session()
    enrol(session, "anne")
    for identity in (uuid.uuid4().hex, uuid.uuid4().hex):
        sent = send_message(
            session=session,
            group=Group.ALL,
            presence="",
            subject="Suite",
            body="…",
            identity=identity,
            by=organiser.user,
        )
        assert sent.count == 1
    assert written_to() == ["anne", "anne"]


def test_get_sends_nothing(organiser):
    session = make_session()
    enrol(session, "anne")
    assert organiser.get(url(session), filled(step="envoyer", counted=1)).status_code == 200
    assert not mails().exists()


def test_stranger_writes_to_nobody():
    session = make_session()
    enrol(session, "anne")
    stranger = make_stranger()
    assert is_refused(stranger.get(url(session)))
    assert is_refused(stranger.post(url(session), filled(step="envoyer", counted=1)))
    assert not mails().exists()
