"""Files of registrants: accents, formulas, answers, filters, and the trace that each one leaves."""

import csv
import io
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from agenda.events.kinds import QuestionKind
from agenda.models import EventQuestion, RegistrationExport
from agenda.registrations.services import cancel_registration
from tests.agenda.events import ask, enrol, make_event, make_session
from tests.agenda.organising import is_refused, make_stranger, signed_in, text
from tests.factories import TerritoryFactory

pytestmark = pytest.mark.ignore_template_errors
INDEX = "/admin/inscriptions/"
FORMULAS = ["=1+1", "+33", "-2", "@SOMME(A1)", "\t=1", "\r=1", " =1"]


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-01 10:00")


@pytest.fixture
def organiser(editor):
    return signed_in(editor)


def csv_file(client, **query) -> tuple[list[str], list[list[str]]]:
    response = client.get(f"{INDEX}?{urlencode({'export': 'csv', **query}, doseq=True)}")
    content = response.getvalue()
    assert response["Content-Disposition"] == 'attachment; filename="inscriptions.csv"'
    assert content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    return header, rows


def xlsx_file(client, **query) -> tuple[list, list[list]]:
    response = client.get(f"{INDEX}?{urlencode({'export': 'xlsx', **query}, doseq=True)}")
    sheet = load_workbook(io.BytesIO(response.getvalue())).active
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    header, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    return header, rows


def column(file, name) -> list:
    header, rows = file
    return [row[header.index(name)] for row in rows]


@pytest.mark.parametrize("read", [csv_file, xlsx_file])
def test_file_says_what_each_one_said(organiser, read):
    session = make_session(make_event(title="Café à Guéret"), seats=1, title="Matin")
    gueret = TerritoryFactory(name="Guéret", code="23096")
    enrol(session, "noel", last_name="Élie", first_name="Noël", organisation="Mairie", role="Œuvres", commune=gueret)
    enrol(session, "anne", needs="Boucle")
    ask(session, "bruno")
    file = read(organiser)
    assert column(file, "Événement") == ["Café à Guéret"] * 3
    assert (column(file, "Nom")[0], column(file, "Prénom")[0]) == ("Élie", "Noël")
    assert (column(file, "Fonction")[0], column(file, "Commune")[0]) == ("Œuvres", "Guéret")
    assert column(file, "Code INSEE")[0] == "23096"
    assert column(file, "État") == ["confirmée", "sur liste d’attente", "à confirmer"]
    assert column(file, "Rang")[:2] == ["1", "1re en attente"]
    assert column(file, "Besoins d’accessibilité")[1] == "Boucle"
    assert "2027-03-01 10:00" in str(column(file, "Adresse confirmée le")[0])


@pytest.mark.parametrize("read", [csv_file, xlsx_file])
def test_no_cell_is_a_formula(organiser, read):
    event = make_event()
    question = EventQuestion.objects.create(event=event, label="=2+2", kind=QuestionKind.TEXT)
    session = make_session(event)
    for rank, formula in enumerate(FORMULAS):
        enrol(session, f"p{rank}", last_name=formula, needs=formula, answers={str(question.uuid): formula})
    header, rows = read(organiser)
    assert header[-1] == "'=2+2"
    for name in ("Nom", "Besoins d’accessibilité", "'=2+2"):
        cells = column((header, rows), name)
        assert len(cells) == len(FORMULAS)
        assert all(cell.startswith("'") for cell in cells), cells


def test_control_characters_do_not_break_a_workbook(organiser):
    enrol(make_session(), "anne", needs="avant\x0b\x08après")
    assert column(xlsx_file(organiser), "Besoins d’accessibilité") == ["avantaprès"]


@pytest.mark.parametrize("read", [csv_file, xlsx_file])
def test_answers_are_columns_archived_ones_when_they_were_answered(organiser, read):
    event = make_event(title="Premier")
    menu = EventQuestion.objects.create(event=event, label="Menu", position=2)
    train = EventQuestion.objects.create(event=event, label="Train", kind=QuestionKind.YES_NO, position=1)
    several = EventQuestion.objects.create(event=event, label="Choix", position=3)
    old = EventQuestion.objects.create(event=event, label="Archivée", is_archived=True, position=4)
    EventQuestion.objects.create(event=event, label="Muette", is_archived=True, position=5)
    session = make_session(event)
    answers = {menu: "sans sel", train: True, several: ["a", "b"], old: "jadis"}
    enrol(session, "anne", answers={str(question.uuid): value for question, value in answers.items()})
    enrol(session, "bruno")
    header, rows = read(organiser)
    assert header[-4:] == ["Train", "Menu", "Choix", "Archivée"]
    assert rows[0][-4:] == ["Oui", "sans sel", "a, b", "jadis"]
    assert [cell or "" for cell in rows[1][-4:]] == [""] * 4


def test_questions_of_several_events_say_of_which(organiser):
    for title in ("Premier", "Second"):
        event = make_event(title=title)
        question = EventQuestion.objects.create(event=event, label="Menu")
        enrol(make_session(event), "anne", answers={str(question.uuid): title})
    header, rows = csv_file(organiser)
    assert sorted(header[-2:]) == ["Menu (Premier)", "Menu (Second)"]
    assert sorted("".join(row[-2:]) for row in rows) == ["Premier", "Second"]


def test_file_respects_filters_and_search(organiser):
    session, other = make_session(), make_session()
    enrol(session, "anne")
    cancel_registration(registration=enrol(session, "bruno"))
    enrol(other, "chloe")
    assert column(csv_file(organiser, session=session.pk), "Adresse e-mail") == ["anne@exemple.fr", "bruno@exemple.fr"]
    assert column(csv_file(organiser, session=session.pk, state="annulee"), "Nom") == ["Bruno"]
    assert column(xlsx_file(organiser, q="chlo"), "Nom") == ["Chloe"]
    assert csv_file(organiser, session="pirate")[1] == []


def test_whole_list_is_in_the_file_whatever_its_page(organiser):
    session = make_session()
    for rank in range(103):
        ask(session, f"p{rank}")
    assert len(csv_file(organiser)[1]) == 103


def test_each_file_leaves_a_trace_that_organisers_read(organiser):
    session = make_session(make_event(title="Café"))
    enrol(session, "anne")
    csv_file(organiser, session=session.pk, state=["confirmee", "presente"], q="anne")
    trace = RegistrationExport.objects.get()
    assert (trace.session, trace.by, trace.count, trace.format) == (session, organiser.user, 1, "csv")
    assert trace.what == str(session)
    assert "État : confirmée, présente" in trace.filters
    assert "avec une recherche" in trace.filters
    assert "anne" not in trace.filters
    said = text(organiser.get(f"{INDEX}exports/"))
    assert "Café" in said
    assert str(organiser.user) in said


def test_file_of_several_sessions_is_traced_for_each(organiser):
    for name in ("anne", "bruno"):
        enrol(make_session(), name)
    xlsx_file(organiser)
    assert [(trace.count, trace.format) for trace in RegistrationExport.objects.all()] == [(1, "xlsx")] * 2
    csv_file(organiser, session="pirate")
    assert RegistrationExport.objects.get(session=None).count == 0


def test_list_alone_leaves_no_trace(organiser):
    enrol(make_session(), "anne")
    organiser.get(INDEX)
    organiser.get(f"{INDEX}?export=exe")
    assert not RegistrationExport.objects.exists()


def test_stranger_takes_nothing_out(organiser):
    enrol(make_session(), "anne")
    csv_file(organiser)
    stranger = make_stranger()
    for address in (f"{INDEX}?export=csv", f"{INDEX}?export=xlsx", f"{INDEX}exports/", f"{INDEX}exports/results/"):
        assert is_refused(stranger.get(address)), address
    assert RegistrationExport.objects.count() == 1
