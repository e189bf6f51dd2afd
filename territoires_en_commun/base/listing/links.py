"""Query strings of a listing: always in the same order, without empty or default values."""

from collections.abc import Mapping
from urllib.parse import urlencode

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
