"""Contacts shown piece by piece: what is hidden is nowhere."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from wagtail.search.backends import get_search_backend

from annuaire.models import ActorContact, ActorPage, ContactObjection
from annuaire.models.contacts import fingerprint, has_objected
from tests.annuaire.build import make_actor

AGREED = date(2026, 1, 15)
SECRETS = ("cachee", "0536491234", "5 36 49 12 34", "+33536491234", "Lefictif", "trésorière")


@pytest.fixture
def actor(home, small_france):
    return make_actor(
        title="Atelier inventé",
        email="cachee.generale@exemple.fr",
        email_is_public=False,
        phone="05 36 49 12 34",
        phone_is_public=False,
        territories=[small_france["commune:23096"]],
        contacts=[
            ActorContact(
                name="Camille Exemple",
                role="élue",
                email="cachee@exemple.fr",
                name_is_public=True,
                consented_on=AGREED,
            ),
            ActorContact(name="Sacha Lefictif", role="trésorière", email="cachee2@exemple.fr", phone="05 36 49 12 34"),
            ActorContact(
                name="Dominique Lefictif", email="montree@exemple.fr", email_is_public=True, consented_on=AGREED
            ),
        ],
    )


def test_only_what_may_be_shown_is_given(actor):
    assert [tuple(contact) for contact in actor.public_contacts] == [
        ("Camille Exemple", "élue", "", None),
        ("", "", "montree@exemple.fr", None),
    ]
    assert (actor.public_email, actor.public_phone) == ("", None)


@pytest.mark.parametrize("path", ["", "?export=csv", "?q=atelier", "?territoire=commune:23096"])
def test_hidden_contacts_are_not_in_the_directory(client, actor, path):
    response = client.get(f"/annuaire/{path}")
    content = b"".join(response) if response.streaming else response.content
    assert b"Atelier invent" in content
    assert [secret for secret in SECRETS if secret.encode() in content] == []


def test_hidden_contacts_are_not_on_the_fiche(client, actor):
    html = client.get(actor.url).content.decode()
    assert "Camille Exemple" in html
    assert "montree@exemple.fr" in html
    assert [secret for secret in SECRETS if secret in html] == []


@pytest.mark.parametrize("text", ["cachee@exemple.fr", "cachee2", "montree@exemple.fr", "Lefictif", "0536491234"])
def test_contacts_are_not_in_the_index(client, actor, text):
    assert list(get_search_backend().search("Atelier", ActorPage)) == [actor]
    assert list(get_search_backend().search(text, ActorPage, operator="or")) == []
    assert "Atelier inventé" not in client.get("/recherche/", {"q": text}).content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email_is_public": True, "consented_on": AGREED}, "email_is_public"),
        ({"phone_is_public": True, "consented_on": AGREED}, "phone_is_public"),
        ({"name_is_public": True}, "consented_on"),
    ],
)
def test_contact_shows_nothing_that_is_empty_or_without_consent(fields, field):
    with pytest.raises(ValidationError) as refused:
        ActorContact(name="Camille Exemple", **fields).clean()
    assert list(refused.value.message_dict) == [field]


def test_who_objected_stays_hidden_on_every_road(actor):
    ContactObjection.objects.create(fingerprint=fingerprint(" Montree@exemple.FR "))
    assert has_objected("montree@exemple.fr")
    actor.save_revision().publish()
    actor = ActorPage.objects.get(pk=actor.pk)
    assert [contact.name for contact in actor.public_contacts] == ["Camille Exemple"]
    actor.revisions.order_by("created_at").first().publish()
    actor = ActorPage.objects.get(pk=actor.pk)
    assert [contact.name for contact in actor.public_contacts] == ["Camille Exemple"]
