"""A11Y-1 and A11Y-2: axe finds nothing, and what it cannot decide about contrast is computed."""

from pathlib import Path

import axe_playwright_python

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.sample import Sampled, each_sampled

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
SCRIPTS = Path(__file__).parent / "scripts"
# The rules of the RGAA and those that axe applies by default, in one run.
AXE_SCRIPT = (SCRIPTS / "axe.js").read_text()
CONTRAST_SCRIPT = (SCRIPTS / "contrast.js").read_text()
CLIPPED_SCRIPT = (SCRIPTS / "clipped.js").read_text()
# WCAG 1.4.12, the spacing that a reader may impose.
TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""
SCREENS = [(scheme, viewport) for scheme in ("light", "dark") for viewport in (DESKTOP, PHONE)]


def described(results: dict, screen: str) -> list[str]:
    """One line per faulty node, to be read in a test report."""
    return [
        f"[{screen}] {violation['id']}: {violation['help']} → {node['target']} {node['html'][:200]}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


def undecided(results: dict) -> list[str]:
    """The elements of which axe cannot tell the contrast."""
    return [
        node["target"][0] for rule in results["incomplete"] if rule["id"] == "color-contrast" for node in rule["nodes"]
    ]


def show_in_scheme(page, scheme: str) -> str:
    """Wait until the script of the design system follows the scheme of the system; return the background then.

    The mouse is taken out of the window: it begins in its corner, over the header, which a phone has nothing to hover.
    """
    page.mouse.move(-1, -1)
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function("scheme => document.documentElement.dataset.frTheme === scheme", arg=scheme)
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


@each_sampled
def test_axe_finds_nothing_and_wider_spacing_clips_no_text(reuse_page, sampled: Sampled):
    page = reuse_page(bypass_csp=True)
    response = page.goto(sampled.path)
    assert response.status == sampled.status
    page.add_script_tag(path=AXE)
    problems, backgrounds = [], {}
    for scheme, viewport in SCREENS:
        page.set_viewport_size(viewport)
        backgrounds[scheme] = show_in_scheme(page, scheme)
        results = page.evaluate(AXE_SCRIPT)
        screen = f"{scheme}, {viewport['width']}"
        assert {"html-has-lang", "color-contrast"} <= set(results["passes"]), screen
        problems += described(results, screen)
        problems += [f"[contraste, {screen}] {line}" for line in page.evaluate(CONTRAST_SCRIPT, undecided(results))]
    assert problems == []
    assert backgrounds["light"] != backgrounds["dark"], "les deux thèmes sont le même"

    page.set_viewport_size(DESKTOP)
    page.evaluate(CLIPPED_SCRIPT)
    page.add_style_tag(content=TEXT_SPACING)
    assert page.evaluate(CLIPPED_SCRIPT) == []
