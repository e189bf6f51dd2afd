"""The check that makes an undefined variable fail, which every other test relies on."""

import pytest
from django.conf import settings
from django.template import Origin, Template, VariableDoesNotExist, engines
from django.template.context import Context

from tests.strict_templates import UndefinedVariableError


def rendered(source: str, origin: str) -> str:
    template = Template(source, origin=Origin(origin), engine=engines["django"].engine)
    return template.render(Context({"known": "connu", "rows": [1, 2]}))


OURS = str(settings.PROJECT_DIR / "templates" / "example.html")


@pytest.mark.parametrize(
    "source",
    [
        "{{ unknown }}",
        "{{ known.unknown }}",
        "{{ unknown|upper }}",
        "{% for row in unknown %}{% endfor %}",
        "{% for row in rows %}{{ row.unknown }}{% endfor %}",
    ],
)
def test_undefined_variable_of_ours_fails(source):
    with pytest.raises(UndefinedVariableError, match="unknown"):
        rendered(source, OURS)


def test_undefined_argument_of_a_filter_fails_as_django_does():
    with pytest.raises(VariableDoesNotExist, match="unknown"):
        rendered("{{ known|default:unknown }}", OURS)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ known }}", "connu"),
        ("{{ unknown|default:'rien' }}", "rien"),
        ("{% for row in rows %}{{ row }}{% endfor %}", "12"),
    ],
)
def test_defined_variable_of_ours_is_printed(source, expected):
    assert rendered(source, OURS) == expected


def test_undefined_variable_of_a_package_is_empty():
    assert rendered("[{{ unknown }}{% for row in unknown %}x{% endfor %}]", "/elsewhere/package/a.html") == "[]"


@pytest.mark.ignore_template_errors
def test_undefined_variable_is_empty_with_the_marker():
    assert rendered("[{{ unknown }}]", OURS) == "[]"
