"""Remarks to editors: wording, links, images, documents; kept up to date in the editor."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from territoires_en_commun.base.advice import Advice, editorial_advice
from territoires_en_commun.base.models import CustomImage, LinkCheck, LinkState
from territoires_en_commun.base.publication import MISSING_IMAGE_ALT, MISSING_SUMMARY
from territoires_en_commun.home.models import StandardPage
from tests.factories import DocumentFactory, StandardPageFactory, UserFactory
from tests.pages.build import complete, make_draft, make_page, make_section

pytestmark = pytest.mark.django_db


def image(**values):
    return CustomImage.objects.create(**{"title": "Hall", "file": "hall.jpg", "width": 10, "height": 10, **values})


def page_of(*blocks):
    page = StandardPage(title="Page", summary="Résumé.")
    page.body = [{"type": kind, "value": value} for kind, value in blocks]
    return page


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            '<p><a href="/a/">Cliquez ici</a></p>',
            "Lien « Cliquez ici » : dites où il mène, hors contexte aussi (RGAA 6.1).",
        ),
        ('<p><a href="/a/">En <b>savoir</b> plus…</a></p>', "Lien « En savoir plus… » : dites où il mène"),
        ('<p><a href="https://exemple.fr/a">https://exemple.fr/a</a></p>', "Lien nu « https://exemple.fr/a »"),
        ("<p>Le PETR du pays.</p>", "Sigle « PETR » : développez-le à sa première apparition."),
        ('<p><a href="/a/">Lire la convention</a> de 2026</p>', None),
        ("<p>Le pôle d’équilibre territorial et rural (PETR), puis le PETR.</p>", None),
        ("<p>L’ANCT et l’EPCI.</p>", None),
        ("", None),
    ],
)
def test_advice_on_wording(body, message):
    advice = editorial_advice(complete(body=body))

    if message is None:
        assert advice == []
    else:
        assert len(advice) == 1
        assert advice[0].field == "body"
        assert advice[0].message.startswith(message)


def test_advice_on_the_texts_of_blocks():
    page = page_of(
        ("heading", {"text": "Le PETR", "level": "h2"}),
        ("quote", {"text": "Le <SCOT> est là", "author": "A"}),
        ("video", {"title": "A", "url": "https://www.HTTPS.fr/", "transcript": '<a href="/a/">ici</a>'}),
    )

    assert [advice.message.split(" : ")[0] for advice in editorial_advice(page)] == [
        "Sigle « PETR »",
        "Sigle « SCOT »",
        "Lien « ici »",
    ]


def texts_of(*texts):
    return page_of(*(("text", f"<p>{text}</p>") for text in texts))


def test_acronym_that_an_earlier_block_explains_is_known():
    assert editorial_advice(texts_of("Le schéma de cohérence territoriale (SCOT).", "Le SCOT.", "Un SCOT.")) == []


@pytest.mark.parametrize("texts", [("Le SCOT.", "Le schéma de cohérence territoriale (SCOT)."), ("SCOT.", "Un SCOT.")])
def test_acronym_is_told_once_where_it_first_appears(texts):
    expected = Advice("body", "Sigle « SCOT » : développez-le à sa première apparition.")
    assert editorial_advice(texts_of(*texts)) == [expected]


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"title": "T" * 60}, []),
        (
            {"title": "T" * 61},
            [Advice("title", "61 caractères, quand les moteurs de recherche en montrent 60 : raccourcissez.")],
        ),
        ({"title": "T" * 80, "seo_title": "Court"}, []),
        (
            {"seo_title": "T" * 70},
            [Advice("seo_title", "70 caractères, quand les moteurs de recherche en montrent 60 : raccourcissez.")],
        ),
        ({"summary": "  "}, [Advice("summary", MISSING_SUMMARY)]),
    ],
)
def test_advice_on_title_and_summary(values, advice):
    assert editorial_advice(complete(**values)) == advice


def test_advice_on_dead_links_and_on_unpublished_pages(home):
    hidden = StandardPageFactory(parent=home, title="Cachée", slug="cachee", live=False)
    shown = StandardPageFactory(parent=home, title="Montrée", slug="montree")
    for name, state, cause in [
        ("mort", LinkState.DEAD, "Page introuvable (404)"),
        ("refuse", LinkState.REFUSED, "L’adresse mène à un réseau interne"),
        ("suspect", LinkState.SUSPECT, "Connexion refusée"),
    ]:
        LinkCheck.objects.create(url=f"https://{name}.exemple.fr/", state=state, failed_days=3, cause=cause)
    body = "".join(f'<a href="https://{name}.exemple.fr/#x">Lien {name}</a>' for name in ("mort", "refuse", "suspect"))
    body += "".join(f'<a linktype="page" id="{pk}">Page {pk}</a>' for pk in (hidden.pk, shown.pk, 99999))

    assert editorial_advice(complete(body=body)) == [
        Advice("body", "Lien mort « https://mort.exemple.fr/ » : Page introuvable (404)."),
        Advice("body", "Lien refusé « https://refuse.exemple.fr/ » : L’adresse mène à un réseau interne."),
        Advice("body", f"Lien « Page {hidden.pk} » : il mène à une page supprimée ou qui n’est pas publiée."),
        Advice("body", "Lien « Page 99999 » : il mène à une page supprimée ou qui n’est pas publiée."),
    ]


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({}, [Advice("image_alt", MISSING_IMAGE_ALT)]),
        ({"image_decorative": True}, []),
        ({"image_alt": "Le hall un jour de marché."}, []),
        (
            {"image_alt": "IMG_1234"},
            [Advice("image", "Texte alternatif « IMG_1234 » : dites ce que l’image apporte (RGAA 1.3).")],
        ),
    ],
)
def test_advice_on_the_description_of_the_image(values, advice):
    assert editorial_advice(complete(image=image(), **values)) == advice


def test_advice_on_heavy_images():
    heavy = image(file_size=5 * 1024 * 1024)
    message = "L’image d’origine « Hall » pèse 5,0 Mo : allégez-la sous 2 Mo."

    assert editorial_advice(complete(image=heavy, image_decorative=True)) == [Advice("image", message)]
    cards = {"title": "A", "cards": [{"label": "A", "url": "https://a.exemple.fr/", "image": heavy.pk}]}
    assert editorial_advice(page_of(("cards", cards))) == [Advice("body", message)]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"decorative": False, "alt_text": ""}, "Image « Hall » : décrivez-la, ou dites-la décorative (RGAA 1.1)."),
        (
            {"decorative": False, "alt_text": "photo"},
            "Texte alternatif « photo » : dites ce que l’image apporte (RGAA 1.3).",
        ),
        ({"decorative": True, "alt_text": ""}, None),
        ({"decorative": False, "alt_text": "Le hall."}, None),
    ],
)
def test_advice_on_the_description_of_the_images_of_blocks(value, message):
    page = page_of(("image", {"image": {"image": image().pk, **value}, "caption": ""}))

    assert editorial_advice(page) == ([Advice("body", message)] if message else [])


def test_advice_on_an_image_that_is_gone():
    page = page_of(("image", {"image": {"image": 99999, "decorative": False, "alt_text": ""}, "caption": ""}))

    assert editorial_advice(page) == [
        Advice("body", "Image « sans titre » : décrivez-la, ou dites-la décorative (RGAA 1.1).")
    ]


def test_advice_on_pdf_without_accessible_version():
    lacking = DocumentFactory(title="Guide", file__filename="guide.pdf")
    version = DocumentFactory(file__filename="version.pdf")
    served = DocumentFactory(file__filename="scan.pdf", accessible_version=version)
    sheet = DocumentFactory(file__filename="tableau.ods")
    links = "".join(f'<a linktype="document" id="{each.pk}">Guide</a>' for each in (lacking, version, served, sheet))
    message = "PDF « Guide » : joignez-lui une version accessible (RGAA 13.3)."

    assert editorial_advice(complete(body=links)) == [Advice("body", message)]
    assert editorial_advice(page_of(("document", {"document": lacking.pk}))) == [Advice("body", message)]


def test_advice_costs_the_same_for_one_problem_and_three(home):
    def build(count):
        blocks = []
        for number in range(1, count + 1):
            link = f'<a href="https://a{number}.exemple.fr/">A</a><a linktype="page" id="{number}">B</a>'
            blocks += [
                ("text", f'{link}<a linktype="document" id="{number}">C</a>'),
                ("image", {"image": {"image": number, "decorative": False, "alt_text": ""}, "caption": ""}),
            ]
        return page_of(*blocks)

    editorial_advice(build(1))
    with CaptureQueriesContext(connection) as one:
        editorial_advice(build(1))
    with CaptureQueriesContext(connection) as three:
        editorial_advice(build(3))
    assert len(three) == len(one) <= 6


# In the editor


def fragment(client, page):
    return client.get(reverse("editorial_advice", args=[page.pk]))


@pytest.mark.ignore_template_errors
def test_advice_is_shown_in_the_editor_and_refreshed(admin_client):
    section = make_section()
    advised = make_page(section, title="Avec conseil", slug="a", body='<p><a href="/a/">Cliquez ici</a></p>')
    plain = make_page(section, title="Sans conseil", slug="b")

    pages = [
        admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        for page in (advised, plain)
    ]
    assert "Corps\xa0: Lien « Cliquez ici »" in pages[0].replace("&nbsp;", "\xa0")
    assert "Rien à signaler." in pages[1]
    assert f'data-advice="{reverse("editorial_advice", args=[0])}"' in pages[1]
    assert "admin/advice.js" in pages[1]

    plain.body = "<p>Le PETR.</p>"
    plain.save_revision()  # as the automatic save does
    html = fragment(admin_client, plain).content.decode()
    assert "1 conseil." in html
    assert "Sigle « PETR »" in html
    assert "<html" not in html


@pytest.mark.ignore_template_errors
def test_advice_waits_for_the_first_save(admin_client, home):
    html = admin_client.get(reverse("wagtailadmin_pages:add", args=["home", "standardpage", home.pk])).content.decode()

    assert "Les conseils apparaîtront dès le premier enregistrement." in html


def test_advice_is_for_who_may_edit(client, admin_client, home, contributor):
    page = make_draft(home)
    assert fragment(client, page).status_code == 302
    assert admin_client.post(reverse("editorial_advice", args=[page.pk])).status_code == 405
    assert admin_client.get(reverse("editorial_advice", args=[99999])).status_code == 404

    client.force_login(contributor)
    assert fragment(client, page).status_code in {302, 403}
    client.force_login(UserFactory())
    assert fragment(client, page).status_code == 302
