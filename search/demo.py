"""The synonyms, acronyms and relevance cases of the demonstration."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.registry import demo_loaders
from territoires_en_commun.base.typography import typeset
from territoires_en_commun.users.models import User

from .models import Acronym, RelevanceCase, SearchSynonym

DATA = Path(__file__).parent / "data" / "demo" / "rules.toml"


@demo_loaders.register("search")
def load_search_rules(owner: User) -> Iterator[str]:
    """Create what is missing; yield a line, in French, for each. A case whose content is not there is left out."""
    data = tomllib.loads(typeset(DATA.read_text(encoding="utf-8")))
    rules = [Acronym(acronym=acronym, expansion=expansion) for acronym, expansion in data["acronyms"].items()]
    rules += [SearchSynonym(expressions="\n".join(entry["expressions"])) for entry in data["synonym"]]
    for rule in rules:
        try:
            rule.full_clean()
        except ValidationError:  # one of its expressions has a rule already
            continue
        rule.save()
        yield f"Règle de recherche « {rule} » créée."
    for entry in data["case"]:
        yield from _load_case(entry)


def _load_case(entry: dict[str, Any]) -> Iterator[str]:
    page = BasePage.objects.by_external_ref(entry["page"]).first()
    if page is None:
        return
    kept = {"max_rank": entry.get("max_rank", 3), "note": entry.get("note", "")}
    case, created = RelevanceCase.objects.get_or_create(query=entry["query"], page=page, defaults=kept)
    if created:
        yield f"Cas de pertinence {case} créé."
