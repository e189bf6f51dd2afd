"""Trainings: what publication asks, the fiche, and what the fiche of the organiser shows."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import PageViewRestriction

from ressources import training_rules
from ressources.labels import hours_label, iso_hours, price_label
from ressources.models import TrainingPage
from territoires_en_commun.base.publication import publication_gaps
from tests.annuaire.build import make_actor
from tests.ressources.kits import make_training
from tests.ressources.test_kit_pages import NOT_REVIEWED, data_of, facts_of, text_of


@pytest.fixture
def actor(home, small_france):
    return make_actor(title="Atelier inventé", acronym="AI", territories=[small_france["pays:FR"]])


def test_training_names_all_that_it_lacks(home):
    training = make_training(objectives="<p> </p>", mode="", hours=None, is_free=False, live=False)
    assert [(gap.field, gap.message) for gap in publication_gaps(training)] == [
        ("organiser", training_rules.MISSING_ORGANISER),
        ("objectives", training_rules.MISSING_OBJECTIVES),
        ("mode", training_rules.MISSING_MODE),
        ("hours", training_rules.MISSING_DURATION),
        ("price", training_rules.MISSING_PRICE),
    ]


@pytest.mark.parametrize(
    ("is_free", "price", "message"),
    [
        (True, Decimal(20), training_rules.FREE_WITH_PRICE),
        (False, Decimal(0), training_rules.NULL_PRICE),
        (False, Decimal(-1), "Un tarif n’est pas négatif."),
    ],
)
def test_price_that_contradicts_itself_is_refused(actor, is_free, price, message):
    training = make_training(organiser=actor, live=False)
    training.is_free, training.price = is_free, price
    gaps = [gap for gap in publication_gaps(training) if gap.field == "price"]
    assert [gap.message for gap in gaps] == [message]


@pytest.mark.parametrize("fields", [{"hours": Decimal(0)}, {"hours": Decimal(-2)}, {"price": Decimal(-1)}])
def test_database_refuses_what_is_not_positive(home, fields):
    training = make_training(live=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingPage.objects.filter(pk=training.pk).update(**fields)


@pytest.mark.parametrize(
    ("hours", "label", "iso"),
    [
        ("3.5", "3,5\u00a0heures", "PT3H30M"),
        ("1.0", "1\u00a0heure", "PT1H"),
        ("0.5", "0,5\u00a0heure", "PT0H30M"),
        ("1200", "1\u202f200\u00a0heures", "PT1200H"),
    ],
)
def test_hours_are_told_in_french_and_to_machines(hours, label, iso):
    assert (hours_label(Decimal(hours)), iso_hours(Decimal(hours))) == (label, iso)


@pytest.mark.parametrize(
    ("is_free", "price", "label"),
    [
        (True, None, "gratuite"),
        (False, None, ""),
        (False, Decimal("1250.00"), "1\u202f250\u00a0€"),
        (False, Decimal("99.50"), "99,50\u00a0€"),
    ],
)
def test_price_is_told_in_french(is_free, price, label):
    assert price_label(is_free, price) == label


def test_banner_tells_that_the_review_is_late(client, actor, freeze):
    freeze("2026-11-24 10:00")
    training = make_training(organiser=actor, review_date=date(2026, 12, 24))
    assert NOT_REVIEWED not in client.get(training.url).content.decode()
    freeze("2026-12-25 10:00")
    assert NOT_REVIEWED in client.get(training.url).content.decode()


def test_fiche_says_who_how_long_and_how_much(client, actor):
    training = make_training(
        organiser=actor,
        is_free=False,
        price=Decimal("120.00"),
        certification="Attestation",
        registration_url="https://inscription.exemple.fr/formations/?n=1",
    )
    html = client.get(training.url).content.decode()
    assert facts_of(html) == {
        "Organisée par": "Atelier inventé (AI)",
        "Pour qui": "Tous les publics",
        "Modalité": "À distance",
        "Durée": "3,5\u00a0heures",
        "Tarif": "120\u00a0€",
        "Certification": "Attestation",
    }
    assert f'<a href="{actor.url}">Atelier inventé (AI)</a>' in html
    assert 'href="https://inscription.exemple.fr/formations/?n=1" target="_blank"' in html
    assert 'title="S’inscrire sur inscription.exemple.fr - nouvelle fenêtre"' in html
    assert "Prérequis Aucun." in text_of(html)
    assert data_of(html) == {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": "Animer une réunion publique",
        "description": "De quoi faire, pas à pas.",
        "url": f"http://testserver{training.url}",
        "inLanguage": "fr",
        "provider": {"@type": "Organization", "name": "Atelier inventé", "url": f"http://testserver{actor.url}"},
        "educationalCredentialAwarded": "Attestation",
        "offers": {"@type": "Offer", "category": "Paid", "price": "120.00", "priceCurrency": "EUR"},
        "hasCourseInstance": {"@type": "CourseInstance", "courseMode": "online", "courseWorkload": "PT3H30M"},
    }


def test_hidden_organiser_is_not_named(client, actor):
    training = make_training(organiser=actor)
    actor.unpublish()
    html = client.get(training.url).content.decode()
    assert "Atelier inventé" not in html
    assert "provider" not in data_of(html)


def test_training_outlives_its_organiser(client, actor):
    training = make_training(organiser=actor)
    actor.delete()
    assert client.get(training.url).status_code == 200
    assert TrainingPage.objects.get().organiser is None


def test_fiche_of_the_organiser_shows_its_trainings(client, actor):
    make_training(title="Z dernière", organiser=actor)
    make_training(title="A première", organiser=actor)
    make_training(title="Brouillon", organiser=actor, live=False)
    private = make_training(title="Privée", organiser=actor)
    PageViewRestriction.objects.create(page=private.basepage_ptr, restriction_type="login")
    html = client.get(actor.url).content.decode()
    section = re.search(r'<h2 class="fr-h4" id="liens-1">Formations</h2>(.*?)</section>', html, re.DOTALL)[1]
    assert re.findall(r"<a href=[^>]+>([^<]+)</a>", section) == ["A première", "Z dernière"]
    assert "Brouillon" not in html
    assert "Privée" not in html


def test_structured_data_closes_no_script(client, actor):
    training = make_training(organiser=actor, title="</script><i>x</i>", prerequisites="<p>Savoir</p><p>lire.</p>")
    html = client.get(training.url).content.decode()
    data = data_of(html)
    assert (data["name"], data["coursePrerequisites"]) == ("</script><i>x</i>", "Savoir lire.")
    assert data["offers"]["category"] == "Free"
    assert json.dumps(data)


def test_page_costs_few_queries(client, actor, django_assert_max_num_queries):
    training = make_training(organiser=actor)
    client.get(training.url)
    with django_assert_max_num_queries(15):
        client.get(training.url)
