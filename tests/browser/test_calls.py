"""What an élu comes for in the calls: what closes soon for their commune, and its date in their calendar."""

import re
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.browser.test_journeys import each_visitor

pytestmark = pytest.mark.browser


@each_visitor
def test_elu_finds_a_call_open_to_their_commune_and_keeps_its_date(open_page, visitor):
    page = open_page(**visitor)
    page.goto("/territoires/commune-23096-gueret/")
    block = page.get_by_role("region", name="Appels à projets ouverts")
    expect(block.get_by_text("Sans date limite")).to_be_visible()
    block.get_by_role("link", name="Voir les appels à projets pour ce territoire").click()
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text("Appels à projets")
    main.get_by_text("Qui peut candidater", exact=True).first.click()
    main.get_by_role("checkbox", name=re.compile(r"^Collectif citoyen")).check(force=True)
    main.get_by_role("button", name="Appliquer les filtres").click()
    page.wait_for_load_state()
    link = main.get_by_role("link", name="Concours des petites places (fictif)")
    expect(link).to_be_visible()
    link.click()
    expect(main.get_by_role("region", name="L’essentiel").get_by_text("Jusqu’à 30")).to_be_visible()
    with page.expect_download() as waiting:
        main.get_by_role("link", name="Ajouter la clôture à mon agenda").click()
    (event,) = Calendar.from_ical(Path(waiting.value.path()).read_bytes()).events
    assert event["SUMMARY"] == "Clôture : Concours des petites places (fictif)"
    shown = main.locator("time").last.get_attribute("datetime")
    assert event.start.isoformat() == shown
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_closed_calls_are_one_click_away(nojs_page):
    nojs_page.goto("/appels-a-projets/")
    main = nojs_page.get_by_role("main")
    expect(main.get_by_role("link", name="Cantines de saison (fictif)")).to_have_count(0)
    main.get_by_role("link", name="Voir les appels clos").click()
    expect(main.get_by_role("link", name="Cantines de saison (fictif)")).to_be_visible()
    main.get_by_role("link", name="Clos, retirer ce filtre").click()
    expect(main.get_by_role("link", name="Cantines de saison (fictif)")).to_have_count(0)
