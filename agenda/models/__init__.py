"""Calls for projects; events come with them later."""

from .calls import CallIndexPage

__all__ = ["CallIndexPage"]
