"""The public API, read-only: JSON in, errors in French, OpenAPI, and a page of documentation without any script."""

import json
import logging
from collections.abc import Callable, Iterator
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from annuaire.api import router as actors
from search.api import router as search
from search.suggestions_api import router as suggestions
from territoires_en_commun.territories.api import router as territories

CACHE_CONTROL = "public, max-age=300"  # seconds
FRESH = {"search", "suggestions"}  # routes whose answers no cache keeps: what is withdrawn must disappear at once
READ_METHODS = ("GET", "HEAD", "OPTIONS")
DESCRIPTION = (
    "Les données publiques de la plateforme, en lecture, sans inscription et depuis n’importe quel site. "
    "Données géographiques : code officiel géographique de l’INSEE, DGCL et La Poste, sous Licence Ouverte 2.0."
)

api = NinjaAPI(
    title="API de Territoires en commun",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
)
api.add_router("", territories)
api.add_router("", actors)
api.add_router("", search)
api.add_router("", suggestions)
logger = logging.getLogger(__name__)


def error(status: HTTPStatus, detail: str, parameter: str = "") -> JsonResponse:
    """An error of the API: ``{"detail": …, "parametre": …}``."""
    return JsonResponse({"detail": detail, "parametre": parameter}, status=status)


@api.exception_handler(Exception)
def unexpected_error(request: HttpRequest, exception: Exception) -> JsonResponse:
    """A defect of ours, told to the logs."""
    logger.error("Erreur inattendue de l’API", exc_info=exception)
    return error(HTTPStatus.INTERNAL_SERVER_ERROR, "Erreur inattendue ; réessayez plus tard.")


def public_read(view: Callable) -> Callable:
    """Opens a view to scripts of other sites, for reading only; its errors are JSON, in French."""

    @wraps(view)
    def read(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=HTTPStatus.NO_CONTENT)
        elif request.method not in READ_METHODS:
            response = error(HTTPStatus.METHOD_NOT_ALLOWED, "Cette API se lit seulement : utilisez la méthode GET.")
        else:
            response = _answer(view, request, *args, **kwargs)
        if response.status_code in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NO_CONTENT):
            response["Allow"] = ", ".join(READ_METHODS)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Methods"] = ", ".join(READ_METHODS)
        is_kept = response.status_code == HTTPStatus.OK and request.resolver_match.url_name not in FRESH
        response["Cache-Control"] = CACHE_CONTROL if is_kept else "no-cache"
        return response

    read.csrf_exempt = True
    return read


def _answer(view: Callable, request: HttpRequest, *args, **kwargs) -> HttpResponse:
    asked = request.method
    request.method = "GET"  # the server keeps only the headers of the answer to HEAD
    try:
        return view(request, *args, **kwargs)
    except Http404:
        return error(HTTPStatus.NOT_FOUND, "Cette adresse n’existe pas dans l’API.")
    finally:
        request.method = asked


def not_found(request: HttpRequest, **_kwargs) -> HttpResponse:
    """Any other address under the API's."""
    return error(HTTPStatus.NOT_FOUND, "Cette adresse n’existe pas dans l’API.")


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """The page of documentation, made from the OpenAPI description."""
    schema = api.get_openapi_schema()
    context = {
        "schema": schema,
        "operations": [
            _operation(address, method, operation, schema)
            for address, methods in schema["paths"].items()
            for method, operation in methods.items()
        ],
        "openapi_url": reverse("api:openapi-json"),
        "breadcrumb": [{"title": "API", "url": request.path}],
    }
    return render(request, "api/documentation.html", context)


def _operation(address: str, method: str, operation: dict, schema: dict) -> dict:
    """One operation as the page shows it, references resolved."""
    responses = []
    for status, response in operation["responses"].items():
        content = response["content"]["application/json"]["schema"]
        model = _resolved(content, schema)
        responses.append(
            {
                "status": status,
                "summary": model.get("description", ""),
                "fields": list(_fields(model, schema)),
                "example": json.dumps(_example(content, schema), ensure_ascii=False, indent=2),
            }
        )
    parameters = [
        {
            "name": parameter["name"],
            "required": parameter.get("required", False),
            "description": parameter["description"],
            "rule": _rule(parameter["schema"]),
        }
        for parameter in operation.get("parameters", ())
    ]
    return {
        "method": method.upper(),
        "address": address,
        "summary": operation["summary"],
        "description": operation["description"],
        "parameters": parameters,
        "responses": responses,
    }


def _resolved(node: dict, schema: dict) -> dict:
    if "$ref" in node:
        return schema["components"]["schemas"][node["$ref"].rpartition("/")[2]]
    return node


def _item(node: dict, schema: dict) -> dict:
    """What a node describes: the model of a reference, of the items of an array, of what may be null."""
    choices = [choice for choice in node.get("anyOf", ()) if choice.get("type") != "null"]
    return _resolved(choices[0] if choices else node.get("items", node), schema)


def _fields(model: dict, schema: dict, prefix: str = "") -> Iterator[dict[str, str]]:
    for name, node in model.get("properties", {}).items():
        item = _item(node, schema)
        marks = "[]" if node.get("type") == "array" else ""
        if description := node.get("description", ""):
            yield {"name": f"{prefix}{name}{marks}", "description": description}
        yield from _fields(item, schema, f"{prefix}{name}{marks}.")
        if not description and "properties" not in item:
            yield {"name": f"{prefix}{name}{marks}", "description": ""}


def _example(node: dict, schema: dict) -> Any:
    if node.get("examples"):
        return node["examples"][0]
    item = _item(node, schema)
    if "properties" in item:
        found = {name: _example(child, schema) for name, child in item["properties"].items()}
        return [found] if node.get("type") == "array" else found
    return (item.get("examples") or [item.get("default", "")])[0]


def _rule(rule: dict) -> str:
    known = rule.get("items", rule).get("enum")
    if known:
        return f"parmi : {', '.join(known)}"
    if rule["type"] == "integer":
        least = f"nombre entier à partir de {rule['minimum']}"
        most = f"nombre entier de {rule['minimum']} à {rule.get('maximum')}"
        return f"{most if 'maximum' in rule else least} ; {rule['default']} par défaut"
    if "maxLength" in rule:
        return f"texte de {rule.get('minLength', 0)} à {rule['maxLength']} caractères"
    return "texte"


def _read_only(patterns: list) -> list:
    for pattern in patterns:
        pattern.callback = public_read(pattern.callback)
    return patterns


_patterns, _app_name, _namespace = api.urls
urls = (
    [
        path("docs", documentation, name="documentation"),
        *_read_only(_patterns),
        path("<path:rest>", public_read(not_found)),
    ],
    _app_name,
    _namespace,
)
