"""What makes a call true, what it needs to be published, and where it stands."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict
from wagtail.models import PageViewRestriction

from agenda.calls import rules
from agenda.calls.deadlines import PARIS
from agenda.calls.kinds import CallStatus
from agenda.models import CallIndexPage, CallPage, CallWinner
from territoires_en_commun.base.links import link_groups
from territoires_en_commun.base.models import PageLink
from territoires_en_commun.base.publication import publication_gaps
from tests.agenda.build import change, complete_call, in_days, make_call
from tests.annuaire.build import make_actor
from tests.factories import StandardPageFactory, ThemeFactory


@pytest.fixture
def france(home, small_france):
    return small_france


def problems(**fields):
    call = complete_call(**fields)
    call.slug, call.path, call.depth = "x", "000100020099", 3
    try:
        call.full_clean(exclude=["themes", "territories", "content_type", "locale"])
    except ValidationError as error:
        return error.message_dict
    return {}


CONTRADICTIONS = (
    ({"opens_on": in_days(9), "closes_on": in_days(8)}, {"closes_on": [rules.CLOSES_BEFORE_OPENING]}),
    ({"opens_on": in_days(9), "prefiling_on": in_days(8)}, {"prefiling_on": [rules.PREFILING_OUTSIDE]}),
    ({"prefiling_on": in_days(61)}, {"prefiling_on": [rules.PREFILING_OUTSIDE]}),
    ({"amount_min": 2, "amount_max": 1}, {"amount_min": [rules.AMOUNTS_REVERSED]}),
    ({"rate_min": 60, "rate_max": 50}, {"rate_min": [rules.RATES_REVERSED]}),
    ({"rate_max": 101}, {"rate_max": [rules.RATE_OUT_OF_BOUNDS]}),
    ({"rate_min": 101}, {"rate_min": [rules.RATE_OUT_OF_BOUNDS]}),
    ({"nature": "permanent", "closes_on": in_days(9)}, {"closes_on": [rules.CLOSING_OF_PERMANENT]}),
)


@pytest.mark.parametrize(("fields", "expected"), CONTRADICTIONS)
def test_contradiction_is_refused_by_the_name_of_its_field(france, fields, expected):
    assert problems(**fields) == expected


@pytest.mark.parametrize(("fields", "expected"), CONTRADICTIONS)
def test_database_refuses_the_same(france, fields, expected):
    call = make_call(territories=[france["pays:FR"]])
    with pytest.raises(IntegrityError), transaction.atomic():
        CallPage.objects.filter(pk=call.pk).update(**fields)


@pytest.mark.parametrize("name", ["amount_max", "rate_max"])
def test_maximum_of_zero_is_refused(france, name):
    assert problems(**{name: 0}) == {name: [rules.MAXIMUM_OF_ZERO]}


@pytest.mark.parametrize(
    "fields",
    [
        {"opens_on": in_days(60), "prefiling_on": in_days(60), "closes_on": in_days(60)},
        {"amount_min": 5, "amount_max": 5, "rate_min": 0, "rate_max": 100},
        {"nature": "permanent"},
        {"amount_min": 0},
    ],
)
def test_bounds_may_be_equal_or_absent(france, fields):
    assert problems(**fields) == {}
    assert make_call(territories=[france["pays:FR"]], **fields).live


@pytest.mark.parametrize(
    ("field", "empty", "message"),
    [
        ("nature", "", rules.MISSING_NATURE),
        ("closes_on", None, rules.MISSING_CLOSING),
        ("territories", (), rules.MISSING_TERRITORY),
        ("beneficiaries", [], rules.MISSING_BENEFICIARIES),
        ("funders_text", " ", rules.MISSING_FUNDER),
        ("eligibility", "<p> </p>", rules.MISSING_ELIGIBILITY),
        ("application_url", "", rules.MISSING_APPLICATION),
        ("source_url", "", rules.MISSING_SOURCE),
    ],
)
def test_draft_tolerates_what_publication_refuses(france, field, empty, message):
    call = make_call(live=False, **{"territories": [france["pays:FR"]], field: empty})
    assert [(gap.field, gap.message) for gap in publication_gaps(call)] == [(field, message)]
    with pytest.raises(ValidationError):
        call.get_latest_revision().publish()


def test_funder_of_the_directory_is_enough(france):
    funder = make_actor(title="Fondation", territories=[france["pays:FR"]])
    call = make_call(funders_text="", funders=[funder], territories=[france["pays:FR"]])
    assert call.live
    assert [group.title for group in link_groups(funder)] == ["Finance"]


def form_of(call, superuser, **changes):
    """The editor's form of a new call, as a browser sends it."""
    data = {
        "title": "Appel",
        "slug": "appel",
        "summary": "Un résumé.",
        "nature": "aap",
        "recurrence": "ponctuel",
        "closes_on": in_days(30).isoformat(),
        "beneficiaries": ["commune"],
        "eligibility": '{"blocks": [{"key": "a", "text": "Toutes les communes.", "type": "unstyled", "depth": 0, '
        '"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}',
        "description": "null",
        "application_url": "https://appel.exemple.fr/",
        "source_url": "https://appel.exemple.fr/",
        "themes": [str(ThemeFactory().pk)],
        "review_date": in_days(90).isoformat(),
        "review_owner": str(superuser.pk),
        "licence": "etalab-2.0",
    }
    for name in ("links", "winners", "comments"):
        data |= {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"}
    query = QueryDict(mutable=True)
    for name, value in (data | changes).items():
        query.setlist(name, value if isinstance(value, list) else [value])
    form_class = CallPage.get_edit_handler().get_form_class()
    return form_class(data=query, instance=call, parent_page=CallIndexPage.objects.get(), for_user=superuser)


def test_form_judges_the_links_and_territories_that_it_brings(france, superuser):
    funder = make_actor(title="Fondation", territories=[france["pays:FR"]])
    link = {
        "links-TOTAL_FORMS": "1",
        "links-0-kind": "financeur",
        "links-0-target": str(funder.pk),
        "links-0-ORDER": "1",
    }
    territories = [str(france["pays:FR"].pk)]
    whole = form_of(CallPage(), superuser, territories=territories, **link)
    assert whole.is_valid(), whole.errors
    assert form_of(CallPage(), superuser, territories=territories).errors == {"funders_text": [rules.MISSING_FUNDER]}
    assert form_of(CallPage(), superuser, **link).errors == {"territories": [rules.MISSING_TERRITORY]}


def test_form_saves_a_draft_that_says_almost_nothing_but_no_contradiction(france, superuser):
    nothing = dict.fromkeys(("summary", "nature", "closes_on", "application_url", "source_url", "review_date"), "")
    draft = form_of(CallPage(), superuser, beneficiaries=[], themes=[], **nothing)
    draft.defer_required_fields()
    assert draft.is_valid(), draft.errors
    wrong = form_of(CallPage(), superuser, **nothing | {"opens_on": "2027-03-02", "closes_on": "2027-03-01"})
    wrong.defer_required_fields()
    assert wrong.errors == {"closes_on": [rules.CLOSES_BEFORE_OPENING]}


def test_form_reads_amounts_as_people_write_them_and_refuses_by_name(france, superuser):
    form = form_of(
        CallPage(),
        superuser,
        territories=[str(france["pays:FR"].pk)],
        funders_text="Fondation",
        amount_min="1,5 M€",
        amount_max="10 000 €",
        opens_on=in_days(40).isoformat(),
        rate_max="120",
    )
    assert form.errors == {
        "amount_min": [rules.AMOUNTS_REVERSED],
        "closes_on": [rules.CLOSES_BEFORE_OPENING],
        "rate_max": [rules.RATE_OUT_OF_BOUNDS],
    }


def test_queries_agree_with_the_status_of_each_call(france):
    dates = [
        {"opens_on": in_days(3), "closes_on": in_days(90)},
        {"opens_on": in_days(-3), "closes_on": in_days(90)},
        {"closes_on": in_days(21)},
        {"closes_on": in_days(22)},
        {"closes_on": in_days(0)},
        {"closes_on": in_days(-1)},
        {"closes_on": in_days(-1), "winners": [CallWinner(name="Commune lauréate")]},
        {"nature": "permanent"},
        {"nature": "permanent", "opens_on": in_days(2)},
    ]
    for number, fields in enumerate(dates):
        make_call(title=f"Appel {number}", territories=[france["pays:FR"]], **fields)
    for later in (0, 1, 3, 30, 100):
        now = datetime.now(PARIS) + timedelta(days=later)
        stands = {call: call.status(now) for call in CallPage.objects.with_winner_flag()}
        assert stands == {call: call.status(now) for call in CallPage.objects.all()}
        for found, statuses in (
            (CallPage.objects.open(now), {CallStatus.OPEN, CallStatus.CLOSING}),
            (CallPage.objects.closing_soon(now), {CallStatus.CLOSING}),
            (CallPage.objects.closed(now), {CallStatus.CLOSED, CallStatus.AWARDED}),
        ):
            assert set(found) == {call for call, status in stands.items() if status in statuses}


def test_closing_is_the_last_second_of_the_day(france):
    closing = datetime(2027, 3, 28, tzinfo=PARIS).date()
    assert complete_call(closes_on=closing).closes_at == datetime(2027, 3, 28, 21, 59, 59, tzinfo=UTC)
    assert complete_call(nature="permanent").closes_at is None


def test_winner_leads_to_an_experience_only(france, home):
    winner = CallWinner(name="Commune", experience=StandardPageFactory(parent=home, title="Un texte").basepage_ptr)
    with pytest.raises(ValidationError) as refused:
        winner.full_clean(exclude=["call"])
    assert refused.value.message_dict == {"experience": ["« Un texte » n’est pas un retour d’expérience."]}


def test_winner_sees_the_call_that_it_won_once_over_and_public(france):
    actor = make_actor(title="La lauréate", territories=[france["pays:FR"]])
    call = make_call(
        title="Gagné",
        closes_on=in_days(-2),
        winners=[CallWinner(name="La lauréate", actor=actor)],
        territories=[france["pays:FR"]],
    )
    make_call(title="En cours", winners=[CallWinner(name="La lauréate", actor=actor)], territories=[france["pays:FR"]])
    (group,) = link_groups(actor)
    assert (group.title, [page.title for page in group.pages]) == ("Lauréat de", ["Gagné"])
    PageViewRestriction.objects.create(page=call.basepage_ptr, restriction_type="login")
    assert link_groups(actor) == []


def test_copy_of_a_call_has_neither_dates_nor_winners(france):
    funder = make_actor(title="Fondation", territories=[france["pays:FR"]])
    call = make_call(
        territories=[france["pays:FR"]],
        funders=[funder],
        opens_on=in_days(-9),
        prefiling_on=in_days(3),
        winners=[CallWinner(name="Commune")],
        results_note="Un second jury se tient en juin.",
    )
    change(call, closes_on=in_days(70))
    copied = call.copy(update_attrs={"title": "L’année suivante", "slug": "suivante"}, keep_live=False)
    copied = CallPage.objects.get(pk=copied.pk)
    for version in (copied, copied.get_latest_revision_as_object()):
        assert (version.opens_on, version.prefiling_on, version.closes_on) == (None, None, None)
        assert (list(version.winners.all()), version.results_note, version.changes.count()) == ([], "", 0)
    assert [link.target_id for link in PageLink.objects.filter(source=copied)] == [funder.pk]
