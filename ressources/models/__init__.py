"""The resource centre and the experiences of territories."""

from .indexes import ExperienceIndexPage, ResourceIndexPage

__all__ = ["ExperienceIndexPage", "ResourceIndexPage"]
