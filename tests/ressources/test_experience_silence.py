"""Contacts who leave the messages of readers without answer: told to the team once, never with their address."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from ressources.experience_services import ANSWERED, ExperienceMessage, end_contact, relay_message
from ressources.experience_silence import forget_messages, note_answer, report_silences, silences
from ressources.jobs import forget_relayed_messages, report_silent_contacts
from ressources.models import ExperiencePage, RelayedMessage
from territoires_en_commun.base.models import SiteSettings
from territoires_en_commun.base.todo import things_to_do
from territoires_en_commun.mailing.models import OutgoingMail
from tests.factories import UserFactory
from tests.filled_site import fill_once
from tests.ressources.experiences import make_experience

CONTACT = "adresse-secrete@exemple.fr"
START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SILENT_AT = START + 17 * DAY  # fifteen days after the third message


@pytest.fixture
def page(home):
    return fill_once(write_page)


def write_page():
    SiteSettings.objects.update_or_create(defaults={"contact_email": "equipe@exemple.fr"})
    return make_experience(title="Un jardin fictif", contact_email=CONTACT)


@pytest.fixture
def write(page, freeze):
    """``write(day)``: a message that leaves that day for the contact of the page."""

    def write_(day, experience=page):
        freeze(START + day * DAY)
        identity = uuid.uuid4().hex
        message = ExperienceMessage(identity, "Camille", "camille@exemple.fr", "", "Bonjour")
        relay_message(experience=ExperiencePage.objects.get(pk=experience.pk), message=message)
        return RelayedMessage.objects.get(identity=identity)

    return write_


@pytest.fixture
def three(write):
    """Three messages, one a day."""
    return [write(day) for day in range(3)]


def silent(now):
    return [page.title for page, _ in silences(now)]


def warnings():
    return OutgoingMail.objects.filter(purpose="experience_silence")


def test_three_messages_without_answer_are_told_once(three, page):
    assert report_silences(SILENT_AT - timedelta(minutes=1)) == 0
    assert report_silences(SILENT_AT) == 1
    mail = warnings().get()
    assert (mail.recipient, mail.subject) == ("equipe@exemple.fr", "Un contact ne répond plus : Un jardin fictif")
    for part in (mail.text, mail.html):
        assert f"http://testserver/admin/pages/{page.pk}/edit/" in part
        assert CONTACT not in part
        assert "camille" not in part.lower()


def test_more_messages_without_answer_are_not_told_again(three, write):
    report_silences(SILENT_AT)
    for day in (30, 31, 32):
        write(day)
    assert report_silences(START + 60 * DAY) == 0
    RelayedMessage.objects.filter(sent_at__lt=START + 20 * DAY).delete()  # forgotten by then
    assert report_silences(START + 70 * DAY) == 0
    assert silent(START + 70 * DAY) == ["Un jardin fictif"]


def test_answer_ends_the_silence_and_three_more_messages_begin_another(three, write, freeze):
    report_silences(SILENT_AT)
    freeze(SILENT_AT + DAY)
    note_answer(message=three[0])
    assert silent(SILENT_AT + 2 * DAY) == []
    for day in (30, 31):
        write(day)
    assert report_silences(START + 60 * DAY) == 0
    write(61)
    assert [report_silences(START + 80 * DAY) for _ in range(2)] == [1, 0]
    assert warnings().count() == 2


def test_another_contact_has_time_to_answer(three, page, write):
    report_silences(SILENT_AT)
    ExperiencePage.objects.filter(pk=page.pk).update(contact_email="autre@exemple.fr")
    assert silent(SILENT_AT) == []
    for day in (30, 31, 32):
        write(day)
    assert report_silences(START + 60 * DAY) == 1


def test_experience_that_nobody_may_write_about_is_not_told(three, page):
    page.unpublish()
    assert silent(SILENT_AT) == []
    page.save_revision().publish()
    assert silent(SILENT_AT) == ["Un jardin fictif"]
    end_contact(experience=page, mark=three[0].recipient)
    assert silent(SILENT_AT) == []


def test_silence_of_one_experience_is_not_that_of_another(write, home):
    other = make_experience(title="Une autre", contact_email=CONTACT)
    write(0)
    write(1)
    write(2, other)
    assert silent(SILENT_AT + DAY) == []


def test_nothing_personal_is_kept_of_a_message(three):
    kept = str(list(RelayedMessage.objects.values()))
    for word in (CONTACT, "camille", "Camille", "Bonjour"):
        assert word not in kept


def test_contact_tells_by_a_button_that_they_answered(client, three, freeze):
    message = three[2]
    mail = OutgoingMail.objects.filter(recipient=CONTACT).latest("pk")
    path = re.search(r"http://testserver(/experiences/messages/reponse/\S+)", mail.text)[1]
    assert path in mail.html
    freeze(START + 4 * DAY)
    for ask in (client.get, client.head, client.options):
        ask(path)
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    assert not RelayedMessage.objects.exclude(answered_at=None).exists()
    assert (
        "Message du 3\u00a0septembre\u00a02026 au sujet de « Un jardin fictif »" in client.get(path).content.decode()
    )
    assert "Votre réponse est notée" in client.post(path).content.decode()
    freeze(START + 5 * DAY)
    assert "déjà notée" in client.get(path).content.decode()
    client.post(path)
    assert RelayedMessage.objects.get(answered_at=START + 4 * DAY) == message


@pytest.mark.parametrize("payload", ["", "abc", "999999"])
def test_link_to_no_message_does_nothing(client, three, payload):
    path = ANSWERED.url(payload).removeprefix("http://testserver")
    assert client.get(path).status_code == client.post(path).status_code == 410
    assert not RelayedMessage.objects.exclude(answered_at=None).exists()


def test_answer_follows_its_message(three):
    with pytest.raises(IntegrityError), transaction.atomic():
        RelayedMessage.objects.filter(pk=three[0].pk).update(answered_at=START - DAY)


@pytest.mark.ignore_template_errors
def test_moderators_are_told_of_exactly_these_contacts(three, client, freeze):
    make_experience(title="Une autre", contact_email=CONTACT)
    moderator = UserFactory(groups=["Relecteurs"])
    freeze(SILENT_AT)
    (todo,) = things_to_do(moderator, SILENT_AT)
    assert (todo.count, todo.label) == (1, "contact d’expérience ne répond plus : à vérifier")
    client.force_login(moderator)
    response = client.get(todo.url)
    assert [page.title for page in response.context["object_list"]] == ["Un jardin fictif"]
    assert things_to_do(UserFactory(groups=["Contributeurs"]), SILENT_AT) == []


def test_messages_are_forgotten_after_a_year(three, freeze):
    assert forget_messages(START + 366 * DAY) == 1
    freeze(SILENT_AT + 365 * DAY)
    assert forget_relayed_messages() == "Messages transmis oubliés : 2."
    assert report_silent_contacts() == "Contacts qui ne répondent plus, signalés : 0."
