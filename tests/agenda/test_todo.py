"""« À faire »: the calls that closed long ago and say nothing of their results."""

from datetime import date

import pytest
from django.utils import timezone

from agenda.models import CallPage, CallWinner
from territoires_en_commun.base.todo import things_to_do
from tests.agenda.build import change, make_call
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
REVIEW = date(2028, 1, 1)


@pytest.fixture
def calls(home, small_france, freeze, editor):
    """Calls in the charge of the editor, of which « Oublié » and « Ancien » wait; and one of somebody else."""
    freeze("2027-08-31 10:00")
    own = {"territories": [small_france["pays:FR"]], "review_owner": editor, "review_date": REVIEW}
    make_call(title="Oublié", closes_on=date(2027, 2, 28), **own)
    make_call(title="Ancien", closes_on=date(2026, 1, 5), **own)
    make_call(title="Depuis moins de six mois", closes_on=date(2027, 3, 2), **own)
    make_call(title="Gagné", closes_on=date(2026, 1, 5), winners=[CallWinner(name="Commune")], **own)
    make_call(title="Sans suite", closes_on=date(2026, 1, 5), results_note="Aucun projet n’a été retenu.", **own)
    make_call(title="Permanent", nature="permanent", **own)
    make_call(title="Retiré", closes_on=date(2026, 1, 5), **own).unpublish()
    make_call(title="D’un autre", closes_on=date(2026, 1, 5), **own | {"review_owner": UserFactory()})


def told(user) -> list[tuple[int, str]]:
    return [(todo.count, todo.label) for todo in things_to_do(user, timezone.now())]


def test_calls_closed_for_six_months_without_results_wait_for_who_is_in_charge(calls, editor, contributor, client):
    assert told(editor) == [(2, "appels clos depuis six mois ne disent pas leurs lauréats")]
    assert told(contributor) == []
    (todo,) = things_to_do(editor, timezone.now())
    client.force_login(editor)
    assert {page.title for page in client.get(todo.url).context["object_list"]} == {"Oublié", "Ancien"}


def test_call_leaves_the_list_once_it_says_its_results(calls, editor):
    change(CallPage.objects.get(title="Oublié"), winners=[CallWinner(name="Commune lauréate")])
    assert told(editor) == [(1, "appel clos depuis six mois ne dit pas ses lauréats")]
    change(CallPage.objects.get(title="Ancien"), results_note="La liste n’est pas publiée.")
    assert told(editor) == []
