"""The questions of an event: asked in the form, answered, shown, changed; an archived one keeps its answers."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from agenda.events.kinds import QuestionKind
from agenda.models import EventQuestion, Registration
from agenda.registrations.mails import MANAGE
from tests.agenda.events import enrol, fresh, make_session

DATA = {"email": "camille@exemple.fr", "last_name": "Durand", "website": ""}


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


@pytest.fixture
def session():
    return make_session(seats=5)


def asks(session, kind=QuestionKind.TEXT, **fields) -> EventQuestion:
    position = session.event.questions.count()
    values = {"label": f"Question {position}", "kind": kind, "position": position} | fields
    question = EventQuestion(event=session.event, **values)
    question.full_clean()
    question.save()
    return question


def name_of(question):
    return f"question_{question.uuid.hex}"


@pytest.fixture
def fill(client, freeze):
    """Open the form of a session, take ten seconds, send it."""

    def act(session, **changes):
        path = f"/agenda/inscription/{session.uuid}/"
        token = re.search(r'name="token" value="([^"]+)"', client.get(path).content.decode())[1]
        freeze(timezone.now() + timedelta(seconds=10))
        return client.post(path, DATA | {"token": token} | changes)

    return act


def all_kinds(session):
    choices = {"choices_text": "Train\nVoiture"}
    return {
        "text": asks(session),
        "long": asks(session, QuestionKind.LONG_TEXT),
        "one": asks(session, QuestionKind.CHOICE, **choices),
        "many": asks(session, QuestionKind.CHOICES, **choices),
        "tick": asks(session, QuestionKind.YES_NO),
    }


def test_each_kind_of_answer_is_kept_by_the_identifier_of_its_question(session, fill):
    asked = all_kinds(session)
    given = {"text": "Deux", "long": "Ligne\nautre", "one": "Train", "many": ["Train", "Voiture"], "tick": "on"}
    assert fill(session, **{name_of(asked[key]): value for key, value in given.items()}).status_code == 302
    assert Registration.objects.get().answers == {
        str(asked[key].uuid): value for key, value in (given | {"tick": True}).items()
    }


def test_questions_without_answer_keep_nothing_but_what_is_not_ticked(session, fill):
    asked = all_kinds(session)
    assert fill(session).status_code == 302
    assert Registration.objects.get().answers == {str(asked["tick"].uuid): False}


def test_answers_are_grouped_and_described(client, session):
    all_kinds(session)
    html = client.get(f"/agenda/inscription/{session.uuid}/").content.decode()
    legends = [" ".join(text.split()) for text in re.findall(r"<legend[^>]*>(.*?)</legend>", html, re.DOTALL)]
    assert legends[:2] == ["Question 2 (facultatif)", "Question 3 (facultatif)"]
    assert html.index("Question 0") < html.index("Question 4 (facultatif)")
    assert "Sans réponse" in html


def test_personal_question_says_why_and_how_long(client, session):
    asks(session, is_personal=True, purpose="Commander les repas.", retention_days=7, help_text="Régime ou allergie.")
    html = client.get(f"/agenda/inscription/{session.uuid}/").content.decode()
    said = (
        "Régime ou allergie. À quoi sert la réponse : Commander les repas. Elle est effacée 7 jours après la séance."
    )
    assert said in html


@pytest.mark.parametrize(
    ("asked", "answer", "said"),
    [
        ((QuestionKind.TEXT, {"is_required": True}), " ", "Répondez à cette question."),
        ((QuestionKind.TEXT, {}), "x" * 201, "200 caractères au plus (201 reçus)."),
        ((QuestionKind.TEXT, {}), "a\nBcc: b@exemple.fr", "les retours à la ligne et les caractères de contrôle"),
        ((QuestionKind.TEXT, {}), "a\x00b", "caractère"),
        ((QuestionKind.LONG_TEXT, {}), "x" * 1001, "1000 caractères au plus (1001 reçus)."),
        ((QuestionKind.LONG_TEXT, {}), "a\x00b", "caractère"),
        ((QuestionKind.LONG_TEXT, {"is_required": True}), "", "Répondez à cette question."),
        ((QuestionKind.CHOICE, {"is_required": True}), "", "Choisissez une des réponses proposées."),
        ((QuestionKind.CHOICE, {}), "Fusée", "celle qui est arrivée n’en est pas une"),
        ((QuestionKind.CHOICES, {"is_required": True}), [], "Choisissez au moins une des réponses proposées."),
        ((QuestionKind.CHOICES, {}), ["Train", "Fusée"], "celle qui est arrivée n’en est pas une"),
        ((QuestionKind.YES_NO, {"is_required": True}), "", "Cochez cette case pour vous inscrire."),
    ],
)
def test_bad_answers_are_refused_in_french(session, fill, asked, answer, said):
    kind, fields = asked
    choices = {"choices_text": "Train\nVoiture"} if kind in (QuestionKind.CHOICE, QuestionKind.CHOICES) else {}
    question = asks(session, kind, **choices, **fields)
    response = fill(session, **{name_of(question): answer})
    assert (response.status_code, said in response.content.decode()) == (400, True)
    assert not Registration.objects.exists()


def test_answers_are_shown_changed_and_those_to_archived_questions_stay(client, session):
    asked = all_kinds(session)
    old = asks(session, label="Ancienne question")
    answers = {str(asked["many"].uuid): ["Train", "Voiture"], str(asked["text"].uuid): "Un", str(old.uuid): "Gardée"}
    registration = enrol(session, answers=answers | {str(asked["tick"].uuid): True})
    EventQuestion.objects.filter(pk=old.pk).update(is_archived=True)
    token = MANAGE.token(registration.uuid)
    page = client.get(f"/agenda/inscription/gerer/{token}/").content.decode()
    assert [text in page for text in ("Train, Voiture", "<dd>Un</dd>", "<dd>Oui</dd>", "Gardée")] == [True] * 4
    change = f"/agenda/inscription/modifier/{token}/"
    html = client.get(change).content.decode()
    assert (html.count("checked"), 'value="Un"' in html, "Ancienne question" in html) == (4, True, False)
    assert client.post(change, DATA | {name_of(asked["one"]): "Voiture"}).status_code == 302
    assert fresh(registration).answers == {
        str(asked["one"].uuid): "Voiture",
        str(asked["tick"].uuid): False,
        str(old.uuid): "Gardée",
    }


def test_questions_of_another_event_are_not_asked(client, session):
    asks(make_session(), label="Question d’ailleurs")
    html = client.get(f"/agenda/inscription/{session.uuid}/").content.decode()
    assert "Question d’ailleurs" not in html
