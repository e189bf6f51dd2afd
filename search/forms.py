"""The text of which suggestions are asked."""

from territoires_en_commun.territories.forms import QueryField, StrictForm
from territoires_en_commun.territories.search import MAX_QUERY_LENGTH


class SuggestionsForm(StrictForm):
    """The parameter ``q``."""

    q = QueryField(
        error_messages={
            "required": "Le paramètre « q » est obligatoire : ce que la personne a commencé à taper.",
            "unreadable": "Le paramètre « q » %(problem)s.",
            "too_long": f"Le paramètre « q » dépasse {MAX_QUERY_LENGTH} caractères.",
        }
    )
