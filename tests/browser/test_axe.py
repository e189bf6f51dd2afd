"""A11Y-1 and A11Y-2: axe finds nothing, and what it cannot decide about contrast is computed."""

from pathlib import Path

import axe_playwright_python
import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.sample import Sampled, each_sampled

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RUNS = {"RGAA": {"runOnly": {"type": "tag", "values": ["RGAAv4"]}}, "default rules": {}}
SCREENS = [
    pytest.param(scheme, viewport, id=f"{scheme}-{viewport['width']}")
    for scheme in ("light", "dark")
    for viewport in (DESKTOP, PHONE)
]
CONTRAST_SCRIPT = (Path(__file__).parent / "scripts" / "contrast.js").read_text()


def described(results: dict, run: str) -> list[str]:
    """One line per faulty node, to be read in a test report."""
    return [
        f"[{run}] {violation['id']}: {violation['help']} → {node['target']} {node['html'][:200]}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


def open_in_scheme(page, path: str, scheme: str):
    """Load a page and wait until the script of the design system has applied the scheme; return the response."""
    response = page.goto(path)
    page.wait_for_function("scheme => document.documentElement.dataset.frTheme === scheme", arg=scheme)
    return response


@each_sampled
@pytest.mark.parametrize(("scheme", "viewport"), SCREENS)
def test_axe_finds_nothing(open_page, sampled: Sampled, scheme, viewport):
    page = open_page(viewport=viewport, color_scheme=scheme, bypass_csp=True)
    response = open_in_scheme(page, sampled.path, scheme)
    assert response.status == sampled.status
    page.add_script_tag(path=AXE)
    problems = []
    for run, options in RUNS.items():
        results = page.evaluate("(options) => axe.run(document, options)", options)
        assert results["passes"], f"axe n'a appliqué aucune règle ({run})"
        problems += described(results, run)
        undecided = [
            node["target"][0]
            for rule in results["incomplete"]
            if rule["id"] == "color-contrast"
            for node in rule["nodes"]
        ]
        problems += [f"[contraste] {line}" for line in page.evaluate(CONTRAST_SCRIPT, undecided)]
    assert problems == []


@each_sampled
def test_theme_follows_the_system(open_page, sampled: Sampled):
    """Otherwise the dark runs above would look at the light theme twice."""
    colours = {}
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        open_in_scheme(page, sampled.path, scheme)
        colours[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colours["light"] != colours["dark"]
