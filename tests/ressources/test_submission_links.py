"""What the links of the mails show and do: resume, correct, delete; none acts when it is merely opened."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from ressources import submission_services as services
from ressources.models import ExperiencePage, ExperienceSubmission
from ressources.submission_mails import DELETION, RESUME, link_payload
from territoires_en_commun.mailing.models import OutgoingMail
from tests.factories import ActorPageFactory, DirectoryPage, UserFactory
from tests.ressources.submissions import EMAIL, fresh, make_draft, make_returned, make_sent, step_data
from tests.ressources.visitor import Visitor

FIND = "/experiences/partager/retrouver/"
LINK = re.compile(r"http://testserver(/experiences/partager/(?:depot|suppression)/[\w.-]+/)")


@pytest.fixture(autouse=True)
def france(home, small_france):
    return small_france


@pytest.fixture
def visitor(client, freeze):
    freeze("2026-11-24 10:00")
    return Visitor(client, freeze)


@pytest.fixture
def moderator(home):
    return UserFactory(groups=["Relecteurs"])


def path_of(link, submission):
    return link.url(link_payload(submission, submission.email)).removeprefix("http://testserver")


def mail_of(purpose):
    return OutgoingMail.objects.get(purpose=purpose, recipient=EMAIL)


def links_in(mail):
    found = LINK.findall(mail.text)
    assert set(found) == set(LINK.findall(mail.html))
    return found


def title_of(response):
    return re.search(r"<h1[^>]*>([^<]+)", response.content.decode())[1]


# Resuming


def test_mail_of_the_first_step_resumes_on_another_device(visitor):
    visitor.start()
    visitor.post("recit", context="À moitié écrit")
    mail = mail_of("submission_link")
    resume, deletion = links_in(mail)
    assert "Camille" not in mail.text + mail.html
    other = Client()
    overview = other.get(resume).content.decode()
    assert "Le récit</a> – complète" in overview
    assert "À moitié écrit</textarea>" in other.get(f"{resume}recit/").content.decode()
    assert other.post(f"{resume}recit/", {"context": "Fini", "direction": "retour"}).status_code == 302
    assert visitor.submission.data["recit"]["context"] == ["Fini"]
    assert other.get(deletion).status_code == 200


def test_link_expires_with_the_draft(visitor):
    draft = make_draft()
    path = path_of(RESUME, draft)
    visitor.wait(days=30, seconds=-1)
    assert visitor.client.get(path).status_code == 200
    visitor.wait(seconds=1)
    for address in (path, f"{path}recit/", f"{path}envoi/"):
        for ask in (visitor.client.get, visitor.client.post):
            response = ask(address)
            assert (response.status_code, title_of(response)) == (410, "Ce lien a expiré")
            assert f'href="{FIND}"' in response.content.decode()


def test_forged_links_lead_nowhere(client):
    draft = make_draft()
    token = RESUME.token(link_payload(draft, EMAIL))
    forged = [
        DELETION.token(link_payload(draft, EMAIL)),
        RESUME.token(draft.uuid),
        RESUME.token(f"{draft.uuid}:"),
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "x" * 600,
        RESUME.token("pas-un-uuid"),
        RESUME.token(link_payload(draft, EMAIL).replace(str(draft.uuid), "5f0c6d3e-0000-4000-8000-000000000000")),
    ]
    for bad in forged:
        for end in ("", "recit/", "envoi/"):
            for ask in (client.get, client.post):
                assert ask(f"/experiences/partager/depot/{bad}/{end}").status_code in {404, 410}
    assert client.post(f"/experiences/partager/suppression/{token}/").status_code == 404
    assert fresh(draft).state == "brouillon"


def test_opening_links_changes_nothing(client, moderator):
    """As mail scanners do (GDPR-5)."""
    submissions = [make_draft(), make_sent(), make_returned(moderator)]
    before = list(ExperienceSubmission.objects.order_by("pk").values())
    mails = OutgoingMail.objects.count()
    for submission in submissions:
        for end in ("", "vous/", "projet/", "recit/", "bilan/", "envoi/"):
            for ask in (client.get, client.head, client.options):
                ask(path_of(RESUME, submission) + end)
        for ask in (client.get, client.head, client.options):
            ask(path_of(DELETION, submission))
    assert list(ExperienceSubmission.objects.order_by("pk").values()) == before
    assert OutgoingMail.objects.count() == mails


def test_address_that_is_corrected_leaves_the_stranger_nothing(visitor):
    visitor.start(email="inconnue@exemple.fr")
    resume, deletion = links_in(OutgoingMail.objects.get())
    response = visitor.post("vous", email=EMAIL)
    assert response.status_code == 302
    OutgoingMail.objects.filter(recipient="inconnue@exemple.fr").get(state="cancelled")
    for path in (resume, f"{resume}recit/", f"{resume}envoi/", deletion):
        for ask in (visitor.client.get, visitor.client.post):
            answer = ask(path)
            assert (answer.status_code, title_of(answer)) == (410, "Ce lien ne mène plus à rien")
            assert "Camille" not in answer.content.decode()
    assert visitor.submission.email == EMAIL
    assert "Camille Durand" in visitor.client.get(response.url.replace("/projet/", "/vous/")).content.decode()
    for path in links_in(mail_of("submission_link")):
        assert visitor.client.get(path).status_code == 200


def test_correction_posted_twice_is_one(visitor):
    visitor.start(email="inconnue@exemple.fr")
    old = visitor.url
    assert visitor.post("vous", email=EMAIL).status_code == 302
    new = visitor.url
    visitor.wait(seconds=50)
    again = visitor.client.post(f"{old}vous/", step_data("vous") | {"email": EMAIL, "name": "Camille Petit"})
    assert (again.status_code, again.url.endswith("/projet/")) == (302, True)
    assert "Camille Petit" in visitor.client.get(again.url.replace("/projet/", "/vous/")).content.decode()
    assert visitor.client.get(new).status_code == 200
    assert OutgoingMail.objects.exclude(state="cancelled").get().recipient == EMAIL


def test_void_link_corrects_nothing_for_who_guesses(visitor):
    visitor.start(email="inconnue@exemple.fr")
    old = f"{visitor.url}vous/"
    visitor.post("vous", email=EMAIL)

    def posted(**changes):
        return visitor.client.post(old, step_data("vous") | changes).status_code

    assert posted(email="autre@exemple.fr") == posted(email="") == posted(email="inconnue@exemple.fr") == 410
    assert visitor.client.get(old).status_code == 410
    visitor.wait(seconds=70)
    assert posted(email=EMAIL) == 410
    assert visitor.submission.email == EMAIL


def test_address_in_other_letters_keeps_its_links(visitor):
    visitor.start()
    first = visitor.url
    assert visitor.post("vous", email=EMAIL.replace("camille", "Camille")).status_code == 302
    assert visitor.client.get(first).status_code == 200


def test_secret_addresses_are_not_sent_to_other_sites(client):
    draft = make_draft()
    for path in (path_of(RESUME, draft), f"{path_of(RESUME, draft)}recit/", path_of(DELETION, draft)):
        response = client.get(path)
        assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("same-origin", "noindex")


# Finding again


def test_known_and_unknown_addresses_see_the_same_screen(visitor):
    make_draft()
    make_sent()
    OutgoingMail.objects.all().delete()
    pages = []
    for email in (EMAIL, "inconnue@exemple.fr"):
        response = visitor.client.post(FIND, {"email": email} | visitor.opened(FIND))
        assert (response.status_code, response.url) == (302, f"{FIND}envoye/")
        pages.append(visitor.text(response.url))
    assert pages[0] == pages[1]
    assert len(links_in(OutgoingMail.objects.get())) == 4


def test_links_are_not_asked_without_end(visitor):
    codes = []
    for _ in range(6):
        response = visitor.client.post(FIND, {"email": "inconnue@exemple.fr"} | visitor.opened(FIND))
        codes.append(response.status_code)
    assert codes == [302] * 5 + [429]
    cache.clear()
    response = visitor.client.post(FIND, {"email": "faux"} | visitor.opened(FIND))
    assert response.status_code == 400


# What became of it


def test_returned_submission_tells_why_and_reopens_on_request(visitor, moderator):
    returned = make_returned(moderator)
    mail = mail_of("submission_returned")
    assert mail.subject == "Votre retour d’expérience n’est pas retenu en l’état"
    assert "- Le récit n’est pas assez clair." in mail.text
    assert "Précisez &lt;b&gt;le lieu&lt;/b&gt;." in mail.html
    assert "marché de nuit" not in mail.text
    visitor.url = path_of(RESUME, returned)
    text = visitor.text(visitor.url)
    assert (
        "L’équipe n’a pas retenu votre récit en l’état Le récit n’est pas assez clair. Précisez <b>le lieu</b>."
        in text
    )
    assert visitor.client.get(f"{visitor.url}recit/").url == visitor.url
    response = visitor.client.post(visitor.url)
    assert (response.status_code, response.url.endswith("/projet/")) == (302, True)
    assert "Précisez <b>le lieu</b>." in visitor.text(f"{visitor.url}recit/")
    assert visitor.send().url == visitor.url
    assert (visitor.submission.state, visitor.submission.sendings) == ("envoye", 2)


def test_completion_is_asked_in_other_words(visitor, moderator):
    returned = make_returned(moderator, wants_completion=True, reasons=["incomplet"], message="")
    assert mail_of("submission_returned").subject == "Votre retour d’expérience : un complément est demandé"
    assert "L’équipe vous demande un complément" in visitor.text(path_of(RESUME, returned))


def test_sent_submission_is_not_reopened(visitor):
    sent = make_sent()
    response = visitor.client.post(path_of(RESUME, sent))
    assert response.status_code == 409
    assert "l’équipe ne l’a pas renvoyée" in response.content.decode()
    assert fresh(sent).state == "envoye"


def test_accepted_submission_leads_to_its_page_once_published(visitor, moderator):
    sent = make_sent()
    page = services.accept_submission(submission=sent, user=moderator, version=1)
    path = path_of(RESUME, sent)
    shown = visitor.text(path)
    assert ("Lire" in shown, "L’équipe complète la page, puis la publie" in shown) == (False, True)
    assert "« Un marché de nuit (récit fictif) »" in mail_of("submission_accepted").text
    page.review_owner, page.review_date = moderator, date(2030, 1, 1)
    page.holder = ActorPageFactory(parent=DirectoryPage.objects.get())
    page.save_revision().publish()
    assert f'href="{page.url}"' in visitor.client.get(path).content.decode()
    shown = visitor.text(path)
    assert ("Votre expérience est publiée" in shown, "puis la publie" in shown) == (True, False)
    assert "La page publiée sous Licence Ouverte reste en ligne" in visitor.text(path_of(DELETION, sent))
    mail = mail_of("submission_published")
    assert f"http://testserver{page.url}" in mail.text
    assert len(links_in(mail)) == 1
    ExperiencePage.objects.get(pk=page.pk).unpublish()
    assert "L’équipe a retiré la page du site" in visitor.text(path)
    page.delete()
    assert "L’équipe a retiré la page du site" in visitor.text(path)
    assert "rien ne peut être récupéré" in visitor.text(path_of(DELETION, sent))


# Deleting


def test_author_deletes_by_a_button(visitor, moderator):
    for submission in (make_draft(), make_sent(), make_returned(moderator)):
        path = path_of(DELETION, submission)
        assert "rien ne peut être récupéré" in visitor.text(path)
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(path).status_code == 403
        assert title_of(visitor.client.post(path)) == "Vos données sont supprimées"
        again = visitor.client.post(path)
        assert (again.status_code, title_of(again)) == (410, "Ce lien ne mène plus à rien")
        resumed = visitor.client.get(f"{path_of(RESUME, submission)}recit/")
        assert (resumed.status_code, title_of(resumed)) == (410, "Ce lien ne mène plus à rien")
    assert not ExperienceSubmission.objects.exists()


def test_deletion_of_an_accepted_submission_says_what_stays(visitor, moderator):
    sent = make_sent()
    page = services.accept_submission(submission=sent, user=moderator, version=1)
    path = path_of(DELETION, sent)
    shown = visitor.text(path)
    assert ("elle peut le publier sous Licence Ouverte" in shown, "reste en ligne" in shown) == (True, False)
    visitor.client.post(path)
    page.refresh_from_db()
    assert page.contact_email == ""
    assert not ExperienceSubmission.objects.exists()


def test_deletion_ends_the_messages_of_an_author_already_erased(visitor, moderator):
    sent = make_sent()
    page = services.accept_submission(submission=sent, user=moderator, version=1)
    path, resume = path_of(DELETION, sent), path_of(RESUME, sent)
    stranger = DELETION.url(link_payload(sent, "inconnue@exemple.fr")).removeprefix("http://testserver")
    visitor.wait(days=366)
    assert services.forget_submissions(timezone.now()) == (0, 1)
    page.refresh_from_db()
    assert (fresh(sent).email, page.contact_email) == ("", EMAIL)
    assert visitor.client.post(stranger).status_code == 410
    assert "les lecteurs ne peuvent plus vous écrire" in visitor.text(path)
    OutgoingMail.objects.all().delete()
    services.send_links(email=EMAIL, identity="a" * 32)
    assert len(links_in(OutgoingMail.objects.get())) == 2
    assert title_of(visitor.client.post(path)) == "Vos données sont supprimées"
    page.refresh_from_db()
    assert (page.contact_email, page.get_latest_revision_as_object().contact_email) == ("", "")
    assert visitor.client.get(path).status_code == visitor.client.get(resume).status_code == 410


def test_every_mail_to_the_author_can_delete(moderator):
    make_returned(moderator)
    services.accept_submission(submission=make_sent(email="autre@exemple.fr"), user=moderator, version=1)
    to_authors = OutgoingMail.objects.exclude(purpose="submission_to_review")
    assert {mail.purpose: any("/suppression/" in link for link in links_in(mail)) for mail in to_authors} == {
        "submission_link": True,
        "submission_received": True,
        "submission_returned": True,
        "submission_accepted": True,
    }


def test_team_is_told_without_personal_data():
    make_sent()
    mail = OutgoingMail.objects.get(purpose="submission_to_review")
    assert EMAIL not in mail.text + mail.html
    assert "Camille" not in mail.text + mail.html


def test_deleting_outlives_the_resuming(visitor):
    sent = make_sent()
    path = path_of(DELETION, sent)
    visitor.wait(days=799)
    assert visitor.client.get(path).status_code == 200
    assert RESUME.lifetime == timedelta(days=30)
