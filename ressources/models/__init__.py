"""The resource centre and the experiences of territories."""

from .downloads import Download
from .indexes import ExperienceIndexPage, ResourceIndexPage
from .kits import KitChange, KitPage
from .trainings import TrainingPage

__all__ = ["Download", "ExperienceIndexPage", "KitChange", "KitPage", "ResourceIndexPage", "TrainingPage"]
