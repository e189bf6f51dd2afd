"""The search as JSON: the same results, in the same order, as the search page."""

from http import HTTPStatus
from time import perf_counter
from typing import Any

from django import forms
from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from territoires_en_commun.base.listing import Listing
from territoires_en_commun.territories.api import ApiError

from .listings import FoundRow, SearchListing
from .services import results_of

DEFAULT_RESULTS = 20
MAX_RESULTS = 50
router = Router(tags=["Recherche"])


class ResultJson(Schema):
    """Un contenu trouvé."""

    id: str = Field(description="Identifiant stable du contenu.", examples=["7f0c3c8e-3c1b-4f0e-9c53-1a2b3c4d5e6f"])
    ref: str = Field(description="Référence dans sa source d’origine, ou vide.", examples=["article100986"])
    genre: str = Field(description="Type de contenu.", examples=["retour-d-experience"])
    titre: str = Field(description="Titre.", examples=["Un bus à la demande pour la vallée"])
    extrait: str = Field(
        description="Ce qu’il dit de la recherche, en HTML sûr ; les mots trouvés sont entre balises « mark ».",
        examples=["Un <mark>bus</mark> à la demande, réservé la veille."],
    )
    fichier: str = Field("", description="Fichier joint d’où vient l’extrait, ou vide.", examples=["Budget.pdf"])
    endroit: str = Field("", description="Où dans le fichier, ou vide.", examples=["page 3"])
    url: str = Field(description="Adresse.", examples=["/ressources/experiences/un-bus-a-la-demande/"])
    score: float = Field(description="Pertinence, comparable dans une même réponse.", examples=[12.4])


class FacetValueJson(Schema):
    """Une valeur d’un filtre, et le nombre de résultats qu’elle garderait."""

    valeur: str = Field(description="Valeur du paramètre.", examples=["mobilites"])
    libelle: str = Field(description="En toutes lettres.", examples=["Mobilités"])
    nombre: int = Field(description="Nombre de résultats.", examples=[12])


class SearchJson(Schema):
    """Une page de résultats, le plus pertinent d’abord."""

    total: int = Field(description="Nombre de résultats en tout.", examples=[42])
    page: int = Field(description="Numéro de cette page.", examples=[1])
    pages: int = Field(description="Nombre de pages.", examples=[3])
    resultats: list[ResultJson]
    facettes: dict[str, list[FacetValueJson]] = Field(
        description="Pour chaque filtre, ses valeurs et leurs nombres, le filtre lui-même mis à part.",
        examples=[{"genre": [{"valeur": "kit", "libelle": "Kit", "nombre": 12}]}],
    )
    territoire: str = Field(
        "", description="Territoire qui filtre les résultats, nommé ou lu dans le texte.", examples=["commune:23096"]
    )
    suggestion: str | None = Field(
        description="Autre orthographe qui trouve quelque chose, quand rien n’est trouvé.", examples=["mobilité"]
    )
    moteur: str = Field(
        description="Moteur qui a répondu.",
        json_schema_extra={"enum": ["elasticsearch", "embarque"]},
        examples=["embarque"],
    )
    ms: int = Field(description="Durée, en millisecondes.", examples=[12])


class ApiSearchListing(SearchListing):
    """The search page's listing, of which a program chooses the size."""

    def other_fields(self) -> dict[str, forms.Field]:
        limit = forms.IntegerField(
            required=False,
            min_value=1,
            max_value=MAX_RESULTS,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), f"il va de 1 à {MAX_RESULTS}"),
        )
        return {**super().other_fields(), "limite": limit}

    @property
    def per_page(self) -> int:
        return self.form.kept.get("limite", DEFAULT_RESULTS)


def _parameter(name: str, description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"in": "query", "name": name, "description": description, "schema": schema, **more}


TEXT = {"type": "string"}
PARAMETERS = [
    _parameter(
        "q",
        "Ce que la personne a tapé : mots (avec leurs fautes), « groupes de mots » entre guillemets, -mot à exclure, "
        "SIREN, SIRET ; une commune, ou un code postal qui est celui d’une seule, y devient un filtre.",
        {"type": "string", "maxLength": 200},
        example="kit mobilité à Guéret",
    ),
    _parameter("genre", "Type de contenu ; se répète.", TEXT),
    _parameter("thematique", "Thématique ; se répète.", TEXT),
    _parameter("programme", "Programme de l’État ; se répète.", TEXT),
    _parameter("territoire", "Clé ou nom d’un territoire.", TEXT, example="commune:23096"),
    _parameter("lieu", "« mots » pour que le lieu nommé dans q ne soit pas un filtre.", {"type": "string"}),
    _parameter("tri", "Ordre : pertinence, proximite, recent ou titre.", TEXT),
    _parameter("page", "Numéro de page.", {"type": "integer", "minimum": 1, "default": 1}),
    _parameter(
        "limite",
        "Résultats par page.",
        {"type": "integer", "minimum": 1, "maximum": MAX_RESULTS, "default": DEFAULT_RESULTS},
    ),
]


@router.get(
    "/recherche",
    response={HTTPStatus.OK: SearchJson, HTTPStatus.BAD_REQUEST: ApiError},
    operation_id="rechercher",
    url_name="search",
    summary="Chercher parmi les contenus",
    description="Cherche parmi tous les contenus publics de la plateforme, comme la page « Recherche ».",
    openapi_extra={"parameters": PARAMETERS},
)
def search(request: HttpRequest):
    """Answer the search, or say which parameter is wrong."""
    started = perf_counter()
    listing = results_of(request, ApiSearchListing)
    if wrong := first_error(listing):
        return Status(HTTPStatus.BAD_REQUEST, wrong)
    return {
        "total": listing.count,
        "page": listing.page_number,
        "pages": listing.page_count,
        "resultats": [result(listing, row) for row in listing.rows],
        "facettes": facet_values(listing),
        "territoire": listing.values["territoire"].key if "territoire" in listing.values else "",
        "suggestion": listing.suggestion or None,
        "moteur": listing.engine,
        "ms": round((perf_counter() - started) * 1000),
    }


def first_error(listing: Listing) -> dict[str, str] | None:
    """The first wrong parameter, as the API says it; None when all is right."""
    if not listing.ignored:
        return None
    wrong = listing.ignored[0]
    return {"detail": f"Paramètre « {wrong.parameter} » : {wrong.message}.", "parametre": wrong.parameter}


def result(listing: SearchListing, row: FoundRow) -> dict[str, Any]:
    """A page found, as JSON."""
    return {
        "id": str(row.page.uuid),
        "ref": row.page.external_ref,
        "genre": listing.kind_of(row.page),
        "titre": row.page.title,
        "extrait": str(row.excerpt.html),
        "fichier": row.excerpt.file,
        "endroit": row.excerpt.place,
        "url": row.url,
        "score": round(listing.score_of(row.page), 4),
    }


def facet_values(listing: SearchListing) -> dict[str, list[dict[str, Any]]]:
    """Every facet with the values that keep some result."""
    return {
        facet.name: [
            {"valeur": value.value, "libelle": value.label, "nombre": value.count}
            for value in facet.values
            if value.count
        ]
        for facet in listing.every_facet
    }
