"""Names written as they are: whole, less their little words, begun, or by some of their words."""

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .candidates import Candidates
from .codes import CODE, official_codes
from .index import TerritoryIndex
from .normalise import LINKS, compact, skeleton, tokenise, without_article
from .query import INTERCOMMUNAL, Reading, as_numbered_city
from .spellings import ARTICLE, LINKED, core_tokens

# Costs, in powers of ten of population (see engine.py).
PREFIX = 2.5
WHOLE_PREFIX = 2.1
WORDS = 2.9
EXTRA_WORD = 0.12
HALF_WORD = 0.8
BROKEN_WORD = 1.5
NEXT_TO_WHOLE = 2.0


def numbered_city(search: Candidates, text: str) -> None:
    """« Paris 12e » and its like; a bare number may also be the city's département (« Marseille 13 »)."""
    numbered = as_numbered_city(text)
    if numbered is None:
        return
    city, rank, said = numbered
    search.reading = Reading([])
    for form, _score, _position in process.extract(
        city, ("paris", "lyon", "marseille"), scorer=OSA.distance, score_cutoff=2 if len(city) > 4 else 1
    ):
        for number, cost in search.index.by_form.get(form + rank, ()):
            place = search.index.places[search.index.entries[number].place]
            if form == city:
                search.certain.add(search.index.entries[number].place)
            own = rank.zfill(2) in place.departements and not said
            search.add(number, cost - (2 if not own else 0))


def exact(search: Candidates, *, literal: bool) -> bool:
    """Names written as they are, or less the article or the linking words."""
    index, kinds = search.index, search.reading.kinds
    matches: dict[int, float] = {}
    for form, cost in forms(search):
        for number, form_cost in index.by_form.get(form, ()):
            place = index.entries[number].place
            if search.accepts(place):
                kind = index.places[place].type
                asked = kind in INTERCOMMUNAL and kind in kinds
                total = max(cost, min(form_cost, ARTICLE) if asked else form_cost)
                if len(search.reading.tokens) > 1 and form in index.entries[number].tokens and not cost:
                    total += BROKEN_WORD  # « la roche s » isn't Roches
                matches[number] = min(total, matches.get(number, total))
    whole = search.whole or (
        literal and any(total == 0 and not numbered(search, each) for each, total in matches.items())
    )
    for number, total in matches.items():
        search.add(number, total + NEXT_TO_WHOLE if whole and (total or not literal) else total)
        if total <= ARTICLE:
            search.certain.add(index.entries[number].place)
    search.whole = whole
    found = bool(matches)
    if len(search.reading.tokens) == 1 and search.reading.kinds:
        for number, former in official_codes(search, search.reading.tokens[0]):
            if search.index.places[number].type in search.reading.kinds:
                search.best[number] = (CODE, former)
                search.certain.add(number)
                found = True
    if search.reading.postal_code:
        numbered_postal_code(search)
    if search.reading.kinds & INTERCOMMUNAL:
        found = seat(search) or found
    return found


def numbered(search: Candidates, number: int) -> bool:
    """Whether a name is that of an arrondissement: « marseille 13 » may as well be the city in its département."""
    return search.index.places[search.index.entries[number].place].type == "arrondissement"


def numbered_postal_code(search: Candidates) -> None:
    """« 75011 Paris »: the arrondissement before its city."""
    index = search.index
    city = compact(search.reading.tokens)
    for number in index.by_postal_code.get(search.reading.postal_code, ()):
        place = index.places[number]
        if (
            place.type == "arrondissement"
            and search.accepts(number)
            and compact(tokenise(place.name)).startswith(city)
        ):
            search.best[number] = (place.weight + 2, "")


def forms(search: Candidates) -> list[tuple[str, float]]:
    """The joined forms of the reading with their costs."""
    tokens = search.reading.tokens
    forms = [(compact(tokens), 0.0)]
    if len(tokens) > 1:
        if tokens[-1] in ("le", "la", "les", "l"):
            forms.append((compact([tokens[-1], *tokens[:-1]]), 0.0))
        forms.append((compact(without_article(tokens)), ARTICLE))
        if tokens[-1] not in LINKS:  # « st ouen sur » is being typed
            forms.append((compact(skeleton(tokens)), LINKED))
    if search.reading.kinds & INTERCOMMUNAL and (core := core_tokens(tokens)):
        forms.append((compact(core), ARTICLE))
    return forms


def seat(search: Candidates) -> bool:
    """« agglo de Blois »: the intercommunality of the most populated commune of that name."""
    index = search.index
    best = None
    for form, _cost in forms(search)[:2]:
        for number, _form_cost in index.by_form.get(form, ()):
            entry = index.entries[number]
            place = index.places[entry.place]
            if place.type == "commune" and place.epci and not entry.former and in_area(search, place):
                best = max(best or place, place, key=lambda p: p.weight)
    number = index.place_of.get(best.epci) if best else None
    if number is None or (search.types and index.places[number].type not in search.types):
        return False
    score = index.places[number].weight - 1.2 - search.reading.cost
    if number not in search.best or search.best[number][0] < score:
        search.best[number] = (score, "")
    return True


def in_area(search: Candidates, place) -> bool:
    return search.reading.departements is None or not search.reading.departements.isdisjoint(place.departements)


def prefixes(search: Candidates, limit: int) -> None:
    """Names of which only the beginning was typed."""
    index = search.index
    for form, cost in forms(search)[:2]:
        found = {number for name in index.with_prefix(form) if name != form for number, _cost in index.by_form[name]}
        for number in search.most_populated(found, 3 * limit):
            spelled, form_cost = min(index_cost(index, number, form), key=lambda known: known[1])
            begun = PREFIX if len(form) > 2 else PREFIX + 1
            if len(spelled) - len(form) >= 3 and index.entries[number].ends_word(form):
                begun = WHOLE_PREFIX
            search.add(number, begun + 4 * cost + form_cost + search.unasked(number))


def all_words(search: Candidates) -> None:
    """Names that hold every word typed, in any order, the last one perhaps only begun."""
    index = search.index
    words = skeleton(search.reading.tokens)
    unfinished = search.reading.tokens[-1] in LINKS  # « métropole de l » is being typed
    if not words or (len(words) == 1 and len(words[0]) < 3):
        return
    last = index.tokens_with_prefix(words[-1])
    if len(last) > 400:
        last = [words[-1]] if words[-1] in index.by_token else []
    groups = [[index.by_token.get(word, ())] for word in words[:-1]]
    groups.append([index.by_token[token] for token in last])
    if not all(any(len(posting) for posting in group) for group in groups):
        return
    groups.sort(key=lambda group: sum(map(len, group)))
    common = {number for posting in groups[0] for number in posting}
    for group in groups[1:]:
        common &= {number for posting in group for number in posting}
        if not common:
            return
    for number in search.most_populated(common, 60):
        entry = index.entries[number]
        whole = words[-1] in entry.tokens
        extra = len(entry.tokens) - len(words)
        cost = WORDS + EXTRA_WORD * extra + (0 if whole else HALF_WORD) + (HALF_WORD if unfinished else 0)
        search.add(number, cost + search.unasked(number))


def index_cost(index: TerritoryIndex, number: int, form: str) -> list[tuple[str, float]]:
    """The spellings of an entry that begin with a form, with their costs."""
    return [
        (spelling, cost)
        for spelling in index.entries[number].forms
        if spelling.startswith(form)
        for entry, cost in index.by_form[spelling]
        if entry == number
    ]
