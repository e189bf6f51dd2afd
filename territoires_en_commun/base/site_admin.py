"""Editing of the accessibility audits, and what the dashboard reminds of the site."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import AccessibilityAudit, SiteSettings

EXPIRY_NOTICE = timedelta(days=90)


class AccessibilityAuditViewSet(SnippetViewSet):
    """The audits, in the menu of the settings."""

    model = AccessibilityAudit
    icon = "check"
    menu_label = "Audits d’accessibilité"
    add_to_settings_menu = True
    list_display = ["date", "auditor", "reference", "rate", "expires_on"]


@dataclass(frozen=True)
class SiteWarning:
    """Something that the law asks and that the site does not have."""

    text: str
    url: str
    link_label: str


def site_warnings(today: date) -> list[SiteWarning]:
    """What is missing or about to expire on that day."""
    site_settings = SiteSettings.objects.first() or SiteSettings()
    settings_url = reverse("wagtailsettings:edit", args=["base", "sitesettings"])
    found = []
    if missing := site_settings.missing_facts:
        found.append(
            SiteWarning(f"Mentions obligatoires à compléter : {', '.join(missing)}.", settings_url, "Compléter")
        )
    if text := audit_warning(AccessibilityAudit.objects.first(), today):
        audits_url = reverse(AccessibilityAudit.snippet_viewset.get_url_name("list"))
        found.append(SiteWarning(text, audits_url, "Voir les audits"))
    return found


def audit_warning(audit: AccessibilityAudit | None, today: date) -> str:
    """What to say of the latest audit; empty when it is in force for long enough."""
    if audit is None:
        return "Aucun audit d’accessibilité : le site se déclare « non conforme »."
    expiry = f"{audit.expires_on:%d/%m/%Y}"
    if today >= audit.expires_on:
        return f"L’audit d’accessibilité a expiré le {expiry} : le site se déclare « non conforme »."
    if today >= audit.expires_on - EXPIRY_NOTICE:
        return f"L’audit d’accessibilité expire le {expiry} : prévoyez le suivant."
    return ""


class SiteWarningsPanel(Component):
    """The warnings, on the dashboard of those who can act on them."""

    name = "site_warnings"
    template_name = "base/admin/site_warnings.html"
    order = 50

    def __init__(self, warnings: list[SiteWarning]):
        self.warnings = warnings

    def get_context_data(self, parent_context):
        return {"warnings": self.warnings}


def add_site_warnings(request, panels) -> None:
    """Hook of the dashboard."""
    if request.user.has_perm("base.change_sitesettings") and (warnings := site_warnings(timezone.localdate())):
        panels.append(SiteWarningsPanel(warnings))
