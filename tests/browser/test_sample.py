"""What each page of the sample must hold: structure, first visit, reflow, keyboard."""

from collections import Counter
from itertools import groupby, pairwise
from pathlib import Path

from tests.browser.conftest import DESKTOP
from tests.browser.sample import SAMPLE, Sampled, each_sampled

NARROW = {"width": 320, "height": 256}
PARTS_OF_A_DATE = 4
SCRIPTS = Path(__file__).parent / "scripts"


def script(name: str) -> str:
    return (SCRIPTS / f"{name}.js").read_text()


def check_headings(page):
    levels = page.evaluate(script("heading_levels"))
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [(above, below) for above, below in pairwise(levels) if below > above + 1] == []


def check_keyboard(page):
    """Tab reaches each control once, in order, and leaves; the skip link, which is the first, leads to the content.

    Chromium stops on each part of a date, and on its button.
    """
    count = page.evaluate(script("focusable"))
    assert count > 10
    reached = []
    for _ in range(count + 1 + PARTS_OF_A_DATE * page.locator("input[type=date]").count()):
        page.keyboard.press("Tab")
        if not reached:
            assert page.evaluate("document.activeElement.textContent.trim()") == "Contenu"
            assert page.evaluate("document.activeElement.closest('nav').getAttribute('aria-label')") == "Accès rapide"
            page.evaluate("window.skipLink = document.activeElement")
        focused = page.evaluate(script("focused"))
        if focused is None:
            break
        reached.append(focused)
    assert [index for index, _ in groupby(reached)] == [str(index) for index in range(count)]
    page.evaluate("skipLink.focus()")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('main#content') !== null")


def check_reflow(page):
    assert page.evaluate(script("wider")) == []
    page.set_viewport_size(DESKTOP)
    assert page.evaluate("document.documentElement.scrollWidth") <= DESKTOP["width"]


@each_sampled
def test_first_visit_and_keyboard_and_reflow(page, site_url, sampled: Sampled):
    elsewhere, problems = [], []
    page.on(
        "request",
        lambda request: None if request.url.startswith((site_url, "data:")) else elsewhere.append(request.url),
    )
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.add_init_script(script("report_policy_violations"))
    assert page.goto(sampled.path, wait_until="networkidle").status == sampled.status
    assert page.locator("html").get_attribute("lang") == "fr"
    check_headings(page)
    check_keyboard(page)
    expected = [f"Failed to load resource: the server responded with a status of {sampled.status} (Not Found)"]
    assert problems == (expected if sampled.status >= 400 else [])
    assert elsewhere == []
    assert {cookie["name"] for cookie in page.context.cookies()} == sampled.cookies
    page.set_viewport_size(NARROW)
    page.reload()
    check_reflow(page)


@each_sampled
def test_page_fits_without_script(reuse_page, sampled: Sampled):
    page = reuse_page(viewport=NARROW, java_script_enabled=False)
    page.goto(sampled.path)
    check_reflow(page)


def test_titles_are_unique_and_end_with_the_name_of_the_site(page):
    titles = {}
    for sampled in SAMPLE:
        page.goto(sampled.path)
        titles[sampled.name] = page.title()
    assert {name: title for name, title in titles.items() if not title.endswith("– Territoires en commun")} == {}
    assert {title for title, times in Counter(titles.values()).items() if times > 1} == set()
