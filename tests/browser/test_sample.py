"""What each page of the sample must hold: structure, first visit, reflow, keyboard."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.browser.conftest import DESKTOP
from tests.browser.sample import SAMPLE, Sampled, each_sampled

NARROW = {"width": 320, "height": 256}
# WCAG 1.4.12, the spacing that a reader may impose.
TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""
SCRIPTS = Path(__file__).parent / "scripts"


def script(name: str) -> str:
    return (SCRIPTS / f"{name}.js").read_text()


@each_sampled
def test_page_is_french_with_one_h1_and_no_level_skipped(page, sampled: Sampled):
    assert page.goto(sampled.path).status == sampled.status
    assert page.locator("html").get_attribute("lang") == "fr"
    levels = page.evaluate(script("heading_levels"))
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [(above, below) for above, below in pairwise(levels) if below > above + 1] == []


def test_titles_are_unique_and_end_with_the_name_of_the_site(page):
    titles = {}
    for sampled in SAMPLE:
        page.goto(sampled.path)
        titles[sampled.name] = page.title()
    assert {name: title for name, title in titles.items() if not title.endswith("– Territoires en commun")} == {}
    assert len(set(titles.values())) == len(titles), sorted(titles.values())


@each_sampled
def test_first_visit_sets_no_needless_cookie_and_calls_nobody_else(page, site_url, sampled: Sampled):
    elsewhere, problems = [], []
    page.on(
        "request",
        lambda request: None if request.url.startswith((site_url, "data:")) else elsewhere.append(request.url),
    )
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.add_init_script(script("report_policy_violations"))
    page.goto(sampled.path, wait_until="networkidle")
    expected = [f"Failed to load resource: the server responded with a status of {sampled.status} (Not Found)"]
    assert problems == (expected if sampled.status >= 400 else [])
    assert elsewhere == []
    assert {cookie["name"] for cookie in page.context.cookies()} == sampled.cookies


@each_sampled
@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["js", "nojs"])
def test_page_fits_in_320_pixels_and_on_a_desktop(open_page, sampled: Sampled, java_script_enabled):
    page = open_page(viewport=NARROW, java_script_enabled=java_script_enabled)
    page.goto(sampled.path)
    assert page.evaluate(script("wider")) == []
    page.set_viewport_size(DESKTOP)
    assert page.evaluate("document.documentElement.scrollWidth") <= DESKTOP["width"]


@each_sampled
def test_no_text_is_clipped_with_wider_spacing(open_page, sampled: Sampled):
    page = open_page(bypass_csp=True)
    page.goto(sampled.path)
    page.evaluate(script("clipped"))
    page.add_style_tag(content=TEXT_SPACING)
    assert page.evaluate(script("clipped")) == []


@each_sampled
def test_skip_link_leads_to_the_content(page, sampled: Sampled):
    page.goto(sampled.path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Contenu"
    assert page.evaluate("document.activeElement.closest('nav').getAttribute('aria-label')") == "Accès rapide"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('main#content') !== null")


@each_sampled
def test_tab_reaches_each_control_once_in_order_and_leaves(page, sampled: Sampled):
    page.goto(sampled.path)
    count = page.evaluate(script("focusable"))
    assert count > 10
    reached = []
    for _ in range(count + 1):
        page.keyboard.press("Tab")
        focused = page.evaluate(script("focused"))
        if focused is None:
            break
        reached.append(focused)
    assert reached == [str(index) for index in range(count)]
