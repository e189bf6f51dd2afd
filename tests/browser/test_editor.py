"""An editor writes: the advice follows each automatic save, the previews show the page as it looks elsewhere."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
# Milliseconds: what is typed before Wagtail first looks at the form is no change to it; an automatic save.
READY, SAVED = 2_500, 20_000


def open_editor(desk: Page) -> None:
    """A page of text, in its editor."""
    desk.goto("/admin/pages-de-texte/")
    desk.get_by_role("link", name="Questions fréquentes").first.click()
    expect(desk.locator("#id_title")).to_be_visible()
    desk.wait_for_load_state("networkidle")
    desk.wait_for_timeout(READY)


def test_advice_follows_what_is_written(desk):
    open_editor(desk)
    advice = desk.locator("[data-advice]")
    expect(advice).not_to_contain_text("raccourcissez")

    desk.locator("#id_title").fill("Questions fréquentes, avec un titre bien trop long pour les moteurs de recherche")
    expect(advice).to_contain_text("80 caractères, quand les moteurs de recherche en montrent 60", timeout=SAVED)

    desk.locator("#id_title").fill("Questions fréquentes")
    expect(advice).not_to_contain_text("raccourcissez", timeout=SAVED)


@pytest.mark.parametrize(
    ("mode", "heading"), [("carte", "Aperçu de la carte"), ("extrait", "Dans un moteur de recherche")]
)
def test_previews_wear_the_style_of_the_site(desk, mode, heading):
    open_editor(desk)
    desk.goto(f"{desk.url.partition('edit/')[0]}view_draft/?mode={mode}")

    expect(desk.get_by_role("heading", name=heading)).to_be_visible()
    assert "Marianne" in desk.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")


def test_dead_links_are_checked_again_on_demand(desk):
    desk.goto("/admin/")
    expect(desk.get_by_role("heading", name="À faire")).to_be_visible()

    desk.goto("/admin/reports/liens/")
    desk.get_by_role("button", name="Revérifier").first.click()

    expect(desk.get_by_text("Vérification demandée")).to_be_visible()
