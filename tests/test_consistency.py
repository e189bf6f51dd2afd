"""What holds across the rooms: templates, blocks, page types, relations, commands."""

import ast
import inspect
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.template.loader import get_template
from django.urls import get_resolver, resolve
from factory.django import DjangoModelFactory
from wagtail.models import get_page_models

from territoires_en_commun.base.blocks import ContentBlock
from tests import factories
from tests.browser.sample import SAMPLE
from tests.strict_templates import is_ours

ROOT = settings.BASE_DIR
ROOMS = [ROOT / "territoires_en_commun", *sorted(path.parent for path in ROOT.glob("*/apps.py"))]
# Mails need inline styles; the editor has its own policy (SEC-2).
# A proxy serves the page of a site that is down from this one file, styles included (DSFR-5).
NOT_PUBLIC = ("503.html", "mailing/", "base/admin/", "wagtailadmin/", "wagtailusers/", "admin/")
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)
# Names that Wagtail, Django or DSFR look for by themselves.
LOOKED_FOR = {"404.html", "500.html", "503.html", "403.html", "400.html"}


def our_apps():
    return [
        config for config in apps.get_app_configs() if is_ours(config.path) and not config.name.startswith("tests")
    ]


def our_files(suffix: str) -> list[Path]:
    return [path for room in ROOMS for path in sorted(room.rglob(f"*{suffix}"))]


def template_name(path: Path) -> str:
    """The name that finds a template file."""
    parts = path.parts
    last = len(parts) - 1 - parts[::-1].index("templates")
    return "/".join(parts[last + 1 :])


def our_templates() -> dict[str, Path]:
    files = [path for path in (*our_files(".html"), *our_files(".txt")) if "templates" in path.parts]
    return {template_name(path): path for path in files}


def our_page_models() -> list[type]:
    return [
        model
        for model in get_page_models()
        if model._meta.app_label != "base" and is_ours(apps.get_app_config(model._meta.app_label).path)
        if not model.__module__.startswith("tests")
    ]


# Templates


@cache
def strings_of_the_code() -> tuple[set[str], list[re.Pattern]]:
    """Every string of our modules, and a pattern for each f-string that ends like a template."""
    strings, patterns = set(), []
    for path in our_files(".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(v.value) if isinstance(v, ast.Constant) else r"(\w[\w-]*)" for v in node.values]
                patterns.append(re.compile("".join(parts)))
    return strings, patterns


def is_named_by_the_code(name: str) -> bool:
    """Whether a module names the template, whole or as an f-string whose missing part is a string elsewhere."""
    strings, patterns = strings_of_the_code()
    if name in strings:
        return True
    stem = name.rsplit(".", 1)[0]
    return any(
        (match := pattern.fullmatch(candidate)) and set(match.groups()) <= strings
        for pattern in patterns
        if len(pattern.pattern) > len(r"(\w[\w-]*)\.html")
        for candidate in (name, stem)
    )


def overrides_a_package(name: str) -> bool:
    folders = [Path(config.path) / "templates" for config in apps.get_app_configs() if not is_ours(config.path)]
    return any((folder / name).exists() for folder in folders)


def test_each_template_is_used():
    templates = our_templates()
    included = set()
    for path in templates.values():
        included |= set(re.findall(r"""["']([\w./-]+\.(?:html|txt))["']""", path.read_text()))
    pages = {model.template for model in our_page_models()} | {f"blocks/{name}.html" for name in blocks()}
    unused = [
        name
        for name in templates
        if name not in LOOKED_FOR | included | pages
        and not is_named_by_the_code(name)
        and not overrides_a_package(name)
    ]
    assert unused == []


def test_each_template_compiles():
    assert [name for name in our_templates() if not get_template(name)] == []


def test_public_templates_hold_no_inline_code_nor_style():
    found = [
        f"{name}:{number}"
        for name, path in our_templates().items()
        if not name.startswith(NOT_PUBLIC)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if INLINE.search(line)
    ]
    assert found == []


def test_each_component_says_its_variables():
    silent = [
        name
        for name, path in our_templates().items()
        if name.startswith("components/") and not re.match(r"(\{% load [^%]+%\}\s*)*\{(% comment|#)", path.read_text())
    ]
    assert silent == []


# Blocks


def blocks() -> dict:
    return ContentBlock().child_blocks


def test_blocks_are_few_and_grouped():
    assert 5 <= len(blocks()) <= 15
    assert [name for name, block in blocks().items() if not block.meta.group] == []


@pytest.mark.parametrize("name", blocks())
def test_block_is_described_previewed_and_has_its_template(name):
    block = blocks()[name]
    assert block.meta.icon not in {"", "placeholder"}
    assert str(block.label).strip()
    assert len(block.get_description()) > 20
    assert block.is_previewable
    assert block.meta.template == f"blocks/{name}.html"
    assert is_ours(get_template(block.meta.template).origin.name)


# Page types


def factory_of(model):
    found = [
        factory
        for factory in vars(factories).values()
        if isinstance(factory, type) and issubclass(factory, DjangoModelFactory) and factory._meta.model is model
    ]
    assert found, f"{model.__name__} n'a pas de fabrique dans tests/factories.py"
    return found[0]


def test_there_are_page_types():
    assert {"HomePage", "StandardPage", "LegalPage"} <= {model.__name__ for model in our_page_models()}


@pytest.mark.parametrize("model", our_page_models(), ids=lambda model: model.__name__)
def test_page_type_says_where_it_lives(model):
    assert "parent_page_types" in vars(model) or model.__base__.__dict__.get("parent_page_types") is not None
    assert model.clean_parent_page_models()
    assert isinstance(model.clean_subpage_models(), list)
    assert str(model._meta.verbose_name) != model.__name__.lower()
    assert is_ours(get_template(model.template).origin.name)


@pytest.mark.parametrize("model", our_page_models(), ids=lambda model: model.__name__)
def test_page_type_renders_in_french_with_one_h1(model, home, client):
    page = model.objects.live().first() or factory_of(model)(parent=home)
    response = client.get(page.url)
    assert response.status_code == 200
    html = response.content.decode()
    assert len(re.findall(r"<h1\b", html)) == 1
    assert '<html lang="fr"' in html


@pytest.mark.parametrize("model", our_page_models(), ids=lambda model: model.__name__)
def test_page_type_has_a_factory(model):
    assert factory_of(model)._meta.model is model


# Relations between rooms


@cache
def levels() -> dict[str, int]:
    """The height of each room, from the import contract of pyproject.toml: 0 is the highest."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    return {room.strip(): height for height, line in enumerate(contract["layers"]) for room in line.split("|")}


def test_each_app_has_its_place_in_the_import_contract():
    assert [config.name for config in our_apps() if config.name not in levels()] == []


def test_relations_go_down_as_imports_do():
    """A relation written as a string escapes the import contract."""
    ours = {config.label: config.name for config in our_apps()}
    upward = [
        f"{field} → {field.related_model._meta.label}"
        for label, name in ours.items()
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and isinstance(field.related_model, type)
        if (target := ours.get(field.related_model._meta.app_label)) and target != name
        if levels()[target] <= levels()[name]
    ]
    assert upward == []


# Commands


def our_commands() -> list[str]:
    names = {config.name for config in our_apps()}
    return sorted(command for command, app in get_commands().items() if app in names)


@pytest.mark.parametrize("name", our_commands())
def test_command_says_in_french_what_it_does(name):
    command = load_command_class(get_commands()[name], name)
    assert len(command.help) > 20
    parser = command.create_parser("manage.py", name)
    undocumented = [action.dest for action in parser._actions if not action.help]
    assert undocumented == []


# The sample of the browser checks


# Answers that are not pages, or that only a posted form leads to.
NOT_SAMPLED = {
    "search_click": "answers a post of a script",
    "submission_send": "answers a post, then leads to what follows",
    "submission_step": "needs the link of a submission; driven in test_submission.py",
    "robots_txt": "plain text",
    "security_txt": "plain text",
    "territory_by_code": "redirects to the territory",
    "search_suggestions": "a part of a page; driven in test_search_suggestions.py",
    "download_archive": "a file",
    "download_file": "a file",
}


def public_routes() -> set[str]:
    """The names of our routes outside the editor and the API."""
    found = set()

    def walk(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                if pattern.app_name in {None, ""} and not str(pattern.pattern).startswith(("admin/", "documents/")):
                    walk(pattern.url_patterns)
            elif pattern.name and is_ours(inspect.getsourcefile(inspect.unwrap(pattern.callback)) or ""):
                found.add(pattern.name)

    walk(get_resolver().url_patterns)
    return found


def test_browser_sample_covers_each_public_route():
    sampled = {resolve(page.path.partition("?")[0]).url_name for page in SAMPLE}
    assert public_routes() - set(NOT_SAMPLED) - sampled == set()
    assert set(NOT_SAMPLED) <= public_routes()
