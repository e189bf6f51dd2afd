"""« Expériences proposées »: what people without account sent, to examine."""

import django_filters
from django.db.models import QuerySet
from django.urls import path
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from ressources.models import ExperienceSubmission, SubmissionState
from ressources.submission_moderation import PreviewView, ReviewView
from territoires_en_commun.base.report_admin import AnsweredPolicy

# Submissions come from visitors: nobody adds or deletes one by hand.
register_permission_policy(ExperienceSubmission, AnsweredPolicy(ExperienceSubmission))

COMPLETION, REFUSAL = "complement", "refus"


class SubmissionFilterSet(WagtailFilterSet):
    """By what was decided, and when it was sent."""

    state = django_filters.ChoiceFilter(
        label="État",
        choices=[
            (SubmissionState.SENT.value, "À examiner"),
            (COMPLETION, "Complément demandé"),
            (REFUSAL, "Refusée"),
            (SubmissionState.ACCEPTED.value, "Acceptée"),
        ],
        method="filter_state",
    )

    class Meta:
        model = ExperienceSubmission
        fields = ["sent_at"]

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value in {COMPLETION, REFUSAL}:
            return queryset.filter(state=SubmissionState.REFUSED, wants_completion=value == COMPLETION)
        return queryset.filter(state=value)


class SubmissionIndexView(IndexView):
    """What was sent, the latest first; drafts are their authors' alone."""

    def get_base_queryset(self):
        sent = ExperienceSubmission.objects.exclude(state=SubmissionState.DRAFT)
        return sent.select_related("decided_by", "page")

    def get_edit_url(self, instance):
        return None


class SubmissionViewSet(ModelViewSet):
    """Read and decided, never written by hand."""

    model = ExperienceSubmission
    name = "experiences_proposees"
    url_prefix = "experiences-proposees"
    icon = "mail"
    menu_label = "Propositions"
    menu_order = 355
    add_to_admin_menu = True
    add_to_reference_index = False
    list_per_page = 50
    search_fields = ["title"]
    search_backend_name = None
    index_view_class = SubmissionIndexView
    filterset_class = SubmissionFilterSet
    form_fields: list[str] = []

    @property
    def list_display(self):
        return [
            TitleColumn("title", label="Titre", accessor=str, url_name=self.get_url_name("review")),
            Column("organisation", label="Organisme", accessor=lambda submission: submission.organisation),
            Column("state_label", label="État"),
            Column("page", label="Page", accessor=page_status),
            DateColumn("sent_at", label="Envoyée"),
            Column("decided_by", label="Examinée par"),
        ]

    def register_admin_url_finder(self):
        """There is no page where these rows are edited."""

    @property
    def review_view(self):
        return self.construct_view(
            ReviewView, index_url_name=self.get_url_name("index"), preview_url_name=self.get_url_name("preview")
        )

    @property
    def preview_view(self):
        return self.construct_view(PreviewView)

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", self.review_view, name="review"),
            path("<int:pk>/apercu/", self.preview_view, name="preview"),
        ]


def page_status(submission: ExperienceSubmission) -> str:
    """« publiée », « brouillon »; empty when no page came of it."""
    if submission.page is None:
        return ""
    return "publiée" if submission.page.live else "brouillon"
