"""The relevance cases of the demonstration hold, on the site that ``make run`` gives."""

from io import StringIO

import pytest
from django.core.management import call_command

from search.models import Acronym, RelevanceCase, SearchDocument, SearchSynonym
from search.relevance import run_cases

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_every_case_of_the_demonstration_holds(demo):
    assert RelevanceCase.objects.count() >= 10
    assert [outcome.sentence for outcome in run_cases() if not outcome.passes] == []


def test_cases_need_the_rules(demo):
    for model in (Acronym, SearchSynonym):
        for rule in model.objects.all():
            rule.delete()
    lost = {outcome.case.query for outcome in run_cases() if not outcome.passes}
    assert lost >= {"ACV", "PVD", "bistrot du village"}


def test_rules_of_the_demonstration_are_right_and_written_once(demo):
    counts = [model.objects.count() for model in (Acronym, SearchSynonym, RelevanceCase)]
    for model in (Acronym, SearchSynonym):
        for rule in model.objects.all():
            rule.full_clean()
    output = StringIO()
    call_command("load_demo", stdout=output)
    assert output.getvalue() == "Le contenu de démonstration est déjà là : rien n’a été changé.\n"
    assert [model.objects.count() for model in (Acronym, SearchSynonym, RelevanceCase)] == counts == [10, 4, counts[2]]


def test_command_says_so(demo, capsys):
    call_command("check_relevance")
    count = RelevanceCase.objects.count()
    assert capsys.readouterr().out == f"Cas de pertinence tenus : {count} sur {count}.\n"


def test_fields_that_were_never_filled_say_nothing(demo):
    texts = [f"{document.title} {document.body}" for document in SearchDocument.objects.filter(is_gone=False)]
    assert texts
    assert [text for text in texts if "None" in text.split()] == []
