"""« Signaler une erreur »: received once, told to who can mend, answered, forgotten."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from territoires_en_commun.base.jobs import forget_reports
from territoires_en_commun.base.models import ErrorReport, SiteSettings
from territoires_en_commun.mailing.models import OutgoingMail
from tests.factories import StandardPageFactory, UserFactory

pytestmark = pytest.mark.django_db
MESSAGE = "Le téléphone a changé.\n<b>Merci</b>"


@pytest.fixture
def owner():
    return UserFactory(email="responsable@exemple.fr")


@pytest.fixture
def page(home, owner):
    SiteSettings.objects.update_or_create(defaults={"contact_email": "equipe@exemple.fr"})
    return StandardPageFactory(parent=home, title="Page d’essai", review_owner=owner)


@pytest.fixture
def opened(client, page, freeze):
    """The form, opened ten seconds ago: its address and what it posts."""
    url = reverse("report_error", args=[page.pk])
    freeze("2026-11-23 10:00")
    html = client.get(url).content.decode()
    freeze("2026-11-23 10:00:10")
    token = re.search(r'name="token" value="([^"]+)"', html)[1]
    return url, {"token": token, "message": MESSAGE, "email": "camille@exemple.fr", "website": ""}


def recipients():
    return sorted(OutgoingMail.objects.values_list("recipient", flat=True))


def test_report_reaches_the_owner_and_the_team(client, page, opened):
    url, data = opened
    response = client.post(url, data)
    assert (response.status_code, response.url) == (302, reverse("report_sent"))
    report = ErrorReport.objects.get()
    assert (report.page_id, report.page_title, report.message, report.email) == (
        page.pk,
        "Page d’essai",
        MESSAGE,
        "camille@exemple.fr",
    )
    assert recipients() == ["camille@exemple.fr", "equipe@exemple.fr", "responsable@exemple.fr"]
    mail = OutgoingMail.objects.get(recipient="responsable@exemple.fr")
    assert mail.subject == "Erreur signalée : Page d’essai"
    assert reverse("signalements:close", args=[report.pk]) in mail.text
    assert "&lt;b&gt;Merci&lt;/b&gt;" in mail.html
    receipt = OutgoingMail.objects.get(recipient="camille@exemple.fr")
    assert "Merci" not in receipt.text + receipt.html
    assert "bien parti" in client.get(response.url).content.decode()


def test_report_sent_twice_is_one(client, opened):
    url, data = opened
    client.post(url, data)
    assert client.post(url, data).status_code == 302
    assert (ErrorReport.objects.count(), OutgoingMail.objects.count()) == (1, 3)


def test_report_without_address_is_received_too(client, opened):
    url, data = opened
    client.post(url, data | {"email": ""})
    assert ErrorReport.objects.get().email == ""
    assert recipients() == ["equipe@exemple.fr", "responsable@exemple.fr"]


def test_closed_account_is_not_written_to(client, opened, owner):
    owner.is_active = False
    owner.save()
    url, data = opened
    client.post(url, data)
    assert "responsable@exemple.fr" not in recipients()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"message": ""}, "Écrivez ce qui est faux ou manquant."),
        ({"message": "x" * 2001}, "2000 caractères"),
        ({"message": "a\x00b"}, "caractère"),
        ({"email": "pas-une-adresse"}, "adresse électronique"),
        ({"email": "a@exemple.fr\nBcc: b@exemple.fr"}, "adresse électronique"),
        ({"website": "x"}, "le signalement n’est pas parti"),
        ({"token": "faux"}, "resté ouvert trop longtemps"),
        ({"token": ""}, "resté ouvert trop longtemps"),
    ],
)
def test_bad_reports_are_refused_and_kept_on_the_page(client, opened, change, said):
    url, data = opened
    response = client.post(url, data | change)
    html = response.content.decode().replace("\u202f", "").replace("\u00a0", "")
    assert (response.status_code, said.replace("\u00a0", "") in html) == (400, True)
    if "message" not in change:
        assert "Le téléphone a changé." in html
    assert not ErrorReport.objects.exists()


def test_too_fast_and_without_cookie_are_refused(client, page, opened, freeze):
    url, data = opened
    freeze("2026-11-23 10:00:01")
    assert "plus vite" in client.post(url, data).content.decode()
    freeze("2026-11-23 10:00:10")
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(url, data)
    assert (response.status_code, "Le téléphone a changé." in response.content.decode()) == (403, True)
    assert not ErrorReport.objects.exists()


def test_too_many_reports_are_told_to_wait(client, page, opened, freeze):
    url, data = opened
    for _ in range(5):
        client.post(url, data)
    response = client.post(url, data)
    assert (response.status_code, int(response["Retry-After"]) > 0) == (429, True)


def test_unpublished_private_and_unknown_pages_are_not_found(client, page, home):
    draft = StandardPageFactory(parent=home, title="Brouillon", live=False)
    for pk in (draft.pk, 999_999, 10**17, 1):
        assert client.get(f"/signaler-une-erreur/{pk}/").status_code == 404
        assert client.post(f"/signaler-une-erreur/{pk}/", {}).status_code == 404


# The editors' side


@pytest.fixture
def report(page):
    return ErrorReport.objects.create(
        page=page, page_title=page.title, message=MESSAGE, email="camille@exemple.fr", identity="1" * 32
    )


@pytest.mark.ignore_template_errors
def test_editor_answers_and_closes(client, editor, report):
    client.force_login(editor)
    index = client.get(reverse("signalements:index")).content.decode()
    assert "Page d’essai" in index
    assert "À traiter" in index
    url = reverse("signalements:close", args=[report.pk])
    assert "<b>Merci" not in client.get(url).content.decode()
    assert "Écrivez une réponse" in client.post(url, {"reply": ""}).content.decode()
    assert client.post(url, {"reply": "C’est corrigé."}).status_code == 302
    report.refresh_from_db()
    assert (report.is_open, report.reply, report.closed_by) == (False, "C’est corrigé.", editor)
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, "C’est corrigé." in mail.text) == ("camille@exemple.fr", True)
    again = client.post(url, {"reply": "Encore."}).content.decode()
    assert "Quelqu’un a déjà répondu" in again or "Réponse du" in again
    assert OutgoingMail.objects.count() == 1


@pytest.mark.ignore_template_errors
def test_report_outlives_its_page(client, editor, report, page):
    page.delete()
    client.force_login(editor)
    url = reverse("signalements:close", args=[report.pk])
    assert "La page n’existe plus." in client.get(url).content.decode()
    client.post(url, {"reply": "La page a été retirée."})
    assert "La page a été retirée." in OutgoingMail.objects.get().text


@pytest.mark.ignore_template_errors
def test_others_see_no_report(client, report):
    visitor = UserFactory()
    visitor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(visitor)
    for name, args in (("index", []), ("close", [report.pk])):
        assert client.get(reverse(f"signalements:{name}", args=args)).status_code == 302


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("state", ["ouvert", "traite", "autre"])
def test_reports_are_filtered_by_state(client, editor, report, state):
    client.force_login(editor)
    html = client.get(reverse("signalements:index"), {"state": state}).content.decode()
    assert (">Page d’essai" in html or "Page d’essai\n" in html) == (state != "traite")


def test_old_reports_are_forgotten(report):
    ErrorReport.objects.update(created_at=timezone.now() - timedelta(days=366))
    assert forget_reports() == "Signalements effacés : 1."
    assert not ErrorReport.objects.exists()
