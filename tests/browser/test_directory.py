"""What an élu comes for in the directory: who covers their commune, how to reach them, what is wrong in a fiche."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.test_journeys import each_visitor, mail_files, wait_for_mails

pytestmark = pytest.mark.browser


@each_visitor
def test_elu_finds_who_covers_their_commune(open_page, visitor):
    page = open_page(**visitor)
    page.goto("/territoires/commune-23096-gueret/")
    page.get_by_role("region", name="Acteurs").get_by_role("link", name=re.compile(r"^Voir ")).click()
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text("Annuaire")
    reasons = main.locator("strong").filter(has_text="Couvre")
    assert reasons.first.inner_text() == "Couvre votre commune"
    main.get_by_text("Type d’acteur", exact=True).first.click()
    main.get_by_role("checkbox", name=re.compile(r"^Association")).check(force=True)
    main.get_by_role("button", name="Appliquer les filtres").click()
    page.wait_for_load_state()
    kinds = main.locator("p.fr-text--xs").filter(has_text="–").all_inner_texts()
    assert kinds
    assert all(kind.startswith("Association") for kind in kinds)
    link = main.locator("h3 a").first
    name = link.inner_text()
    link.click()
    expect(main.get_by_role("heading", level=1)).to_have_text(name)
    expect(main.get_by_role("region", name="Joindre cet acteur")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("scripts", [True, False], ids=["js", "nojs"])
def test_visitor_reports_an_error(open_page, running_site, scripts):
    before = mail_files(running_site.folder)
    page = open_page(java_script_enabled=scripts)
    page.goto("/annuaire/ressourcerie-fictive-du-grand-gueret/")
    page.get_by_role("link", name="Signaler une erreur dans cette fiche").click()
    page.get_by_label("Qu’est-ce qui est faux ou manquant").fill("Le téléphone a changé.")
    address = f"visiteur-{'js' if scripts else 'nojs'}@exemple.fr"
    page.get_by_label("Votre adresse électronique").fill(address)
    time.sleep(3.1)  # the form refuses what is faster than a person
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci, votre signalement est bien parti")
    if running_site.folder is not None:
        bodies = wait_for_mails(running_site.folder, before, to=address)
        assert "Ressourcerie fictive du Grand Guéret" in bodies[address]


def test_map_shows_the_results_without_any_third_party(page, site_url):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/annuaire/?territoire=commune:23096")
    assert not [url for url in asked if "leaflet" in url]
    page.get_by_role("button", name="Afficher la carte").click()
    status = page.get_by_role("status").filter(has_text="sur la carte")
    expect(status).to_be_visible()
    shown = int(re.search(r"\d+", status.inner_text())[0])
    assert 0 < shown < 100
    assert page.locator("[data-actors-map-canvas] canvas").count() == 1
    assert [url for url in asked if not url.startswith(site_url)] == []
    page.get_by_role("button", name="Masquer la carte").click()
    expect(page.locator("[data-actors-map-canvas]")).to_be_hidden()


def test_map_that_cannot_be_loaded_says_so(page):
    page.route("**/leaflet*.js", lambda route: route.abort())
    page.goto("/annuaire/")
    page.get_by_role("button", name="Afficher la carte").click()
    expect(page.get_by_text("La carte n’a pas pu être chargée")).to_be_visible()


def test_fiche_prints_on_paper_without_the_frame_of_the_site(page):
    page.goto("/annuaire/ressourcerie-fictive-du-grand-gueret/")
    page.emulate_media(media="print")
    for hidden in (
        page.get_by_role("banner"),
        page.get_by_role("contentinfo"),
        page.get_by_text("Signaler une erreur"),
    ):
        expect(hidden.first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("region", name="Joindre cet acteur")).to_be_visible()
