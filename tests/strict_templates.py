"""Makes an undefined variable fail in the project's own templates, whoever renders them."""

import sys
from pathlib import Path

from django.conf import settings
from django.template import engines
from django.template.base import FilterExpression, Node
from django.template.defaulttags import ForNode

RESOLVE_CODE = FilterExpression.resolve.__code__
TOLERANT_FILTERS = {"default", "default_if_none"}


class UndefinedVariableError(AssertionError):
    """A template of the project prints or loops over a variable that it was not given."""


class Undefined(str):
    """Django's ``string_if_invalid``: empty elsewhere, an error in our own templates.

    Django asks for its truth once per variable that it could not find, from the frame that was resolving it. A
    template belongs to the place it was read from, so a block of ours inside a page of Wagtail is still ours.
    """

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        if frame.f_code is RESOLVE_CODE:
            expression = frame.f_locals["self"]
            if not any(filter_.__name__ in TOLERANT_FILTERS for filter_, _arguments in expression.filters[:1]):
                origin = template_being_rendered(frame)
                if origin and is_ours(origin):
                    raise UndefinedVariableError(f"{origin}: {expression.var} n'est pas définie")
        return False


def template_being_rendered(frame) -> str:
    """The file of the innermost template node on the stack; empty when there is none."""
    while frame := frame.f_back:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return node.origin.name
    return ""


def is_ours(origin: str) -> bool:
    path = Path(origin)
    return path.is_relative_to(settings.BASE_DIR) and not path.is_relative_to(sys.prefix)


def install(monkeypatch) -> None:
    """Turn the check on until ``monkeypatch`` undoes it."""

    def resolve(self, context, ignore_failures=False):
        # {% for %} hides what it does not find: an undefined sequence would be an empty list.
        if ignore_failures and isinstance(sys._getframe(1).f_locals.get("self"), ForNode):
            ignore_failures = False
        return original(self, context, ignore_failures)

    original = FilterExpression.resolve
    monkeypatch.setattr(FilterExpression, "resolve", resolve)
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Undefined())
