"""A11Y-3: the HTML served, and the document once the scripts have run, are valid for the Nu checker."""

import json
import os
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from tests.browser.conftest import context_settings
from tests.browser.sample import SAMPLE, Sampled, each_sampled

ALLOWED_FILE = Path(__file__).with_name("nu_allowed.tsv")


def allowed_patterns() -> dict[str, str]:
    lines = [line for line in ALLOWED_FILE.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("\t", 1) for line in lines)


@pytest.fixture(scope="module")
def nu_errors(browser, site_url, tmp_path_factory):
    """The errors of each file, named ``<page>.served.html`` or ``<page>.generated.html``; Java runs once for all."""
    if not os.environ.get("VNU_JAR"):
        pytest.skip("le vérificateur Nu manque (voir .ci/browser-tools)")
    folder = tmp_path_factory.mktemp("nu")
    context = browser.new_context(**context_settings(site_url))
    page = context.new_page()
    for sampled in SAMPLE:
        response = page.goto(sampled.path)
        assert response.status == sampled.status, sampled.path
        (folder / f"{sampled.name}.served.html").write_bytes(response.body())
        (folder / f"{sampled.name}.generated.html").write_text(page.content(), encoding="utf-8")
    context.close()
    command = [
        os.environ["JAVA"],
        "-jar",
        os.environ["VNU_JAR"],
        "--format",
        "json",
        "--exit-zero-always",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    errors = defaultdict(list)
    for message in json.loads(done.stderr)["messages"]:
        assert message["type"] != "non-document-error", message
        if message["type"] == "error":
            errors[message["url"].rsplit("/", 1)[1]].append(
                f"{message.get('lastLine')}: {message['message']} « {' '.join(message.get('extract', '').split())} »"
            )
    return errors


@each_sampled
@pytest.mark.parametrize("state", ["served", "generated"])
def test_html_is_valid(nu_errors, sampled: Sampled, state):
    patterns = [re.compile(pattern) for pattern in allowed_patterns()]
    errors = nu_errors[f"{sampled.name}.{state}.html"]
    assert [error for error in errors if not any(pattern.search(error) for pattern in patterns)] == []


def test_each_allowed_error_is_still_met_and_has_a_reason(nu_errors):
    every_error = [error for errors in nu_errors.values() for error in errors]
    unused = [pattern for pattern in allowed_patterns() if not any(re.search(pattern, error) for error in every_error)]
    assert unused == []
    assert all(reason.strip() for reason in allowed_patterns().values())
