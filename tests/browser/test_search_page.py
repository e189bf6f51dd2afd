"""The search page as visitors use it: kinds, filters and places, with the keyboard and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser
STATUS = re.compile(r"\d+\s+résultats?")


def number(page: Page) -> int:
    """How many results the page says that there are."""
    expect(page.get_by_role("status").filter(has_text=STATUS).first).to_be_visible()
    return int(
        re.sub(r"\D", "", STATUS.search(page.get_by_role("status").filter(has_text=STATUS).first.inner_text())[0])
    )


def test_without_script_everything_is_links_and_forms(open_there):
    page = open_there(java_script_enabled=False, viewport=PHONE)
    page.goto("/recherche/")
    page.get_by_role("main").get_by_label("Rechercher sur le site").fill("budget participatif")
    page.get_by_role("main").get_by_role("button", name="Rechercher").click()
    every = number(page)
    kinds = page.get_by_role("navigation", name="Type de contenu")
    expect(kinds.get_by_role("link", name=re.compile("^Tout"))).to_have_attribute("aria-current", "true")
    kinds.get_by_role("link", name=re.compile("^Kit ou outil")).click()
    assert 0 < number(page) < every
    expect(page.locator(".listing-item mark").first).to_have_text(re.compile("budget", re.IGNORECASE))
    page.get_by_role("link", name=re.compile("Kit ou outil, retirer ce filtre")).click()
    assert number(page) == every


def test_place_of_the_query_is_taken_off_with_the_keyboard(page: Page):
    page.goto("/recherche/?q=kit réunion à Guéret")
    here = number(page)
    tag = page.get_by_role("link", name=re.compile("Guéret – Creuse .*, retirer ce filtre"))
    tag.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**lieu=mots**")
    assert number(page) != here or page.get_by_role("link", name=re.compile("Guéret – Creuse")).count() == 0


def test_nothing_found_leads_to_somebody(page: Page):
    page.goto("/recherche/?q=zzzzzzzzzz&thematique=mobilites")
    expect(page.get_by_role("link", name=re.compile("Retirer le filtre .*zzzzzzzzzz"))).to_be_visible()
    page.get_by_role("link", name=re.compile("Nous écrire")).click()
    expect(page).to_have_url(re.compile("/contact/"))
