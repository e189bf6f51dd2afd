"""Checks offered to editors: RGAA rules in the preview, remarks on wording."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import wagtail
from django.urls import reverse
from wagtail.admin.userbar import ContentCheckerItem

from territoires_en_commun.base.content_checks import Advice, RgaaContentChecker, editorial_advice, use_rgaa_checker
from territoires_en_commun.base.models import CustomImage
from territoires_en_commun.base.rgaa_rules import RGAA_RULES
from tests.pages.build import complete, make_page, make_section

AXE_BUNDLE = Path(wagtail.__file__).parent / "admin/static/wagtailadmin/js/userbar.js"
RULE = re.compile(r'\{id:"([a-z0-9-]+)"[^{}]*?tags:\[([^\]]*)\]')


def test_rgaa_rules_are_those_that_axe_tags():
    tagged = {}
    for rule, tags in RULE.findall(AXE_BUNDLE.read_text(encoding="utf-8", errors="replace")):
        if '"RGAAv4"' in tags:
            tagged[rule] = {".".join(number.split(".")[:2]) for number in re.findall(r"RGAA-([\d.]+)", tags)}

    assert {rule: {criterion} for rule, (criterion, _) in RGAA_RULES.items()} == tagged


def test_hook_replaces_the_checker_and_keeps_the_other_items():
    other = SimpleNamespace()
    items = [other, ContentCheckerItem(in_editor=True)]

    use_rgaa_checker(None, items, None)

    assert items[0] is other
    assert type(items[1]) is RgaaContentChecker
    assert items[1].in_editor is True
    options = items[1].get_axe_options(None)
    assert set(RGAA_RULES) <= set(options["runOnly"])
    assert "RGAAv4" not in options["runOnly"]
    assert items[1].get_axe_messages(None)["image-alt"] == {
        "error_name": "Image sans texte alternatif",
        "help_text": "RGAA, critère 1.1",
    }


@pytest.mark.django_db
def test_checker_is_on_the_page_for_editors(admin_client):
    html = admin_client.get(make_page().url).content.decode()

    assert '"scrollable-region-focusable"' in html


@pytest.mark.django_db
@pytest.mark.ignore_template_errors
def test_advice_is_shown_in_the_editor(admin_client):
    section = make_section()
    advised = make_page(section, title="Avec conseil", body='<p><a href="/a/">Cliquez ici</a></p>')
    plain = make_page(section, title="Sans conseil")

    pages = [
        admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        for page in (advised, plain)
    ]

    assert ["Conseils de rédaction" in html for html in pages] == [True, False]
    assert "Corps\xa0: Lien « Cliquez ici »" in pages[0].replace("&nbsp;", "\xa0")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            '<p><a href="/a/">Cliquez ici</a></p>',
            "Lien « Cliquez ici » : dites où il mène, hors contexte aussi (RGAA 6.1).",
        ),
        ('<p><a href="/a/">En <b>savoir</b> plus…</a></p>', "Lien « En savoir plus… » : dites où il mène"),
        ('<p><a href="https://exemple.fr/a">https://exemple.fr/a</a></p>', "Lien nu « https://exemple.fr/a »"),
        ("<p>Le PETR du pays.</p>", "Sigle « PETR » : développez-le à sa première apparition (RGAA 9.4)."),
        ('<p><a href="/a/">Lire la convention</a> de 2026</p>', None),
        ("<p>Le pôle d’équilibre territorial et rural (PETR), puis le PETR.</p>", None),
        ("<p>L’ANCT et l’EPCI.</p>", None),
        ("", None),
    ],
)
def test_editorial_advice_on_wording(body, message):
    advice = editorial_advice(complete(body=body))

    if message is None:
        assert advice == []
    else:
        assert len(advice) == 1
        assert advice[0].field == "body"
        assert advice[0].message.startswith(message)


@pytest.mark.django_db
def test_editorial_advice_on_a_heavy_image():
    image = CustomImage.objects.create(title="Hall", file="hall.jpg", width=10, height=10, file_size=5 * 1024 * 1024)

    assert editorial_advice(complete(image=image)) == [
        Advice("image", "L’image d’origine pèse 5,0 Mo : allégez-la sous 2 Mo.")
    ]
