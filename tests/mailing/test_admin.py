"""The lists of mails and jobs in the admin."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from territoires_en_commun.mailing.models import OutgoingMail
from territoires_en_commun.mailing.scheduling import load_jobs, sync_jobs
from territoires_en_commun.mailing.services import queue_mail
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def make_mail(n: int, state: str = "failed", **fields) -> OutgoingMail:
    mail = queue_mail(
        key=f"essai:{n}", to=f"p{n}@exemple.fr", template="test_greeting", context={"person": f"P{n} <b>Secret</b>"}
    )
    settled = None if state == "pending" else NOW
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state, settled_at=settled, **fields)
    mail.refresh_from_db()
    return mail


def client_with(*permissions: str) -> Client:
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *permissions]))
    client = Client()
    client.force_login(user)
    return client


def test_list_shows_mails_by_state(admin_client):
    make_mail(1, last_error="Le serveur a refusé le destinataire : 550")
    make_mail(2, "pending")
    page = admin_client.get(reverse("courriels:index"), {"state": "failed"}).content.decode()
    assert "p1@exemple.fr" in page
    assert "échec" in page
    assert "Le serveur a refusé le destinataire : 550" in page
    assert "p2@exemple.fr" not in page


def test_list_finds_a_recipient(admin_client):
    make_mail(1)
    make_mail(2)
    page = admin_client.get(reverse("courriels:index"), {"q": "p2@"}).content.decode()
    assert "p2@exemple.fr" in page
    assert "p1@exemple.fr" not in page


def test_mail_page_shows_what_left_but_not_its_text(admin_client):
    mail = make_mail(1)
    page = admin_client.get(reverse("courriels:inspect", args=[mail.pk])).content.decode()
    assert "p1@exemple.fr" in page
    assert mail.key in page
    assert "aux siens" not in page, "the body is not shown"
    assert "<b>Secret</b>" not in page


@pytest.mark.parametrize(("state", "offered"), [("failed", True), ("uncertain", True), ("pending", False)])
def test_mail_page_offers_to_relaunch_what_failed(state, offered, admin_client):
    mail = make_mail(1, state)
    page = admin_client.get(reverse("courriels:inspect", args=[mail.pk])).content.decode()
    assert ("Relancer l’envoi" in page) is offered
    assert ("il peut arriver deux fois" in page) is (state == "uncertain")


def test_relaunch_puts_the_mail_back_and_is_logged(admin_client, superuser):
    mail = make_mail(1)
    response = admin_client.post(reverse("courriels:relaunch", args=[mail.pk]), follow=True)
    assert "va être envoyé de nouveau" in response.content.decode()
    mail.refresh_from_db()
    assert mail.state == "pending"
    entry = ModelLogEntry.objects.get(action="mailing.relaunch")
    assert (entry.object_id, entry.user) == (str(mail.pk), superuser)


def test_relaunch_of_a_waiting_mail_is_refused_in_french(admin_client):
    mail = make_mail(1, "pending")
    response = admin_client.post(reverse("courriels:relaunch", args=[mail.pk]), follow=True)
    assert "seul un courriel en échec ou à vérifier peut être relancé" in response.content.decode()


def test_relaunch_never_acts_on_get(admin_client):
    mail = make_mail(1)
    assert admin_client.get(reverse("courriels:relaunch", args=[mail.pk])).status_code == 405
    mail.refresh_from_db()
    assert mail.state == "failed"


def test_relaunch_of_an_unknown_mail_is_not_found(admin_client):
    assert admin_client.post(reverse("courriels:relaunch", args=[999_999])).status_code == 404


def test_editor_sees_no_mail():
    mail = make_mail(1)
    client = client_with()
    for name, arguments in (("index", []), ("inspect", [mail.pk])):
        response = client.get(reverse(f"courriels:{name}", args=arguments))
        assert response.status_code == 302
        assert "p1@exemple.fr" not in response.content.decode()
    assert client.get(reverse("taches-planifiees:index")).status_code == 302
    assert "p1@exemple.fr" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_viewer_reads_but_does_not_relaunch():
    mail = make_mail(1)
    client = client_with("view_outgoingmail")
    page = client.get(reverse("courriels:inspect", args=[mail.pk])).content.decode()
    assert "p1@exemple.fr" in page
    assert "Relancer l’envoi" not in page
    client.post(reverse("courriels:relaunch", args=[mail.pk]))
    mail.refresh_from_db()
    assert mail.state == "failed"


def test_operator_with_the_permission_relaunches():
    mail = make_mail(1)
    client = client_with("view_outgoingmail", "relaunch_outgoingmail")
    assert "Relancer l’envoi" in client.get(reverse("courriels:inspect", args=[mail.pk])).content.decode()
    client.post(reverse("courriels:relaunch", args=[mail.pk]))
    mail.refresh_from_db()
    assert mail.state == "pending"


def test_stranger_is_sent_to_the_sign_in_page(client):
    mail = make_mail(1)
    for name, arguments in (("index", []), ("inspect", [mail.pk])):
        response = client.get(reverse(f"courriels:{name}", args=arguments))
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")
    assert client.post(reverse("courriels:relaunch", args=[mail.pk])).status_code == 302
    mail.refresh_from_db()
    assert mail.state == "failed"


@pytest.mark.parametrize("path", ["new/", "edit/{}/", "delete/{}/", "copy/{}/"])
def test_nobody_writes_mails_by_hand(path, admin_client):
    mail = make_mail(1)
    url = reverse("courriels:index") + path.format(mail.pk)
    assert admin_client.get(url).status_code == 404
    assert admin_client.post(url).status_code == 404


def test_home_of_the_admin_tells_what_to_look_at(admin_client):
    assert "en échec ou à vérifier" not in admin_client.get(reverse("wagtailadmin_home")).content.decode()
    make_mail(1)
    assert "Un courriel est en échec ou à vérifier." in admin_client.get(reverse("wagtailadmin_home")).content.decode()
    make_mail(2, "uncertain")
    page = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert "2 courriels sont en échec ou à vérifier." in page
    url = f"{reverse('courriels:index')}?state=failed&state=uncertain"
    assert f'href="{url.replace("&", "&amp;")}"' in page
    listed = admin_client.get(url).content.decode()
    assert "p1@exemple.fr" in listed
    assert "p2@exemple.fr" in listed


def test_jobs_are_listed_under_their_french_names(admin_client):
    sync_jobs(NOW, load_jobs())
    page = admin_client.get(reverse("taches-planifiees:index")).content.decode()
    assert "Publier et dépublier les pages programmées" in page
    assert "chaque jour à 03:10" in page
    assert "jamais exécutée" in page


@pytest.mark.parametrize("query", [{"state": "inconnu"}, {"p": "abc"}, {"q": "\x00"}, {"ordering": "mot"}])
def test_list_survives_bad_input(query, admin_client):
    make_mail(1)
    assert admin_client.get(reverse("courriels:index"), query).status_code in (200, 404)
