"""From the first word to the public page: an editor publishes a kit, a partner's article is refused then accepted."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PARTNER, REVIEWER

pytestmark = pytest.mark.browser
READY = 2_500  # milliseconds: what is typed before Wagtail first looks at the form is no change to it
PAUSE = 1_000
KIT = "Réparer un banc public (essai fictif)"
ARTICLE = "Notre chantier ouvert (essai fictif)"
PDF = b"%PDF-1.4 essai"
NEXT_YEAR = (date.today() + timedelta(days=365)).isoformat()  # noqa: DTZ011 (any day to come)


def wait_for_editor(desk: Page) -> None:
    desk.wait_for_load_state("networkidle")
    desk.wait_for_timeout(READY)


def add_block(desk: Page, panel: str, kind: str) -> None:
    """Insert a block of a stream after the others."""
    desk.locator(f"#panel-child-contenu-{panel}-section .c-sf-add-button").last.click()
    desk.get_by_role("option", name=kind).click()


def write(desk: Page, panel: str, text: str) -> None:
    """Type in the rich text of a panel, until the form holds it: it gets there a moment after the last key."""
    section = f"#panel-child-contenu-{panel}-section"
    area = desk.locator(f"{section} [contenteditable=true]")
    area.click()
    desk.wait_for_timeout(PAUSE)
    area.press_sequentially(text)
    desk.wait_for_function(
        "([section, text]) => [...document.querySelectorAll(`${section} input`)].some((i) => i.value.includes(text))",
        arg=[section, text],
    )


def classify(desk: Page) -> None:
    """The first theme, and the next review."""
    desk.get_by_role("tab", name="Classement").click()
    desk.locator("#id_themes_0_0").check()
    desk.get_by_role("tab", name="Suivi").click()
    desk.locator("#id_review_date").fill(NEXT_YEAR)
    desk.keyboard.press("Escape")


def act(desk: Page, action: str) -> None:
    """One of the actions under the editor."""
    desk.get_by_role("button", name="Plus d'actions").click()
    desk.get_by_role("button", name=action, exact=True).click()
    desk.wait_for_load_state("networkidle")


def upload(desk: Page, content: bytes) -> None:
    modal = desk.locator(".modal")
    modal.locator("input[type=file]").set_input_files(
        {"name": "fiche-de-chantier.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    modal.locator("#id_document-chooser-upload-title").fill("Fiche de chantier")
    modal.get_by_role("button", name="Transférer").click()


def test_editor_publishes_a_kit_from_login_to_public_page(desk):
    desk.goto("/admin/kits/")
    desk.get_by_role("link", name="Ajouter").first.click()
    wait_for_editor(desk)
    desk.locator("#id_title").fill(KIT)
    desk.locator("#id_summary").fill("Une méthode d’essai pour réparer un banc avec ses habitants.")
    desk.locator("#id_kind").select_option("guide")
    desk.locator("#id_version").fill("1.0")
    add_block(desk, "pieces", "Étape")
    desk.locator("#pieces-0-value-title").fill("Choisir le banc")
    write(desk, "pieces", "Celui que tout le monde montre du doigt.")
    add_block(desk, "pieces", "Fichier")
    desk.get_by_role("button", name="Choisir un document").click()
    desk.get_by_role("tab", name="Transférer").click()
    upload(desk, b"<script>alert(1)</script>")
    expect(desk.locator(".modal")).to_contain_text("n’est pas un fichier PDF")
    upload(desk, PDF)
    expect(desk.locator(".modal")).to_be_hidden()

    wait_for_editor(desk)  # a draft that is being kept while one publishes is a conflict to Wagtail
    act(desk, "Publier")
    expect(desk.locator(".messages")).to_contain_text("erreurs de validation")
    expect(desk.get_by_text("Choisissez de une à 5 thématiques.").first).to_be_attached()

    wait_for_editor(desk)  # the page came back, and builds its fields anew
    classify(desk)
    wait_for_editor(desk)  # Wagtail keeps the draft by itself, and writes the buttons anew
    with desk.expect_navigation():  # the answer, and not what the page said before
        act(desk, "Publier")
    expect(desk.locator(".messages")).to_contain_text(KIT)

    desk.goto("/ressources/?tri=recent")
    desk.get_by_role("link", name=KIT).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(KIT)
    expect(desk.get_by_role("heading", name="Choisir le banc")).to_be_visible()
    expect(desk.get_by_text("Celui que tout le monde montre du doigt.")).to_be_visible()
    link = desk.locator("main a[href*='/telecharger/']", has_text="Fiche de chantier").first
    expect(link).to_contain_text("PDF")
    assert desk.request.get(link.get_attribute("href")).body() == PDF


def write_article(desk: Page) -> None:
    desk.get_by_role("link", name="Écrire un article").click()
    wait_for_editor(desk)
    desk.locator("#id_title").fill(ARTICLE)
    desk.locator("#id_summary").fill("Un chantier d’essai, ouvert aux habitants.")
    desk.locator("#id_kind").select_option("actualite")
    add_block(desk, "body", "Texte")
    write(desk, "body", "Le samedi, chacun apporte un outil.")
    classify(desk)


def open_article(desk: Page) -> None:
    """The article, from what awaits on the home page."""
    desk.goto("/admin/")
    desk.get_by_role("link", name=ARTICLE).first.click()
    wait_for_editor(desk)


def answer(desk: Page, action: str, comment: str) -> None:
    act(desk, action)
    modal = desk.locator(".modal")
    modal.locator("textarea").fill(comment)
    modal.locator("button[type=submit], input[type=submit]").last.click()
    expect(desk.locator(".messages")).to_be_visible()


def test_partner_submits_and_a_reviewer_refuses_then_accepts(desk_of):
    partner, reviewer = desk_of(PARTNER), desk_of(REVIEWER)
    write_article(partner)
    partner.get_by_role("button", name="Plus d'actions").click()
    expect(partner.get_by_role("button", name="Publier", exact=True)).to_have_count(0)
    partner.get_by_role("button", name="Soumettre à Relecture puis publication").click()
    expect(partner.locator(".messages")).to_contain_text("soumise pour modération")

    open_article(reviewer)
    answer(reviewer, "Demander des modifications", "Dites où a lieu le chantier.")
    assert reviewer.request.get("/actualites/agence-imaginaire-des-transitions/").ok
    public = reviewer.context.browser.new_context(base_url=reviewer.url.partition("/admin")[0])
    visitor = public.new_page()
    visitor.goto("/actualites/agence-imaginaire-des-transitions/")
    expect(visitor.get_by_role("link", name=ARTICLE)).to_have_count(0)

    open_article(partner)
    expect(partner.get_by_text("Dites où a lieu le chantier.").first).to_be_attached()
    partner.locator("#id_summary").fill("Un chantier d’essai, place du marché, ouvert aux habitants.")
    act(partner, "Resoumettre à Relecture")

    open_article(reviewer)
    act(reviewer, "Approuver et Publier")
    expect(reviewer.locator(".messages")).to_be_visible()

    visitor.goto("/actualites/agence-imaginaire-des-transitions/")
    visitor.get_by_role("link", name=ARTICLE).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(ARTICLE)
    expect(visitor.get_by_text("place du marché").first).to_be_visible()
    expect(visitor.get_by_text("Le samedi, chacun apporte un outil.")).to_be_visible()
    expect(visitor.get_by_text("Agence imaginaire des transitions").first).to_be_visible()
    public.close()
