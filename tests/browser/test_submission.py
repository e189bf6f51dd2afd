"""Somebody without account tells an experience, on a phone without script; an editor accepts and publishes it."""

import re
import time
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, EDITOR, EDITOR_PASSWORD, PHONE, THINKING
from tests.browser.mails import wait_for_mail
from tests.browser.test_axe import AXE, AXE_SCRIPT, described, show_in_scheme
from tests.browser.test_sample import script

START = "/experiences/partager/"
TITLE = "Un atelier de réparation au marché (récit fictif)"
HOLDER = "Ressourcerie fictive du Grand Guéret"
SCREENS = ("", "vous/", "projet/", "recit/", "bilan/", "envoi/")


@pytest.fixture
def author() -> str:
    """An address that no other test uses."""
    return f"autrice{time.time_ns()}@exemple.fr"


def go_on(page: Page, button: str = "Enregistrer et continuer") -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def step(page: Page) -> str:
    """The title of the screen."""
    return page.locator(".fr-stepper__title").inner_text().splitlines()[-1].strip()


def fill_author(page: Page, address: str) -> None:
    page.get_by_label("Votre nom").fill("Camille Exemple")
    page.get_by_label("Votre fonction").fill("Adjointe au maire")
    page.get_by_label("Votre collectivité ou organisme").fill(HOLDER)
    page.get_by_label("Votre adresse électronique").fill(address)


def fill_project(page: Page) -> None:
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Résumé").fill("Réparer plutôt que jeter, une fois par mois, sur la place.")
    page.get_by_text("Achevé", exact=True).click()
    page.get_by_label("Début").fill("03/2024")
    page.locator("[name=ended_on]").fill("juin 2025")
    page.locator("summary").filter(has_text="Transition écologique").click()
    page.get_by_text("Déchets et économie circulaire", exact=True).click()


def fill_story(page: Page) -> None:
    page.locator("[name=context]").fill("Un bourg fictif, un marché le samedi.")
    page.locator("[name=problem]").fill("Les objets cassés finissaient à la déchetterie.")
    page.get_by_text("Démarche : pas encore connu").click()
    page.get_by_label("Étape 1 : date").fill("12/03/2024")
    page.get_by_label("Étape 1 : titre").fill("Premier atelier")


def fill_outcome(page: Page) -> None:
    page.get_by_label("Coût en euros").fill("1 250,50 €")
    page.get_by_text("Temps passé pas encore connu").click()
    page.locator("[name=results]").fill("Trois cents objets réparés.")
    page.locator("[name=difficulties]").fill("Trouver des bénévoles <b>chaque</b> mois.")
    page.locator("[name=to_redo]").fill("Prévenir les commerçants.")


def first_step(page: Page, address: str) -> str:
    """Fill the first screen without script; give the address of the draft."""
    page.goto(START)
    fill_author(page, address)
    page.locator("[name=place]").fill("23096")
    page.wait_for_timeout(THINKING)
    go_on(page)
    expect(page).to_have_url(re.compile(r"/depot/[^/]+/projet/$"))
    return page.url.removesuffix("projet/")


def accept_in_the_admin(page: Page) -> None:
    """As an editor: read, accept, complete, publish."""
    page.goto("/admin/login/")
    page.locator("#id_username").fill(EDITOR)
    page.locator("#id_password").fill(EDITOR_PASSWORD)
    page.get_by_role("button", name="S'identifier").click()
    page.wait_for_url("**/admin/")
    page.get_by_role("link", name="Propositions").click()
    page.get_by_role("link", name=TITLE).first.click()
    preview = page.frame_locator("iframe[title='Aperçu de la page']")
    expect(preview.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(preview.get_by_text("Trouver des bénévoles <b>chaque</b> mois.").first).to_be_visible()
    page.get_by_label("Accepter").check()
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_text("est créée en brouillon, et son auteur est prévenu")).to_be_visible()
    page.get_by_role("tab", name="Suivi").click()
    page.locator("[name=review_date]").fill("2030-01-01")
    page.locator("[name=review_date]").press("Escape")
    page.locator("[name=review_owner]").select_option(index=1)
    page.get_by_role("button", name="Plus d'actions").or_(
        page.locator(".footer [data-w-dropdown-target=toggle]")
    ).first.click()
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("publiée").first).to_be_visible()


def test_visitor_submits_an_experience_without_script_and_an_editor_publishes_it(open_there, editors_site, author):
    phone = open_there(viewport=PHONE, java_script_enabled=False)
    phone.goto("/experiences/")
    phone.get_by_role("link", name="Partager une expérience").click()
    fill_author(phone, author)
    phone.locator("[name=place]").fill("saint-denis")
    phone.wait_for_timeout(THINKING)
    go_on(phone)
    expect(phone).to_have_title(re.compile("^Erreur – Étape 1 sur 5"))
    expect(phone.get_by_label("Votre nom")).to_have_value("Camille Exemple")
    phone.get_by_text("Aucun de ces territoires").click()
    go_on(phone)
    phone.locator("[name=place]").fill("23096")
    go_on(phone)
    assert step(phone) == "Le projet"
    fill_project(phone)
    go_on(phone)
    phone.locator("[name=context]").fill("À moitié écrit")
    go_on(phone, "Étape précédente")
    assert step(phone) == "Le projet"
    expect(phone.get_by_label("Titre")).to_have_value(TITLE)
    go_on(phone, "Enregistrer et finir plus tard")
    expect(phone.get_by_text("Votre brouillon est enregistré.")).to_be_visible()

    link = re.search(
        r"http\S+/depot/\S+", wait_for_mail(editors_site.folder, author, "Reprendre votre retour d’expérience")
    )
    desk = open_there(java_script_enabled=False)  # another device
    desk.goto(link[0])
    desk.get_by_role("link", name="Continuer : Le récit").click()
    expect(desk.locator("[name=context]")).to_have_value("À moitié écrit")
    fill_story(desk)
    go_on(desk)
    fill_outcome(desk)
    go_on(desk)
    assert step(desk) == "Relire et envoyer"
    expect(desk.get_by_text("Déchets et économie circulaire")).to_be_visible()
    desk.get_by_text("Je suis l’auteur de ce récit").click()
    desk.wait_for_timeout(THINKING)
    go_on(desk, "Envoyer à l’équipe")
    expect(desk.get_by_role("heading", level=2).first).to_have_text("Votre expérience est envoyée")
    phone.goto(link[0] + "recit/")
    expect(phone.get_by_role("heading", level=2).first).to_have_text("Votre expérience est envoyée")

    accept_in_the_admin(open_there())
    published = wait_for_mail(editors_site.folder, author, "Votre retour d’expérience est publié")
    phone.goto(re.search(r"http\S+/experiences/\S+", published)[0])
    expect(phone.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(phone.get_by_role("main").get_by_role("link", name=HOLDER)).to_be_visible()
    log = (editors_site.folder / "server.log").read_text()
    assert "/experiences/partager/depot/[jeton]/" in log
    assert link[0].split("/depot/")[1].split("/")[0] not in log


def test_author_deletes_everything_from_the_mail_without_script(open_there, editors_site, author):
    phone = open_there(viewport=PHONE, java_script_enabled=False)
    draft = first_step(phone, author)
    mail = wait_for_mail(editors_site.folder, author, "Reprendre votre retour d’expérience")
    phone.goto(re.search(r"http\S+/suppression/\S+", mail)[0])
    go_on(phone, "Supprimer définitivement")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Vos données sont supprimées")
    assert phone.goto(draft).status == 410


def test_errors_are_read_first_and_lead_to_their_fields(open_there):
    page = open_there()
    page.goto(START)
    go_on(page)
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    page.get_by_role("link", name=re.compile("^Votre adresse électronique : ")).click()
    expect(page.get_by_label("Votre adresse électronique")).to_be_focused()
    expect(page.get_by_label("Votre adresse électronique")).to_have_accessible_description(
        re.compile("nom@domaine.fr")
    )


def test_screens_hold_at_every_size_with_or_without_script(open_there, author):
    address = first_step(open_there(java_script_enabled=False), author)
    problems = []
    for viewport, scheme in ((PHONE, "dark"), (DESKTOP, "light")):
        page = open_there(viewport=viewport, color_scheme=scheme, bypass_csp=True)
        for screen in SCREENS:
            page.goto(address + screen)
            show_in_scheme(page, scheme)
            page.locator("details:not([open]) > summary").evaluate_all("folded => folded.forEach(one => one.click())")
            page.add_script_tag(path=AXE)
            problems += described(page.evaluate(AXE_SCRIPT), f"{screen}, {scheme}, {viewport['width']}")
            levels = page.evaluate(script("heading_levels"))
            problems += [f"{screen} h{a}-h{b}" for a, b in pairwise(levels) if b > a + 1]
    for java_script_enabled in (True, False):
        page = open_there(viewport=PHONE, java_script_enabled=java_script_enabled)
        for screen in SCREENS:
            page.goto(address + screen)
            problems += [f"{screen} trop large : {wide}" for wide in page.evaluate(script("wider"))]
    assert problems == []
