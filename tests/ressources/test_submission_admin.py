"""Moderation as each role meets it in the admin."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.search.backends import get_search_backend

from ressources import submission_services as services
from ressources.models import ExperiencePage, ExperienceSubmission
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.todo import things_to_do
from territoires_en_commun.mailing.models import OutgoingMail
from tests.factories import ActorPageFactory, DirectoryPage, UserFactory
from tests.ressources.submissions import EMAIL, fresh, make_draft, make_returned, make_sent

pytestmark = pytest.mark.ignore_template_errors
INDEX = "/admin/experiences-proposees/"
MODERATORS = ["Administrateurs", "Éditeurs", "Relecteurs"]


@pytest.fixture(autouse=True)
def france(home, small_france):
    return small_france


@pytest.fixture
def signed_in(site):
    """``signed_in("Éditeurs")``: a client and its account, with that role alone."""

    def sign_in(role):
        user = UserFactory(groups=[role])
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return sign_in


@pytest.fixture
def moderator(signed_in):
    return signed_in("Relecteurs")


def review(submission):
    return reverse("experiences_proposees:review", args=[submission.pk])


def decide(client, submission, decision, **fields):
    data = {"version": submission.sendings, "decision": decision} | fields
    return client.post(review(submission), data, follow=True)


def text(response):
    return " ".join(response.content.decode().split())


def test_others_see_nothing(signed_in, client):
    sent = make_sent()
    visitor = UserFactory()
    visitor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    reader = Client()
    reader.force_login(visitor)
    preview = reverse("experiences_proposees:preview", args=[sent.pk])
    for other in (signed_in("Contributeurs"), reader, client):
        for url in (INDEX, review(sent), preview):
            assert other.get(url).status_code == 302
        assert other.post(review(sent), {"version": 1, "decision": "accepter"}).status_code == 302
        assert "Propositions" not in text(other.get("/admin/", follow=True))
    assert fresh(sent).state == "envoye"


def test_moderators_are_told_of_what_is_to_examine(signed_in, moderator):
    for _ in range(2):
        make_sent()
    make_draft()
    make_returned(moderator.user)
    (todo,) = things_to_do(moderator.user, timezone.now())
    assert (todo.count, todo.label) == (2, "expériences proposées sont à examiner")
    assert moderator.get(todo.url).context["paginator"].count == 2
    assert things_to_do(signed_in("Contributeurs").user, timezone.now()) == []


@pytest.mark.parametrize("role", MODERATORS)
def test_moderators_accept_and_complete_the_page(signed_in, role):
    client, sent = signed_in(role), make_sent()
    assert "Propositions" in text(client.get("/admin/"))
    assert "Un marché de nuit (récit fictif)" in text(client.get(INDEX))
    page = text(client.get(review(sent)))
    for words in ("Camille Durand, Maire", EMAIL, "Guéret, Creuse (23)", "reçoit les messages des lecteurs"):
        assert words in page
    response = decide(client, sent, "accepter")
    created = ExperiencePage.objects.get()
    assert response.redirect_chain[-1][0] == reverse("wagtailadmin_pages:edit", args=[created.pk])
    assert "est créée en brouillon" in text(response)
    assert "Choisissez l’acteur qui a porté l’expérience." in text(response)
    assert "Voir la proposition d’origine" in text(response)
    assert fresh(sent).decided_by == client.user


def test_reviewers_link_leads_back_for_moderators_only(signed_in, moderator):
    sent = make_sent()
    decide(moderator, sent, "accepter")
    edit = reverse("wagtailadmin_pages:edit", args=[ExperiencePage.objects.get().pk])
    assert review(sent) in text(moderator.get(edit))
    assert review(sent) not in text(signed_in("Contributeurs").get(edit, follow=True))


def test_drafts_are_their_authors_alone(moderator):
    draft = make_draft()
    assert "Un marché de nuit" not in text(moderator.get(INDEX))
    assert moderator.get(review(draft)).status_code == 404
    assert moderator.get(reverse("experiences_proposees:preview", args=[draft.pk])).status_code == 404
    assert moderator.post(review(draft), {"version": 1, "decision": "accepter"}).status_code == 404


def test_preview_is_the_page_as_visitors_would_see_it(moderator):
    sent = make_sent(recit={"context": "<script>alert(1)</script>"})
    response = moderator.get(reverse("experiences_proposees:preview", args=[sent.pk]))
    html = response.content.decode()
    assert response.status_code == 200
    assert re.search(r"<h1[^>]*>Un marché de nuit \(récit fictif\)</h1>", html)
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html
    assert "Comptage de la mairie" in html
    assert EMAIL not in html
    assert not ExperiencePage.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"decision": ""}, "Choisissez une décision."),
        ({"decision": "refuser"}, "Cochez au moins une raison : l’auteur doit savoir quoi changer."),
        ({"decision": "completer", "reasons": ["autre"]}, "Expliquez la raison"),
        ({"decision": "refuser", "reasons": ["inventee"]}, "inventee"),
        ({"decision": "refuser", "reasons": ["obscur"], "message": "x" * 2001}, "2000"),
        ({"decision": "refuser", "reasons": ["obscur"], "message": "a\x00b"}, "caractère"),
        ({"decision": "accepter", "version": "x"}, "La décision n’est pas enregistrée"),
        ({"decision": "accepter", "version": "9" * 30}, "La décision n’est pas enregistrée"),
    ],
    ids=str,
)
def test_bad_decisions_are_refused(moderator, data, said):
    sent = make_sent()
    response = moderator.post(review(sent), {"version": 1} | data)
    html = text(response).replace("\u202f", "").replace("\u00a0", "")
    assert (response.status_code, said.replace("\u00a0", "") in html) == (200, True)
    assert (fresh(sent).state, ExperiencePage.objects.count()) == ("envoye", 0)


@pytest.mark.parametrize(
    ("decision", "label", "subject"),
    [
        ("refuser", "Refusée", "Votre retour d’expérience n’est pas retenu en l’état"),
        ("completer", "Complément demandé", "Votre retour d’expérience : un complément est demandé"),
    ],
)
def test_submission_is_sent_back_with_reasons(moderator, decision, label, subject):
    sent = make_sent()
    response = decide(moderator, sent, decision, reasons=["chiffres", "obscur"], message="Citez la source.")
    assert response.redirect_chain[-1][0] == INDEX
    assert label in text(response)
    found = fresh(sent)
    assert (found.state, found.reasons, found.message) == ("refuse", ["chiffres", "obscur"], "Citez la source.")
    mail = OutgoingMail.objects.get(purpose="submission_returned")
    assert (mail.recipient, mail.subject, "Citez la source." in mail.text) == (EMAIL, subject, True)
    again = text(moderator.get(review(sent)))
    assert "Des chiffres sont à préciser ou à sourcer." in again
    assert "Enregistrer la décision" not in again


def test_second_moderator_is_told(signed_in, moderator):
    sent = make_sent()
    decide(moderator, sent, "accepter")
    response = decide(signed_in("Éditeurs"), sent, "refuser", reasons=["obscur"])
    assert f"{moderator.user} a déjà examiné cette proposition : acceptée." in text(response)
    assert (fresh(sent).state, ExperiencePage.objects.count()) == ("accepte", 1)
    assert not OutgoingMail.objects.filter(purpose="submission_returned").exists()


def test_moderator_who_read_an_older_version_is_told(moderator):
    returned = make_returned(moderator.user)
    services.reopen_submission(submission=returned)
    services.send_submission(submission=returned, relay=True)
    response = decide(moderator, returned, "accepter")
    assert "L’auteur a envoyé une nouvelle version" in text(response)
    assert not ExperiencePage.objects.exists()


def test_submission_deleted_meanwhile_is_not_found(moderator):
    sent = make_sent()
    services.delete_submission(submission=fresh(sent))
    assert decide(moderator, sent, "accepter").status_code == 404


@pytest.mark.parametrize("state", ["envoye", "complement", "refus", "accepte", "autre"])
def test_list_is_filtered_by_what_was_decided(moderator, state):
    make_sent(projet={"title": "Titre envoye"})
    accepted = make_sent(projet={"title": "Titre accepte"})
    services.accept_submission(submission=accepted, user=None, version=1)
    for title, wants_completion in (("complement", True), ("refus", False)):
        returned = make_returned(None, wants_completion=wants_completion)
        ExperienceSubmission.objects.filter(pk=returned.pk).update(title=f"Titre {title}")
    found = set(re.findall(r"Titre (\w+)", text(moderator.get(INDEX, {"state": state}))))
    every = {"envoye", "complement", "refus", "accepte"}
    assert found == ({state} if state in every else every)


def test_list_costs_the_same_over_one_and_three(moderator, django_assert_num_queries):
    for count in (1, 3):
        while ExperienceSubmission.objects.count() < count:
            services.accept_submission(submission=make_sent(), user=moderator.user, version=1)
        with django_assert_num_queries(14):
            moderator.get(INDEX)


def test_nobody_adds_nor_deletes_by_hand(admin_client):
    sent = make_sent()
    for path in ("new/", f"delete/{sent.pk}/", f"edit/{sent.pk}/"):
        assert admin_client.get(INDEX + path).status_code == 404


def test_erased_submission_keeps_its_decision_and_nothing_else(moderator):
    sent = make_sent()
    page = services.accept_submission(submission=sent, user=moderator.user, version=1)
    ExperienceSubmission.objects.update(email="", data={}, erased_at=sent.sent_at)
    html = text(moderator.get(review(sent)))
    assert "Les réponses et l’adresse de l’auteur sont effacées" in html
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in html
    assert moderator.get(reverse("experiences_proposees:preview", args=[sent.pk])).status_code == 404
    assert moderator.get(INDEX).status_code == 200


def test_nothing_personal_is_searched_nor_published(moderator, client):
    ActorPageFactory(parent=DirectoryPage.objects.get(), title="Commune fictive")
    sent = make_sent(vous={"name": "Zéphirine Unique", "role": "Veilleuse"})
    page = services.accept_submission(submission=sent, user=moderator.user, version=1)
    page.review_owner, page.review_date = moderator.user, page.ended_on.replace(year=2030)
    page.save_revision().publish()
    html = client.get(page.url).content.decode()
    backend = get_search_backend()
    for secret in ("Zéphirine", "Veilleuse", EMAIL):
        assert secret not in html
        assert list(backend.search(secret, BasePage)) == []
