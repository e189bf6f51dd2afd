"""The public API of territories: one search, as the accessible field and other sites use it."""

from http import HTTPStatus

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from .forms import ApiSearchForm
from .search import ANSWERED, MAX_QUERY_LENGTH, MAX_RESULTS, TerritoryHit, search_territories

DEFAULT_RESULTS = 10
router = Router(tags=["Territoires"])


class TerritoryResult(Schema):
    """Un territoire d’aujourd’hui."""

    id: str = Field(description="Clé publique : type et code officiel.", examples=["commune:44109"])
    type: str = Field(
        description="Type de territoire.", json_schema_extra={"enum": list(ANSWERED)}, examples=["commune"]
    )
    code: str = Field(description="Code officiel : INSEE, ou SIREN d’une intercommunalité.", examples=["44109"])
    nom: str = Field(description="Nom, avec son article.", examples=["Nantes"])
    precision: str = Field(
        description="Ce qui le distingue d’un homonyme, et l’ancien nom qui a mené à lui.",
        examples=["Loire-Atlantique (44)"],
    )
    url: str = Field(description="Adresse de sa page sur ce site.", examples=["/territoires/commune-44109-nantes/"])


class TerritoryResults(Schema):
    """Les territoires trouvés, le meilleur d’abord."""

    resultats: list[TerritoryResult]


class ApiError(Schema):
    """Une erreur, dite en français."""

    detail: str = Field(
        description="Ce qui ne va pas.", examples=["Le paramètre « limite » doit être un nombre entier."]
    )
    parametre: str = Field("", description="Le paramètre en cause, s’il y en a un.", examples=["limite"])


PARAMETERS = [
    {
        "in": "query",
        "name": "q",
        "required": True,
        "description": (
            "Ce que la personne a tapé : nom (entier ou commencé, avec ses fautes), code postal, code INSEE, SIREN, "
            "suivi au besoin d’un département : « saint denis 974 »."
        ),
        "schema": {"type": "string", "minLength": 1, "maxLength": MAX_QUERY_LENGTH},
        "example": "st malo",
    },
    {
        "in": "query",
        "name": "limite",
        "description": "Nombre de résultats au plus.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_RESULTS, "default": DEFAULT_RESULTS},
    },
    {
        "in": "query",
        "name": "type",
        "description": "Un type de territoire, ou plusieurs séparés par des virgules ; tous par défaut.",
        "schema": {"type": "array", "items": {"type": "string", "enum": list(ANSWERED)}},
        "style": "form",
        "explode": False,
    },
]


@router.get(
    "/territoires",
    response={HTTPStatus.OK: TerritoryResults, HTTPStatus.BAD_REQUEST: ApiError},
    operation_id="rechercherTerritoires",
    url_name="territories",
    summary="Chercher un territoire",
    description=(
        "Cherche parmi les communes, arrondissements municipaux, intercommunalités, établissements publics "
        "territoriaux, départements et régions d’aujourd’hui, et la France. Une commune déléguée, associée ou "
        "fusionnée répond par la commune d’aujourd’hui. À nom égal, le plus peuplé vient d’abord."
    ),
    openapi_extra={"parameters": PARAMETERS},
)
def search(request: HttpRequest):
    """Answer the search, or say which parameter is wrong."""
    form = ApiSearchForm(request.GET)
    if not form.is_valid():
        return Status(HTTPStatus.BAD_REQUEST, form.first_error())
    hits = search_territories(
        form.cleaned_data["q"],
        limit=form.cleaned_data["limite"] or DEFAULT_RESULTS,
        types=form.cleaned_data["type"] or None,
    )
    return Status(HTTPStatus.OK, {"resultats": [as_json(hit) for hit in hits]})


def as_json(hit: TerritoryHit) -> dict[str, str]:
    """A hit under the names of the API."""
    return {
        "id": hit.id,
        "type": hit.type,
        "code": hit.code,
        "nom": hit.name,
        "precision": hit.precision,
        "url": hit.url,
    }
