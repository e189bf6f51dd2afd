"""The contact form: what leaves, what is refused, and that nothing typed is lost."""

import re

import pytest
from django.conf import settings as django_settings
from django.core import signing

from territoires_en_commun.base.guarded_forms import MAX_SECONDS
from territoires_en_commun.base.models import SiteSettings
from territoires_en_commun.home.forms import ContactForm
from territoires_en_commun.mailing.models import OutgoingMail

NOON = "2026-11-23 12:00:00"
LATER = "2026-11-23 12:00:20"
MESSAGE = "Bonjour,\nla page de Guéret dit « 12 » : c’est 13.\n<b>Merci</b>"


@pytest.fixture
def open_form(db, client, freeze):
    """The form as opened twenty seconds ago: returns its data, ready to post."""
    freeze(NOON)
    html = client.get("/contact/").content.decode()
    freeze(LATER)
    return {
        "token": re.search(r'name="token" value="([^"]+)"', html)[1],
        "name": "Camille Durand",
        "email": "camille.durand@mairie.exemple.fr",
        "organisation": "Mairie de Guéret",
        "subject": "erreur",
        "message": MESSAGE,
        "website": "",
    }


def errors_of(response) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def test_contact_sends_the_message_and_a_receipt(open_form, client):
    SiteSettings.objects.update_or_create(defaults={"contact_email": "equipe@territoires.exemple.fr"})
    response = client.post("/contact/", open_form)
    assert (response.status_code, response.url) == (302, "/contact/merci/")
    team, receipt = OutgoingMail.objects.order_by("pk")
    assert (team.recipient, team.reply_to) == ("equipe@territoires.exemple.fr", "camille.durand@mairie.exemple.fr")
    assert team.subject == "Contact : Une erreur dans une page (Camille Durand)"
    assert MESSAGE in team.text
    assert "Mairie de Guéret" in team.text
    assert "&lt;b&gt;Merci&lt;/b&gt;" in team.html
    assert (receipt.recipient, receipt.reply_to) == (
        "camille.durand@mairie.exemple.fr",
        "equipe@territoires.exemple.fr",
    )
    for typed in ("Camille", "Guéret", "Merci"):
        assert typed not in receipt.text + receipt.html + receipt.subject
    assert "Votre message est bien parti" in client.get(response.url).content.decode()


@pytest.mark.parametrize(
    ("sender", "recipient"),
    [
        ("Territoires <bonjour@territoires.exemple.fr>", "bonjour@territoires.exemple.fr"),
        ("contact@127.0.0.1", "contact@localhost"),
        ("Territoires <contact@testserver>", "contact@localhost"),
    ],
)
def test_contact_writes_to_the_sender_of_the_site_without_contact_address(
    open_form, client, settings, sender, recipient
):
    settings.DEFAULT_FROM_EMAIL = sender
    assert client.post("/contact/", open_form).status_code == 302
    assert OutgoingMail.objects.order_by("pk").first().recipient == recipient


def test_contact_posted_twice_leaves_once(open_form, client):
    assert [client.post("/contact/", open_form).status_code for _ in range(3)] == [302, 302, 302]
    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": ""}, {"name": ["Indiquez votre nom."]}),
        ({"name": "   "}, {"name": ["Indiquez votre nom."]}),
        ({"email": ""}, {"email": ["Indiquez votre adresse électronique, par exemple nom@domaine.fr."]}),
        ({"email": "camille"}, {"email": ["Votre adresse électronique : saisissez une adresse e-mail valide."]}),
        ({"subject": ""}, {"subject": ["Choisissez l’objet de votre message."]}),
        ({"subject": "x"}, {"subject": ["Choisissez l’objet de votre message dans la liste."]}),
        ({"message": ""}, {"message": ["Écrivez votre message."]}),
    ],
)
def test_contact_names_each_fault(open_form, client, change, expected):
    response = client.post("/contact/", open_form | change)
    assert response.status_code == 400
    assert errors_of(response) == expected
    html = response.content.decode()
    assert "<title>Erreur – Contact" in html
    assert 'aria-invalid="true"' in html
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize("field", ["name", "email", "organisation"])
@pytest.mark.parametrize("text", ["a\r\nBcc: tous@exemple.fr", "a\nb", "a\x0bb", "a\u2028b"])
def test_contact_refuses_what_could_forge_a_header(open_form, client, field, text):
    response = client.post("/contact/", open_form | {field: f"x@exemple.fr{text}"})
    assert response.status_code == 400
    assert list(errors_of(response)) == [field]
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize("field", ["name", "email", "organisation", "subject", "message", "token"])
@pytest.mark.parametrize("value", ["a\x00b", "é" * 6000, "\u202e<script>alert(1)</script>", "😀" * 3000])
def test_contact_answers_hostile_texts_without_failing(open_form, client, field, value):
    response = client.post("/contact/", open_form | {field: value})
    assert response.status_code in {302, 400}
    assert "<script>alert" not in response.content.decode()


def test_contact_with_nothing_keeps_the_form(db, client):
    response = client.post("/contact/", {})
    assert response.status_code == 400
    assert set(errors_of(response)) == {"name", "email", "subject", "message", "__all__"}


def test_contact_keeps_every_word_after_a_refusal(open_form, client):
    html = client.post("/contact/", open_form | {"email": "non"}).content.decode()
    assert 'value="Camille Durand"' in html
    assert "la page de Guéret dit « 12 » : c’est 13." in html
    assert "&lt;b&gt;Merci&lt;/b&gt;" in html
    assert open_form["token"] in html


def test_contact_filled_trap_sends_nothing_and_says_why(open_form, client):
    response = client.post("/contact/", open_form | {"website": "https://spam.exemple.fr"})
    assert response.status_code == 400
    assert "Le champ caché" in errors_of(response)["__all__"][0]
    assert OutgoingMail.objects.count() == 0


def test_contact_too_fast_is_refused_then_accepted(open_form, client, freeze):
    freeze(NOON)
    response = client.post("/contact/", open_form)
    assert response.status_code == 400
    assert "plus vite qu’une personne" in errors_of(response)["__all__"][0]
    assert open_form["token"] in response.content.decode()
    freeze(LATER)
    assert client.post("/contact/", open_form).status_code == 302


@pytest.mark.parametrize("token", ["", "faux", "expired"])
def test_contact_gives_a_new_token_for_a_bad_one(open_form, client, freeze, token):
    if token == "expired":
        freeze("2026-11-25 12:00:00")
        token = open_form["token"]
    response = client.post("/contact/", open_form | {"token": token})
    assert response.status_code == 400
    assert "resté ouvert trop longtemps" in errors_of(response)["__all__"][0]
    fresh = response.context["token"]
    assert fresh != token
    assert signing.loads(fresh, salt=ContactForm.salt, max_age=MAX_SECONDS)


def test_contact_refuses_too_many_messages_of_a_sender(open_form, client):
    for _ in range(5):
        assert client.post("/contact/", open_form).status_code == 302
    response = client.post("/contact/", open_form | {"email": open_form["email"].upper()})
    assert response.status_code == 429
    assert response["Retry-After"] == "3580"
    assert "Réessayez dans 60 minutes." in errors_of(response)["__all__"][0]
    assert MESSAGE.splitlines()[1] in response.content.decode()
    assert client.post("/contact/", open_form | {"email": "autre@exemple.fr"}).status_code == 302


def test_contact_refuses_too_many_messages_of_an_address(open_form, client, freeze):
    codes = [client.post("/contact/", open_form | {"email": f"a{n}@exemple.fr"}).status_code for n in range(31)]
    assert codes == [302] * 30 + [429]
    assert client.post("/contact/", open_form, REMOTE_ADDR="192.0.2.7").status_code == 302
    freeze("2026-11-23 13:00:01")
    assert client.post("/contact/", open_form).status_code == 302


def test_contact_counts_the_real_address_behind_a_proxy(open_form, client, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for n in range(30):
        headers = {"x-forwarded-for": f"203.0.113.{n}, 192.0.2.1"}
        assert client.post("/contact/", open_form | {"email": f"a{n}@exemple.fr"}, headers=headers).status_code == 302
    refused = client.post("/contact/", open_form, headers={"x-forwarded-for": "198.51.100.9, 192.0.2.1"})
    assert refused.status_code == 429


def test_contact_without_its_cookie_keeps_the_text(open_form, csrf_client):
    response = csrf_client.post("/contact/", open_form)
    assert response.status_code == 403
    assert "cookie qui protège ce formulaire" in errors_of(response)["__all__"][0]
    assert "la page de Guéret" in response.content.decode()
    assert OutgoingMail.objects.count() == 0


def test_contact_with_its_cookie_passes_the_check(open_form, csrf_client):
    html = csrf_client.get("/contact/").content.decode()
    secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[1]
    assert csrf_client.post("/contact/", open_form | {"csrfmiddlewaretoken": secret}).status_code == 302


def test_contact_is_private_and_the_only_page_with_a_cookie(site, client):
    response = client.get("/contact/")
    assert set(response.cookies) == {django_settings.CSRF_COOKIE_NAME}
    assert "no-store" in response["Cache-Control"]
    for url in ("/", "/contact/merci/", "/plan-du-site/", "/cgu/", "/robots.txt"):
        assert not client.get(url).cookies, url


@pytest.mark.parametrize(
    ("query", "chosen"), [("", ""), ("?sujet=accessibilite", "accessibilite"), ("?sujet=donnees", "donnees")]
)
def test_contact_chooses_the_subject_of_its_address(db, client, query, chosen):
    html = client.get(f"/contact/{query}").content.decode()
    assert re.findall(r'<option value="([^"]*)" selected', html) == [chosen]


@pytest.mark.parametrize(
    "query", ["?sujet=x", "?sujet=a%00b", "?sujet=" + "a" * 5000, "?sujet=autre&sujet=x", "?a=%FF"]
)
def test_contact_ignores_a_bad_address(db, client, query):
    assert client.get(f"/contact/{query}").status_code == 200


def test_contact_says_what_it_does_with_the_data(db, client):
    html = client.get("/contact/").content.decode()
    notice = html.split("Votre nom, votre adresse et votre message servent")[1].split("</form>")[0]
    assert "mission d’intérêt public" in notice
    assert "12 mois" in notice
    assert 'href="/donnees-personnelles/"' in notice
    fields = ContactForm.base_fields
    assert [fields[name].widget.attrs["autocomplete"] for name in ("name", "email", "organisation")] == [
        "name",
        "email",
        "organization",
    ]


def test_contact_refuses_other_methods(db, client):
    assert client.put("/contact/").status_code == 405
    assert client.post("/contact/merci/").status_code == 405
