"""Checks of the preview: the rules of the RGAA."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import wagtail
from wagtail.admin.userbar import ContentCheckerItem

from territoires_en_commun.base.content_checks import RgaaContentChecker, use_rgaa_checker
from territoires_en_commun.base.rgaa_rules import RGAA_RULES
from tests.pages.build import make_page

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
