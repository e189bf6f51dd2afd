"""The suggestions of the search as JSON, for who is typing on another site."""

from http import HTTPStatus

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from territoires_en_commun.territories.api import ApiError
from territoires_en_commun.territories.search import MAX_QUERY_LENGTH

from .forms import SuggestionsForm
from .suggestions import MAX_ACTORS, MAX_CONTENTS, MAX_TERRITORIES, MIN_LENGTH, Suggestion, suggest

router = Router(tags=["Recherche"])


class SuggestionJson(Schema):
    """Une proposition."""

    nom: str = Field(description="Nom ou titre.", examples=["Un bus à la demande pour la vallée"])
    precision: str = Field(
        description="Ce que c’est, ou ce qui le distingue d’un homonyme ; peut être vide.",
        examples=["Retour d’expérience"],
    )
    url: str = Field(description="Adresse sur ce site.", examples=["/ressources/experiences/un-bus-a-la-demande/"])


class SuggestionsJson(Schema):
    """Ce qui commence comme le texte, par groupe, le meilleur d’abord."""

    territoires: list[SuggestionJson] = Field(description=f"Territoires, {MAX_TERRITORIES} au plus.")
    acteurs: list[SuggestionJson] = Field(description=f"Acteurs de l’annuaire, {MAX_ACTORS} au plus.")
    contenus: list[SuggestionJson] = Field(description=f"Autres contenus, {MAX_CONTENTS} au plus.")


PARAMETERS = [
    {
        "in": "query",
        "name": "q",
        "required": True,
        "description": (
            "Ce que la personne a commencé à taper : le dernier mot peut être inachevé. "
            f"Rien n’est proposé en dessous de {MIN_LENGTH} caractères."
        ),
        "schema": {"type": "string", "minLength": 1, "maxLength": MAX_QUERY_LENGTH},
        "example": "kit mob",
    }
]


@router.get(
    "/suggestions",
    response={HTTPStatus.OK: SuggestionsJson, HTTPStatus.BAD_REQUEST: ApiError},
    operation_id="suggerer",
    url_name="suggestions",
    summary="Compléter une recherche",
    description="Propose les territoires, les acteurs et les contenus dont le nom ou le sigle commence ainsi.",
    openapi_extra={"parameters": PARAMETERS},
)
def suggestions(request: HttpRequest):
    """Answer the suggestions, or say which parameter is wrong."""
    form = SuggestionsForm(request.GET)
    if not form.is_valid():
        return Status(HTTPStatus.BAD_REQUEST, form.first_error())
    found = suggest(form.cleaned_data["q"])
    return {
        "territoires": [as_json(suggestion) for suggestion in found.territories],
        "acteurs": [as_json(suggestion) for suggestion in found.actors],
        "contenus": [as_json(suggestion) for suggestion in found.contents],
    }


def as_json(suggestion: Suggestion) -> dict[str, str]:
    """A suggestion under the names of the API."""
    return {"nom": suggestion.name, "precision": suggestion.detail, "url": suggestion.url}
