"""The territory field as people use it: keyboard, mouse, small screen, without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

PAGE = "/territoires/"


def open_field(page, address: str = PAGE):
    page.goto(address)
    return page.get_by_role("main").get_by_role("combobox")


def options(page):
    return page.get_by_role("option")


def status(page):
    return page.locator("main .combobox [role=status]")


def type_and_wait(page, field, text: str) -> None:
    field.press_sequentially(text)
    expect(options(page).first).to_be_visible()


def test_field_is_a_closed_combobox_at_first(page):
    field = open_field(page)
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_attribute("aria-autocomplete", "list")
    expect(page.locator(f"#{field.get_attribute('aria-controls')}")).to_have_role("listbox")
    expect(status(page)).to_have_text("")
    assert field.get_attribute("aria-activedescendant") is None


def test_typing_announces_the_number_of_options(page):
    field = open_field(page)
    type_and_wait(page, field, "st malo")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(options(page).first).to_have_text(re.compile(r"Saint-Malo\s+Ille-et-Vilaine \(35\)"))
    expect(status(page)).to_have_text(
        re.compile(r"^\d+ territoires proposés, flèches haut et bas pour les parcourir\.$")
    )


def test_one_letter_asks_nothing(page):
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    field = open_field(page)
    field.press_sequentially("n")
    page.wait_for_timeout(600)
    assert [url for url in requests if "/api/" in url] == []
    expect(field).to_have_attribute("aria-expanded", "false")


def test_typing_fast_asks_once(page):
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    field = open_field(page)
    field.press_sequentially("nantes", delay=20)
    expect(options(page).first).to_be_visible()
    assert [url.partition("?")[2] for url in requests if "/api/" in url] == ["q=nantes&limite=10"]


def test_arrows_move_and_enter_opens_the_page(page):
    field = open_field(page)
    type_and_wait(page, field, "nantes")
    field.press("ArrowDown")
    expect(options(page).nth(0)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options(page).nth(0).get_attribute("id"))
    expect(field).to_be_focused()
    field.press("ArrowUp")  # wraps to the last
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/territoires/commune-44109-nantes/")


def test_home_and_end_move_in_the_text(page):
    field = open_field(page)
    type_and_wait(page, field, "nantes")
    field.press("ArrowDown")
    field.press("Home")
    assert field.get_attribute("aria-activedescendant") is None
    assert field.evaluate("input => input.selectionStart") == 0
    field.press("End")
    assert field.evaluate("input => input.selectionStart") == 6


def test_escape_closes_then_clears(page):
    field = open_field(page)
    type_and_wait(page, field, "nantes")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("nantes")
    field.press("Escape")
    expect(field).to_have_value("")


def test_alt_down_opens_without_choosing(page):
    field = open_field(page)
    type_and_wait(page, field, "nantes")
    field.press("Escape")
    field.press("Alt+ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert field.get_attribute("aria-activedescendant") is None
    field.press("Alt+ArrowUp")
    expect(field).to_have_attribute("aria-expanded", "false")


def test_tab_leaves_and_closes(page):
    field = open_field(page)
    type_and_wait(page, field, "nantes")
    field.press("Tab")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).not_to_be_focused()
    expect(field).to_have_value("nantes")


def test_mouse_opens_the_page(page):
    field = open_field(page)
    type_and_wait(page, field, "kimper")
    options(page).first.click()
    expect(page).to_have_url(re.compile("/territoires/commune-29232-quimper/$"))


def test_enter_without_choice_goes_to_the_candidates(page):
    field = open_field(page)
    type_and_wait(page, field, "saint denis")
    field.press("Enter")
    page.wait_for_url("**/territoires/?q=saint+denis")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("saint denis")


def test_no_answer_is_announced(page):
    field = open_field(page)
    field.press_sequentially("zzzzqqqqwwww")
    expect(status(page)).to_have_text("Aucun territoire ne correspond.")
    expect(field).to_have_attribute("aria-expanded", "false")


def test_api_down_is_announced_and_the_form_still_goes(page):
    page.route("**/api/v1/territoires*", lambda route: route.abort())
    field = open_field(page)
    field.press_sequentially("nantes")
    expect(status(page)).to_have_text("Les propositions sont indisponibles ; validez pour chercher.")
    field.press("Enter")
    page.wait_for_url("**/territoires/?q=nantes")


def test_late_answer_to_an_older_text_is_ignored(page):
    field = open_field(page)

    def slow(route):
        if "q=nantes" in route.request.url:
            page.wait_for_timeout(800)
        route.continue_()

    page.route("**/api/v1/territoires*", slow)
    field.press_sequentially("nantes")
    page.wait_for_timeout(350)
    field.fill("quimper")
    expect(options(page).first).to_contain_text("Quimper")
    page.wait_for_timeout(900)
    expect(options(page).first).to_contain_text("Quimper")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_list_fits_a_small_screen(open_page, scheme):
    phone = open_page(viewport={"width": 320, "height": 640}, color_scheme=scheme, has_touch=True)
    field = open_field(phone)
    type_and_wait(phone, field, "saint denis")
    field.press("ArrowDown")
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    for option in options(phone).all():
        box = option.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert box["height"] >= 44
    options(phone).first.tap()
    phone.wait_for_url("**/territoires/commune-97411-saint-denis/")


def test_script_breaks_no_rule_of_the_content_policy(page):
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => (window.violations ??= []).push(e.violatedDirective))"
    )
    field = open_field(page)
    type_and_wait(page, field, "nantes")
    field.press("ArrowDown")
    assert page.evaluate("window.violations ?? []") == []


def test_journey_without_javascript(nojs_page):
    nojs_page.goto(PAGE)
    nojs_page.get_by_label(re.compile("Nom, code postal")).fill("st malo")
    nojs_page.get_by_role("main").get_by_role("button", name="Chercher").click()
    expect(nojs_page).to_have_title(re.compile("st malo"))
    nojs_page.get_by_role("link", name="Saint-Malo", exact=True).click()
    expect(nojs_page.get_by_role("heading", level=1)).to_contain_text("Saint-Malo")
