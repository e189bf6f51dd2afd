"""Folding of names and queries: what people type and what the official code says meet on the same letters."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ð": "d", "ł": "l"})
PLAIN = str.maketrans("àâäáãåçéèêëíîïìñóôöòõúûüùÿý", "aaaaaaceeeeiiiinooooouuuuyy")
NOT_WORD = re.compile(r"[^a-z0-9]+")
# "s/", "s/s", "sr" and "ss" are the usual shortenings of sur and sous in addresses.
SHORT_SOUS = re.compile(r"\b(?:s/s|ss/|s\.s\.|ss(?=\s))\s*", re.IGNORECASE)
SHORT_SUR = re.compile(r"\bs/\s*", re.IGNORECASE)
ORDINAL = re.compile(r"\b(\d{1,2})\s?(?:er|ere|eme|ieme|em|me|e)\b")
ROMAN_ORDINAL = re.compile(r"\b([ivx]{1,5})\s?(?:er|eme|ieme|e)\b")
CODE_RUN = re.compile(r"\b\d[\d ]*\d\b")

TOKEN_FORMS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "snt": "saint",
    "lez": "les",
    "ht": "haut",
    "hte": "haute",
    "gd": "grand",
    "gde": "grande",
    "vx": "vieux",
    "chx": "chateaux",
    "mt": "mont",
    "ndame": "notre dame",
    "fd": "ferrand",
    "agglomeration": "agglo",
    "agglomerations": "agglo",
}
ARTICLES = frozenset({"le", "la", "les", "l"})
# Words that link the parts of a name and that people drop or swap.
LINKS = frozenset(
    {"le", "la", "les", "l", "de", "du", "des", "d", "en", "sur", "sous", "et", "a", "au", "aux", "dans"}
)
ROMANS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11}
ROMANS |= {f"x{roman}": 10 + value for roman, value in ROMANS.items() if value < 10} | {"xx": 20}


def strip_accents(text: str) -> str:
    """Lower-case letters without accents nor ligatures."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    lowered = lowered.translate(PLAIN).translate(LIGATURES)
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).translate(LIGATURES)


def tokenise(text: str) -> list[str]:
    """The words of a text, folded: no case, accent, hyphen or apostrophe; abbreviations spelled out."""
    folded = strip_accents(text)
    if "s/" in folded or "ss" in folded or "s.s" in folded:
        folded = SHORT_SUR.sub("sur ", SHORT_SOUS.sub("sous ", folded))
    return [TOKEN_FORMS.get(token, token) for token in NOT_WORD.split(folded) if token]


def fold_ordinals(text: str) -> str:
    """« 12e », « 12ème », « 1er » or « XIIe » as bare numbers, for municipal arrondissements."""
    folded = strip_accents(text)
    folded = ROMAN_ORDINAL.sub(lambda found: str(ROMANS.get(found[1], found[0])), folded)
    return ORDINAL.sub(r"\1", folded)


def compact(tokens: list[str]) -> str:
    """The words joined without a space: « Saint-Étienne », "st etienne" and "saintetienne" become one string."""
    return "".join(tokens)


def without_article(tokens: list[str]) -> list[str]:
    """The words less a leading article, or less an article written after the name as in « Havre (Le) »."""
    if len(tokens) > 1 and tokens[0] in ARTICLES:
        return tokens[1:]
    if len(tokens) > 1 and tokens[-1] in ARTICLES:
        return tokens[:-1]
    return tokens


def skeleton(tokens: list[str]) -> list[str]:
    """The words that carry the name, without the little words that link them."""
    kept = [token for token in tokens if token not in LINKS]
    return kept or tokens
