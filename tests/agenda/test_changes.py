"""« Ce qui a changé »: what candidates must know of, told once, in plain words."""

from collections import defaultdict
from datetime import date, timedelta
from importlib import import_module

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from agenda.calls.changes import substance
from agenda.calls.services import note_publication
from agenda.models import CallChange, CallPage, PublishedTerms
from tests.agenda.build import change, in_days, make_call

migration = import_module("agenda.migrations.0002_published_terms_and_results")
MARCH = {"opens_on": date(2027, 1, 4), "closes_on": date(2027, 3, 3)}


@pytest.fixture
def france(home, small_france, freeze):
    freeze("2027-01-10 10:00")
    return small_france


@pytest.fixture
def call(france):
    return make_call(
        territories=[france["pays:FR"]],
        amount_max=50_000,
        rate_max=80,
        review_date=date(2027, 12, 1),
        eligibility="<p>Moins de 3\u00a0500 habitants.</p>",
        **MARCH,
    )


def told():
    return [
        (row.field, row.sentence.replace("\u00a0", " ").replace("\u202f", " ")) for row in CallChange.objects.all()
    ]


def form_data(response):
    """What a browser sends of the form of a page whose controls nobody touched."""
    form = BeautifulSoup(response.content, "html.parser").find("form", id="page-edit-form")
    data = defaultdict(list)
    for field in form.find_all(["input", "select", "textarea"], attrs={"name": True}):
        kind = field.get("type")
        if field.name == "select":
            data[field["name"]] += [option["value"] for option in field.find_all("option", selected=True)]
        elif kind not in {"submit", "button", "checkbox", "radio"} or field.has_attr("checked"):
            data[field["name"]].append(field.text if field.name == "textarea" else field.get("value", ""))
    return data


def test_first_publication_tells_nothing(call):
    assert told() == []


def post_form(client, call, *, action="", **fields):
    """Change fields of the editor's form of a call, and press its button."""
    url = reverse("wagtailadmin_pages:edit", args=[call.pk])
    data = form_data(client.get(url)) | fields | ({f"action-{action}": "1"} if action else {})
    assert client.post(url, data).status_code == 302


def test_editor_who_publishes_from_the_form_tells_the_change(call, admin_client):
    post_form(admin_client, call, closes_on="2027-03-17", action="publish")
    assert told() == [("cloture", "La clôture passe du 3 au 17 mars 2027.")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"closes_on": date(2027, 3, 17)}, ("cloture", "La clôture passe du 3 au 17 mars 2027.")),
        ({"closes_on": date(2027, 4, 1)}, ("cloture", "La clôture passe du 3 mars au 1er avril 2027.")),
        ({"closes_on": date(2028, 1, 2)}, ("cloture", "La clôture passe du 3 mars 2027 au 2 janvier 2028.")),
        ({"closes_on": date(2027, 2, 1)}, ("cloture", "La clôture passe du 3 mars au 1er février 2027.")),
        ({"closes_on": None, "nature": "permanent"}, ("cloture", "Il n’y a plus de date de clôture.")),
        ({"opens_on": date(2027, 1, 18)}, ("ouverture", "L’ouverture passe du 4 au 18 janvier 2027.")),
        ({"opens_on": None}, ("ouverture", "Il n’y a plus de date d’ouverture.")),
        ({"prefiling_on": date(2027, 2, 1)}, ("pre-depot", "Le pré-dépôt est fixé au 1er février 2027.")),
        (
            {"amount_max": 80_000},
            ("montant", "Montant de l’aide : jusqu’à 80 000 € (auparavant : jusqu’à 50 000 €)."),
        ),
        (
            {"amount_max": None},
            ("montant", "Montant de l’aide : non précisé (auparavant : jusqu’à 50 000 €)."),
        ),
        (
            {"rate_min": 50},
            ("taux", "Taux de l’aide : de 50 % à 80 % (auparavant : jusqu’à 80 %)."),
        ),
        (
            {"eligibility": "<p>Moins de 5\u00a0000 habitants.</p>"},
            ("eligibilite", "Les conditions d’éligibilité ont changé : relisez-les."),
        ),
    ],
)
def test_change_is_told_in_plain_words(call, fields, expected):
    call = change(call, **fields)
    assert told() == [expected]
    assert CallChange.objects.get().at == call.last_published_at


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Un autre titre"},
        {"summary": "Un autre résumé."},
        {"eligibility": "<h3>moins  de <b>3500</b> habitants</h3>"},
        {"eligibility": "<ul><li>Moins de 3\u202f500 habitants\u00a0;</li></ul>"},
        {"eligibility": "<p>MOINS de 3 500 hàbitants !</p>"},
        {"description": "<p>Ce qui est attendu.</p>", "contact_text": "appel@exemple.fr"},
    ],
)
def test_typography_and_what_changes_nothing_for_candidates_is_not_told(call, fields):
    change(call, **fields)
    assert told() == []


@pytest.mark.parametrize(
    ("before", "after"),
    [("<p>1,5 M€</p>", "<p>15 M€</p>"), ("<p>10 %</p>", "<p>1,0 %</p>"), ("<p>éligible</p>", "<p>inéligible</p>")],
)
def test_mark_inside_a_number_and_a_prefix_are_substance(before, after):
    assert substance(before) != substance(after)


def test_each_publication_tells_what_it_brought(call, freeze):
    change(call, closes_on=date(2027, 3, 17), amount_max=60_000)
    freeze("2027-01-12 10:00")
    change(call, closes_on=date(2027, 3, 24))
    assert told() == [
        ("cloture", "La clôture passe du 17 au 24 mars 2027."),
        ("montant", "Montant de l’aide : jusqu’à 60 000 € (auparavant : jusqu’à 50 000 €)."),
        ("cloture", "La clôture passe du 3 au 17 mars 2027."),
    ]


def test_publication_made_again_tells_nothing_more(call):
    call = change(call, closes_on=date(2027, 3, 17))
    call.get_latest_revision().publish()
    assert note_publication(CallPage.objects.get(pk=call.pk)) == []
    assert len(told()) == 1


def test_draft_and_scheduled_version_tell_nothing_until_they_are_published(call, freeze):
    call.closes_on = date(2027, 3, 17)
    call.save_revision()
    assert told() == []
    call.go_live_at = timezone.now() + timedelta(days=2)
    call.save_revision().publish()
    assert told() == []
    freeze("2027-01-13 10:00")
    call_command("publish_scheduled", verbosity=0)
    assert CallPage.objects.get(pk=call.pk).closes_on == date(2027, 3, 17)
    assert told() == [("cloture", "La clôture passe du 3 au 17 mars 2027.")]


def test_version_in_progress_is_compared_with_what_visitors_read(call):
    """Not with the draft before it: the first move was never public."""
    call.closes_on = date(2027, 3, 10)
    call.save_revision()
    change(call, closes_on=date(2027, 3, 17))
    assert told() == [("cloture", "La clôture passe du 3 au 17 mars 2027.")]


def test_call_published_again_after_a_withdrawal_tells_what_moved_meanwhile(call):
    call.unpublish()
    change(call, closes_on=date(2027, 3, 17))
    assert told() == [("cloture", "La clôture passe du 3 au 17 mars 2027.")]


def expire(call):
    """Take the call off the site at the time that its editor chose."""
    call.expire_at = timezone.now() - timedelta(minutes=1)
    call.save()
    call_command("publish_scheduled", verbosity=0)


@pytest.mark.parametrize("withdraw", [CallPage.unpublish, expire])
def test_drafts_of_a_withdrawn_call_do_not_hide_what_candidates_read_before(call, admin_client, withdraw):
    """The editor writes the drafts of a page that is not live in its own row."""
    withdraw(call)
    post_form(admin_client, call, closes_on="2027-03-10", amount_max="60 000 €")
    call.refresh_from_db()
    assert (call.live, call.closes_on, told()) == (False, date(2027, 3, 10), [])
    post_form(admin_client, call, closes_on="2027-03-17", expire_at="", action="publish")
    assert told() == [
        ("montant", "Montant de l’aide : jusqu’à 60 000 € (auparavant : jusqu’à 50 000 €)."),
        ("cloture", "La clôture passe du 3 au 17 mars 2027."),
    ]


def test_withdrawn_call_that_is_scheduled_tells_what_moved_when_it_is_published(call, admin_client, freeze):
    call.unpublish()
    post_form(admin_client, call, closes_on="2027-03-17", go_live_at="2027-01-12 10:00", action="publish")
    assert told() == []
    freeze("2027-01-13 10:00")
    call_command("publish_scheduled", verbosity=0)
    assert told() == [("cloture", "La clôture passe du 3 au 17 mars 2027.")]


def test_migration_takes_what_the_published_calls_say(call, france):
    make_call(title="Jamais publié", live=False, territories=[france["pays:FR"]])
    kept = list(PublishedTerms.objects.values("call", *migration.TERMS))
    PublishedTerms.objects.all().delete()
    migration.keep_terms(apps, None)
    assert list(PublishedTerms.objects.values("call", *migration.TERMS)) == kept
    assert [row["call"] for row in kept] == [call.pk]


def test_older_version_that_is_restored_keeps_what_was_told(call, freeze):
    first = call.get_latest_revision()
    change(call, closes_on=date(2027, 3, 17))
    freeze("2027-01-12 10:00")
    first.as_object().save_revision().publish()
    assert [sentence for _field, sentence in told()] == [
        "La clôture passe du 17 au 3 mars 2027.",
        "La clôture passe du 3 au 17 mars 2027.",
    ]


def test_page_shows_changes_newest_first(call, client):
    change(call, closes_on=date(2027, 3, 17), opens_on=in_days(2))
    html = client.get(call.url).content.decode()
    assert html.index("La clôture passe") < html.index("L’ouverture passe")
    assert '<time datetime="2027-01-10"' in html
    assert "Ce qui a changé" in html
