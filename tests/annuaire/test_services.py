"""Verified and doubted fiches; persons shown are told, and may object."""

import csv
import re
from datetime import date, datetime
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import PageLogEntry

from annuaire.kinds import SheetStatus
from annuaire.models import ActorContact, ActorPage, ContactObjection
from annuaire.models.contacts import fingerprint, has_objected
from annuaire.services import VERIFIED, doubt, mark_verified, object_to_publication, shown_parts
from territoires_en_commun.mailing.models import OutgoingMail
from tests.annuaire.build import make_actor
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
AGREED = date(2026, 1, 15)


@pytest.fixture
def places(home, small_france):
    return [small_france["commune:23096"]]


def shown_contact(**fields):
    return ActorContact(
        **{
            "name": "Camille Exemple",
            "role": "élue",
            "email": "Camille@exemple.fr",
            "name_is_public": True,
            "email_is_public": True,
            "consented_on": AGREED,
            **fields,
        }
    )


def test_verified_fiche_is_dated_and_doubted_no_more(places, editor):
    actor = make_actor(territories=places, verified_on=None)
    doubted = doubt(actor, user=editor)
    assert (doubted.status, doubted.is_stale) == (SheetStatus.TO_CHECK, True)
    verified = mark_verified(doubted, user=editor)
    assert (verified.status, verified.verified_on) == (SheetStatus.UNCLAIMED, timezone.localdate())
    assert (verified.live, verified.has_unpublished_changes) == (True, False)
    assert verified.latest_revision.user == editor


def test_version_in_progress_stays_in_progress(places, editor):
    actor = make_actor(territories=places, verified_on=date(2020, 1, 1), title="En ligne")
    actor.title, author = "En cours", UserFactory()
    actor.save_revision(user=author)
    actor = mark_verified(ActorPage.objects.get(pk=actor.pk), user=editor)
    assert (actor.title, actor.verified_on) == ("En ligne", timezone.localdate())
    draft = actor.get_latest_revision_as_object()
    assert (draft.title, draft.verified_on) == ("En cours", timezone.localdate())
    assert actor.latest_revision.user == author
    assert list(PageLogEntry.objects.filter(action=VERIFIED).values_list("user", "revision")) == [
        (editor.pk, actor.latest_revision_id)
    ]


def test_draft_never_published_stays_a_draft_of_its_author(places, editor):
    actor, author = make_actor(live=False, territories=places, verified_on=None), UserFactory()
    actor.save_revision(user=author)
    actor = doubt(ActorPage.objects.get(pk=actor.pk), user=editor)
    assert (actor.live, actor.status, actor.latest_revision.user) == (False, SheetStatus.TO_CHECK, author)
    assert actor.get_latest_revision_as_object().status == SheetStatus.TO_CHECK


def test_doubt_is_told_to_visitors(client, places, editor):
    actor = doubt(make_actor(territories=places), user=editor)
    html = client.get(actor.url).content.decode()
    assert "mis en doute" in html
    assert "À vérifier" in html


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "votre nom, votre fonction et votre adresse électronique"),
        ({"role": "", "email_is_public": False}, "votre nom"),
        ({"name_is_public": False}, "votre adresse électronique"),
        (
            {"phone": "05 36 49 12 34", "phone_is_public": True, "role": ""},
            "votre nom, votre adresse électronique et votre téléphone",
        ),
    ],
)
def test_parts_shown_are_named(fields, words):
    assert shown_parts(shown_contact(**fields)) == words


def test_persons_shown_are_told_once_per_fiche(places):
    actor = make_actor(
        title="Le Fil",
        source="Fichier d’essai",
        territories=places,
        contacts=[shown_contact(), ActorContact(name="Cachée", email="cachee@exemple.fr")],
    )
    actor.save_revision().publish()
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.subject) == ("Camille@exemple.fr", "Vos coordonnées dans l’annuaire : Le Fil")
    assert "votre nom, votre fonction et votre adresse électronique" in mail.text
    assert "Fichier d’essai" in mail.text
    actor.save_revision().publish()
    assert OutgoingMail.objects.count() == 1


def test_drafts_tell_nobody(places):
    make_actor(live=False, territories=places, contacts=[shown_contact()])
    assert not OutgoingMail.objects.exists()


def test_person_objects_in_one_click_everywhere_and_for_good(client, places):
    first = make_actor(title="Un", territories=places, contacts=[shown_contact()])
    second = make_actor(title="Deux", territories=places, contacts=[shown_contact(email="camille@exemple.fr")])
    other = make_actor(title="Trois", territories=places, contacts=[shown_contact(email="sacha@exemple.fr")])
    first.save_revision().publish()
    mail = OutgoingMail.objects.get(subject__endswith=" : Un")
    link = re.search(r"http://testserver(/annuaire/opposition/\S+)", mail.text)[1]
    page = client.get(link).content.decode()
    assert "Ne plus m’afficher" in page
    assert "camille" not in page.lower()
    assert not ContactObjection.objects.exists()
    done = client.post(link).content.decode()
    assert "vous n’êtes plus affiché" in done
    for actor in (first, second):
        assert "Camille" not in client.get(actor.url).content.decode()
    assert "Camille" in client.get(other.url).content.decode()
    assert "déjà enregistrée" in client.get(link).content.decode()
    client.post(link)
    assert ContactObjection.objects.count() == 1
    # an older version published again shows nothing either
    ActorPage.objects.get(pk=first.pk).revisions.first().publish()
    assert "Camille" not in client.get(first.url).content.decode()


def test_objection_of_nobody_shown_is_remembered():
    assert object_to_publication("0" * 64) == 0
    assert ContactObjection.objects.get().fingerprint == "0" * 64


def test_objection_outlives_a_change_of_key(settings):
    object_to_publication(fingerprint("camille@exemple.fr"))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "une-autre-cle-" * 5
    assert has_objected("Camille@exemple.fr ")
    settings.SECRET_KEY_FALLBACKS = []
    assert not has_objected("camille@exemple.fr")


@pytest.mark.parametrize("token", ["faux", "a.b.c", "x" * 600])
def test_forged_links_do_nothing(client, home, token):
    url = reverse("contact_objection", args=[token])
    assert client.get(url).status_code == 404
    assert client.post(url).status_code in (403, 404)
    assert not ContactObjection.objects.exists()


# The editing space


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


@pytest.mark.ignore_template_errors
def test_editors_list_filter_and_export_the_fiches(desk, places):
    make_actor(title="Récente", territories=places, contacts=[ActorContact(name="Cachée", email="cachee@exemple.fr")])
    make_actor(title="Ancienne", territories=places, type="ess", verified_on=date(2020, 1, 1))
    url = reverse("acteurs:index")
    html = desk.get(url).content.decode()
    assert "Récente" in html
    assert "Ancienne" in html
    for query in ("stale=on", "type=ess", "q=ancienne"):
        html = desk.get(f"{url}?{query}").content.decode()
        assert ("Ancienne" in html, "Récente" in html) == (True, False), query
    export = b"".join(desk.get(f"{url}?export=csv").streaming_content).decode("utf-8-sig")
    assert export.startswith("Nom;Sigle;Type d’acteur")
    assert "cachee@" not in export


@pytest.mark.ignore_template_errors
def test_export_gives_numbers_to_dial_and_hours_of_paris(desk, places, freeze):
    freeze("2026-07-14 23:30")
    for title, phone in (("Un", "05 36 49 12 34"), ("Deux", "0590 20 12 34"), ("Trois", "+32 2 234 56 78")):
        make_actor(title=title, territories=places, phone=phone)
    url = reverse("acteurs:index")
    dialled = {"Un": "05 36 49 12 34", "Deux": "0590 20 12 34", "Trois": "00 32 2 234 56 78"}
    text = b"".join(desk.get(f"{url}?export=csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert {row["Nom"]: row["Téléphone"] for row in rows} == dialled
    assert {row["Dernière publication"] for row in rows} == {"2026-07-14 23:30"}
    sheet = load_workbook(BytesIO(b"".join(desk.get(f"{url}?export=xlsx").streaming_content))).active
    header, *rows = sheet.iter_rows(values_only=True)
    rows = [dict(zip(header, row, strict=True)) for row in rows]
    assert {row["Nom"]: row["Téléphone"] for row in rows} == dialled
    assert {row["Dernière publication"] for row in rows} == {datetime(2026, 7, 14, 23, 30)}  # noqa: DTZ001 - spreadsheets


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize(("action", "status"), [("verify", "non-revendiquee"), ("doubt", "a-verifier")])
def test_editors_verify_and_doubt_several_fiches(desk, places, home, action, status):
    actors = [make_actor(title=title, territories=places, verified_on=date(2020, 1, 1)) for title in ("Un", "Deux")]
    keys = "&".join(f"id={page.pk}" for page in (*actors, home))
    url = f"{reverse('wagtail_bulk_action', args=['base', 'basepage', action])}?{keys}"
    page = desk.get(url).content.decode()
    assert "1 page de la sélection est laissée de côté." in page
    assert f"{home.title}</a> n’est pas une fiche d’acteur." in page
    desk.post(url)
    found = ActorPage.objects.filter(pk__in=[actor.pk for actor in actors])
    assert {actor.status for actor in found} == {status}
    assert {actor.verified_on for actor in found} == {timezone.localdate() if action == "verify" else date(2020, 1, 1)}


@pytest.mark.ignore_template_errors
def test_locked_fiches_and_those_under_review_are_left_aside_with_the_reason(desk, places):
    locked, in_review = (
        make_actor(title=title, territories=places, verified_on=date(2020, 1, 1)) for title in ("Un", "Deux")
    )
    ActorPage.objects.filter(pk=locked.pk).update(locked=True)
    in_review.get_workflow().start(in_review, UserFactory())
    keys = f"id={locked.pk}&id={in_review.pk}"
    url = f"{reverse('wagtail_bulk_action', args=['base', 'basepage', 'verify'])}?{keys}"
    page = desk.get(url).content.decode()
    assert "Un</a> est verrouillée." in page
    assert "Deux</a> est en relecture." in page
    desk.post(url)
    assert set(ActorPage.objects.values_list("verified_on", flat=True)) == {date(2020, 1, 1)}
    assert in_review.workflow_in_progress


@pytest.mark.ignore_template_errors
def test_others_verify_nothing(client, places):
    actor = make_actor(territories=places, verified_on=date(2020, 1, 1))
    visitor = UserFactory()
    visitor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(visitor)
    url = f"{reverse('wagtail_bulk_action', args=['base', 'basepage', 'verify'])}?id={actor.pk}"
    client.post(url)
    actor.refresh_from_db()
    assert actor.verified_on == date(2020, 1, 1)
    assert client.get(reverse("acteurs:index")).status_code == 302
