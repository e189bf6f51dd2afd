"""Converters of the addresses of territories."""

from territoires_en_commun.territories.models import TerritoryType


class TerritoryTypeConverter:
    """A type of territory; « commune-deleguee » is tried before « commune »."""

    regex = "|".join(sorted(TerritoryType.values, key=len, reverse=True))

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class TerritoryCodeConverter:
    """An official code: « 2A004 », « 244400404 », « 01 »; read whatever its case."""

    regex = "[0-9A-Za-z]{1,10}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
