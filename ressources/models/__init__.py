"""The resource centre and the experiences of territories."""

from .downloads import Download
from .experience_parts import ExperienceIndicator, ExperienceStep
from .experiences import ExperiencePage, ExperienceStatus
from .indexes import ExperienceIndexPage, ResourceIndexPage
from .kits import KitChange, KitPage
from .relayed_messages import RelayedMessage
from .submissions import ExperienceSubmission, ReturnReason, SubmissionState
from .trainings import TrainingPage

__all__ = [
    "Download",
    "ExperienceIndexPage",
    "ExperienceIndicator",
    "ExperiencePage",
    "ExperienceStatus",
    "ExperienceStep",
    "ExperienceSubmission",
    "KitChange",
    "KitPage",
    "RelayedMessage",
    "ResourceIndexPage",
    "ReturnReason",
    "SubmissionState",
    "TrainingPage",
]
