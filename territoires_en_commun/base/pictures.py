"""Responsive pictures, kept rendered: six renditions each are the dearest part of a list of cards."""

from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .models import CustomImage, CustomRendition

SHAPES = ("card", "content", "half", "logo")
SOCIAL_PICTURE = "fill-1200x630|format-jpeg"
CACHE_SECONDS = 3600
NOT_FOUND = "/not-found"  # what Wagtail shows for a file that is missing, which may come back
NOT_KEPT = (None, "")
ALT = "\ue000"  # stands for the alternative text, which differs from a page to the next; no text holds it


def prepare_pictures(**shapes: Iterable[CustomImage | None]) -> None:
    """Before many are shown: one question to the cache for all of them, one query for those that it lacks::

    prepare_pictures(content=[page.image], card=[row.page.image for row in rows])

    Asked again at each request: an image may be that of a row kept in memory.
    """
    found = [(image, shape) for shape, images in shapes.items() for image in images if image is not None]
    kept = cache.get_many({cache_key(image.pk, shape) for image, shape in found})
    lacking = []
    for image, shape in found:
        image.kept_pictures = getattr(image, "kept_pictures", {}) | {
            shape: kept.get(cache_key(image.pk, shape), NOT_KEPT)
        }
        if image.kept_pictures[shape] == NOT_KEPT:
            lacking.append(image)
    prefetch_related_objects(lacking, "renditions")


def picture(image: CustomImage, alt: str, shape: str) -> SafeString:
    """``components/picture.html`` for an image; ``shape`` is one of ``SHAPES``."""
    key = cache_key(image.pk, shape)
    prepared = getattr(image, "kept_pictures", {})
    state, html = prepared[shape] if shape in prepared else cache.get(key, NOT_KEPT)
    if state != state_of(image):
        html = str(render_to_string("components/picture.html", {"image": image, "alt": ALT, "shape": shape}))
        if NOT_FOUND not in html:
            cache.set(key, (state_of(image), html), CACHE_SECONDS)
    return mark_safe(html.replace(ALT, escape(alt)))  # noqa: S308 (rendered by a template, and escaped)


def state_of(image: CustomImage) -> tuple:
    """What the renditions of an image depend on."""
    return image.file.name, image.file_hash, str(image.get_focal_point())


def cache_key(image: int, shape: str) -> str:
    """Where a picture is kept."""
    return f"base.picture.{shape}.{image}"


def forget_picture(instance: CustomRendition, **_signal: Any) -> None:
    """A deleted rendition must not be shown any more; a receiver."""
    cache.delete_many([cache_key(instance.image_id, shape) for shape in SHAPES])
