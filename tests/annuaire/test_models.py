"""What makes a fiche true, and what it needs to be published."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from annuaire import rules
from annuaire.models import ActorPage, PointSource, SheetStatus
from territoires_en_commun.base.publication import publication_gaps
from tests.annuaire.build import complete_actor, make_actor
from tests.factories import TerritoryFactory


@pytest.fixture
def france(home, small_france):
    return small_france


def problems(**fields):
    actor = complete_actor(**fields)
    actor.slug, actor.path, actor.depth = "x", "000100020099", 3
    try:
        actor.clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def test_actor_without_territory_or_type_is_not_published(france):
    gaps = {gap.field: gap.message for gap in publication_gaps(make_actor(live=False, type=""))}
    assert gaps["territories"] == rules.MISSING_TERRITORY
    assert gaps["type"] == rules.MISSING_TYPE


def test_local_authority_names_the_territory_whose_council_it_is(france):
    creuse = france["departement:23"]
    actor = make_actor(live=False, type="departement", territories=[creuse])
    assert [gap.field for gap in publication_gaps(actor)] == ["represents"]
    assert problems(type="departement", represents=france["commune:44109"]) == {"represents": [rules.WRONG_COUNCIL]}
    assert problems(type="departement", represents=creuse) == {}


def test_collective_without_siren_is_published(france):
    actor = make_actor(type="collectif", territories=[france["pays:FR"]])
    assert (actor.live, actor.siren) == (True, "")


def test_siret_must_begin_with_the_siren_and_gives_it(france):
    assert "siret" in problems(siren="217500016", siret="20005478100022")
    actor = make_actor(siret="200 054 781 00022", territories=[france["pays:FR"]])
    assert (actor.siret, actor.siren) == ("20005478100022", "200054781")


def test_second_actor_of_a_number_is_refused_with_a_link_to_the_first(france):
    first = make_actor(title="Métropole <imaginaire>", siren="200054781", territories=[france["pays:FR"]])
    message = problems(siren="200 054 781".replace(" ", ""))["siren"][0]
    assert f"/admin/pages/{first.pk}/edit/" in message
    assert "Métropole &lt;imaginaire&gt;" in message


def test_branch_may_share_the_siren_of_its_legal_body(france):
    make_actor(title="Siège", siren="200054781", territories=[france["pays:FR"]])
    branch = make_actor(title="Antenne", siret="20005478100022", territories=[france["pays:FR"]])
    assert branch.siren == "200054781"


def test_database_refuses_two_actors_of_one_siret(france):
    make_actor(siret="20005478100022", territories=[france["pays:FR"]])
    other = make_actor(title="Autre", territories=[france["pays:FR"]])
    with pytest.raises(IntegrityError), transaction.atomic():
        ActorPage.objects.filter(pk=other.pk).update(siret="20005478100022")


def test_old_commune_becomes_todays(france):
    old = TerritoryFactory(
        type="commune", code="23999", name="Ancienne", is_active=False, replaced_by=france["commune:23096"]
    )
    actor = complete_actor(commune=old)
    actor.clean()
    assert actor.commune == france["commune:23096"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"latitude": 46.1}, "longitude"),
        ({"longitude": 1.8}, "latitude"),
        ({"verified_on": timezone.localdate() + timedelta(days=3)}, "verified_on"),
    ],
)
def test_fact_that_cannot_be_is_refused(france, fields, field):
    assert list(problems(**fields)) == [field]


def test_commune_field_refuses_another_kind_of_territory(france):
    assert "commune" in problems(commune=france["departement:23"])


def test_point_is_that_of_the_commune_for_want_of_better(france):
    gueret = france["commune:23096"]
    gueret.latitude, gueret.longitude = 46.17, 1.87
    assert complete_actor(commune=gueret).point == (46.17, 1.87, PointSource.COMMUNE)
    assert complete_actor(commune=gueret, latitude=46.0, longitude=2.0).point == (46.0, 2.0, PointSource.GIVEN)
    assert complete_actor().point is None


def test_fiche_needs_checking_after_a_year_or_when_somebody_doubts_it(france):
    today = timezone.localdate()
    assert not complete_actor(verified_on=today - timedelta(days=365)).needs_checking(today)
    assert complete_actor(verified_on=today - timedelta(days=366)).needs_checking(today)
    assert complete_actor(verified_on=None).needs_checking(today)
    assert complete_actor(status=SheetStatus.TO_CHECK).needs_checking(today)


def test_actors_covering_a_commune_are_those_of_its_containers(france):
    gueret = france["commune:23096"]
    everywhere = make_actor(title="Partout", territories=[france["pays:FR"]])
    county = make_actor(title="Creuse", territories=[france["departement:23"]])
    make_actor(title="Ailleurs", territories=[france["commune:44109"]])
    assert set(ActorPage.objects.covering(gueret)) == {everywhere, county}


def test_actor_is_found_by_its_number(france):
    actor = make_actor(siren="200054781", rna="W751234567", territories=[france["pays:FR"]])
    assert list(ActorPage.objects.by_identifier(siren="200054781")) == [actor]
    assert list(ActorPage.objects.by_identifier(rna="W751234567")) == [actor]
    assert list(ActorPage.objects.by_identifier()) == []
