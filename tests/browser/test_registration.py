"""An agent registers, changes, gives up and comes back, with and without script; an organiser checks them in."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, EDITOR, PHONE, THINKING
from tests.browser.mails import wait_for_mail
from tests.browser.test_axe import AXE, AXE_SCRIPT, described, show_in_scheme
from tests.browser.test_sample import script

EVENT = "Préparer son premier budget participatif (fictif)"
PAGE = "/agenda/atelier-budget-participatif/"
CONFIRM, CONFIRMED = f"Confirmez votre inscription : {EVENT}", f"Inscription confirmée : {EVENT}"


@pytest.fixture
def agent() -> str:
    """An address that no other test uses."""
    return f"agente{time.time_ns()}@exemple.fr"


def link_in(mail: str, part: str) -> str:
    return re.search(rf"http\S+/{part}/\S+", mail)[0]


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def fill_person(page: Page, address: str) -> None:
    page.get_by_label("Votre adresse électronique").fill(address)
    page.get_by_label("Votre prénom").fill("Camille")
    page.get_by_label("Votre nom", exact=False).last.fill("Exemple")
    page.get_by_label("Votre collectivité ou organisme").fill("Commune fictive")
    page.locator("[name=commune]").fill("23096")


def ask(page: Page, address: str) -> None:
    """Find the event, open its form and send it."""
    page.goto("/agenda/")
    page.get_by_role("link", name=EVENT).click()
    page.get_by_role("link", name=re.compile("^S’inscrire")).first.click()
    fill_person(page, address)
    page.wait_for_timeout(THINKING)
    press(page, "M’inscrire")
    expect(page.get_by_role("heading", level=1)).to_contain_text("confirmez votre adresse")


def register(page: Page, site, address: str) -> str:
    """Register and confirm; give the address that manages the registration."""
    ask(page, address)
    page.goto(link_in(wait_for_mail(site.folder, address, CONFIRM), "confirmer"))
    press(page, "Confirmer mon inscription")
    expect(page.get_by_text("Votre place est à vous.")).to_be_visible()
    return link_in(wait_for_mail(site.folder, address, CONFIRMED), "gerer")


def test_agent_registers_changes_and_gives_up_on_a_phone_without_script(open_there, editors_site, agent):
    phone = open_there(viewport=PHONE, java_script_enabled=False)
    manage = register(phone, editors_site, agent)
    desk = open_there(java_script_enabled=False)  # another device
    desk.goto(manage)
    desk.get_by_role("link", name="Modifier mes réponses").click()
    desk.get_by_label("Votre fonction").fill("Secrétaire de mairie")
    press(desk, "Enregistrer")
    press(desk, "Annuler mon inscription")
    expect(desk.get_by_text("Vous n’êtes plus inscrit à cette séance.")).to_be_visible()
    wait_for_mail(editors_site.folder, agent, f"Inscription annulée : {EVENT}")
    phone.goto(manage)
    press(phone, "M’inscrire de nouveau")
    expect(phone.get_by_text("Votre place est à vous.")).to_be_visible()
    token = manage.split("/gerer/")[1].split("/")[0]
    assert token not in (editors_site.folder / "server.log").read_text()


def test_form_is_sent_with_the_keyboard_alone_and_errors_are_read_first(open_there, agent):
    page = open_there()
    page.goto(PAGE)
    page.get_by_role("link", name=re.compile("^S’inscrire")).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/agenda/inscription/**")
    page.get_by_role("button", name="M’inscrire", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Votre adresse électronique")).to_be_focused()
    page.keyboard.type(agent)
    for text in ("Camille", "Exemple"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.wait_for_timeout(THINKING)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("confirmez votre adresse")


def test_place_is_given_to_a_colleague_who_accepts_it(open_there, editors_site, agent):
    page = open_there(java_script_enabled=False)
    page.goto(register(page, editors_site, agent))
    page.get_by_role("link", name="Transmettre ma place à quelqu’un d’autre").click()
    colleague = f"collegue-{agent}"
    page.get_by_label(re.compile("adresse", re.IGNORECASE)).first.fill(colleague)
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state()
    expect(page.get_by_role("button", name="Garder ma place")).to_be_visible()
    other = open_there(viewport=PHONE, java_script_enabled=False)
    other.goto(
        link_in(wait_for_mail(editors_site.folder, colleague, f"Une place vous est proposée : {EVENT}"), "place")
    )
    other.get_by_label("Votre nom", exact=False).last.fill("Collègue")
    press(other, "Accepter cette place")
    expect(other.get_by_text("Votre place est à vous.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Vous n’êtes plus inscrit à cette séance.")).to_be_visible()


def test_screens_of_a_registration_hold_at_every_size(open_there, editors_site, agent):
    page = open_there(java_script_enabled=False)
    ask(page, agent)
    confirm = link_in(wait_for_mail(editors_site.folder, agent, CONFIRM), "confirmer")
    page.goto(confirm)
    press(page, "Confirmer mon inscription")
    manage = link_in(wait_for_mail(editors_site.folder, agent, CONFIRMED), "gerer")
    token = manage.split("/gerer/")[1].strip("/")
    screens = [confirm, manage, *(f"/agenda/inscription/{verb}/{token}/" for verb in ("modifier", "transmettre"))]
    problems = []
    for viewport, scheme in ((PHONE, "dark"), (DESKTOP, "light")):
        shown = open_there(viewport=viewport, color_scheme=scheme, bypass_csp=True)
        for screen in screens:
            assert shown.goto(screen).status == 200
            show_in_scheme(shown, scheme)
            problems += [f"{screen} trop large : {wide}" for wide in shown.evaluate(script("wider"))]
            shown.add_script_tag(path=AXE)
            problems += described(shown.evaluate(AXE_SCRIPT), f"{screen}, {scheme}, {viewport['width']}")
    assert problems == []


def test_organiser_finds_who_is_registered_and_checks_them_in_once(open_there, editors_site, desk_of, agent):
    register(open_there(java_script_enabled=False), editors_site, agent)
    desk = desk_of(EDITOR)
    desk.goto("/admin/inscriptions/")
    desk.locator("#id_q").fill(agent)
    expect(desk.locator("table.listing tbody tr")).to_have_count(1)
    desk.get_by_role("link", name="Camille Exemple").first.click()
    expect(desk.get_by_text("Commune fictive")).to_be_visible()
    press(desk, "Noter présente")
    expect(desk.get_by_text("Pointée le")).to_be_visible()
    expect(desk.get_by_role("button", name="Noter présente")).to_have_count(0)
    expect(desk.get_by_role("button", name="Revenir sur le pointage")).to_be_visible()


def test_organiser_picks_the_dates_of_a_session(desk_of):
    desk = desk_of(EDITOR)
    problems = []
    desk.on("pageerror", lambda error: problems.append(str(error)))
    desk.goto("/admin/seances/")
    desk.locator("table.listing td.title a").first.click()
    desk.get_by_label("Début").click()
    expect(desk.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    assert problems == []
