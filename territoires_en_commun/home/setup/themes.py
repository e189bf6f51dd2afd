"""The first lists of themes and audiences: editors rename, merge and complete them afterwards."""

from django.db import transaction
from django.utils.text import slugify

from territoires_en_commun.base.models import Audience, Theme

from .texts import read_toml


@transaction.atomic
def ensure_themes() -> list[str]:
    """Create the two levels of themes when there is no theme at all; return what was done, in French."""
    if Theme.objects.exists():
        return []
    for entry in read_toml("themes.toml")["theme"]:
        parent = create_theme(entry)
        for child in entry["children"]:
            create_theme(child, parent)
    return [f"{Theme.objects.count()} thématiques créées."]


def create_theme(entry: dict, parent: Theme | None = None) -> Theme:
    """A theme of the data file."""
    return Theme.objects.create(
        name=entry["name"],
        slug=slugify(entry["name"]),
        parent=parent,
        synonyms="\n".join(entry["synonyms"]),
        description=entry.get("description", ""),
    )


@transaction.atomic
def ensure_audiences() -> list[str]:
    """Create the audiences when there is none at all; return what was done, in French."""
    if Audience.objects.exists():
        return []
    names = read_toml("themes.toml")["audiences"]
    Audience.objects.bulk_create([Audience(name=name, slug=slugify(name)) for name in names])
    return [f"{len(names)} publics créés."]
