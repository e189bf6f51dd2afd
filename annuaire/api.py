"""The public API of the directory: the same questions and the same answers as its list, as JSON and as points."""

import uuid
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from ninja import Field, Path, Router, Schema, Status

from annuaire.hours import DAYS
from annuaire.kinds import ActorType
from annuaire.listings import DirectoryListing
from annuaire.models import ActorPage
from territoires_en_commun.territories.api import ApiError
from territoires_en_commun.territories.models import Territory

DEFAULT_RESULTS = 20
MAX_RESULTS = 100
MAX_POINTS = 2000
CHUNK = 500
router = Router(tags=["Acteurs"])


class PlaceJson(Schema):
    """Un territoire."""

    id: str = Field(description="Clé publique : type et code officiel.", examples=["commune:23096"])
    nom: str = Field(description="Nom.", examples=["Guéret"])


class ActorJson(Schema):
    """Un acteur de l’annuaire : ce que sa fiche montre, sans les personnes."""

    id: str = Field(description="Identifiant stable de la fiche.", examples=["7f0c3c8e-3c1b-4f0e-9c53-1a2b3c4d5e6f"])
    nom: str = Field(description="Nom.", examples=["Agence nationale de la cohésion des territoires"])
    sigle: str = Field(description="Sigle, ou vide.", examples=["ANCT"])
    type: str = Field(
        description="Type d’acteur.", json_schema_extra={"enum": list(ActorType.values)}, examples=["operateur"]
    )
    siren: str = Field(description="SIREN, ou vide.", examples=["200034825"])
    siret: str = Field(description="SIRET d’un établissement, ou vide.", examples=[""])
    rna: str = Field(description="Numéro RNA d’une association, ou vide.", examples=[""])
    resume: str = Field(description="Résumé.", examples=["Elle aide les collectivités à réussir leurs projets."])
    adresse: str = Field(description="Adresse postale, ou vide.", examples=["1 place de la Mairie"])
    code_postal: str = Field(description="Code postal, ou vide.", examples=["23000"])
    commune: PlaceJson | None = Field(description="Commune où l’on trouve l’acteur.")
    latitude: float | None = Field(description="Latitude (WGS 84), si elle est connue.", examples=[46.17])
    longitude: float | None = Field(description="Longitude (WGS 84), si elle est connue.", examples=[1.87])
    telephone: str = Field(description="Téléphone affiché, ou vide.", examples=["05 36 49 12 34"])
    courriel: str = Field(description="Adresse générique affichée, ou vide.", examples=["contact@exemple.fr"])
    site: str = Field(description="Site internet, ou vide.", examples=["https://exemple.fr"])
    horaires: dict[str, str] = Field(description="Horaires par jour.", examples=[{"lundi": "9 h – 12 h"}])
    territoires: list[PlaceJson] = Field(description="Où l’acteur agit.")
    thematiques: list[str] = Field(description="Thématiques.", examples=[["mobilites"]])
    programmes: list[str] = Field(description="Programmes de l’État.", examples=[["france-services"]])
    verifiee_le: str = Field(description="Jour de la dernière vérification, ou vide.", examples=["2026-11-02"])
    source: str = Field(description="D’où viennent ces informations, ou vide.", examples=[""])
    licence: str = Field(description="Licence de la fiche.", examples=["etalab-2.0"])
    url: str = Field(description="Adresse de la fiche.", examples=["https://exemple.fr/annuaire/anct/"])


class ActorsJson(Schema):
    """Une page d’acteurs, dans l’ordre demandé."""

    total: int = Field(description="Nombre d’acteurs en tout.", examples=[42])
    page: int = Field(description="Numéro de cette page.", examples=[1])
    pages: int = Field(description="Nombre de pages.", examples=[3])
    resultats: list[ActorJson]


class PointsJson(Schema):
    """Les points des acteurs, en GeoJSON (RFC 7946)."""

    type: str = Field(description="Toujours FeatureCollection.", examples=["FeatureCollection"])
    total: int = Field(description="Nombre d’acteurs qui répondent, avec ou sans point.", examples=[42])
    features: list[dict[str, Any]] = Field(
        description=f"Un point par acteur, {MAX_POINTS} au plus : nom, adresse de la fiche, et si le point est celui "
        "de l’adresse ou le centre de la commune.",
        examples=[[]],
    )


def parameter(name: str, description: str, schema: dict, **more: Any) -> dict:
    """A parameter of the query string, for the documentation."""
    return {"in": "query", "name": name, "description": description, "schema": schema, **more}


FILTERS = [
    parameter("q", "Mots cherchés dans la fiche.", {"type": "string", "maxLength": 200}),
    parameter(
        "territoire",
        "Clé d’un territoire : les acteurs qui le couvrent, à toutes les échelles, puis ceux qui agissent dans une "
        "de ses parties.",
        {"type": "string"},
        example="commune:23096",
    ),
    parameter(
        "type",
        "Type d’acteur ; répété, il s’ajoute.",
        {"type": "array", "items": {"type": "string", "enum": list(ActorType.values)}},
    ),
    parameter(
        "thematique",
        "Identifiant d’une thématique ; répété, il s’ajoute.",
        {"type": "array", "items": {"type": "string"}},
    ),
    parameter(
        "programme",
        "Identifiant d’un programme ; répété, il s’ajoute.",
        {"type": "array", "items": {"type": "string"}},
    ),
    parameter(
        "tri",
        "Ordre des réponses.",
        {"type": "string", "enum": [sort.name for sort in DirectoryListing.sorts]},
    ),
]
PAGING = [
    parameter("page", "Numéro de la page.", {"type": "integer", "minimum": 1, "default": 1}),
    parameter(
        "limite",
        "Nombre d’acteurs par page.",
        {"type": "integer", "minimum": 1, "maximum": MAX_RESULTS, "default": DEFAULT_RESULTS},
    ),
]


class LimitForm(forms.Form):
    """The size of a page."""

    limite = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_RESULTS,
        error_messages={
            "invalid": "Le paramètre « limite » doit être un nombre entier.",
            "min_value": "Le paramètre « limite » commence à 1.",
            "max_value": f"Le paramètre « limite » ne dépasse pas {MAX_RESULTS}.",
        },
    )


def listing_of(request: HttpRequest) -> tuple[DirectoryListing | None, dict[str, str] | None]:
    """The list that a request asks for, or what is wrong: a program is told of what a page would leave aside."""
    form = LimitForm(request.GET)
    if not form.is_valid():
        return None, {"detail": form.errors["limite"][0], "parametre": "limite"}
    if "export" in request.GET:
        return None, {"detail": "Paramètre « export » : il n’existe pas ici.", "parametre": "export"}
    request.GET = request.GET.copy()
    request.GET.pop("limite", None)
    listing = DirectoryListing(request)
    listing.per_page = form.cleaned_data["limite"] or DEFAULT_RESULTS
    for ignored in listing.ignored:
        detail = f"Paramètre « {ignored.parameter} » : {ignored.message}."
        return None, {"detail": detail, "parametre": ignored.parameter}
    return listing, None


@router.get(
    "/acteurs",
    response={HTTPStatus.OK: ActorsJson, HTTPStatus.BAD_REQUEST: ApiError},
    operation_id="listerActeurs",
    url_name="actors",
    summary="Chercher des acteurs",
    description=(
        "Les acteurs de l’annuaire, avec les mêmes critères que sa page. Les personnes et ce qu’elles n’ont pas "
        "accepté de montrer n’y sont jamais."
    ),
    openapi_extra={"parameters": [*FILTERS, *PAGING]},
)
def actors(request: HttpRequest):
    """A page of actors."""
    listing, wrong = listing_of(request)
    if wrong:
        return Status(HTTPStatus.BAD_REQUEST, wrong)
    start = (listing.page_number - 1) * listing.per_page
    pages = listing.light_pages().select_related("commune").prefetch_related("themes", "programmes", "territories")
    found = listing.read(listing.in_order(start, start + listing.per_page), pages)
    answer = {"total": listing.count, "page": listing.page_number, "pages": listing.page_count}
    return Status(HTTPStatus.OK, answer | {"resultats": [as_json(actor) for actor in found]})


@router.get(
    "/acteurs/points",
    response={HTTPStatus.OK: PointsJson, HTTPStatus.BAD_REQUEST: ApiError},
    operation_id="situerActeurs",
    url_name="actor_points",
    summary="Situer des acteurs",
    description="Les points des acteurs qui répondent aux mêmes critères, en GeoJSON, pour une carte.",
    openapi_extra={"parameters": FILTERS},
)
def points(request: HttpRequest):
    """The points of the actors that answer, nearest or first first."""
    listing, wrong = listing_of(request)
    if wrong:
        return Status(HTTPStatus.BAD_REQUEST, wrong)
    features = list(point_features(listing.in_order()))
    return Status(HTTPStatus.OK, {"type": "FeatureCollection", "total": listing.count, "features": features})


@router.get(
    "/acteurs/{identifiant}",
    response={HTTPStatus.OK: ActorJson, HTTPStatus.NOT_FOUND: ApiError},
    operation_id="lireActeur",
    url_name="actor",
    summary="Lire un acteur",
    description="Un acteur, par l’identifiant stable de sa fiche.",
)
def one_actor(request: HttpRequest, identifiant: str = Path(description="Identifiant stable de la fiche.")):
    """One actor."""
    try:
        key = uuid.UUID(identifiant)
    except ValueError:
        key = None
    actor = ActorPage.objects.live_public().filter(uuid=key).select_related("commune").first() if key else None
    if actor is None:
        wrong = {"detail": "Aucun acteur ne porte cet identifiant.", "parametre": "identifiant"}
        return Status(HTTPStatus.NOT_FOUND, wrong)
    return Status(HTTPStatus.OK, as_json(actor))


def point_features(keys: list[int]) -> Iterator[dict[str, Any]]:
    """GeoJSON features of the first actors that have a point, in order; the centre of the commune if need be."""
    point = {
        "lat": Coalesce("latitude", F("commune__latitude")),
        "lon": Coalesce("longitude", F("commune__longitude")),
    }
    found = {}
    for start in range(0, len(keys), CHUNK):
        rows = ActorPage.objects.filter(pk__in=keys[start : start + CHUNK]).annotate(**point).exclude(lat=None)
        found |= {row[0]: row[1:] for row in rows.values_list("pk", "title", "url_path", "latitude", "lat", "lon")}
        if len(found) >= MAX_POINTS:
            break
    first = next((key for key in keys if key in found), None)
    root = site_root(first) if first else ""
    for key in [key for key in keys if key in found][:MAX_POINTS]:
        title, url_path, own, lat, lon = found[key]
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]},
            "properties": {
                "nom": title,
                "url": url_path.removeprefix(root),
                "precision": "commune" if own is None else "adresse",
            },
        }


def site_root(key: int) -> str:
    """What the paths of the tree have before the addresses of the site: « /accueil »."""
    actor = ActorPage.objects.only("url_path", "path", "depth").get(pk=key)
    return actor.url_path.removesuffix(actor.get_url())


def place_json(place: Territory) -> dict[str, str]:
    return {"id": place.key, "nom": place.name}


def as_json(actor: ActorPage) -> dict[str, Any]:
    """An actor under the names of the API: public information only."""
    days = {key: label for key, label, _name in DAYS}
    return {
        "id": str(actor.uuid),
        "nom": actor.title,
        "sigle": actor.acronym,
        "type": actor.type,
        "siren": actor.siren,
        "siret": actor.siret,
        "rna": actor.rna,
        "resume": actor.summary,
        "adresse": actor.address,
        "code_postal": actor.postal_code,
        "commune": place_json(actor.commune) if actor.commune else None,
        "latitude": actor.latitude,
        "longitude": actor.longitude,
        "telephone": actor.public_phone.as_national if actor.public_phone else "",
        "courriel": actor.public_email,
        "site": actor.website,
        "horaires": {days[key]: text for key, text in actor.opening_hours.items()},
        "territoires": [place_json(place) for place in actor.territories.all()],
        "thematiques": [theme.slug for theme in actor.themes.all()],
        "programmes": [programme.slug for programme in actor.programmes.all()],
        "verifiee_le": actor.verified_on.isoformat() if actor.verified_on else "",
        "source": actor.source,
        "licence": actor.licence,
        "url": settings.SITE_URL + actor.get_url(),
    }
