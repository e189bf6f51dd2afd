"""The resource centre and the experiences of territories."""

from .experience_parts import ExperienceIndicator, ExperienceStep
from .experiences import ExperiencePage, ExperienceStatus
from .indexes import ExperienceIndexPage, ResourceIndexPage
from .submissions import ExperienceSubmission, ReturnReason, SubmissionState

__all__ = [
    "ExperienceIndexPage",
    "ExperienceIndicator",
    "ExperiencePage",
    "ExperienceStatus",
    "ExperienceStep",
    "ExperienceSubmission",
    "ResourceIndexPage",
    "ReturnReason",
    "SubmissionState",
]
