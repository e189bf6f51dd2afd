"""The frame in a real browser: policy, requests, keyboard, themes, small screens, no script."""

import re

import pytest
from playwright.sync_api import expect

FIRST_VISIT_BYTES = 200_000
FIRST_VISIT_REQUESTS = 10
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(22, 22, 22)"


def wait_for_background(page, color: str) -> None:
    """The scheme is applied by the script of the page, after it is loaded."""
    page.wait_for_function("color => getComputedStyle(document.body).backgroundColor === color", arg=color)
    page.wait_for_function("document.documentElement.dataset.frJs === 'true'")


def active(page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


def test_first_visit_of_the_home_is_light(open_page):
    page = open_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds, sizes = {}, {}

    def note(event):
        if not event["request"]["url"].startswith("data:"):
            kinds[event["requestId"]] = event.get("type")

    session.on("Network.requestWillBeSent", note)
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    weighed = [request for request, kind in kinds.items() if kind != "Image"]  # pictures have their own budget
    assert len(weighed) <= FIRST_VISIT_REQUESTS
    assert sum(sizes[request] for request in weighed) <= FIRST_VISIT_BYTES


def test_first_tab_offers_to_skip_to_the_content(page):
    page.goto("/")
    page.keyboard.press("Tab")
    assert active(page) == "Contenu"
    assert page.locator(".fr-skiplinks").evaluate("element => element.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert active(page) == "content"


@pytest.mark.parametrize(("label", "dialog"), [("Menu", "header-menu"), ("Recherche", "header-search")])
def test_skip_link_opens_what_a_small_screen_hides(phone, label, dialog):
    phone.goto("/")
    link = phone.locator(".fr-skiplinks").get_by_text(label, exact=True)
    link.focus()
    link.press("Enter")
    expect(phone.locator(f"#{dialog}")).to_be_visible()
    assert phone.evaluate("id => document.getElementById(id).contains(document.activeElement)", dialog)


@pytest.mark.parametrize("dialog", ["header-menu", "header-search"])
def test_dialog_of_the_header_opens_and_gives_the_focus_back(phone, dialog):
    phone.goto("/")
    expect(phone.locator(f"#{dialog}")).not_to_be_visible()
    phone.locator(f"#{dialog}-button").click()
    expect(phone.locator(f"#{dialog}")).to_be_visible()
    assert phone.evaluate("id => document.getElementById(id).contains(document.activeElement)", dialog)
    phone.keyboard.press("Escape")
    expect(phone.locator(f"#{dialog}")).not_to_be_visible()
    assert active(phone) == f"{dialog}-button"


def test_quick_links_are_in_the_menu_of_a_small_screen(phone):
    phone.goto("/")
    phone.locator("#header-menu-button").click()
    phone.locator("#header-menu").get_by_role("link", name="Contact").click()
    expect(phone).to_have_url(re.compile("/contact/$"))


def test_theme_is_chosen_and_remembered(open_page):
    page = open_page(color_scheme="light")
    page.goto("/")
    wait_for_background(page, LIGHT)
    opener = page.get_by_role("button", name="Paramètres d’affichage")
    opener.click()
    expect(page.locator("#fr-theme-modal")).to_be_visible()
    expect(page.get_by_label("Système")).to_be_checked()
    page.locator("label[for=fr-radios-theme-dark]").click()
    wait_for_background(page, DARK)
    page.keyboard.press("Escape")
    expect(page.locator("#fr-theme-modal")).not_to_be_visible()
    expect(opener).to_be_focused()
    page.goto("/mentions-legales/")
    wait_for_background(page, DARK)
    assert page.context.cookies() == []


@pytest.mark.parametrize(("scheme", "color"), [("light", LIGHT), ("dark", DARK)])
def test_system_theme_is_followed(open_page, scheme, color):
    page = open_page(color_scheme=scheme)
    page.goto("/")
    wait_for_background(page, color)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == color


def test_tab_reaches_every_control_once_and_each_shows_its_focus(page):
    page.goto("/mentions-legales/")
    page.wait_for_load_state("networkidle")
    visible = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input, select, textarea")]
        .filter(element => element.checkVisibility({visibilityProperty: true})).length"""
    )
    reached = []
    for _ in range(visible):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => {
                    const all = [...document.querySelectorAll("*")];
                    // DSFR outlines some links through the pseudo-element that enlarges them.
                    const outlined = [null, "::before", "::after"].some((pseudo) => {
                        const style = getComputedStyle(document.activeElement, pseudo);
                        return style.outlineStyle !== "none" && style.outlineWidth !== "0px";
                    });
                    return [all.indexOf(document.activeElement), outlined];
                }"""
            )
        )
    positions = [position for position, _outlined in reached]
    assert len(set(positions)) == visible
    assert positions == sorted(positions)
    assert all(outlined for _position, outlined in reached)


def test_search_of_the_header_leads_to_the_results(page):
    page.goto("/")
    field = page.get_by_role("combobox", name="Rechercher sur le site")
    field.fill("accessibilité")
    field.press("Enter")
    page.wait_for_url("**/recherche/?q=*")
    assert "accessibilit" in page.url


@pytest.mark.parametrize("width", [320, 1280])
def test_header_works_without_script(open_page, width):
    page = open_page(java_script_enabled=False, viewport={"width": width, "height": 800})
    page.goto("/mentions-legales/")
    expect(page.locator("header").get_by_role("link", name="Contact")).to_be_visible()
    expect(page.get_by_role("link", name="Plan du site")).to_be_visible()
    expect(page.get_by_role("button", name="Paramètres d’affichage")).to_have_count(0)
    expect(page.locator(".fr-breadcrumb").get_by_role("link", name="Accueil")).to_be_visible()
    page.get_by_role("searchbox", name="Rechercher sur le site").fill("commune")
    page.locator("header").get_by_role("button", name="Rechercher").click()
    page.wait_for_url("**/recherche/?q=commune")


def test_errors_of_a_form_take_the_focus(page):
    page.goto("/contact/")
    page.locator("main form").get_by_role("button").last.click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert page.title().startswith("Erreur – ")
    link = page.locator("[data-error-summary] a").first
    target = link.get_attribute("href").removeprefix("#")
    link.click()
    expect(page.locator(f"#{target}")).to_have_attribute("aria-invalid", "true")
