"""The DSFR bundle, and what collectstatic takes."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command

from territoires_en_commun.base import bundle
from territoires_en_commun.base.bundle import BundleError, build_bundle, bundle_files, icon_rules
from territoires_en_commun.base.staticfiles import AppFinder, BundleFinder, HashedStorage

pytestmark = pytest.mark.any_database


@pytest.fixture
def bundle_dir(settings, tmp_path):
    settings.DSFR_BUNDLE_DIR = tmp_path / "bundle"
    return settings.DSFR_BUNDLE_DIR


@pytest.fixture(scope="module")
def files():
    return bundle_files()


def test_bundle_holds_what_a_page_needs_and_no_more(files):
    assert sorted(files) == [
        "favicon.svg",
        "fonts/Marianne-Bold.woff2",
        "fonts/Marianne-Medium.woff2",
        "fonts/Marianne-Regular.woff2",
        "leaflet/leaflet.css",
        "leaflet/leaflet.js",
        "site.css",
        "site.js",
        "site.webmanifest",
    ]


def test_bundle_is_the_same_each_time(files):
    assert bundle_files() == files


def test_style_sheet_asks_for_three_fonts_and_nothing_else(files):
    css = files["site.css"].decode()
    addresses = [
        address for address in re.findall(r"url\(([^)]{1,80})", css) if not address.strip("\"'").startswith("data:")
    ]
    assert sorted(set(addresses)) == [
        "fonts/Marianne-Bold.woff2",
        "fonts/Marianne-Medium.woff2",
        "fonts/Marianne-Regular.woff2",
    ]
    assert css.count("@font-face") == 3
    assert "@import" not in css
    assert "Spectral" not in "".join(re.findall(r"@font-face\{[^}]*\}", css))


def test_style_sheet_has_both_schemes_and_the_components(files):
    css = files["site.css"].decode()
    assert ":root[data-fr-theme=dark]{" in css
    for name in (".fr-header__brand", ".fr-footer__bottom", ".fr-nav__btn", ".fr-card__title", ".fr-alert--error"):
        assert name in css
    assert "@media print" in css


def test_script_has_a_block_per_part(files):
    script = files["site.js"].decode()
    assert script.count("const e=window.dsfr") + script.count("=window.dsfr") >= len(bundle.SCRIPTS)
    assert "e.scheme={Scheme:" in script
    assert "data-error-summary" in script
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)


def test_every_class_of_the_components_has_a_rule(files):
    """A class written in our shared templates that the bundle dropped would show a broken page."""
    css = files["site.css"].decode()
    package = bundle.read(bundle.DIST / "dsfr.min.css").decode()
    names = set()
    for path in bundle.class_sources():
        if path.suffix == ".html":
            names |= {name for name in bundle.CLASS.findall(path.read_text()) if not name.endswith("-")}
    known = {name for name in names if re.search(rf"\.{re.escape(name)}(?![\w-])", package)}
    assert len(known) > 100
    assert {name for name in known if not re.search(rf"\.{re.escape(name)}(?![\w-])", css)} == set()


def test_utilities_that_nothing_names_are_left_out():
    css = (
        ".fr-mt-4w,.fr-ml-29v{margin:1px}.fr-py-29v{padding:2px}@media (min-width:1px){.fr-pl-lg-29v{top:0}}"
        ".fr-btn{a:b}"
    )
    assert bundle.without_unused_utilities(css) == ".fr-mt-4w{margin:1px}.fr-btn{a:b}"


def test_icons_are_data_uris():
    rule = icon_rules(["fr-icon-mail-line"])
    assert rule.startswith(".fr-icon-mail-line:after,.fr-icon-mail-line:before{")
    assert rule.count('mask-image:url("data:image/svg+xml,%3Csvg') == 1
    assert "<" not in rule


def test_unknown_icon_is_refused_by_name():
    with pytest.raises(BundleError, match="fr-icon-qui-n-existe-pas"):
        icon_rules(["fr-icon-qui-n-existe-pas", "fr-icon-mail-line"])


def test_command_writes_once_then_only_after_a_change(bundle_dir, capsys):
    call_command("build_dsfr_bundle")
    assert "écrit" in capsys.readouterr().out
    assert (bundle_dir / "site.css").stat().st_size > 100_000
    assert build_bundle() is False
    (bundle_dir.with_name("bundle.stamp")).write_text("old")
    call_command("build_dsfr_bundle")
    assert "écrit" in capsys.readouterr().out


def test_command_names_the_missing_file_and_keeps_the_former_bundle(bundle_dir, monkeypatch):
    build_bundle()
    former = (bundle_dir / "site.css").read_bytes()
    (bundle_dir.with_name("bundle.stamp")).unlink()
    monkeypatch.setattr(bundle, "FONTS", ["Marianne-Inconnue"])
    with pytest.raises(CommandError, match=r"Marianne-Inconnue\.woff2"):
        call_command("build_dsfr_bundle")
    assert (bundle_dir / "site.css").read_bytes() == former


def test_finders_serve_the_bundle_and_the_admin_but_not_the_package(bundle_dir):
    finder = BundleFinder()
    assert finder.find("bundle/site.css") == str(bundle_dir / "site.css")
    assert finder.find("bundle/absent.css") == []
    assert finder.find("site.css") == []
    assert finders.find("wagtailadmin/css/core.css")
    assert finders.find("dsfr/dist/dsfr.min.css") is None
    listed = {path for path, _storage in AppFinder().list([])}
    assert not any(path.startswith(("dsfr/", "ninja/redoc")) or path.endswith(".js.map") for path in listed)
    assert "wagtailadmin/css/core.css" in listed
    assert "ninja/swagger-ui-bundle.js" in listed


def test_storage_compresses_hashed_names_once(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STATIC_URL = "/static/"
    for name in ("site.css", "site.0123456789ab.css"):
        (tmp_path / name).write_text("a { color: red } " * 100)
    storage = HashedStorage(location=tmp_path)
    written = {name for _path, name in storage.compress_files(["site.css", "site.0123456789ab.css"])}
    assert written == {"site.0123456789ab.css.br", "site.0123456789ab.css.gz"}
    assert list(storage.compress_files(["site.css", "site.0123456789ab.css"])) == []


def test_leaflet_asks_for_no_picture_nor_source_map(files):
    assert b"url(" not in files["leaflet/leaflet.css"]
    assert b"sourceMappingURL" not in files["leaflet/leaflet.js"]
    assert b".leaflet-container" in files["leaflet/leaflet.css"]
