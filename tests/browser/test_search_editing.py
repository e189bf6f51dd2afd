"""A click on a result reaches the log; an editor reads it, writes a rule, sees its queries, confirms what it loses."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import REVIEWER

pytestmark = pytest.mark.browser
READER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def search(page: Page, text: str) -> None:
    """Results, once the index of the site that has just started is ready."""
    for _ in range(30):
        page.goto(f"/recherche/?q={text}")
        if page.locator(".listing-item").count():
            return
        page.wait_for_timeout(1_000)
    raise AssertionError(f"rien n'est trouvé pour {text}")


def test_click_on_a_result_is_told_and_read_in_the_report(open_there, desk_of):
    page = open_there(user_agent=READER)
    search(page, "participation")
    with page.expect_request("**/recherche/clic/") as told:  # the answer comes when the page is no more
        page.locator(".listing-item a").first.click()
    assert told.value.method == "POST"
    page.wait_for_load_state()
    expect(page).not_to_have_url(re.compile("/recherche/"))

    desk = desk_of(REVIEWER)
    desk.goto("/admin/reports/recherches/")
    ranks = desk.get_by_role("table", name=re.compile("Clics par rang"))
    expect(ranks.get_by_role("rowheader", name="1")).to_be_visible()
    expect(desk.get_by_role("rowheader", name="participation")).to_be_visible()


def test_rule_that_loses_a_case_is_confirmed(open_there, desk: Page):
    search(open_there(user_agent=READER), "bistrot")
    desk.goto("/admin/synonymes/")
    desk.get_by_role("link", name=re.compile("bistrot")).first.click()
    desk.get_by_role("textbox", name="Expressions").fill("café\nestaminet")
    desk.get_by_role("button", name="Voir l’effet").click()
    affected = desk.get_by_role("table", name=re.compile("Requêtes concernées"))
    expect(affected.get_by_role("rowheader", name="bistrot")).to_be_visible()

    desk.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(desk.get_by_role("heading", name="Cas de pertinence qui seraient perdus")).to_be_visible()
    desk.get_by_role("button", name="Enregistrer quand même").click()
    desk.wait_for_url("**/admin/synonymes/")
    expect(desk.get_by_role("link", name="café = estaminet")).to_be_visible()
