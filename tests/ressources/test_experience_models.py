"""What makes an experience true, and what it needs to be published."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ressources import experience_rules as rules
from ressources.experience_sections import SECTIONS
from ressources.models import ExperiencePage, ExperienceStatus
from territoires_en_commun.base.publication import PublicationRefused, publication_gaps
from tests.ressources.experiences import complete_experience, make_experience


@pytest.fixture
def france(home, small_france):
    return small_france


def problems(**fields):
    experience = complete_experience(**fields)
    try:
        experience.clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def test_empty_draft_is_saved_and_every_gap_is_named(home):
    draft = make_experience(
        live=False,
        holder=None,
        place=None,
        project_status="",
        started_on=None,
        ended_on=None,
        cost=None,
        fte=None,
        **{section.name: "<p data-block-key='a'>&nbsp;</p>" for section in SECTIONS},
    )
    draft.place = None
    assert {gap.field: gap.message for gap in publication_gaps(draft)} == {
        "holder": "Choisissez l’acteur qui a porté l’expérience.",
        "place": "Indiquez le territoire de l’expérience.",
        "project_status": "Dites où en est le projet.",
        "started_on": "Indiquez quand l’expérience a commencé, ou doit commencer.",
        "context": "« Contexte » est vide : écrivez-le, ou cochez « pas encore connu ».",
        "problem": "« Problème » est vide : écrivez-le, ou cochez « pas encore connu ».",
        "approach": "« Démarche » est vide : écrivez-le, ou cochez « pas encore connu ».",
        "results": "« Résultats » est vide : écrivez-le, ou cochez « pas encore connu ».",
        "difficulties": "« Difficultés » est vide : écrivez-le, ou cochez « pas encore connu ».",
        "to_redo": "« Ce que nous referions autrement » est vide : écrivez-le, ou cochez « pas encore connu ».",
        "cost": "Indiquez le coût, ou cochez « coût pas encore connu ».",
        "fte": "Indiquez le temps passé, ou cochez « temps passé pas encore connu ».",
    }


def test_experience_says_what_it_does_not_know_yet(home):
    unknown = {section.name: "" for section in SECTIONS} | {section.box: True for section in SECTIONS}
    page = make_experience(cost=None, cost_unknown=True, fte=None, fte_unknown=True, **unknown)
    assert page.live


def test_finished_or_abandoned_experience_says_when_it_ended(home):
    for status in (ExperienceStatus.DONE, ExperienceStatus.ABANDONED):
        draft = make_experience(live=False, project_status=status, ended_on=None)
        assert {gap.field: gap.message for gap in publication_gaps(draft)} == {"ended_on": rules.MISSING_END}
    assert make_experience(project_status=ExperienceStatus.ONGOING, ended_on=None).live


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"ended_on": date(2024, 2, 29)}, {"ended_on": ["La fin précède le début."]}),
        ({"cost_unknown": True}, {"cost_unknown": [rules.COST_BOTH]}),
        ({"cost_unknown": True, "cost": Decimal(0)}, {"cost_unknown": [rules.COST_BOTH]}),
        ({"fte_unknown": True}, {"fte_unknown": [rules.FTE_BOTH]}),
        (
            {"results_unknown": True},
            {
                "results_unknown": [
                    "« Résultats » a un texte et la case « pas encore connu » : gardez l’un ou l’autre."
                ]
            },
        ),
        ({"results_unknown": True, "results": "<p></p>"}, {}),
    ],
)
def test_experience_that_contradicts_itself_is_refused(home, fields, errors):
    assert problems(**fields) == errors


@pytest.mark.parametrize(
    "values",
    [
        *({section.box: True} for section in SECTIONS),
        {"cost_unknown": True},
        {"fte_unknown": True},
        {"cost": Decimal(-1)},
        {"fte": Decimal("-0.5")},
        {"ended_on": date(2024, 2, 29)},
    ],
    ids=lambda values: next(iter(values)),
)
def test_database_refuses_a_contradiction(home, values):
    page = make_experience()
    with pytest.raises(IntegrityError), transaction.atomic():
        ExperiencePage.objects.filter(pk=page.pk).update(**values)


def test_publication_is_refused_by_every_road(home):
    draft = make_experience(live=False, to_redo="")
    with pytest.raises(PublicationRefused) as refusal:
        draft.get_latest_revision().publish()
    assert [gap.field for gap in refusal.value.gaps] == ["to_redo"]
    assert not ExperiencePage.objects.get(pk=draft.pk).live


def test_territories_follow_the_place(home, small_france):
    gueret, creuse, nantes = (small_france[key] for key in ("commune:23096", "departement:23", "commune:44109"))
    page = make_experience(place=gueret, territories=[creuse])
    assert set(page.territories.all()) == {gueret, creuse}
    page.place = nantes
    page.save_revision().publish()
    assert set(ExperiencePage.objects.get(pk=page.pk).territories.all()) == {nantes, creuse}


def test_old_commune_becomes_todays(home, small_france):
    from tests.factories import TerritoryFactory

    old = TerritoryFactory(type="commune", code="23999", is_active=False, replaced_by=small_france["commune:23096"])
    assert make_experience(place=old).place == small_france["commune:23096"]


def test_messages_go_to_the_account_else_to_the_address(home):
    from tests.factories import UserFactory

    account, closed = UserFactory(email="elue@exemple.fr"), UserFactory(email="partie@exemple.fr", is_active=False)
    assert complete_experience(contact=account, contact_email="autre@exemple.fr").relay_address == "elue@exemple.fr"
    assert complete_experience(contact=closed, contact_email="autre@exemple.fr").relay_address == "autre@exemple.fr"
    assert complete_experience(contact=closed).relay_address == ""
    assert complete_experience().relay_address == ""
