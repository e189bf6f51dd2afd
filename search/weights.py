"""What weighs in the order of results, for both engines; measured by ``bench/search_quality.py``."""

# Fields that hold stems: a word counts by its best field, the others for a part (``TIE``).
FIELDS = {"title": 1.0, "summary": 1.0, "body": 1.0, "terms": 0.5, "files": 0.4}
TIE = 0.3
# Two words of the query that follow each other, at most two words apart.
NEIGHBOURS = 0.8
NEIGHBOUR_FIELDS = ("title", "summary", "body")
SLOP = 2
# Found whole: a code or a number, the title or the acronym itself.
WHOLE = 1000.0
ACRONYM = 6.0
# Factors.
PAST = 0.05
LATE = 0.85
RECENCY = 0.25  # what a content dated of today gains, halved each year
# Meaning: weights of the title's and of the summary's nearness, for a query of one word; see ``ranking``.
MEANING_TITLE = 5.0
MEANING_SUMMARY = 6.0
RESCORED = 50  # the first results, whose order meaning may change


# The whole text in a title, in its order.
IN_TITLE = 1.0
# Under this many results, a sentence is answered by pages that hold fewer of its notions.
ENOUGH = 10


def required(count: int) -> int:
    """Of this many notions, how many a page must hold: both of two, half of more."""
    return count if count <= 2 else -(-count // 2)
