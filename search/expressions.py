"""The expressions that editors write in their rules and pins: read, compared by their stems, refused in French."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError

from .text.analysis import STOP_WORDS, content_words, words
from .text.expansion import rule_stems

MAX_WORDS = 8
Key = tuple[str, ...]


def lines_of(text: str) -> list[str]:
    """The expressions of a text, one a line, tidied."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def key_of(expression: str) -> Key:
    """What two expressions share that are the same for the search: their stems, in order."""
    return rule_stems(words(expression))


def alternative_of(expression: str) -> Key:
    """The folded words that an expression is searched by."""
    return tuple(content_words(expression))


def check_expression(expression: str) -> None:
    """Raise ValidationError for what no query could be compared with."""
    found = words(expression)
    if not found:
        raise ValidationError(f"«\u00a0{expression}\u00a0» ne contient aucun mot.")
    if STOP_WORDS.issuperset(found):
        raise ValidationError(
            f"«\u00a0{expression}\u00a0» n’a que des mots vides (le, de, pour…) : la recherche les ignore."
        )
    if len(found) > MAX_WORDS:
        raise ValidationError(f"«\u00a0{expression}\u00a0» a {len(found)} mots : la limite est de {MAX_WORDS}.")


def check_different(expressions: Sequence[str]) -> None:
    """Raise ValidationError when two expressions are the same for the search."""
    known: dict[Key, str] = {}
    for expression in expressions:
        key = key_of(expression)
        if key in known:
            raise ValidationError(
                f"«\u00a0{known[key]}\u00a0» et «\u00a0{expression}\u00a0» sont déjà la même chose pour la recherche."
            )
        known[key] = expression


def holds(stems: Sequence[str], key: Key) -> bool:
    """Whether the stems of a query hold those of an expression, one after another."""
    return any(tuple(stems[start : start + len(key)]) == key for start in range(len(stems) - len(key) + 1))


def query_stems(text: str) -> list[str]:
    """The stems of a query, stop words aside."""
    return list(rule_stems(words(text)))


def check_each(expressions: Iterable[str]) -> None:
    """Raise ValidationError with every expression that is refused."""
    errors = []
    for expression in expressions:
        try:
            check_expression(expression)
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
