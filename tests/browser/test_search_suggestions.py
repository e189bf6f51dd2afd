"""Suggestions of the search as people use them: keyboard, mouse, small screen, without JavaScript."""

import json
import re
import time
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_axe import AXE, AXE_SCRIPT, described, show_in_scheme

PAGE = "/recherche/"
NAME = "Rechercher sur le site"
ANNOUNCED = re.compile(r"^\d+ suggestions, flèches haut et bas pour les parcourir\.$")


@pytest.fixture(scope="module", autouse=True)
def index_is_ready(site_url):
    """The first request of a new site starts the index, which then fills beside the requests."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with urlopen(f"{site_url}/api/v1/suggestions?q=halle") as answer:  # noqa: S310 - our own server
            if all(json.load(answer).values()):
                return
        time.sleep(0.5)
    raise AssertionError("L'index de recherche ne se remplit pas.")


def open_field(page, part: str = "main", address: str = PAGE):
    page.goto(address)
    field = page.get_by_role(part).get_by_role("combobox", name=NAME)
    if not field.is_visible():
        page.locator("#header-search-button").click()
        page.mouse.move(0, 600)  # nothing is under it, whose colours would be others
    return field


def options(page):
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def status(page, part: str = "main"):
    return page.get_by_role(part).locator(".combobox [role=status]").first


def type_and_wait(page, field, text: str) -> None:
    field.press_sequentially(text)
    expect(options(page).first).to_be_visible()


def asked(page) -> list[str]:
    """The queries of the suggestions asked from now on, as they come."""
    queries = []
    page.on(
        "request", lambda request: "/suggestions/" in request.url and queries.append(request.url.partition("?")[2])
    )
    return queries


@pytest.mark.parametrize("part", ["main", "banner"])
def test_field_is_a_closed_combobox_at_first(page, part):
    field = open_field(page, part)
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_attribute("aria-autocomplete", "list")
    expect(page.locator(f"#{field.get_attribute('aria-controls')}")).to_have_role("listbox")
    expect(status(page, part)).to_have_text("")
    assert field.get_attribute("aria-activedescendant") is None


@pytest.mark.parametrize("part", ["main", "banner"])
def test_typing_proposes_three_named_groups_and_announces_their_number(page, part):
    field = open_field(page, part)
    type_and_wait(page, field, "halle")
    expect(field).to_have_attribute("aria-expanded", "true")
    for name in ("Territoires", "Acteurs", "Contenus"):
        expect(page.get_by_role("group", name=name, exact=True).get_by_role("option").first).to_be_visible()
    expect(page.get_by_role("option", name="Visite d’une halle rouverte (fictif) Événement")).to_be_visible()
    expect(status(page, part)).to_have_text(ANNOUNCED)
    assert status(page, part).inner_text().startswith(f"{options(page).count()} ")


def test_one_letter_asks_nothing_and_typing_fast_asks_once(page):
    field = open_field(page)
    queries = asked(page)
    field.press_sequentially("h")
    page.wait_for_timeout(600)
    assert queries == []
    field.press_sequentially("alle", delay=20)
    expect(options(page).first).to_be_visible()
    assert queries == ["q=halle"]


def test_arrows_move_through_the_groups_and_enter_opens_the_page(page):
    field = open_field(page)
    type_and_wait(page, field, "halle")
    field.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options(page).first.get_attribute("id"))
    field.press("ArrowUp")  # wraps to the last, which is a content
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    expect(field).to_be_focused()
    address = options(page).last.get_attribute("data-url")
    field.press("Enter")
    page.wait_for_url(f"**{address}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("part", ["main", "banner"])
def test_enter_without_an_option_searches_what_was_typed(page, part):
    field = open_field(page, part)
    type_and_wait(page, field, "halle")
    field.press("Enter")
    page.wait_for_url("**/recherche/?q=halle*")
    expect(page.get_by_role("main").get_by_role("combobox", name=NAME)).to_have_value("halle")


def test_home_and_end_move_in_the_text(page):
    field = open_field(page)
    type_and_wait(page, field, "halle")
    field.press("ArrowDown")
    field.press("Home")
    assert field.get_attribute("aria-activedescendant") is None
    assert field.evaluate("input => input.selectionStart") == 0
    field.press("End")
    assert field.evaluate("input => input.selectionStart") == 5


def test_escape_closes_then_clears_and_tab_leaves(page):
    field = open_field(page)
    type_and_wait(page, field, "halle")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("halle")
    field.press("Escape")
    expect(field).to_have_value("")
    type_and_wait(page, field, "halle")
    field.press("Tab")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).not_to_be_focused()
    expect(field).to_have_value("halle")


def test_escape_in_the_dialog_of_a_small_screen_closes_the_list_then_clears_then_leaves(phone):
    field = open_field(phone, "banner")
    type_and_wait(phone, field, "halle")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_be_visible()
    field.press("Escape")
    expect(field).to_have_value("")
    expect(field).to_be_visible()
    field.press("Escape")
    expect(field).not_to_be_visible()


def test_mouse_opens_the_page(page):
    field = open_field(page, "banner", "/cgu/")
    type_and_wait(page, field, "halle")
    address = options(page).last.get_attribute("data-url")
    options(page).last.click()
    expect(page).to_have_url(re.compile(re.escape(address)))


def test_no_suggestion_is_announced(page):
    field = open_field(page)
    field.press_sequentially("zzzzqqqqwwww")
    expect(status(page)).to_have_text("Aucune suggestion.")
    expect(field).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("answer", ["abort", "error"])
def test_failure_says_nothing_and_the_form_still_goes(page, answer):
    page.route(
        "**/recherche/suggestions/*",
        lambda route: route.abort() if answer == "abort" else route.fulfill(status=500, body="Erreur"),
    )
    field = open_field(page)
    with page.expect_request("**/recherche/suggestions/*"):
        field.press_sequentially("halle")
    page.wait_for_timeout(200)
    expect(status(page)).to_have_text("")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("Enter")
    page.wait_for_url("**/recherche/?q=halle*")


def test_late_answer_to_an_older_text_is_ignored(page):
    field = open_field(page)

    def slow(route):
        if "q=halle" in route.request.url:
            page.wait_for_timeout(800)
        route.continue_()

    page.route("**/recherche/suggestions/*", slow)
    field.press_sequentially("halle")
    page.wait_for_timeout(350)
    field.fill("budget")
    expect(options(page).first).to_contain_text("budget")
    page.wait_for_timeout(900)
    expect(options(page).first).to_contain_text("budget")


@pytest.mark.parametrize("part", ["main", "banner"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_list_fits_a_small_screen(open_page, scheme, part):
    phone = open_page(viewport=PHONE, color_scheme=scheme, has_touch=True)
    field = open_field(phone, part)
    type_and_wait(phone, field, "halle")
    for _option in options(phone).all():
        field.press("ArrowDown")
        box = phone.locator("[role=option][aria-selected=true]").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert box["height"] >= 44
        assert 0 <= box["y"] <= 640 - box["height"]
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    address = options(phone).last.get_attribute("data-url")
    options(phone).last.tap()
    phone.wait_for_url(f"**{address}")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("part", ["main", "banner"])
def test_axe_finds_nothing_in_the_open_list(open_page, viewport, part):
    page = open_page(bypass_csp=True, viewport=viewport)
    field = open_field(page, part)
    type_and_wait(page, field, "halle")
    field.press("ArrowDown")
    page.add_script_tag(path=AXE)
    problems = []
    for scheme in ("light", "dark"):
        show_in_scheme(page, scheme)
        expect(options(page).first).to_be_visible()
        problems += described(page.evaluate(AXE_SCRIPT), scheme)
    assert problems == []


def test_script_breaks_no_rule_of_the_content_policy(page):
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => (window.violations ??= []).push(e.violatedDirective))"
    )
    field = open_field(page)
    type_and_wait(page, field, "halle")
    field.press("ArrowDown")
    assert page.evaluate("window.violations ?? []") == []


@pytest.mark.parametrize("part", ["main", "banner"])
def test_journey_without_javascript(nojs_page, part):
    nojs_page.goto(PAGE)
    field = nojs_page.get_by_role(part).get_by_role("searchbox", name=NAME)
    field.fill("halle")
    field.press("Enter")
    nojs_page.wait_for_url("**/recherche/?q=halle*")
    nojs_page.get_by_role("link", name=re.compile("Visite d’une halle rouverte")).click()
    expect(nojs_page.get_by_role("heading", level=1)).to_contain_text("Visite d’une halle")
