"""Kits and trainings in the editing space: written, previewed, adapted, counted."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from ressources import kit_rules, training_rules
from ressources.kit_services import count_download
from ressources.models import KitPage, ResourceIndexPage, TrainingPage
from tests.annuaire.build import make_actor
from tests.factories import ThemeFactory, UserFactory
from tests.ressources.kits import STEP, file_piece, make_document, make_kit, make_training

pytestmark = pytest.mark.ignore_template_errors


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def form(pieces=None, themes=(), **fields):
    """What the editor of a kit sends, or of a training without ``pieces``."""
    formsets = {"comments": inline_formset([]), "links": inline_formset([])}
    if pieces is not None:
        formsets |= {"changes": inline_formset([]), "pieces": streamfield(pieces)}
    data = nested_form_data({"title": "Un titre", "slug": "un-titre", "licence": "etalab-2.0", **formsets, **fields})
    return data | ({"themes": [theme.pk for theme in themes]} if themes else {})


def complete(**fields):
    """The fields that any publication asks."""
    return {
        "summary": "Un résumé.",
        "themes": [ThemeFactory()],
        "review_date": timezone.localdate() + timedelta(days=90),
        "review_owner": UserFactory(superuser=True).pk,
        **fields,
    }


def step():
    return "step", {"title": "Voter", "text": rich_text("<p>Trois semaines.</p>")}


def file(document="", title=""):
    return "file", {"document": document, "title": title, "description": ""}


def add_url(model="kitpage", name="wagtailadmin_pages:add"):
    return reverse(name, args=["ressources", model, ResourceIndexPage.objects.get().pk])


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def errors_of(response):
    return {error["label"]: error["messages"] for error in response.context["edit_handler"].errors()}


def test_kit_is_written_refused_completed_then_published(desk):
    desk.post(add_url(), form(pieces=[file(title="Affiche")]))
    kit = KitPage.objects.get()
    assert (kit.live, kit.kind, kit.version) == (False, "", "")
    assert kit.get_latest_revision_as_object().pieces[0].value["title"] == "Affiche"
    refused = desk.post(
        edit_url(kit), form(pieces=[step(), file(title="Affiche")], **complete(), **{"action-publish": "1"})
    )
    assert errors_of(refused) == {
        "Nature": [kit_rules.MISSING_KIND],
        "Version": [kit_rules.MISSING_VERSION],
        "Pièces": ["Pièce 2, « Affiche » : choisissez son fichier, qui manque."],
    }
    pieces = [step(), file(make_document("Affiche", "affiche.pdf").pk, "Affiche")]
    change = {"date": "2026-03-01", "version": "1.0", "text": "Première version."}
    published = desk.post(
        edit_url(kit),
        form(pieces=pieces, kind="kit", version="1.0", **complete(), **{"action-publish": "1"})
        | nested_form_data({"changes": inline_formset([change])}),
    )
    assert published.status_code == 302
    kit = KitPage.objects.get()
    assert (kit.live, kit.kind, kit.version, [block.block_type for block in kit.pieces]) == (
        True,
        "kit",
        "1.0",
        ["step", "file"],
    )
    assert [(row.date, row.version) for row in kit.changes.all()] == [(date(2026, 3, 1), "1.0")]
    assert "joignez-lui une version accessible" in desk.get(edit_url(kit)).content.decode()


def test_kit_without_piece_is_refused(desk):
    fields = complete(kind="kit", version="1.0", **{"action-publish": "1"})
    assert errors_of(desk.post(add_url(), form(pieces=[], **fields))) == {"Pièces": [kit_rules.MISSING_PIECES]}
    assert not KitPage.objects.exists()


def test_video_without_transcript_is_refused_beside_its_block(desk):
    video = ("video", {"title": "Voter", "url": "https://vimeo.com/123456", "duration": "", "transcript": "null"})
    fields = complete(kind="kit", version="1.0", **{"action-publish": "1"})
    response = desk.post(add_url(), form(pieces=[video], **fields))
    assert list(errors_of(response)) == ["Pièces"]
    assert "Champ requis." in response.content.decode()


def test_training_is_written_refused_completed_then_published(desk, small_france):
    empty = {"objectives": "null", "prerequisites": "null"}
    desk.post(add_url("trainingpage"), form(**empty))
    training = TrainingPage.objects.get()
    assert (training.live, training.organiser, training.hours) == (False, None, None)
    refused = desk.post(edit_url(training), form(**complete(), **empty, **{"action-publish": "1"}))
    assert errors_of(refused) == {
        "Organisme": [training_rules.MISSING_ORGANISER],
        "Objectifs": [training_rules.MISSING_OBJECTIVES],
        "Modalité": [training_rules.MISSING_MODE],
        "Durée (heures)": [training_rules.MISSING_DURATION],
        "Tarif (euros)": [training_rules.MISSING_PRICE],
    }
    fields = {
        "organiser": make_actor(territories=[small_france["pays:FR"]]).pk,
        "objectives": rich_text("<p>Savoir.</p>"),
        "prerequisites": "null",
        "mode": "mooc",
        "hours": "3,5",
        "is_free": "on",
    }
    assert desk.post(edit_url(training), form(**complete(), **fields, **{"action-publish": "1"})).status_code == 302
    training = TrainingPage.objects.get()
    assert (training.live, str(training.hours), training.is_free) == (True, "3.5", True)


@pytest.mark.parametrize(("hours", "message"), [("-1", "au moins six minutes"), ("trois", "Saisissez un nombre")])
def test_bad_duration_is_refused_on_its_field(desk, hours, message):
    fields = {"objectives": "null", "prerequisites": "null", "hours": hours}
    response = desk.post(add_url("trainingpage"), form(**fields))
    assert message in response.context["form"].errors["hours"][0]


@pytest.mark.parametrize("model", ["kitpage", "trainingpage"])
def test_draft_never_saved_is_previewed(desk, model):
    url = add_url(model, "wagtailadmin_pages:preview_on_add")
    pieces = [step(), file(), file(make_document("Affiche", "affiche.pdf").pk), file(make_document().pk)]
    rich = {"objectives": "null", "prerequisites": "null"} if model == "trainingpage" else {"pieces": pieces}
    assert desk.post(url, form(**rich)).json()["is_valid"]
    html = desk.get(url).content.decode()
    assert '<h1 class="fr-mb-1w">Un titre</h1>' in html
    if model == "kitpage":
        assert html.count("/ressources/telecharger/") == 0
        assert "Télécharger tout (ZIP, 2 fichiers" in html
        assert "Ce fichier n’est pas disponible" in html


def test_empty_draft_is_previewed(desk):
    url = add_url("kitpage", "wagtailadmin_pages:preview_on_add")
    assert desk.post(url, form(pieces=[])).json()["is_valid"]
    assert desk.get(url).status_code == 200


def test_draft_of_a_published_kit_is_previewed(desk):
    kit = make_kit(pieces=[STEP, file_piece(make_document())])
    kit.title = "Titre en cours"
    kit.save_revision()
    html = desk.get(reverse("wagtailadmin_pages:view_draft", args=[kit.pk])).content.decode()
    assert "Titre en cours" in html


# Adapting


def adapt_url(kit):
    return reverse("adapt_kit", args=[kit.pk])


def test_adaptation_is_confirmed_then_made(desk):
    kit = make_kit()
    html = desk.get(adapt_url(kit)).content.decode()
    assert "Un brouillon est créé à côté de « Budget participatif »" in html
    assert KitPage.objects.count() == 1
    response = desk.post(adapt_url(kit))
    assert desk.post(adapt_url(kit)).url == response.url  # a double click
    copy = KitPage.objects.exclude(pk=kit.pk).get()
    assert response.url == edit_url(copy)
    html = desk.get(response.url).content.decode()
    assert "Brouillon « Budget participatif (adaptation) » créé" in html
    assert "Adapté de" in html
    assert "Adapté de" not in desk.get(edit_url(kit)).content.decode()


def test_refused_adaptation_says_why(desk):
    kit = make_kit(licence="cc-by-nd-4.0")
    html = desk.get(adapt_url(kit)).content.decode()
    assert "interdit d’en publier une version modifiée" in html
    assert '<form method="post">' not in html
    html = desk.post(adapt_url(kit), follow=True).content.decode()
    assert "interdit d’en publier une version modifiée" in html
    assert KitPage.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_add_pages_adapts_nothing(client, reviewer, method):
    kit = make_kit()
    client.force_login(reviewer)
    response = getattr(client, method)(adapt_url(kit))
    assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))
    assert KitPage.objects.count() == 1


def test_visitor_is_asked_to_sign_in(client, home):
    response = client.post(adapt_url(make_kit()))
    assert response.url.startswith(reverse("wagtailadmin_login"))
    assert KitPage.objects.count() == 1


def test_adaptation_without_token_is_refused(csrf_client, editor):
    kit = make_kit()
    csrf_client.force_login(editor)
    assert csrf_client.post(adapt_url(kit)).status_code == 403
    assert KitPage.objects.count() == 1


def test_other_pages_are_not_adapted(desk, home, small_france):
    training = make_training(organiser=make_actor(territories=[small_france["pays:FR"]]))
    assert desk.get(reverse("adapt_kit", args=[training.pk])).status_code == 404
    assert "Adapter ce kit" not in desk.get(edit_url(training)).content.decode()


def test_button_is_in_the_header_and_in_the_lists(desk):
    kit = make_kit()
    index = reverse("wagtailadmin_explore", args=[ResourceIndexPage.objects.get().pk])
    for url in (edit_url(kit), index, reverse("kits:index")):
        assert f'href="{adapt_url(kit)}' in desk.get(url).content.decode(), url


def test_button_is_hidden_from_who_may_not_add_pages(client, reviewer):
    kit = make_kit()
    client.force_login(reviewer)
    assert adapt_url(kit) not in client.get(edit_url(kit)).content.decode()


# Downloads


@pytest.fixture
def counted(home):
    document = make_document("Affiche", "affiche.pdf")
    kit, other = make_kit(title="Très téléchargé", pieces=[file_piece(document)]), make_kit(title="Jamais", kind="jeu")
    today = timezone.localdate()
    for day in (today, today, today - timedelta(days=90)):
        count_download(kit=kit, document=document, day=day)
    count_download(kit=kit, document=None, day=today)
    return kit, other


def test_kits_are_listed_with_their_downloads(desk, counted):
    html = " ".join(desk.get(f"{reverse('kits:index')}?ordering=-downloaded").content.decode().split())
    assert html.index("Très téléchargé") < html.index("Jamais")
    lines = b"".join(desk.get(f"{reverse('kits:index')}?export=csv&ordering=title").streaming_content).decode()
    rows = csv.reader(io.StringIO(lines.removeprefix("\ufeff")), delimiter=";")
    assert [(row[0], row[4], row[5]) for row in rows] == [
        ("Titre", "Téléchargements", "Téléchargements des 30 derniers jours"),
        ("Jamais", "0", "0"),
        ("Très téléchargé", "4", "3"),
    ]
    assert "Très téléchargé" not in desk.get(f"{reverse('kits:index')}?kind=jeu").content.decode()


def test_downloads_are_reported_by_day_and_file(desk, counted):
    url = reverse("download_report")
    html = desk.get(url).content.decode()
    assert "Affiche (PDF)" in html
    assert "Tous les fichiers (ZIP)" in html
    lines = b"".join(desk.get(f"{url}?export=csv").streaming_content).decode().splitlines()
    today, before = timezone.localdate(), timezone.localdate() - timedelta(days=90)
    assert (lines[0], sorted(lines[1:])) == (
        "\ufeffKit;Fichier;Jour;Téléchargements",
        sorted(
            [
                f"Très téléchargé;Affiche (PDF);{today};2",
                f"Très téléchargé;Affiche (PDF);{before};1",
                f"Très téléchargé;Tous les fichiers (ZIP);{today};1",
            ]
        ),
    )
    recent = desk.get(f"{url}?export=csv&day_from={today}")
    assert len(b"".join(recent.streaming_content).decode().splitlines()) == 3


def test_exported_report_holds_no_formula(desk, home):
    kit = make_kit(title="=HYPERLINK(1)")
    count_download(kit=kit, document=make_document("+1", "a.csv"), day=date(2026, 11, 24))
    lines = b"".join(desk.get(f"{reverse('download_report')}?export=csv").streaming_content).decode().splitlines()
    assert lines[1:] == ["'=HYPERLINK(1);'+1 (CSV);2026-11-24;1"]


def test_report_is_in_the_menu_of_those_who_write(desk):
    assert reverse("download_report") in desk.get(reverse("wagtailadmin_home")).content.decode()


def test_report_is_closed_to_the_others(client, counted):
    visitor = UserFactory()
    visitor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(visitor)
    assert client.get(reverse("download_report")).status_code == 302
    assert reverse("download_report") not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_visitors_never_see_the_downloads(client, counted):
    html = client.get(counted[0].url).content.decode()
    assert "téléchargements" not in html.lower()
