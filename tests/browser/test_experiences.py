"""Experiences in a real browser: compared and written about without script, printed on one sheet for a council."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.test_axe import AXE, AXE_SCRIPT, described

FICHE = "/experiences/jardin-partage-gueret/"
COUNCIL = f"{FICHE}?vue=conseil"
COUNCIL_BYTES = 100_000


def test_list_leads_to_a_comparison_without_script(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/experiences/")
    for rank in range(3):
        page.locator(".listing-item .fr-checkbox-group label").nth(rank).click()
    page.get_by_role("button", name="Comparer les expériences cochées").click()
    expect(page).to_have_url(re.compile(r"/experiences/comparer/\?id=\d+&id=\d+&id=\d+$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Comparer trois expériences")
    expect(page.get_by_role("row")).to_have_count(13)


def test_fifth_experience_is_refused_and_unticked_without_script(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/experiences/")
    for rank in range(5):
        page.locator(".listing-item .fr-checkbox-group label").nth(rank).click()
    page.get_by_role("button", name="Comparer les expériences cochées").click()
    expect(page.get_by_text("vous en avez choisi 5")).to_be_visible()
    page.get_by_role("button", name="Comparer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comparer quatre expériences")


def test_experience_leads_to_the_relay_without_script(open_page):
    page = open_page(java_script_enabled=False)
    page.goto(FICHE)
    page.get_by_role("link", name="Contacter le porteur de l’expérience").click()
    page.get_by_label("Votre nom").fill("Camille Exemple")
    page.get_by_label("Votre adresse électronique").fill("camille@exemple.fr")
    page.get_by_label("Votre message").fill("Nous préparons un jardin.")
    page.wait_for_timeout(3500)  # nobody writes faster
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre message est parti")


def test_commune_finds_experiences_of_communes_alike(page):
    page.goto("/experiences/")
    page.get_by_label("Communes comme la mienne").fill("23096")
    page.get_by_role("option", name=re.compile("Guéret")).first.click()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page).to_have_url(re.compile("comme=commune%3A23096"))
    expect(page.locator(".listing-item strong").first).to_contain_text("Même strate de population")


def test_council_sheet_is_light_and_calls_nobody(open_page, site_url):
    page = open_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes, urls = [], []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.on("Network.requestWillBeSent", lambda event: urls.append(event["request"]["url"]))
    page.goto(COUNCIL)
    page.wait_for_load_state("networkidle")
    assert sum(sizes) <= COUNCIL_BYTES
    assert {urlsplit(url).netloc for url in urls} == {urlsplit(site_url).netloc}
    assert page.context.cookies() == []


def test_council_sheet_prints_on_one_page(page):
    page.goto(COUNCIL)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_council_sheet_is_accessible(open_page):
    for width in (320, 1280):
        page = open_page(viewport={"width": width, "height": 640}, bypass_csp=True)
        page.goto(COUNCIL)
        page.add_script_tag(path=AXE)
        assert described(page.evaluate(AXE_SCRIPT), str(width)) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
