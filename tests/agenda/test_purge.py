"""Data of registrations is erased when it is time, by the job as by the command; what was not is shown."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from agenda.events.kinds import QuestionKind
from agenda.events.kinds import RegistrationState as State
from agenda.jobs import purge_registrations
from agenda.models import EventPage, EventQuestion, Registration, RegistrationMove, RegistrationPurge
from agenda.registrations import services
from agenda.registrations import transfer_services as transfers
from agenda.registrations.purge import GRACE, KEEP_FORMS, overdue
from agenda.registrations.transfer_mails import KEEP_PROPOSALS
from territoires_en_commun.mailing.models import OutgoingMail
from tests.agenda.events import ask, enrol, fresh, make_event, make_session
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


def purge_by_command(*options) -> str:
    out = StringIO()
    call_command("purger_inscriptions", *options, stdout=out)
    return out.getvalue()


def filled_session(days=1, retention=10):
    """A session with somebody present, somebody absent, somebody who left, and its event's retention."""
    event = make_event(title="Atelier des cafés", retention_days=retention)
    session = make_session(event, days=days, seats=3)
    present, absent, gone = (enrol(session, name) for name in ("anne", "bruno", "chloe"))
    services.check_in(registration=present, by=None)
    services.cancel_registration(registration=gone)
    return session, [present, absent, gone]


def test_persons_are_erased_when_retention_is_over_and_not_before(freeze):
    session, rows = filled_session()
    freeze(session.ends_at + timedelta(days=10, seconds=-1))
    assert purge_by_command() == "Rien à effacer.\n"
    freeze(session.ends_at + timedelta(days=10))
    told = "3 personnes (annulée : 1, confirmée : 1, présente : 1)"
    assert told in purge_by_command()
    assert {fresh(row).email for row in rows} == {""}
    assert [fresh(row).state for row in rows] == [State.PRESENT, State.CONFIRMED, State.CANCELLED]
    trace = RegistrationPurge.objects.get()
    assert (trace.session, trace.count, trace.by, trace.answers) == (session, 3, None, 0)
    assert trace.states == {State.PRESENT: 1, State.CONFIRMED: 1, State.CANCELLED: 1}
    assert "Atelier des cafés" in trace.what
    assert not OutgoingMail.objects.exclude(recipient="").exists()


def test_run_again_it_does_nothing_more(freeze):
    session, _ = filled_session()
    freeze(session.ends_at + timedelta(days=10))
    assert purge_registrations() == "Personnes effacées : 3 ; formulaires supprimés : 0 ; réponses effacées : 0."
    before = list(Registration.objects.values())
    assert purge_registrations() == "Personnes effacées : 0 ; formulaires supprimés : 0 ; réponses effacées : 0."
    assert (list(Registration.objects.values()), RegistrationPurge.objects.count()) == (before, 1)


def test_dry_run_says_the_same_and_writes_nothing(freeze):
    filled_session()
    ask(make_session(make_event(title="Atelier à venir"), days=60))
    freeze(timezone.now() + timedelta(days=31))
    before = list(Registration.objects.values()), OutgoingMail.objects.count(), RegistrationMove.objects.count()
    said = purge_by_command("--dry-run")
    assert (
        list(Registration.objects.values()),
        OutgoingMail.objects.count(),
        RegistrationMove.objects.count(),
    ) == before
    assert not RegistrationPurge.objects.exists()
    assert ("Atelier à venir" in said, "1 formulaire non confirmé" in said) == (True, True)
    assert said.removesuffix("Essai : rien n’a été effacé.\n") == purge_by_command()


def test_forms_that_nobody_confirmed_are_deleted_after_thirty_days(freeze):
    session = make_session(days=60)
    form, kept = ask(session), enrol(session, "anne")
    freeze(timezone.now() + KEEP_FORMS - timedelta(seconds=1))
    purge_registrations()
    assert Registration.objects.count() == 2
    freeze(timezone.now() + timedelta(seconds=1))
    purge_registrations()
    assert list(Registration.objects.all()) == [kept]
    assert not OutgoingMail.objects.filter(key__startswith=f"registration:{form.uuid}:").exclude(recipient="").exists()
    assert RegistrationPurge.objects.get().states == {State.TO_CONFIRM: 1}


def test_personal_answers_are_erased_alone_before_the_person(freeze):
    event = make_event(retention_days=100)
    asked = {"label": "?", "kind": QuestionKind.TEXT}
    personal = {"is_personal": True, "purpose": "Repas", "retention_days": 7}
    meal = EventQuestion.objects.create(event=event, **asked, **personal, is_archived=True)
    topic = EventQuestion.objects.create(event=event, **asked)
    session = make_session(event, days=1)
    camille = enrol(session, answers={str(meal.uuid): "Végétarien", str(topic.uuid): "L’eau"})
    enrol(session, "anne", answers={str(topic.uuid): "L’air"})
    freeze(session.ends_at + timedelta(days=7, seconds=-1))
    assert purge_by_command() == "Rien à effacer.\n"
    freeze(session.ends_at + timedelta(days=7))
    assert "1 réponse personnelle" in purge_by_command()
    assert fresh(camille).answers == {str(topic.uuid): "L’eau"}
    assert fresh(camille).email == "camille@exemple.fr"
    trace = RegistrationPurge.objects.get()
    assert (trace.count, trace.answers, trace.states) == (1, 1, {})


def test_addresses_of_those_who_did_not_accept_a_place_are_forgotten(freeze):
    session = make_session(days=60)
    camille = enrol(session)
    transfer = transfers.propose(registration=camille, email="dominique@exemple.fr")
    freeze(timezone.now() + KEEP_PROPOSALS)
    purge_registrations()
    transfer.refresh_from_db()
    assert (transfer.email, transfer.ended_at) == ("", timezone.now())
    assert not OutgoingMail.objects.filter(recipient="dominique@exemple.fr").exists()
    assert fresh(camille).email == "camille@exemple.fr"


def test_sessions_to_come_keep_everything(freeze):
    session = make_session(make_event(retention_days=1), days=300)
    camille = enrol(session)
    freeze(session.ends_at)
    assert purge_by_command() == "Rien à effacer.\n"
    assert fresh(camille).erased_at is None


def test_what_should_have_been_erased_is_shown(client, freeze, superuser):
    session, _ = filled_session()
    freeze(session.ends_at + timedelta(days=10) + GRACE - timedelta(seconds=1))
    assert overdue(timezone.now()) == []
    freeze(session.ends_at + timedelta(days=10) + GRACE)
    assert [due.session for due in overdue(timezone.now())] == [session]
    purge_registrations()
    assert overdue(timezone.now()) == []


@pytest.mark.ignore_template_errors
def test_report_lists_purges_and_what_is_late(client, freeze, superuser):
    session, _ = filled_session()
    freeze(session.ends_at + timedelta(days=12))
    client.force_login(superuser)
    url = reverse("registration_purges")
    late = client.get(url).content.decode()
    assert ("auraient dû être effacées" in late, "3 personnes" in late) == (True, True)
    purge_registrations()
    html = client.get(url).content.decode()
    assert ("Aucune donnée n’est gardée au-delà" in html, "Atelier des cafés" in html) == (True, True)
    assert ("présente : 1" in html, "tâche planifiée" in html) == (True, True)
    assert "Atelier des cafés" in b"".join(client.get(f"{url}?export=csv").streaming_content).decode()


@pytest.mark.ignore_template_errors
def test_report_is_for_organisers(client):
    client.force_login(UserFactory())
    assert client.get(reverse("registration_purges")).status_code in {302, 403}
    assert EventPage.objects.count() == 0


def test_register_of_processing_says_what_is_done(client):
    html = client.get("/donnees-personnelles/").content.decode().replace("\u00a0", " ")
    assert "Inscriptions aux événements" in html
    assert f"{KEEP_FORMS.days} jours pour une demande qui n’est pas confirmée" in html
    assert KEEP_PROPOSALS == KEEP_FORMS
    assert "Retrouver mes inscriptions" in html
