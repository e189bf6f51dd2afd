"""Closings as calendar files: what RFC 5545 and 7986 ask, read again by the library; nothing injected."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from agenda.calendar_files import one_line
from agenda.calls.calendars import calendar_file
from agenda.models import CallPage, CallWinner
from tests.agenda.build import change, in_days, make_call

LIST = "/appels-a-projets/?export=ics"


@pytest.fixture
def france(home, small_france):
    return small_france


def file_of(client, path):
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert response["X-Robots-Tag"] == "noindex"
    return response, Calendar.from_ical(response.content)


def check_lines(content: bytes) -> None:
    """CRLF everywhere, no line over 75 octets."""
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert [line for line in lines if b"\n" in line or b"\r" in line or len(line) > 75] == []


def test_call_gives_its_closing_day(client, france):
    call = make_call(
        title="Des halles, des marchés; et des cafés",
        slug="halles",
        closes_on=date(2099, 3, 28),
        territories=[france["pays:FR"]],
    )
    response, calendar = file_of(client, f"{call.url}?export=ics")
    assert response["Content-Disposition"] == 'attachment; filename="halles.ics"'
    check_lines(response.content)
    (event,) = calendar.events
    assert {name: event[name] for name in ("UID", "SUMMARY", "SEQUENCE", "TRANSP", "URL")} == {
        "UID": f"{call.uuid}@testserver",
        "SUMMARY": "Clôture : Des halles, des marchés; et des cafés",
        "SEQUENCE": 0,
        "TRANSP": "TRANSPARENT",
        "URL": "http://testserver/appels-a-projets/halles/",
    }
    assert (event.start, event.DTSTAMP) == (date(2099, 3, 28), call.last_published_at.replace(microsecond=0))
    assert b"DTSTART;VALUE=DATE:20990328\r\n" in response.content
    assert b"DTEND" not in response.content
    assert event["DESCRIPTION"].split("\n") == [
        "Dernier jour pour candidater, jusqu’à 23 h 59 (heure de Paris).",
        call.summary,
        "http://testserver/appels-a-projets/halles/",
    ]
    (alarm,) = event.alarms.times
    assert alarm.trigger == date(2099, 3, 21)
    assert "Dans 7 jours" in event.subcomponents[0]["DESCRIPTION"]


def test_calendar_says_its_name_its_source_and_when_to_read_it_again(client, france):
    make_call(territories=[france["commune:23096"]])
    path = "/appels-a-projets/?territoire=commune%3A23096&export=ics"
    response, calendar = file_of(client, path)
    assert response["Content-Disposition"] == 'attachment; filename="clotures-appels-a-projets.ics"'
    assert calendar.calendar_name == "Clôtures des appels à projets – Guéret – Creuse (23)"
    assert calendar.source == f"http://testserver{path}"
    unfolded = response.content.replace(b"\r\n ", b"")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:P1D\r\n" in unfolded
    assert b"SOURCE;VALUE=URI:http://testserver/" in unfolded
    assert b"VERSION:2.0\r\n" in unfolded
    assert client.get(path).content == response.content


def test_sequence_grows_when_the_closing_moves_and_only_then(client, france):
    call = make_call(territories=[france["pays:FR"]])
    seen = []
    for fields in ({}, {"closes_on": in_days(70)}, {"amount_max": 5}, {"closes_on": in_days(80)}):
        call = change(call, **fields)
        for path in (f"{call.url}?export=ics", LIST):
            (event,) = file_of(client, path)[1].events
            seen.append((str(event["UID"]), event["SEQUENCE"], event.start == call.closes_on))
    uid = f"{call.uuid}@testserver"
    assert seen == [(uid, sequence, True) for sequence in (0, 0, 1, 1, 1, 1, 2, 2)]


def test_list_gives_the_closings_that_it_shows(client, france):
    here, everywhere = [france["commune:23096"]], [france["pays:FR"]]
    make_call(title="Ici", closes_on=in_days(9), territories=here)
    make_call(title="Partout", closes_on=in_days(5), territories=everywhere)
    make_call(title="Ailleurs", closes_on=in_days(5), territories=[france["commune:44109"]])
    make_call(title="Permanent", nature="permanent", territories=everywhere)
    make_call(title="Clos", closes_on=in_days(-5), winners=[CallWinner(name="x")], territories=everywhere)
    make_call(title="Brouillon", live=False, territories=everywhere)

    def titles(path):
        return [str(event["SUMMARY"]).removeprefix("Clôture : ") for event in file_of(client, path)[1].events]

    assert titles(LIST) == ["Partout", "Ailleurs", "Ici"]
    assert titles(f"{LIST}&territoire=commune:23096") == ["Partout", "Ici"]
    assert titles(f"{LIST}&statut=clos") == ["Clos"]
    assert titles(f"{LIST}&q=rien") == []


def test_call_without_closing_shows_its_page(client, france):
    call = make_call(nature="permanent", territories=[france["pays:FR"]])
    response = client.get(f"{call.url}?export=ics")
    assert (response.status_code, response["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "export=ics" not in response.content.decode()


def test_draft_gives_no_calendar(client, france):
    call = make_call(live=False, territories=[france["pays:FR"]])
    assert client.get(f"/appels-a-projets/{call.slug}/?export=ics").status_code == 404


def test_title_injects_no_property(client, france):
    call = make_call(territories=[france["pays:FR"]], summary="Un\r\nEND:VCALENDAR\nrésumé\u2028; court")
    CallPage.objects.filter(pk=call.pk).update(title="Avant\r\nATTENDEE:mailto:x@exemple.fr\nBEGIN:VEVENT\x0bfin")
    response, calendar = file_of(client, LIST)
    check_lines(response.content)
    (event,) = calendar.events
    assert event["SUMMARY"] == "Clôture : Avant ATTENDEE:mailto:x@exemple.fr BEGIN:VEVENT fin"
    assert "ATTENDEE" not in event
    assert "Un END:VCALENDAR résumé ; court" in event["DESCRIPTION"]


@pytest.fixture
def call(france):
    call = make_call(territories=[france["pays:FR"]])
    call.sequence = 0
    return call


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=200), summary=st.text(max_size=300))
def test_any_text_is_read_again_as_it_was(call, title, summary):
    call.title, call.summary = title, summary
    response = calendar_file([call], name=title, source="https://exemple.fr/", file_name="x")
    check_lines(response.content)
    (event,) = Calendar.from_ical(response.content).events
    assert event["SUMMARY"] == f"Clôture : {one_line(title)}"
    assert one_line(summary) in event["DESCRIPTION"]


def test_calendar_of_a_list_costs_few_queries(client, france, django_assert_max_num_queries):
    for number in range(3):
        make_call(title=f"Appel {number}", closes_on=in_days(number), territories=[france["pays:FR"]])
    client.get(LIST)
    with django_assert_max_num_queries(10):
        client.get(LIST)
