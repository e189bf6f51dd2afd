"""Query strings of a listing: always in the same order, without empty or default values."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from territoires_en_commun.base.models import Term
from territoires_en_commun.base.site_info import Link

Parameters = Mapping[str, list[str]]


def listing_url(path: str, parameters: Parameters) -> str:
    """The path and its parameters; the path alone when there is none."""
    pairs = [(name, value) for name, values in parameters.items() for value in values if value != ""]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def without(parameters: Parameters, name: str, value: str | None = None) -> dict[str, list[str]]:
    """The parameters less one value of ``name``, or less all its values."""
    kept = {key: list(values) for key, values in parameters.items()}
    kept[name] = [other for other in kept.get(name, []) if value is not None and other != value]
    return kept


def topic_links(terms: Iterable[Term], path: str, parameter: str) -> list[Link]:
    """Terms of a page, each leading to the contents of a listing that share it."""
    current = (term.current for term in terms)
    return [Link(term.name, listing_url(path, {parameter: [term.slug]})) for term in current]
