"""Who is registered, as organisers find them, and what they do to one or to several; strangers learn nothing."""

import uuid
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from agenda.events.kinds import EventMode, QuestionKind
from agenda.events.kinds import RegistrationState as State
from agenda.models import EventQuestion, Registration
from agenda.registrations import services
from territoires_en_commun.mailing.models import OutgoingMail
from tests.agenda.events import REMOTE, ask, enrol, fresh, make_event, make_session, states
from tests.agenda.organising import is_refused, make_stranger, signed_in, text
from tests.factories import TerritoryFactory

pytestmark = pytest.mark.ignore_template_errors
INDEX = "/admin/inscriptions/"


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


@pytest.fixture
def organiser(editor):
    return signed_in(editor)


@pytest.fixture
def stranger(home):
    return make_stranger()


def verb_url(registration, verb):
    return reverse("inscriptions:verb", args=[registration.pk, verb])


def bulk_url(verb, *rows):
    ids = [getattr(row, "pk", row) for row in rows]
    return f"/admin/bulk/agenda/registration/{verb}/?" + urlencode({"id": ids, "next": INDEX}, doseq=True)


def listed(client, **query):
    response = client.get(f"{INDEX}?{urlencode(query, doseq=True)}")
    assert response.status_code == 200
    return [row.email.split("@")[0] for row in response.context["object_list"]]


# The list


def test_list_says_who_is_registered_and_how(organiser):
    session = make_session(seats=1, title="Matin")
    enrol(session, "anne", organisation="Mairie de Guéret", commune=TerritoryFactory(name="Guéret"), needs="LSF")
    enrol(session, "bruno")
    enrol(session, "chloe")
    ask(session, "david")
    said = text(organiser.get(INDEX))
    for words in ("Mairie de Guéret", "Guéret", "oui", "1re en attente", "2e en attente", "à confirmer", "sur place"):
        assert words in said
    assert listed(organiser) == ["anne", "bruno", "chloe", "david"]
    assert said.count("01/03/2027 10:00") == 3


def test_list_is_filtered_by_event_session_state_and_presence(organiser):
    event = make_event(mode=EventMode.HYBRID)
    first, second = make_session(event), make_session(event, days=40)
    other = make_session()
    enrol(first, "anne")
    enrol(first, "bruno", REMOTE)
    enrol(second, "chloe")
    enrol(other, "david")
    assert listed(organiser, event=event.pk) == ["chloe", "anne", "bruno"]
    assert listed(organiser, session=first.pk) == ["anne", "bruno"]
    assert listed(organiser, session=first.pk, presence="distance") == ["bruno"]
    services.cancel_registration(registration=Registration.objects.get(email="anne@exemple.fr"))
    assert listed(organiser, session=first.pk, state=["annulee"]) == ["anne"]
    assert listed(organiser, session=first.pk, state=["annulee", "confirmee"]) == ["anne", "bruno"]


@pytest.mark.parametrize("query", [{"session": "abc"}, {"event": "0"}, {"state": "reine"}, {"presence": "\x00"}])
def test_filter_that_makes_no_sense_shows_nobody(organiser, query):
    enrol(make_session(), "anne")
    assert listed(organiser, **query) == []


@pytest.mark.parametrize("query", ["durand", "camille durand", "CAM", "mairie", "camille@", "\x00durand durand"])
def test_list_is_searched_by_name_address_and_structure(organiser, query):
    session = make_session()
    enrol(session, "camille", last_name="Durand", first_name="Camille", organisation="Mairie")
    enrol(session, "sacha", last_name="Petit", organisation="Région")
    assert "camille" in listed(organiser, q=query)
    if "\x00" not in query:
        assert listed(organiser, q=query) == ["camille"]


def test_list_costs_the_same_with_one_row_and_four(organiser, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    session = make_session(seats=2)
    enrol(session, "anne")
    organiser.get(INDEX)
    with CaptureQueriesContext(connection) as one:
        organiser.get(INDEX)
    for name in ("bruno", "chloe", "david"):
        enrol(session, name)
    with django_assert_num_queries(len(one)):
        organiser.get(INDEX)


@pytest.mark.parametrize("ordering", ["last_name", "-last_name", "rank", "-rank", "confirmed_at", "pirate"])
def test_list_is_ordered_by_its_columns(organiser, ordering):
    session = make_session()
    enrol(session, "bruno")
    enrol(session, "anne")
    names = listed(organiser, ordering=ordering)
    assert names == (["anne", "bruno"] if ordering in {"last_name", "-rank"} else ["bruno", "anne"])


def test_person_who_is_erased_is_not_named(organiser):
    registration = enrol(make_session(), "anne", last_name="Rivière")
    Registration.objects.filter(pk=registration.pk).update(erased_at="2027-03-01T10:00Z")
    said = text(organiser.get(INDEX)) + text(organiser.get(reverse("inscriptions:detail", args=[registration.pk])))
    assert "Personne effacée" in said
    assert "Rivière" not in said
    organiser.post(verb_url(registration, "annuler"), {"reason": "Non"})
    assert fresh(registration).state == State.CONFIRMED


# One registration


def test_detail_says_everything_and_every_move(organiser):
    event = make_event(needs_approval=True)
    question = EventQuestion.objects.create(
        event=event, label="Votre menu ?", kind=QuestionKind.CHOICES, choices_text="a\nb"
    )
    quiet = EventQuestion.objects.create(event=event, label="Venez-vous en train ?", kind=QuestionKind.YES_NO)
    old = EventQuestion.objects.create(event=event, label="Question archivée", is_archived=True)
    mute = EventQuestion.objects.create(event=event, label="Question muette", is_archived=True)
    answers = {str(question.uuid): ["sans sel", "<b>"], str(quiet.uuid): True, str(old.uuid): "jadis"}
    registration = enrol(make_session(event), "anne", role="Maire", needs="Boucle", answers=answers)
    organiser.post(verb_url(registration, "approuver"))
    said = text(organiser.get(reverse("inscriptions:detail", args=[registration.pk])))
    for words in ("anne@exemple.fr", "Maire", "Boucle", "sans sel, &lt;b&gt;", "oui", "Question archivée", "jadis"):
        assert words in said
    for words in ("en attente de validation", "confirmée", str(organiser.user)):
        assert words in said
    assert mute.label not in said


def test_organiser_approves_checks_in_and_goes_back(organiser):
    registration = enrol(make_session(make_event(needs_approval=True)), "anne")
    for verb, state in (
        ("approuver", State.CONFIRMED),
        ("pointer", State.PRESENT),
        ("depointer", State.CONFIRMED),
    ):
        organiser.post(verb_url(registration, verb))
        assert fresh(registration).state == state
    assert registration.moves.last().by == organiser.user


@pytest.mark.parametrize(("verb", "state"), [("refuser", State.REFUSED), ("annuler", State.CANCELLED)])
def test_refusal_and_cancellation_need_a_reason_that_the_person_reads(organiser, verb, state):
    registration = enrol(make_session(make_event(needs_approval=True)), "anne")
    for reason in ("", "   ", "x" * 501, "\x00"):
        response = organiser.post(verb_url(registration, verb), {"reason": reason})
        assert (response.status_code, fresh(registration).state) == (200, State.AWAITING)
    assert "Écrivez la raison" in text(organiser.post(verb_url(registration, verb), {"reason": ""}))
    organiser.post(verb_url(registration, verb), {"reason": "Réservé aux élus"})
    assert fresh(registration).state == state
    assert "Réservé aux élus" in OutgoingMail.objects.latest("pk").text
    assert registration.moves.last().reason == "Réservé aux élus"


def test_what_makes_no_sense_is_refused_in_words(organiser):
    registration = enrol(make_session(), "anne")
    page = organiser.post(verb_url(registration, "approuver"), follow=True)
    assert "n’attend pas de validation" in text(page)
    assert "ni présente ni absente" in text(organiser.post(verb_url(registration, "depointer"), follow=True))
    organiser.post(verb_url(registration, "pointer"))
    assert "déjà pointée, à 10 h" in text(organiser.post(verb_url(registration, "pointer"), follow=True)).replace(
        "\u00a0", " "
    )
    assert organiser.post(verb_url(registration, "supprimer")).status_code == 404
    assert fresh(registration).state == State.PRESENT


def test_get_does_nothing_to_a_registration(organiser):
    registration = enrol(make_session(make_event(needs_approval=True)), "anne")
    for verb in ("approuver", "refuser", "annuler", "pointer", "depointer"):
        assert organiser.get(verb_url(registration, verb) + "?reason=non").status_code == 405
        organiser.get(bulk_url(verb, registration) + "&reason=non")
    assert fresh(registration).state == State.AWAITING


# Several


def test_several_are_approved_each_on_its_own(organiser):
    session = make_session(make_event(needs_approval=True, approval_holds_seat=False, has_waiting_list=False), seats=1)
    rows = [enrol(session, name) for name in ("anne", "bruno")]
    services.refuse(registration=enrol(session, "chloe", last_name="Rivière"), by=organiser.user, reason="Non")
    rows.append(Registration.objects.get(email="chloe@exemple.fr"))
    assert organiser.get(bulk_url("approuver", *rows)).status_code == 200
    said = text(organiser.post(bulk_url("approuver", *rows), follow=True))
    assert states(session) == {"anne": State.CONFIRMED, "bruno": State.AWAITING, "chloe": State.REFUSED}
    assert "Fait pour 1 inscription (confirmée : 1)." in said
    assert "Rien n’a changé pour 2 inscriptions" in said
    assert "Sacha Bruno : Il ne reste plus de place" in said
    assert "Sacha Rivière : Cette inscription n’attend pas de validation : elle est refusée." in said


def test_several_are_refused_for_one_reason(organiser):
    session = make_session(make_event(needs_approval=True))
    rows = [enrol(session, name) for name in ("anne", "bruno")]
    assert "Écrivez la raison" in text(organiser.post(bulk_url("refuser", *rows), {"reason": " "}))
    assert set(states(session).values()) == {State.AWAITING}
    organiser.post(bulk_url("refuser", *rows), {"reason": "Complet"})
    assert set(states(session).values()) == {State.REFUSED}
    assert OutgoingMail.objects.filter(purpose="registration_refused", text__contains="Complet").count() == 2


def test_several_are_cancelled_and_their_seats_go_to_the_queue(organiser):
    session = make_session(seats=2)
    rows = [enrol(session, name) for name in ("anne", "bruno", "chloe", "david")]
    organiser.post(bulk_url("annuler", *rows[:2]), {"reason": "Erreur"})
    assert states(session) == {
        "anne": State.CANCELLED,
        "bruno": State.CANCELLED,
        "chloe": State.OFFERED,
        "david": State.OFFERED,
    }
    assert "Cette inscription est annulée" in text(
        organiser.post(bulk_url("annuler", rows[0]), {"reason": "Erreur"}, follow=True)
    )


def test_several_are_checked_in(organiser):
    session = make_session(seats=2)
    rows = [enrol(session, name) for name in ("anne", "bruno", "chloe")]
    said = text(organiser.post(bulk_url("pointer", *rows), follow=True))
    assert states(session) == {"anne": State.PRESENT, "bruno": State.PRESENT, "chloe": State.WAITING}
    assert "Fait pour 2 inscriptions (présente : 2)." in said
    assert "Sacha Chloe : Cette personne n’a pas d’inscription confirmée" in said


@pytest.mark.parametrize("ids", [[], ["abc"], ["0"], ["9" * 40], ["-1"], ["all"], ["²"]])
def test_several_that_are_nobody_are_not_found(organiser, ids):
    registration = enrol(make_session(), "anne")
    assert organiser.post(bulk_url("pointer", *ids)).status_code == 404
    assert fresh(registration).state == State.CONFIRMED


# Strangers


def test_stranger_sees_and_does_nothing(organiser, stranger):
    session = make_session(make_event(needs_approval=True))
    registration = enrol(session, "anne", last_name="Canari")
    detail = reverse("inscriptions:detail", args=[registration.pk])
    for address in (INDEX, f"{INDEX}?export=csv", f"{INDEX}results/", f"{INDEX}exports/", detail):
        response = stranger.get(address)
        assert is_refused(response), address
    for verb in ("approuver", "refuser", "annuler", "pointer", "depointer"):
        assert is_refused(stranger.post(verb_url(registration, verb), {"reason": "Non"}))
        if verb != "depointer":
            assert stranger.get(bulk_url(verb, registration)).status_code == 404
            assert stranger.post(bulk_url(verb, registration), {"reason": "Non"}).status_code == 404
    assert fresh(registration).state == State.AWAITING
    assert organiser.get(detail).status_code == 200


def test_rows_of_others_are_left_alone_among_ones_own(organiser, stranger):
    """Whatever identifiers are posted."""
    registration = enrol(make_session(), "anne")
    assert organiser.post(bulk_url("pointer", registration, 999_999, uuid.uuid4())).status_code == 302
    assert fresh(registration).state == State.PRESENT
