"""How Elasticsearch reads French, and what it holds of a page.

The analysis is that of ``search.text.analysis``, said with the filters of the server; a test compares the two. Nothing
here needs a module that the smallest distribution of the server lacks (mapper-extras, percolator).
"""

from collections.abc import Iterable
from typing import Any

from modelsearch.backends.elasticsearch9 import Elasticsearch9Mapping

from search import meaning
from search.documents.preparing import read_document
from search.models import SearchDocument
from search.text.analysis import ELIDED, MAX_WORD, MIN_STEMMED, STOP_WORDS, fold, words
from territoires_en_commun.base.listing.filters import TypeFacet
from territoires_en_commun.base.listing.sorts import folded
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.models.visibility import private_paths
from territoires_en_commun.territories.models import TerritoryClosure

FIELD = "recherche"  # the object of a document that holds what follows
LETTER, WORDLY = r"\p{L}", r"[\p{L}\p{N}\p{M}]"
# As analysis.WORD: an acronym with its dots, an elided article, a run of letters and digits with its apostrophes.
WORD = (
    rf"(?<!{WORDLY})(?:{LETTER}\.){{2,}}(?!{WORDLY})"
    rf"|(?i:(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)')(?={WORDLY})"
    rf"|{WORDLY}+(?:'{WORDLY}+)*"
)
PLAIN_FILTERS = ["without_elided", "lowercase", "asciifolding", "letters_and_digits", "not_empty", "cut"]
ANALYSIS = {
    "char_filter": {"straight_apostrophes": {"type": "mapping", "mappings": ["’ => '", "ʼ => '", "‘ => '"]}},
    "tokenizer": {"french_words": {"type": "pattern", "pattern": WORD, "group": 0}},
    "filter": {
        "without_elided": {
            "type": "stop",
            "ignore_case": True,
            "stopwords": [f"{article}'" for article in sorted(ELIDED)],
        },
        "letters_and_digits": {"type": "pattern_replace", "pattern": r"[^\p{L}\p{N}]+", "replacement": ""},
        "not_empty": {"type": "length", "min": 1},
        "cut": {"type": "truncate", "length": MAX_WORD},
        "french_stop": {"type": "stop", "stopwords": sorted(STOP_WORDS)},
        # As analysis.stem: what is done before the stemmer, the stemmer, what is done after.
        "singular": {
            "type": "pattern_replace",
            "pattern": r"^(\p{L}{2,}(?!s)\p{L})s$|^(\p{L}[ae]u)x$",
            "replacement": "$1$2",
        },
        "ending_in_au": {"type": "pattern_replace", "pattern": r"^(\p{L}{2,}(?!e)\p{L})au$", "replacement": "$1al"},
        "french_stemmer": {"type": "stemmer", "language": "french"},
        "ending": {
            "type": "pattern_replace",
            "pattern": r"^(\p{L}*[eo]u)x$|^(\p{L}{3,}[aou])s$",
            "replacement": "$1$2",
        },
        "long_words_stemmed": {
            "type": "condition",
            "filter": ["ending_in_au", "french_stemmer", "ending"],
            "script": {
                "source": f"token.getTerm().length() >= {MIN_STEMMED} "
                "&& token.getTerm().chars().allMatch(Character::isLetter)"
            },
        },
        "beginnings": {"type": "edge_ngram", "min_gram": 1, "max_gram": 20},
    },
    "analyzer": {
        # The default of every text field, those of the editing space included.
        "default": {
            "type": "custom",
            "char_filter": ["straight_apostrophes"],
            "tokenizer": "french_words",
            "filter": [*PLAIN_FILTERS, "french_stop", "singular", "long_words_stemmed"],
        },
        "plain_words": {
            "type": "custom",
            "char_filter": ["straight_apostrophes"],
            "tokenizer": "french_words",
            "filter": PLAIN_FILTERS,
        },
        # Replaces that of modelsearch, whose searches do not fold accents.
        "edgengram_analyzer": {
            "type": "custom",
            "char_filter": ["straight_apostrophes"],
            "tokenizer": "french_words",
            "filter": [*PLAIN_FILTERS, "beginnings"],
        },
    },
}
SETTINGS = {"settings": {"analysis": ANALYSIS, "index": {"refresh_interval": "1s"}}}


def text_field(**more: Any) -> dict[str, Any]:
    return {"type": "text", "analyzer": "default", **more}


PROPERTIES = {
    "title": text_field(
        fields={
            "exact": {"type": "text", "analyzer": "plain_words"},
            "prefix": {"type": "text", "analyzer": "edgengram_analyzer", "search_analyzer": "plain_words"},
        }
    ),
    "summary": text_field(),
    "body": text_field(),
    "terms": text_field(),
    "files": text_field(),
    "acronym": {"type": "text", "analyzer": "plain_words"},
    "whole": {"type": "keyword"},
    "order": {"type": "keyword", "doc_values": True, "index": False},
    "kind": {"type": "keyword"},
    "themes": {"type": "keyword"},
    "programmes": {"type": "keyword"},
    "at": {"type": "long"},
    "within": {"type": "long"},
    "depth": {"type": "integer"},
    "is_public": {"type": "boolean"},
    "published_at": {"type": "date"},
    # Days, as ordinals of the calendar: what scripts compare.
    "dated_on": {"type": "integer"},
    "past_after": {"type": "integer"},
    "review_on": {"type": "integer"},
    "title_vector": {"type": "dense_vector", "dims": meaning.DIMENSIONS, "index": False},
    "summary_vector": {"type": "dense_vector", "dims": meaning.DIMENSIONS, "index": False},
}


class FrenchMapping(Elasticsearch9Mapping):
    """The mapping that the editing space searches in, and for pages that of the search page too."""

    edgengram_analyzer_config = {"analyzer": "edgengram_analyzer", "search_analyzer": "plain_words"}

    @property
    def is_of_pages(self) -> bool:
        return issubclass(self.model, BasePage)

    def get_mapping(self):
        mapping = super().get_mapping()
        if self.is_of_pages:
            mapping["properties"][FIELD] = {"properties": PROPERTIES}
        return mapping

    def get_document(self, obj):
        document = super().get_document(obj)
        if self.is_of_pages and obj.live:
            document[FIELD] = page_content(obj.specific if type(obj) is BasePage else obj)
        return document


def page_content(page: BasePage) -> dict[str, Any]:
    """What the search page finds a page by."""
    document = current_document(page)
    packed = bytes(document.vector or b"")
    places = [territory.pk for territory in page.territories.all()]
    around = places and TerritoryClosure.objects.filter(descendant__in=places).values_list("ancestor_id", flat=True)
    title = " ".join(words(document.title))
    found = {
        "title": document.title,
        "summary": document.summary,
        "body": document.body,
        "terms": document.terms,
        "files": [part["text"] for part in document.files],
        "acronym": document.acronym,
        "whole": [whole for whole in (title, fold(document.acronym), *document.identifiers.split()) if whole],
        "order": folded(page.title)[:200],
        "kind": TypeFacet.slug_of(page.specific_class),
        "themes": slugs(page.themes.all()),
        "programmes": slugs(page.programmes.all()),
        "at": places,
        "within": sorted(set(around)),
        "depth": page.depth,
        "is_public": page.live and not page.path.startswith(private_paths()),
        "published_at": page.first_published_at,
        "dated_on": document.dated_on and document.dated_on.toordinal(),
        "past_after": document.past_after and document.past_after.toordinal(),
        "review_on": document.review_on and document.review_on.toordinal(),
    }
    return found | (vector_fields(packed) if packed else {})


def current_document(page: BasePage) -> SearchDocument:
    """What was read of a page after its last change; read now when that is still to come."""
    known = SearchDocument.objects.filter(pk=page.pk).first()
    if known and known.batch and not known.is_gone and known.published_at == page.last_published_at:
        return known
    document = read_document(page.pk, None, page)
    same = known and known.vector and (known.title, known.summary) == (document.title, document.summary)
    document.vector = known.vector if same else meaning.packed([(document.title, document.summary)])[0]
    return document


def slugs(terms: Iterable[Any]) -> list[str]:
    """The values by which facets know terms, those of their parents too."""
    found = {}
    for term in terms:
        current = term.current
        found[current.slug] = None
        if parent := getattr(current, "parent", None):
            found[parent.current.slug] = None
    return list(found)


def vector_fields(packed: bytes) -> dict[str, list[float]]:
    """The two vectors of a page, as the index holds them."""
    title, summary = meaning.unpacked([packed])[0]
    return {"title_vector": title.tolist(), "summary_vector": summary.tolist()}
