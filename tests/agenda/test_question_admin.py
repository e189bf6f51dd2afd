"""The questions of an event: asked in order, justified when personal, archived once they are answered."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from agenda.events.kinds import QuestionKind, TeamRole
from agenda.models import EventQuestion
from agenda.registrations import questions as services
from tests.agenda.events import enrol, make_event, make_session
from tests.agenda.test_team import copy, said, signed_in

pytestmark = pytest.mark.ignore_template_errors
FIELDS = {
    "label": "Votre régime alimentaire",
    "help_text": "",
    "kind": QuestionKind.TEXT,
    "choices_text": "",
    "is_required": "",
    "is_personal": "",
    "purpose": "",
    "retention_days": "",
}
PERSONAL = {"is_personal": "on", "purpose": "Commander les repas.", "retention_days": "30"}
CHOICES = {"kind": QuestionKind.CHOICE, "choices_text": "Midi\nSoir"}


@pytest.fixture
def event(home):
    return make_event(title="Atelier des cafés")


def ask(event, label="Régime", **fields) -> EventQuestion:
    return services.add_question(question=EventQuestion(event=event, label=label, **fields))


def answer(question, value="Sans sel"):
    registration = enrol(make_session(question.event))
    registration.answers = {str(question.uuid): value}
    registration.save()
    return registration


def url(event, name="questions", *args):
    route = f"event_{name}" if name == "questions" else f"event_question_{name}"
    return reverse(route, args=[event.pk, *args])


def labels(event) -> list[str]:
    return [question.label for question in event.questions.asked()]


def test_organiser_adds_a_question_that_is_asked_last(event):
    client = signed_in("Organisateurs", event, TeamRole.ORGANISER)
    ask(event, "Première")
    response = client.post(url(event, "add"), FIELDS | PERSONAL, follow=True)
    assert "La question est ajoutée." in said(response)
    question = event.questions.get(label="Votre régime alimentaire")
    assert (question.position, question.purpose, question.retention_days) == (1, "Commander les repas.", 30)
    html = client.get(url(event)).content.decode().replace("\xa0", " ").replace("&nbsp;", " ")
    assert html.index("Première") < html.index("Votre régime alimentaire")
    assert "personnelle : gardée 30 jours après la séance" in html


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"label": ""}, ["label"]),
        ({"kind": "couleur"}, ["kind"]),
        ({"is_personal": "on"}, ["purpose", "retention_days"]),
        ({"is_personal": "on", "purpose": "  ", "retention_days": "10"}, ["purpose"]),
        (PERSONAL | {"retention_days": "366"}, ["retention_days"]),
        (PERSONAL | {"retention_days": "0"}, ["retention_days"]),
        (PERSONAL | {"retention_days": "9" * 30}, ["retention_days"]),
        (CHOICES | {"choices_text": "Midi"}, ["choices_text"]),
        (CHOICES | {"choices_text": "Midi\nMidi"}, ["choices_text"]),
        ({"choices_text": "Midi\nSoir"}, ["choices_text"]),
        ({"label": "a\x00b"}, ["label"]),
    ],
)
def test_question_that_is_not_well_made_is_refused(event, admin_client, changes, fields):
    response = admin_client.post(url(event, "add"), FIELDS | changes)
    assert (response.status_code, sorted(response.context["form"].errors)) == (200, fields)
    assert labels(event) == []


def test_questions_are_not_without_end(event, admin_client):
    EventQuestion.objects.bulk_create(
        EventQuestion(event=event, label=str(rank), position=rank) for rank in range(services.MAX_QUESTIONS)
    )
    assert services.TOO_MANY in admin_client.post(url(event, "add"), FIELDS).content.decode()
    assert event.questions.count() == services.MAX_QUESTIONS


def test_order_changes_by_one_place(event, admin_client):
    first, second, third = (ask(event, label) for label in ("A", "B", "C"))
    admin_client.post(url(event), {"question": third.pk, "way": "monter"})
    assert labels(event) == ["A", "C", "B"]
    admin_client.post(url(event), {"question": first.pk, "way": "descendre"})
    assert labels(event) == ["C", "A", "B"]
    admin_client.post(url(event), {"question": third.pk, "way": "monter"})
    admin_client.post(url(event), {"question": second.pk, "way": "descendre"})
    assert labels(event) == ["C", "A", "B"]


def test_bad_order_changes_nothing(event, admin_client):
    question, other = ask(event, "A"), ask(make_event(title="Autre"), "Ailleurs")
    ask(event, "B")
    for data in ({}, {"question": "x", "way": "monter"}, {"question": other.pk, "way": "descendre"}):
        assert "rien n’a changé" in said(admin_client.post(url(event), data, follow=True))
    admin_client.post(url(event), {"question": question.pk, "way": "gauche"})
    assert labels(event) == ["A", "B"]


def test_question_is_edited_until_it_is_answered(event, admin_client):
    question = ask(event, **CHOICES)
    admin_client.post(url(event, "edit", question.pk), FIELDS | CHOICES | {"choices_text": "Midi\nSoir\nNuit"})
    question.refresh_from_db()
    assert (question.label, question.choices) == ("Votre régime alimentaire", ["Midi", "Soir", "Nuit"])
    answer(question, "Soir")
    for changes in ({"choices_text": "Midi\nNuit"}, {"kind": QuestionKind.TEXT, "choices_text": ""}):
        response = admin_client.post(url(event, "edit", question.pk), FIELDS | CHOICES | changes)
        assert services.ANSWERED in response.content.decode()
    same = CHOICES | {"choices_text": "Midi\r\nSoir\r\nNuit", "label": "Votre repas"}
    admin_client.post(url(event, "edit", question.pk), FIELDS | same)
    question.refresh_from_db()
    assert (question.label, question.choices) == ("Votre repas", ["Midi", "Soir", "Nuit"])


def test_deleting_says_what_it_does_and_keeps_answers(event, admin_client):
    spare, kept = ask(event, "Sans réponse"), ask(event, "Avec réponse")
    registration = answer(kept)
    assert "la question disparaîtra" in admin_client.get(url(event, "delete", spare.pk)).content.decode()
    assert "sera archivée avec ses réponses" in admin_client.get(url(event, "delete", kept.pk)).content.decode()
    assert event.questions.asked().count() == 2
    assert "supprimée" in said(admin_client.post(url(event, "delete", spare.pk), follow=True))
    assert "archivée" in said(admin_client.post(url(event, "delete", kept.pk), follow=True))
    kept.refresh_from_db()
    registration.refresh_from_db()
    assert (kept.is_archived, registration.answers) == (True, {str(kept.uuid): "Sans sel"})
    assert list(event.questions.all()) == [kept]
    assert "Questions archivées" in admin_client.get(url(event)).content.decode()


def test_archived_question_does_not_change(event, admin_client):
    question = ask(event)
    answer(question)
    services.delete_question(question=question)
    assert admin_client.get(url(event, "edit", question.pk)).status_code == 404
    assert admin_client.post(url(event, "delete", question.pk)).status_code == 404
    with pytest.raises(ValidationError, match="archivée"):
        services.edit_question(question=question, values={"label": "Autre"})


def test_question_is_of_its_event_and_of_its_organisers(event, admin_client):
    question, other = ask(event), make_event(title="Autre")
    assert admin_client.get(url(other, "edit", question.pk)).status_code == 404
    assert admin_client.post(url(other, "delete", question.pk)).status_code == 404
    for client in (signed_in("Accueil", event, TeamRole.DOOR), signed_in("Organisateurs", other, TeamRole.ORGANISER)):
        for name, args in (("questions", ()), ("add", ()), ("edit", (question.pk,)), ("delete", (question.pk,))):
            assert client.get(url(event, name, *args)).status_code == 302
        client.post(url(event, "add"), FIELDS)
        client.post(url(event, "delete", question.pk))
    assert labels(event) == ["Régime"]


def test_copied_event_asks_the_same_questions_anew(event, admin_client):
    second, first = ask(event, "B"), ask(event, "A", is_personal=True, purpose="Repas", retention_days=9)
    services.move_question(question=first, step=-1)
    archived = ask(event, "Archivée")
    answer(archived)
    services.delete_question(question=archived)
    new = copy(admin_client, event)
    assert labels(new) == ["A", "B"]
    assert {question.uuid for question in new.questions.all()} & {first.uuid, second.uuid} == set()
    copied = new.questions.get(label="A")
    assert (copied.purpose, copied.retention_days, type(copied.uuid)) == ("Repas", 9, uuid.UUID)
