"""What an élu comes for: find their commune, with typing mistakes, on a phone, with or without JavaScript."""

import email
import email.policy
import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE

# Without JavaScript, or with it, on a phone or on a desktop.
VISITORS = [
    pytest.param({"viewport": viewport, "java_script_enabled": scripts}, id=f"{viewport['width']}-{name}")
    for viewport in (PHONE, DESKTOP)
    for name, scripts in (("js", True), ("nojs", False))
]
each_visitor = pytest.mark.parametrize("visitor", VISITORS)


def territory_form(page: Page):
    return page.get_by_role("main").get_by_role("search", name="Trouver un territoire")


def reach_commune(page: Page, typed: str, name: str) -> None:
    """Type a name on the home page and follow what leads to a commune, as a visitor would."""
    page.goto("/")
    form = territory_form(page)
    form.get_by_role("textbox").or_(form.get_by_role("combobox")).fill(typed)
    form.get_by_role("button", name="Chercher").click()
    page.wait_for_load_state()
    if page.get_by_role("heading", level=1).inner_text() != name:
        page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def check_commune_page(page: Page, name: str, epci: str) -> None:
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text(name)
    expect(page).to_have_title(re.compile(name))
    identity = main.get_by_role("region", name="Identité")
    expect(identity.get_by_role("link", name=epci)).to_be_visible()
    population = re.search(r"Population[^\d]*([\d\s\u202f\u00a0]+)", identity.inner_text())
    assert int(re.sub(r"\D", "", population[1])) > 0
    expect(main.get_by_role("region", name="Programmes de l’État", exact=True)).to_be_visible()


@each_visitor
@pytest.mark.parametrize(
    ("typed", "name", "epci"),
    [
        ("nante", "Nantes", "Nantes Métropole"),
        ("chateaubrian", "Châteaubriant", "CC Châteaubriant-Derval"),
        ("35400", "Saint-Malo", "CA du Pays de Saint Malo Agglomération"),
    ],
)
def test_elu_finds_their_commune(open_page, visitor, typed, name, epci):
    page = open_page(**visitor)
    reach_commune(page, typed, name)
    check_commune_page(page, name, epci)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_elu_chooses_their_commune_with_the_keyboard_alone(phone):
    phone.goto("/")
    field = territory_form(phone).get_by_role("combobox")
    field.focus()
    phone.keyboard.type("chateaubrian", delay=20)
    option = phone.get_by_role("option", name=re.compile("Châteaubriant")).first
    expect(option).to_be_visible()
    expect(phone.get_by_role("status").filter(has_text=re.compile(r"\d"))).to_have_count(1)
    phone.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", re.compile(r"\S"))
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Châteaubriant")
    check_commune_page(phone, "Châteaubriant", "CC Châteaubriant-Derval")


def test_commune_with_programmes_shows_them_with_their_source(page):
    page.goto("/territoires/commune-44036-chateaubriant/")
    programmes = page.get_by_role("main").get_by_role("region", name="Programmes de l’État", exact=True)
    expect(programmes).to_contain_text("Action cœur de ville")
    expect(programmes).to_contain_text("Source")


@each_visitor
def test_visitor_searches_from_the_header(open_page, visitor):
    page = open_page(**visitor)
    page.goto("/cgu/")
    opener = page.get_by_role("button", name=re.compile("Recherche"))
    if visitor["java_script_enabled"] and visitor["viewport"] == PHONE:
        opener.first.click()
    field = page.get_by_role("banner").get_by_label("Rechercher sur le site")
    if not field.is_visible():
        page.goto("/recherche/")
        field = page.get_by_role("main").get_by_label("Rechercher sur le site")
    field.first.fill("accessibilité")
    field.first.press("Enter")
    expect(page).to_have_url(re.compile(r"/recherche/\?.*q=accessibilit"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Recherche"))
    expect(page.get_by_role("main").get_by_role("link", name=re.compile("Accessibilité")).first).to_be_visible()


def fill_contact_form(page: Page, message: str) -> None:
    page.goto("/contact/")
    page.get_by_label(re.compile("Votre nom")).fill("Camille Durand")
    page.get_by_label(re.compile("adresse électronique")).fill("camille.durand@mairie.exemple.fr")
    page.get_by_label(re.compile("Objet")).select_option("accessibilite")
    page.get_by_label(re.compile("^Votre message")).fill(message)


@each_visitor
def test_visitor_writes_to_the_team_and_gets_a_receipt(open_page, visitor, running_site):
    message = f"Le contraste du bouton est trop faible, essai {time.time_ns()}."
    before = mail_files(running_site.folder)
    page = open_page(**visitor)
    fill_contact_form(page, message)
    page.wait_for_timeout(3500)  # faster than that is a robot
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre message est bien parti")
    if running_site.folder is not None:
        sender = "camille.durand@mairie.exemple.fr"
        bodies = wait_for_mails(running_site.folder, before, to=sender, count=2)
        receipt = bodies.pop(sender)
        assert "Votre message est bien arrivé." in receipt
        assert message not in receipt  # the form can't be used to write to others
        assert [message in body for body in bodies.values()] == [True]


def mail_files(folder) -> set:
    """The mails that left the running site so far."""
    return set() if folder is None else set((folder / "mails").glob("*.eml"))


def wait_for_mails(folder, before: set, *, to: str, count: int = 1, seconds: float = 40) -> dict[str, str]:
    """The text of each mail that left since, by recipient, once there are ``count``, one of them for ``to``."""
    deadline = time.monotonic() + seconds
    texts: dict[str, str] = {}
    while time.monotonic() < deadline and not (to in texts and len(texts) >= count):
        time.sleep(0.3)
        mails = [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in mail_files(folder) - before
        ]
        texts = {mail["To"]: mail.get_body(("plain",)).get_content() for mail in mails}
    return texts


@each_visitor
def test_visitor_who_forgets_a_field_is_told_which(open_page, visitor):
    page = open_page(**visitor)
    fill_contact_form(page, "Bonjour")
    page.get_by_label(re.compile("adresse électronique")).fill("camille chez mairie")
    page.wait_for_timeout(3500)
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page).to_have_title(re.compile("^Erreur"))
    field = page.get_by_label(re.compile("adresse électronique"))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_name(re.compile(r"Format attendu : nom@domaine\.fr"))
    expect(field).to_have_accessible_description(re.compile("Votre adresse électronique"))
    expect(page.get_by_label(re.compile("^Votre message"))).to_have_value("Bonjour")
