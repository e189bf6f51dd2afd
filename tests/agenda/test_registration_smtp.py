"""The mails of registrations, as a mail server receives them and a mail program reads them."""

from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from agenda.registrations import services
from agenda.sessions import services as session_services
from territoires_en_commun.mailing.sending import send_due_mails
from tests.agenda.events import enrol, fresh, make_event, make_session

STARTS_AT = datetime(2027, 3, 31, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


@pytest.fixture
def received(smtp):
    """Send what is due; what the server received, by the person it is for."""

    def receive():
        smtp.deliveries.clear()
        send_due_mails()
        return {message["To"]: message for message in (delivery.message for delivery in smtp.deliveries)}

    return receive


def entry_of(message):
    """The method and the entry of the calendar file of a mail."""
    file = next(part for part in message.iter_attachments() if part.get_filename() == "inscription.ics")
    calendar = Calendar.from_ical(file.get_content())
    assert file["Content-Type"].params["method"] == calendar["METHOD"]
    return str(calendar["METHOD"]), calendar.events[0]


def test_confirmed_person_reads_date_and_place_in_both_versions_with_calendar_and_ticket(received):
    session = make_session(make_event(title="Rouvrir un café"), seats=1, starts_at=STARTS_AT)
    enrol(session)
    message = received()["camille@exemple.fr"]
    assert message["Subject"] == "Inscription confirmée : Rouvrir un café"
    for kind in ("plain", "html"):
        text = message.get_body([kind]).get_content().replace("\u00a0", " ").replace("&nbsp;", " ")
        assert "Mercredi 31 mars 2027, de 11 h à 13 h" in text
        assert "1 place de la Mairie" in text
        assert "http://testserver/agenda/inscription/gerer/" in text
    method, entry = entry_of(message)
    assert (method, entry.start, str(entry["STATUS"])) == ("PUBLISH", STARTS_AT, "CONFIRMED")
    pictures = [part for part in message.iter_attachments() if part.get_content_type() == "image/png"]
    assert [part.get_content()[:4] for part in pictures] == [b"\x89PNG"]


def test_calendar_follows_the_session_that_moves_then_the_person_who_gives_up(received):
    session = make_session(seats=1, starts_at=STARTS_AT)
    registration = enrol(session)
    _, first = entry_of(received()["camille@exemple.fr"])
    dates = {"starts_at": STARTS_AT.replace(hour=12), "ends_at": STARTS_AT.replace(hour=14)}
    session_services.move_session(session=session, message="La salle est prise.", **dates)
    _, moved = entry_of(received()["camille@exemple.fr"])
    assert (moved["UID"], moved.start.hour, moved["SEQUENCE"] > first["SEQUENCE"]) == (first["UID"], 12, True)
    services.cancel_registration(registration=fresh(registration))
    method, gone = entry_of(received()["camille@exemple.fr"])
    assert (method, gone["UID"], str(gone["STATUS"])) == ("CANCEL", first["UID"], "CANCELLED")


def test_freed_seat_is_offered_to_the_one_who_waits(received):
    session = make_session(seats=1, starts_at=STARTS_AT)
    seated, _ = enrol(session, "anne"), enrol(session, "bruno")
    assert "liste d’attente" in received()["bruno@exemple.fr"]["Subject"]
    services.cancel_registration(registration=seated)
    assert (
        received()["bruno@exemple.fr"]["Subject"].strip().startswith("Une place s’est libérée, à accepter avant le ")
    )
