"""The resources of the demonstration: ten kits and three trainings."""

import datetime as dt
import tomllib
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify

from annuaire.models import ActorPage
from ressources import demo_files
from ressources.kit_services import credit_of
from ressources.models import KitChange, KitPage, ResourceIndexPage, TrainingPage
from territoires_en_commun.base.models import (
    Audience,
    BasePage,
    CustomDocument,
    LinkKind,
    PageLink,
    Partner,
    Programme,
    Theme,
)
from territoires_en_commun.base.typography import typeset
from territoires_en_commun.territories.forms import chosen_territory

DATA = Path(__file__).parent / "data" / "demo"
REVIEW_AFTER = dt.timedelta(days=365)
NOTICE = {
    "title": "À savoir",
    "text": "<p>Écrite pour la démonstration\u00a0: relisez-la avec vos services avant de vous en servir.</p>",
}
RELATIONS = {"themes": Theme, "audiences": Audience, "programmes": Programme}
COMPOSED = {"odt": demo_files.odt, "pdf": demo_files.pdf}
ENCODINGS = {"txt": "utf-8", "csv": "utf-8-sig"}  # spreadsheets want the mark
FILES = {"kit": "kits.toml", "training": "formations.toml"}
KIT_FIELDS = ("kind", "version", "set_up_time", "level", "cost")
TRAINING_FIELDS = ("objectives", "prerequisites", "mode", "certification", "registration_url")


def load_resources(owner: AbstractBaseUser) -> Iterator[str]:
    """Create the resources that are missing, under the review of ``owner``; yield a line, in French, for each."""
    index = ResourceIndexPage.objects.first()
    if index is None:
        return
    known = set(BasePage.objects.filter(external_ref__startswith="demo:").values_list("external_ref", flat=True))
    for name, build in (("kit", build_kit), ("training", build_training)):
        for entry in read(name):
            reference = f"demo:{name}-{entry['ref']}"
            if reference not in known and (page := build(entry)):
                publish(index, page, entry, reference, owner)
                yield f"Ressource « {page.title} » créée."


def read(name: str) -> list[dict[str, Any]]:
    """The entries of a data file, in French typography."""
    return typeset_all(tomllib.loads((DATA / FILES[name]).read_text(encoding="utf-8"))[name])


def typeset_all(value: Any) -> Any:
    """A value whose texts are in French typography."""
    if isinstance(value, str):
        return typeset(value)
    if isinstance(value, list):
        return [typeset_all(item) for item in value]
    return {key: typeset_all(item) for key, item in value.items()} if isinstance(value, dict) else value


def build_kit(entry: dict[str, Any]) -> KitPage:
    """A kit of the data file, with its files in the library and its history."""
    pieces = [build_piece(piece) for piece in entry["piece"]] + [("text", NOTICE)]
    kit = KitPage(
        pieces=[{"type": kind, "value": value, "id": str(uuid.uuid4())} for kind, value in pieces],
        **{name: entry[name] for name in KIT_FIELDS},
    )
    today = timezone.localdate()
    kit.changes = [
        KitChange(date=today - dt.timedelta(days=change["days"]), version=change["version"], text=change["text"])
        for change in entry.get("changes", [])
    ]
    if source := KitPage.objects.filter(external_ref=f"demo:kit-{entry.get('derived_from')}").first():
        kit.derived_from, kit.credit = source, credit_of(source)
    return kit


def build_piece(piece: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The name and the value of a block, as they are stored."""
    kind = piece["type"]
    value = {name: text for name, text in piece.items() if name not in {"type", "source", "format", "accessible"}}
    if kind == "file":
        value["document"] = make_document(piece).pk
    elif kind == "link":
        page = BasePage.objects.filter(slug=piece.get("page", ""), depth=3).first()
        value |= {"page": page.pk if page else None, "language": "fr"}
    return kind, value


def make_document(piece: dict[str, Any]) -> CustomDocument:
    """A file of the library: as it is in the data, or composed from its text; with its accessible version."""
    path = DATA / "files" / piece["source"]
    text, suffix = path.read_text(encoding="utf-8"), piece.get("format", path.suffix[1:])
    content = COMPOSED[suffix](typeset(text)) if "format" in piece else text.encode(ENCODINGS[suffix])
    document = store(piece["title"], f"{path.stem}.{suffix}", content)
    if piece.get("accessible"):
        document.accessible_version = store(piece["title"], f"{path.stem}.odt", demo_files.odt(typeset(text)))
        document.save()
    return document


def store(title: str, name: str, content: bytes) -> CustomDocument:
    """A new document of the library."""
    document = CustomDocument(title=title, file=ContentFile(content, name), file_size=len(content))
    document.save()
    document.get_file_hash()  # written too: browsers know by it that they have the file already
    return document


def build_training(entry: dict[str, Any]) -> TrainingPage | None:
    """A training of the data file; None when its organiser is not in the directory."""
    organiser = ActorPage.objects.filter(external_ref=entry["organiser"]).first()
    if organiser is None:
        return None
    price = entry.get("price")
    return TrainingPage(
        organiser=organiser,
        hours=Decimal(entry["hours"]),
        price=Decimal(price) if price else None,
        is_free=price is None,
        **{name: entry[name] for name in TRAINING_FIELDS},
    )


def publish(index: BasePage, page: BasePage, entry: dict[str, Any], reference: str, owner: AbstractBaseUser) -> None:
    """Write a page, published, with what classifies it."""
    page.title, page.summary, page.external_ref = entry["title"], entry["summary"], reference
    page.slug = slugify(page.title.replace("’", " "))[:100].strip("-")
    page.review_owner, page.review_date = owner, timezone.localdate() + REVIEW_AFTER
    page.partner = Partner.objects.filter(slug=entry.get("partner", "")).first()
    for name, model in RELATIONS.items():
        setattr(page, name, list(model.objects.filter(slug__in=entry.get(name, []))))
    page.territories = [place for key in entry.get("territories", []) if (place := chosen_territory(key))]
    actors = BasePage.objects.filter(external_ref__in=entry.get("actors", []))
    page.links = [PageLink(target=actor, kind=LinkKind.ACTOR) for actor in actors]
    page.live = False
    BasePage.objects.get(pk=index.pk).add_child(instance=page)
    page.save_revision().publish()
