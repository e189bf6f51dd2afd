"""What holds for the files of the repository: dependencies, settings, sizes, names, deployment files."""

import ast
import re
import subprocess
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from packaging.requirements import Requirement

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).resolve().parents[1]
MODULE_LINES, TEST_LINES, FUNCTION_LINES, TEMPLATE_LINES, README_LINES = 400, 600, 50, 100, 150
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "managers.py", "constants.py"}
# In halves, so that this file names none of them itself.
REGISTRY_HOSTS = re.compile(
    "|".join(
        first + second
        for first, second in [
            ("py", r"pi\.org"),
            ("python", "hosted"),
            ("npm", r"js\.(org|com)"),
            ("repo1?", r"\.maven"),
            ("maven", r"\.org/maven2"),
            ("deb", r"\.debian"),
        ]
    ),
    re.IGNORECASE,
)


@cache
def tracked_files() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [ROOT / name for name in done.stdout.split("\0") if name]
    assert paths, "git ne connaît aucun fichier"
    return [path for path in paths if path.is_file()]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def python_files() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".py" and "migrations" not in path.parts]


def functions(path: Path):
    return [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pinned(file: str) -> dict[str, str]:
    """The version of each package of a compiled file."""
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[.*?\])?==(\S+)", (ROOT / file).read_text(), re.MULTILINE))


def canonical(requirement: Requirement) -> str:
    return re.sub(r"[-_.]+", "-", requirement.name).lower()


# Dependencies


def test_each_dependency_says_why_it_is_there():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    dependencies = [line for line in lines if re.match(r'\s+"[a-zA-Z0-9-]+(\[.*?\])?[><=~]', line)]
    wanted = sum(map(len, [project()["dependencies"], *project()["optional-dependencies"].values()]))
    assert len(dependencies) == wanted
    assert [line.strip() for line in dependencies if not re.search(r",\s+# \w.{9,}", line)] == []


@pytest.mark.parametrize(
    ("file", "declared"),
    [
        ("requirements.txt", ["dependencies", "meaning"]),
        ("requirements-dev.txt", ["dependencies", "meaning", "dev"]),
    ],
)
def test_compiled_requirements_are_in_step_with_pyproject(file, declared):
    groups = {"dependencies": project()["dependencies"], **project()["optional-dependencies"]}
    requirements = [Requirement(text) for group in declared for text in groups[group]]
    versions = pinned(file)
    wrong = [
        str(requirement)
        for requirement in requirements
        if not requirement.specifier.contains(versions.get(canonical(requirement), "0"))
    ]
    assert wrong == []
    blocks = re.split(r"^(?=[a-z0-9])", (ROOT / file).read_text(), flags=re.MULTILINE)
    direct = {
        block.split("==")[0].split("[")[0] for block in blocks if "territoires-en-commun (pyproject.toml)" in block
    }
    assert direct == {canonical(requirement) for requirement in requirements}


def test_compiled_requirements_agree_and_carry_hashes():
    runtime, development = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert {name: version for name, version in runtime.items() if development.get(name) != version} == {}
    for file, versions in [("requirements.txt", runtime), ("requirements-dev.txt", development)]:
        text = (ROOT / file).read_text()
        assert len(re.findall(r"==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", text)) == len(versions) > 0


def test_no_file_names_a_registry_host():
    named = [
        f"{relative(path)}:{number}"
        for path in tracked_files()
        if path.suffix not in {".xz", ".woff2", ".png", ".webp", ".avif"}
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if REGISTRY_HOSTS.search(line)
    ]
    assert named == []


# Settings and deployment


def variables_read_by_settings() -> set[str]:
    text = (ROOT / "territoires_en_commun" / "settings.py").read_text()
    return set(re.findall(r'\b(?:env\.\w+|required)\(\s*"([A-Z_]+)"', text))


def documented_variables() -> dict[str, str]:
    """Each variable of .env.example and the comment line above it."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    found = {}
    for above, line in pairwise(lines):
        if match := re.match(r"#?([A-Z_]+)=", line):
            found[match[1]] = above
    return found


def test_env_example_lists_each_variable_of_the_settings_and_no_other():
    assert set(documented_variables()) == variables_read_by_settings()


def test_env_example_explains_each_variable():
    assert [name for name, comment in documented_variables().items() if not re.match(r"# \S.{15,}", comment)] == []


def test_procfile_runs_commands_that_exist():
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert set(lines) == {"release", "web", "worker", "scheduler"}
    commands = re.findall(r"manage\.py (\w+)", "\n".join(lines.values()))
    assert [command for command in commands if command not in get_commands()] == []
    assert "gunicorn --config python:territoires_en_commun.gunicorn territoires_en_commun.wsgi" in lines["web"]


def compose() -> dict:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_compose_runs_commands_that_exist():
    text = (ROOT / "compose.yaml").read_text()
    commands = re.findall(r'manage\.py"?,? "?(\w+)', text)
    assert set(commands) >= {"migrate", "init_site", "run_worker", "run_scheduler"}
    assert [command for command in commands if command not in get_commands()] == []


def test_compose_gives_known_variables_and_no_default_secret():
    site = compose()["services"]["web"]["environment"]
    assert set(site) <= variables_read_by_settings()
    interpolated = re.findall(r"\$\{([A-Z_]+)(.*?)\}", (ROOT / "compose.yaml").read_text())
    assert {name for name, _rest in interpolated} >= {"SECRET_KEY", "POSTGRES_PASSWORD", "ELASTIC_PASSWORD"}
    assert {name: rest for name, rest in interpolated if not rest.startswith(":?")} == {"SEARCH_URL": ":-"}


def test_compose_waits_for_healthy_services():
    services = compose()["services"]
    assert set(services) == {"prepare", "web", "worker", "scheduler", "postgres", "redis", "elasticsearch"}
    assert [
        name for name in ("postgres", "redis", "elasticsearch") if "test" not in services[name]["healthcheck"]
    ] == []
    assert services["prepare"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    for name in ("web", "worker", "scheduler"):
        assert services[name]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"


def test_compose_runs_the_search_engine_that_the_tests_run_out_of_reach_from_outside():
    service = compose()["services"]["elasticsearch"]
    version = re.search(r"^version=(\S+)$", (ROOT / ".ci" / "elasticsearch-server").read_text(), re.MULTILINE)[1]
    assert service["image"] == f"elasticsearch:{version}"
    assert (service["profiles"], service["networks"]) == (["recherche"], ["inside"])
    assert "ports" not in service
    assert service["mem_limit"]
    assert [volume.split(":")[0] for volume in service["volumes"]] == ["elasticsearch"]


def test_dockerfile_has_two_stages_and_does_not_run_as_root():
    instructions = [line.split(maxsplit=1) for line in (ROOT / "Dockerfile").read_text().splitlines() if line.strip()]
    names = [instruction[0] for instruction in instructions]
    assert names.count("FROM") == 2
    final = instructions[len(names) - names[::-1].index("FROM") :]
    assert ["USER", "web"] in final
    assert {"HEALTHCHECK", "CMD", "EXPOSE"} <= {instruction[0] for instruction in final}
    assert "--require-hashes -r requirements.txt" in (ROOT / "Dockerfile").read_text()


def test_docker_image_takes_each_python_package():
    taken = set((ROOT / ".dockerignore").read_text().splitlines())
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")} | {"territoires_en_commun"}
    assert {f"!{package}" for package in packages} <= taken


# Sizes and names


def test_readme_is_short_and_opens_with_two_commands():
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) <= README_LINES
    commands = [line for line in lines if line.startswith("$ ")]
    assert commands[0].startswith("$ git clone")
    assert commands[1] == "$ make run"
    assert lines.index("$ make run") < 15


def test_modules_are_short():
    long = {}
    for path in python_files():
        limit = TEST_LINES if relative(path).startswith("tests/") else MODULE_LINES
        if (lines := len(path.read_text().splitlines())) > limit:
            long[relative(path)] = lines
    assert long == {}


def test_functions_are_short():
    long = {
        f"{relative(path)}:{node.lineno} {node.name}": length
        for path in python_files()
        if not relative(path).startswith("tests/")
        for node in functions(path)
        if (length := node.end_lineno - node.lineno + 1) > FUNCTION_LINES
    }
    assert long == {}


def test_templates_are_short():
    long = {
        relative(path): lines
        for path in tracked_files()
        if path.suffix == ".html" and "templates" in path.parts
        if (lines := len(path.read_text().splitlines())) > TEMPLATE_LINES
    }
    assert long == {}


def test_no_module_has_a_name_that_says_nothing():
    assert [relative(path) for path in python_files() if path.name in FORBIDDEN_NAMES] == []


def test_each_module_says_what_it_is():
    silent = [
        relative(path)
        for path in python_files()
        if path.name != "apps.py"
        and path.read_text().strip()
        and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert silent == []


def test_each_test_asserts_something():
    idle = [
        f"{relative(path)}:{node.lineno} {node.name}"
        for path in python_files()
        if relative(path).startswith("tests/")
        for node in functions(path)
        if node.name.startswith("test_")
        and not re.search(r"\bassert|raises\(|expect\(|assert_|warns\(|check_|\bfail\(", ast.unparse(node))
    ]
    assert idle == []


# Habits that the linters don't know


def calls(path: Path, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == name
    ]


def test_each_row_lock_names_its_table():
    """PostgreSQL refuses to lock the nullable side of a join; SQLite would let it pass."""
    vague = [
        f"{relative(path)}:{call.lineno}"
        for path in python_files()
        for call in calls(path, "select_for_update")
        if "of" not in {keyword.arg for keyword in call.keywords}
    ]
    assert vague == []


def test_no_view_reads_the_query_string_by_hand():
    by_hand = [
        f"{relative(path)}:{number}"
        for path in python_files()
        if not relative(path).startswith(("tests/", "bench/"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\brequest\.GET(\[|\.get\(|\.getlist\()", line)
    ]
    assert by_hand == []
