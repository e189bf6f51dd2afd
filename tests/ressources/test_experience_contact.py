"""Writing to who lived an experience: relayed once, without ever showing an address, then forgotten."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ressources.address_marks import mark_of
from ressources.experience_services import CONTACT_END
from ressources.jobs import forget_experience_contacts
from ressources.models import ExperiencePage
from territoires_en_commun.base.models import SiteSettings
from territoires_en_commun.mailing.models import OutgoingMail
from tests.factories import UserFactory
from tests.filled_site import fill_once
from tests.ressources.experiences import make_experience

MESSAGE = "Bonjour,\nnous préparons un <b>jardin</b>. Voir https://exemple.fr/plan et www.exemple.fr."
CONTACT = "adresse-secrete@exemple.fr"


@pytest.fixture
def page(home):
    return fill_once(write_page)


def write_page():
    SiteSettings.objects.update_or_create(defaults={"contact_email": "equipe@exemple.fr"})
    return make_experience(title="Un jardin fictif", contact_email=CONTACT)


@pytest.fixture
def opened(client, page, freeze):
    """The form, opened ten seconds ago: its address and what it posts."""
    url = reverse("experience_contact", args=[page.slug])
    freeze("2026-11-23 10:00")
    html = client.get(url).content.decode()
    freeze("2026-11-23 10:00:10")
    data = {
        "token": re.search(r'name="token" value="([^"]+)"', html)[1],
        "name": "Camille Exemple",
        "email": "camille@exemple.fr",
        "organisation": "Mairie fictive",
        "message": MESSAGE,
        "website": "",
    }
    return url, data


def test_message_reaches_the_contact_who_answers_directly(client, page, opened):
    url, data = opened
    response = client.post(url, data)
    assert (response.status_code, response.url) == (302, "/experiences/message-envoye/")
    mail = OutgoingMail.objects.get(recipient=CONTACT)
    assert (mail.subject, mail.reply_to) == (
        "Message au sujet de votre expérience : Un jardin fictif",
        "camille@exemple.fr",
    )
    assert MESSAGE in mail.text
    assert "Camille Exemple (Mairie fictive) vous écrit" in mail.text
    assert "&lt;b&gt;jardin&lt;/b&gt;" in mail.html
    assert "Votre message est parti" in client.get(response.url).content.decode()


def test_receipt_holds_neither_what_was_typed_nor_the_address_of_the_contact(client, opened):
    url, data = opened
    client.post(url, data)
    receipt = OutgoingMail.objects.get(recipient="camille@exemple.fr")
    assert receipt.reply_to == "equipe@exemple.fr"
    for word in (CONTACT, "jardin</b>", "Camille", "Mairie fictive", "plan"):
        assert word not in receipt.text + receipt.html


def end_of(mail):
    """The address of the link that ends the messages."""
    path = re.search(r"http://testserver(/experiences/messages/fin/\S+)", mail.text)[1]
    assert path in mail.html
    return path


def test_contact_ends_the_messages_by_a_button(client, page, opened):
    page.save_revision()
    client.post(*opened)
    path = end_of(OutgoingMail.objects.get(recipient=CONTACT))
    shown = client.get(path)
    assert (shown.status_code, "au sujet de « Un jardin fictif »" in shown.content.decode()) == (200, True)
    assert CONTACT not in shown.content.decode()
    page.refresh_from_db()
    assert page.contact_email == CONTACT
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    assert "Vous ne recevrez plus de messages" in client.post(path).content.decode()
    page.refresh_from_db()
    assert (page.live, page.contact_email) == (True, "")
    assert {revision.content["contact_email"] for revision in page.revisions.all()} == {""}
    assert client.get(path).status_code == client.post(path).status_code == 410
    assert client.get(opened[0]).status_code == 404


def test_account_ends_its_messages_and_leaves_those_of_others(client, page, opened):
    account = UserFactory(email="elue@exemple.fr")
    page.contact = account
    page.save_revision().publish()
    client.post(*opened)
    client.post(end_of(OutgoingMail.objects.get(recipient="elue@exemple.fr")))
    page = ExperiencePage.objects.get(pk=page.pk)
    assert (page.contact, page.relay_address) == (None, CONTACT)
    assert page.get_latest_revision_as_object().contact is None


@pytest.mark.parametrize("payload", ["", "abc:def", "{pk}", "{pk}:", "999999:{mark}", "{pk}:{other}"])
def test_link_of_another_ends_nothing(client, page, payload):
    payload = payload.format(pk=page.pk, mark=mark_of(CONTACT), other=mark_of("autre@exemple.fr"))
    path = CONTACT_END.url(payload).removeprefix("http://testserver")
    assert client.get(path).status_code == client.post(path).status_code == 410
    assert ExperiencePage.objects.get(pk=page.pk).contact_email == CONTACT


def test_account_receives_the_message_before_the_address(client, page, opened):
    ExperiencePage.objects.filter(pk=page.pk).update(contact=UserFactory(email="elue@exemple.fr"))
    client.post(*opened)
    assert sorted(OutgoingMail.objects.values_list("recipient", flat=True)) == [
        "camille@exemple.fr",
        "elue@exemple.fr",
    ]


def test_message_sent_twice_leaves_once(client, opened):
    client.post(*opened)
    assert client.post(*opened).status_code == 302
    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Indiquez votre nom."),
        ({"name": "Camille\nBcc: x@exemple.fr"}, "Votre nom"),
        ({"email": ""}, "Indiquez votre adresse électronique"),
        ({"email": "pas-une-adresse"}, "adresse e-mail valide"),
        ({"email": "a@exemple.fr\nBcc: b@exemple.fr"}, "Votre adresse électronique"),
        ({"message": ""}, "Écrivez votre message."),
        ({"message": "x" * 3001}, "3000 caractères"),
        ({"message": "a\x00b"}, "caractère"),
        ({"message": "http://a.fr HTTPS://b.fr www.c.fr"}, "Gardez 2 liens au plus"),
        ({"website": "x"}, "le message n’est pas parti"),
        ({"token": "faux"}, "resté ouvert trop longtemps"),
    ],
)
def test_bad_message_is_refused_and_kept_on_the_page(client, opened, change, said):
    url, data = opened
    response = client.post(url, data | change)
    html = re.sub("[\u202f\u00a0]", "", response.content.decode())
    assert (response.status_code, said in html) == (400, True)
    if "name" not in change:
        assert "Camille Exemple" in html
    assert CONTACT not in html
    assert not OutgoingMail.objects.exists()


def test_message_without_cookie_is_refused_and_kept(page, opened):
    url, data = opened
    response = Client(enforce_csrf_checks=True).post(url, data)
    assert (response.status_code, "nous préparons un" in response.content.decode()) == (403, True)


def test_one_sender_and_one_contact_are_limited(client, page, freeze):
    url = reverse("experience_contact", args=[page.slug])

    def send(number, email):
        freeze("2026-11-23 10:00")
        token = re.search(r'name="token" value="([^"]+)"', client.get(url).content.decode())[1]
        freeze("2026-11-23 10:00:10")
        data = {"token": token, "name": "Camille", "email": email, "message": f"Message {number}"}
        return client.post(url, data).status_code

    assert [send(number, "camille@exemple.fr") for number in range(6)] == [302] * 5 + [429]
    assert [send(number, f"agent{number}@exemple.fr") for number in range(16)] == [302] * 15 + [429]
    assert OutgoingMail.objects.filter(recipient=CONTACT).count() == 20


@pytest.mark.parametrize("method", ["get", "post"])
def test_experience_that_nobody_answers_for_or_may_read_is_not_found(client, home, method):
    closed = UserFactory(is_active=False)
    pages = [
        make_experience(title="Sans contact"),
        make_experience(title="Compte fermé", contact=closed),
        make_experience(title="Brouillon", contact_email=CONTACT, live=False),
    ]
    answers = [getattr(client, method)(reverse("experience_contact", args=[page.slug])) for page in pages]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert client.get("/experiences/contact/inconnue/").status_code == 404
    assert "/experiences/contact/" not in client.get(pages[1].url).content.decode()


def test_contact_of_an_experience_unpublished_for_a_year_is_forgotten(page):
    recent = make_experience(title="Récente", contact_email="recente@exemple.fr")
    live = make_experience(title="En ligne", contact_email="en-ligne@exemple.fr")
    page.unpublish()
    recent.unpublish()
    old = timezone.now() - timedelta(days=366)
    ExperiencePage.objects.filter(pk__in=[page.pk, live.pk]).update(latest_revision_created_at=old)
    assert forget_experience_contacts() == "Contacts d’expériences effacés : 1."
    assert forget_experience_contacts() == "Contacts d’expériences effacés : 0."
    addresses = dict(ExperiencePage.objects.values_list("title", "contact_email"))
    assert addresses == {
        "Un jardin fictif": "",
        "Récente": "recente@exemple.fr",
        "En ligne": "en-ligne@exemple.fr",
    }
    assert [revision.content["contact_email"] for revision in page.revisions.all()] == [""]
