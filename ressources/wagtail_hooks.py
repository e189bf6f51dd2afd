"""The experiences in Wagtail's editing space."""

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from ressources.models import ExperienceSubmission
from ressources.submission_admin import SubmissionViewSet

CHANGE = "ressources.change_experiencesubmission"


@hooks.register("register_admin_viewset")
def register_submissions():
    return SubmissionViewSet()


@hooks.register("register_page_header_buttons")
def link_to_the_submission(page, user, view_name, next_url=None):
    """From a page to the submission that it came from."""
    submission = ExperienceSubmission.objects.filter(page_id=page.pk).only("pk").first() if page.pk else None
    if submission and user.has_perm(CHANGE):
        url = reverse("experiences_proposees:review", args=[submission.pk])
        yield Button("Voir la proposition d’origine", url, icon_name="mail", priority=65)
