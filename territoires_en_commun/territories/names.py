"""How French says a territory: its article and its prepositions.

Articles follow the INSEE « TNCC » code of the geographic code: 0 none before a consonant, 1 none before a vowel,
2 le, 3 la, 4 les, 5 l', 6 aux, 7 las, 8 los. The names of communes carry their article (« Le Havre »); those of
départements and régions don't, and usage, not the code, decides of « en Bretagne » and « dans le Grand Est ».
"""

import re

COMMUNAL = frozenset(["commune", "commune-deleguee", "commune-associee"])
ARTICLES = {2: "le ", 3: "la ", 4: "les ", 5: "l'"}
WITHIN_ARTICLES = {2: "dans le ", 3: "dans la ", 4: "dans les ", 5: "dans l'"}
CONTRACTIONS = {"le ": "du ", "la ": "de la ", "les ": "des ", "l'": "de l'"}
# The regions whose common name takes an article that the geographic code doesn't give.
REGION_ARTICLES = {
    "11": "l'",
    "24": "le ",
    "27": "la ",
    "28": "la ",
    "53": "la ",
    "44": "le ",
    "52": "les ",
    "76": "l'",
    "84": "l'",
    "94": "la ",
    "32": "les ",
    "75": "la ",
    "93": "la ",
    "01": "la ",
    "02": "la ",
    "03": "la ",
}
IN_REGIONS = {"44": "dans le Grand Est", "32": "dans les Hauts-de-France", "52": "dans les Pays de la Loire"}
ISLANDS = frozenset(
    ["La Réunion", "Mayotte", "Saint-Barthélemy", "Saint-Martin", "Saint-Pierre-et-Miquelon", "Wallis et Futuna"]
)  # « à La Réunion », « à Mayotte »
OVERSEAS = {
    # code: (with its article, where, of)
    "984": (
        "les Terres australes et antarctiques françaises",
        "dans les Terres australes et antarctiques françaises",
        "des Terres australes et antarctiques françaises",
    ),
    "987": ("la Polynésie française", "en Polynésie française", "de la Polynésie française"),
    "988": ("la Nouvelle-Calédonie", "en Nouvelle-Calédonie", "de la Nouvelle-Calédonie"),
    "989": ("l'île de Clipperton", "sur l'île de Clipperton", "de l'île de Clipperton"),
}
INTERCOMMUNAL_NOUNS = {
    "CC": "communauté de communes",
    "CA": "communauté d'agglomération",
    "CU": "communauté urbaine",
}
NUMBERED = re.compile(r"^(?P<city>Paris|Lyon|Marseille) (?P<rank>1er|\d+e) arrondissement$", re.IGNORECASE)
ACRONYM = re.compile(r" \([^)]*\)$")
VOWEL = re.compile(r"^[aeiouyàâäéèêëîïôöùûüœæ]", re.IGNORECASE)


def with_article(type_: str, code: str, name: str, article_kind: int) -> str:
    """The name as a sentence says it: « Le Havre », « la Creuse », « la communauté de communes de Blaye »."""
    if type_ in COMMUNAL:
        return name
    if type_ == "arrondissement" and (match := NUMBERED.match(name)):
        return f"le {match['rank']} arrondissement de {match['city']}"
    if type_ in ("epci", "ept"):
        return _intercommunal(name)
    if type_ == "pays":
        return f"la {name}"
    if code in OVERSEAS:
        return OVERSEAS[code][0]
    return _article(type_, code, article_kind) + name


def located(type_: str, code: str, name: str, article_kind: int) -> str:
    """The place as a complement: « au Havre », « à Nantes », « dans la Creuse », « en Bretagne »."""
    if type_ in COMMUNAL:
        return _contracted_city(name, article_kind, {"le": "au", "les": "aux", "aux": "aux"}, "à ")
    if type_ in ("epci", "ept", "arrondissement"):
        phrase = with_article(type_, code, name, article_kind)
        return f"dans {phrase}" if phrase.startswith(("la ", "le ")) else f"sur le territoire {_of(phrase)}"
    if code in OVERSEAS:
        return OVERSEAS[code][1]
    if name in ISLANDS:
        return f"à {name}"
    return _in_departement(name, article_kind) if type_ == "departement" else IN_REGIONS.get(code, f"en {name}")


def possessive(type_: str, code: str, name: str, article_kind: int) -> str:
    """The possessive complement: « du Havre », « de Nantes », « de la Creuse », « d'Île-de-France »."""
    if type_ in COMMUNAL:
        return _contracted_city(name, article_kind, {"le": "du", "les": "des", "aux": "des"}, "de ")
    if type_ == "region" and code not in OVERSEAS:
        return _of(ARTICLES.get(article_kind, "") + name)
    return _of(with_article(type_, code, name, article_kind))


def _article(type_: str, code: str, article_kind: int) -> str:
    if type_ == "region":
        return REGION_ARTICLES.get(code, "")
    return ARTICLES.get(article_kind, "")


def _of(phrase: str) -> str:
    for article, contracted in CONTRACTIONS.items():
        if phrase.startswith(article):
            return contracted + phrase[len(article) :]
    return f"d'{phrase}" if VOWEL.match(phrase) else f"de {phrase}"


def _contracted_city(name: str, article_kind: int, contractions: dict[str, str], preposition: str) -> str:
    """« Le Havre » gives « au Havre »: only a true article (TNCC 2, 4, 6) contracts, not that of « Le » in a name."""
    article, _, rest = name.partition(" ")
    if article_kind in (2, 4, 6) and rest and article.lower() in contractions:
        return f"{contractions[article.lower()]} {rest}"
    if preposition == "de " and article_kind == 1:
        return f"d'{name}"
    return preposition + name


def _in_departement(name: str, article_kind: int) -> str:
    """« En » before the feminine and the compound names (« en Haute-Savoie »), « dans » with the article otherwise."""
    if name == "Paris":
        return "à Paris"
    compound_feminine = article_kind == 3 and "-" in name
    if compound_feminine or article_kind in (0, 1) or name in ("Guadeloupe", "Martinique", "Guyane"):
        return f"en {name}"
    return WITHIN_ARTICLES[article_kind] + name


def _intercommunal(name: str) -> str:
    """An EPCI's name in full, with its article: « CC du Perche » gives « la communauté de communes du Perche »."""
    kind, _, rest = ACRONYM.sub("", name).partition(" ")
    if kind in INTERCOMMUNAL_NOUNS and rest:
        return f"la {INTERCOMMUNAL_NOUNS[kind]} {rest}"
    return f"la {name}" if kind == "Métropole" else name
