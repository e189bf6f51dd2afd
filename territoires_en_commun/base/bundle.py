"""The one style sheet and the one script of the public site, cut from the installed django-dsfr package.

DSFR as its package serves it weighs twice as much and asks for twenty files. The bundle takes the core, the
components that our templates use, the icons and the utilities that they name (icons as data URIs), three fonts.
"""

import hashlib
import json
import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import dsfr
from django.apps import apps
from django.conf import settings

DIST = Path(dsfr.__file__).parent / "static" / "dsfr" / "dist"

# In the order of dsfr.main.min.css: later rules win over earlier ones.
COMPONENTS = [
    "sidemenu",
    "badge",
    "callout",
    "logo",
    "button",
    "quote",
    "breadcrumb",
    "form",
    "stepper",
    "tooltip",
    "link",
    "highlight",
    "pagination",
    "summary",
    "tag",
    "alert",
    "notice",
    "radio",
    "card",
    "checkbox",
    "input",
    "content",
    "skiplink",
    "select",
    "modal",
    "navigation",
    "footer",
    "tile",
    "search",
    "table",
    "transcription",
    "upload",
    "header",
]
SCRIPTS = ["breadcrumb", "sidemenu", "modal", "navigation", "transcription", "header", "display", "table"]
FONTS = ["Marianne-Regular", "Marianne-Medium", "Marianne-Bold"]
OWN_SCRIPTS = ["front.js"]

ICON = re.compile(r"\bfr-icon-[a-z0-9-]*[a-z0-9]")
LOCAL_URL = re.compile(r"url\((?!data:|[\"']?data:)([^)]+?)\)")
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
RULE = re.compile(r"([^{}@]+)\{([^{}]*)\}")
EMPTY_BLOCK = re.compile(r"@media[^{}]*\{\}")
CLASS = re.compile(r"\bfr-[a-zA-Z0-9_-]+")
COLOUR = (
    "beige-gris-galet|blue-cumulus|blue-ecume|brown-cafe-creme|brown-caramel|brown-opera|green-archipel|green-bourgeon|"
    "green-emeraude|green-menthe|green-tilleul-verveine|orange-terre-battue|pink-macaron|pink-tuile|purple-glycine|"
    "yellow-moutarde|yellow-tournesol"
)
# Margins, paddings, columns, coloured variants: half of DSFR, of which a site names a few dozen.
UTILITY = re.compile(
    rf"\.(fr-(?:(?:[mp][trblxy]?|col|grid-row|artwork)-[a-zA-Z0-9_-]+|[a-z_-]+--(?:{COLOUR})))(?![a-zA-Z0-9_-])"
)
PROPERTY = re.compile(r"""(?<=[{;])(--[\w-]+):[^;{}"]*(?:"[^"]*"[^;{}"]*)*;?""")
DOUBLE_MASK = re.compile(r"-webkit-mask-image:(url\([^)]*\));(?=mask-image:\1)")
LICENCE_COMMENT = re.compile(r"/\*!.*?\*/\s*", re.DOTALL)
CHARSET = '@charset "UTF-8";'


class BundleError(Exception):
    """A file or an icon that the bundle needs is not in the installed package."""


def build_bundle() -> bool:
    """Write the bundle to ``DSFR_BUNDLE_DIR`` unless it is up to date; true when it was written.

    Raise BundleError, naming the file, when the package lacks something.
    """
    directory = settings.DSFR_BUNDLE_DIR
    stamp = directory.with_name(f"{directory.name}.stamp")
    signature = sources_signature()
    if directory.is_dir() and stamp.is_file() and stamp.read_text() == signature:
        return False
    files = bundle_files()
    fresh = directory.with_name(f"{directory.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, content in files.items():
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    shutil.rmtree(directory, ignore_errors=True)
    fresh.rename(directory)
    stamp.write_text(signature)
    return True


def bundle_files() -> dict[str, bytes]:
    """The files of the bundle, by name; the same sources always give the same bytes."""
    files = {
        "site.css": style_sheet().encode(),
        "site.js": script().encode(),
        "site.webmanifest": web_manifest().encode(),
        "favicon.svg": read(DIST / "favicon" / "favicon.svg"),
    }
    files |= {f"leaflet/{name}": content for name, content in leaflet_files().items()}
    return files | {f"fonts/{font}.woff2": read(DIST / "fonts" / f"{font}.woff2") for font in FONTS}


def leaflet_files() -> dict[str, bytes]:
    """Leaflet as django-leaflet brings it, less the pictures that our maps don't show; loaded when a map is opened."""
    spec = find_spec("leaflet")
    folder = Path(spec.origin).parent / "static" / "leaflet" if spec and spec.origin else Path("leaflet")
    css = RULE.sub(
        lambda match: "" if "url(" in match.group(2) else match.group(), read(folder / "leaflet.css").decode()
    )
    code = re.sub(r"//# sourceMappingURL=.*", "", read(folder / "leaflet.js").decode())
    return {"leaflet.css": css.encode(), "leaflet.js": code.encode()}


def style_sheet() -> str:
    names = ["core/core.main", "scheme/scheme", *(f"component/{name}/{name}.main" for name in COMPONENTS)]
    parts = [without_unused_utilities(inlined(DIST / f"{name}.min.css")) for name in names]
    parts += [inlined(DIST / "component" / name / f"{name}.print.min.css") for name in COMPONENTS]
    parts += [icon_rules(used_icons())]
    parts += [read(path).decode() for path in own_style_sheets()]
    licence = LICENCE_COMMENT.search(read(DIST / "core" / "core.main.min.css").decode())
    body = "\n".join(LICENCE_COMMENT.sub("", part).replace(CHARSET, "").strip() for part in parts)
    body = without_unused_properties(body)
    return f"{CHARSET}\n{licence.group() if licence else ''}{body}\n"


def script() -> str:
    """One module: each part in a block of its own, since they reuse the same short names."""
    paths = [DIST / "core" / "core.module.min.js", DIST / "scheme" / "scheme.module.min.js"]
    paths += [DIST / "component" / name / f"{name}.module.min.js" for name in SCRIPTS]
    parts = [read(path).decode() for path in paths]
    licence = LICENCE_COMMENT.search(parts[0])
    own = [read(settings.PROJECT_DIR / "static" / "js" / name).decode() for name in OWN_SCRIPTS]
    blocks = "\n".join(f"{{{LICENCE_COMMENT.sub('', part).strip()}}}" for part in [*parts, *own])
    return f"{licence.group() if licence else ''}{blocks}\n"


def web_manifest() -> str:
    data = {
        "name": settings.WAGTAIL_SITE_NAME,
        "lang": "fr",
        "start_url": "/",
        "display": "browser",
        "icons": [{"src": "favicon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    return json.dumps(data, ensure_ascii=False)


def inlined(path: Path) -> str:
    """A style sheet whose pictures are data URIs and whose fonts are those of the bundle."""
    css = FONT_FACE.sub(kept_font, read(path).decode())
    css = DOUBLE_MASK.sub("", css)
    return LOCAL_URL.sub(lambda match: inlined_url(path, match.group(1)), css)


def kept_font(match: re.Match) -> str:
    """The rule of a font that the bundle has, reduced to its woff2 file; nothing for the others."""
    rule = match.group()
    for font in FONTS:
        if f"/{font}.woff2)" in rule:
            return re.sub(r"src:[^}]*", f'src:url(fonts/{font}.woff2) format("woff2")', rule)
    return ""


def inlined_url(sheet: Path, address: str) -> str:
    address = address.strip("\"'")
    if address.startswith("fonts/"):
        return f"url({address})"
    svg = read((sheet.parent / address).resolve()).decode()
    return f'url("data:image/svg+xml,{quote(svg, safe=" /:=;,()!@*")}")'


def icon_rules(icons: list[str]) -> str:
    """The rules of these icons, from the utility sheets of the package."""
    sheets = sorted((DIST / "utility" / "icons").glob("*/*.main.min.css"))
    rules = {}
    for sheet in sheets:
        for selector, declarations in re.findall(
            r"([^{}]+)\{([^{}]*url\([^{}]*)\}", LICENCE_COMMENT.sub("", read(sheet).decode())
        ):
            for icon in ICON.findall(selector):
                rules.setdefault(icon, (sheet, f"{selector}{{{declarations}}}"))
    if missing := [icon for icon in icons if icon not in rules]:
        raise BundleError(f"Icônes absentes de django-dsfr : {', '.join(missing)}.")
    found = [
        LOCAL_URL.sub(
            lambda match, sheet=rules[icon][0]: inlined_url(sheet, match.group(1)), DOUBLE_MASK.sub("", rules[icon][1])
        )
        for icon in icons
    ]
    return "\n".join(dict.fromkeys(found))


def without_unused_utilities(css: str) -> str:
    """The sheet less the margins, paddings, columns and colours that no template names."""
    used = used_classes()
    # A name that a template ends itself, as in "fr-col-{{ width }}", keeps every class that starts so.
    beginnings = tuple(name for name in used if name.endswith("-"))

    def is_used(selector: str) -> bool:
        return all(name in used or name.startswith(beginnings) for name in UTILITY.findall(selector))

    def kept_rule(match: re.Match) -> str:
        selectors = [selector for selector in match.group(1).split(",") if is_used(selector)]
        return f"{','.join(selectors)}{{{match.group(2)}}}" if selectors else ""

    return EMPTY_BLOCK.sub("", RULE.sub(kept_rule, css))


def without_unused_properties(css: str) -> str:
    """The sheet less the custom properties (colours of the palette) that nothing reads, in as many turns as needed."""
    named_by_scripts = set(re.findall(r"--[\w-]+", script()))
    while True:
        read_ones = named_by_scripts | set(re.findall(r"var\((--[\w-]+)", css))

        def kept_declaration(match: re.Match, read_ones=frozenset(read_ones)) -> str:
            return match.group() if match.group(1) in read_ones else ""

        lighter = PROPERTY.sub(kept_declaration, css)
        if lighter == css:
            return css
        css = lighter


def used_classes() -> frozenset[str]:
    """Names of the DSFR classes written in our templates and our code."""
    return frozenset(name for path in class_sources() for name in CLASS.findall(path.read_text()))


def used_icons() -> list[str]:
    """Names of the icons among them."""
    return sorted(name for name in used_classes() if ICON.fullmatch(name))


def class_sources() -> list[Path]:
    """Templates, scripts and modules of the project, whichever its rooms are."""
    rooms = {Path(app.path) for app in apps.get_app_configs()} | {settings.PROJECT_DIR}
    ours = {room for room in rooms if room.is_relative_to(settings.BASE_DIR) and not room.is_relative_to(sys.prefix)}
    found = {path for room in ours for suffix in ("html", "py", "js") for path in room.rglob(f"*.{suffix}")}
    return sorted(found - {Path(__file__)})


def own_style_sheets() -> list[Path]:
    return sorted((settings.PROJECT_DIR / "static" / "css").glob("*.css"))


def sources_signature() -> str:
    """Changes whenever a source of the bundle does."""
    package = [DIST / "core" / "core.main.min.css", Path(__file__)]
    own = [settings.PROJECT_DIR / "static" / "js" / name for name in OWN_SCRIPTS]
    digest = hashlib.sha256()
    for path in [*package, *own, *own_style_sheets()]:
        digest.update(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}\n".encode())
    digest.update(" ".join(sorted(used_classes())).encode())
    return digest.hexdigest()


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise BundleError(f"Fichier absent de django-dsfr ou du projet : {path}.") from error
