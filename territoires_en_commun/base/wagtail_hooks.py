"""What the shared page model and the governed lists add to Wagtail's editing space."""

from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from wagtail import hooks
from wagtail.admin import messages
from wagtail.snippets.models import register_snippet

from territoires_en_commun.base import admin_reports  # noqa: F401 (registers its hooks)
from territoires_en_commun.base.admin_views import territory_options
from territoires_en_commun.base.advice_views import advice_fragment
from territoires_en_commun.base.content_checks import use_rgaa_checker
from territoires_en_commun.base.import_defaults import IMPORTED
from territoires_en_commun.base.middleware import refusal_sentence
from territoires_en_commun.base.models import Term
from territoires_en_commun.base.page_listings import AllPagesListing, ContentsGroup
from territoires_en_commun.base.publication import publication_gaps
from territoires_en_commun.base.redirects import use_direct_form
from territoires_en_commun.base.report_admin import ErrorReportViewSet
from territoires_en_commun.base.scope import narrow_filters
from territoires_en_commun.base.scoped_views import narrow_admin_api, narrow_page_chooser, refuse_a_move
from territoires_en_commun.base.services import deletion_obstacles
from territoires_en_commun.base.site_admin import AccessibilityAuditViewSet, add_site_warnings
from territoires_en_commun.base.todo import add_todo_panel
from territoires_en_commun.base.viewsets import ReferenceListsGroup

use_direct_form()
narrow_filters()
register_snippet(ReferenceListsGroup)
register_snippet(AccessibilityAuditViewSet)
hooks.register("construct_homepage_panels", add_todo_panel)
hooks.register("construct_homepage_panels", add_site_warnings)
hooks.register("construct_wagtail_userbar", use_rgaa_checker)
hooks.register("construct_page_chooser_queryset", narrow_page_chooser)
hooks.register("before_move_page", refuse_a_move)
hooks.register("construct_admin_api", narrow_admin_api, order=100)


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [ErrorReportViewSet(), ContentsGroup(), AllPagesListing()]


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [
        path("territoires/options/", territory_options, name="territory_options"),
        path("conseils/<int:pk>/", advice_fragment, name="editorial_advice"),
    ]


@hooks.register("insert_global_admin_css")
def insert_global_admin_css():
    sheets = [(static(f"admin/{name}.css"),) for name in ("forms", "care")]
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


@hooks.register("insert_editor_js")
def insert_editor_js():
    return format_html('<script type="module" src="{}"></script>', static("admin/advice.js"))


@hooks.register("before_delete_snippet")
def refuse_deletion_of_used_terms(request, instances):
    """One by one or in bulk: nothing is deleted when one of the terms is used, and the counts say why."""
    refused = [
        f"« {term} » : {', '.join(reasons)}"
        for term in instances
        if isinstance(term, Term) and (reasons := deletion_obstacles(term))
    ]
    if not refused:
        return None
    messages.error(
        request,
        "Suppression impossible, car ces éléments sont utilisés. "
        f"{' ; '.join(refused)}. Fusionnez-les avec un autre, ou retirez-les.",
    )
    return redirect(instances[0].snippet_viewset.get_url_name("list"))


@hooks.register("before_bulk_action")
def refuse_bulk_publication(request, action_type, pages, action):
    """All or nothing: one page that is incomplete, or locked for this person, stops the whole selection."""
    if action_type != "publish" or "page" not in action.models[0].__name__.lower():
        return None
    candidates = list(pages)
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        for page in pages:
            candidates += list(page.get_descendants().not_live().specific())
    for page in candidates:
        if page.permissions_for_user(request.user).page_locked():
            messages.error(
                request,
                f"« {page.get_admin_display_title()} » est verrouillée ou en relecture : "
                "elle ne peut pas être publiée d’ici.",
            )
            return redirect(action.next_url)
    versions = [page.get_latest_revision_as_object() for page in candidates]
    return _explain_refusals(request, versions, action.next_url)


@hooks.register("before_copy_page")
def refuse_live_copies_of_gaps(request, page):
    """A live copy is a publication: what a live page came to lack since is asked for."""
    if request.method != "POST" or not request.POST.get("publish_copies"):
        return None
    copied = page.get_descendants(inclusive=True) if request.POST.get("copy_subpages") else [page]
    versions = [copy.specific for copy in copied if copy.live]
    return _explain_refusals(request, versions, reverse("wagtailadmin_pages:copy", args=[page.pk]))


def _explain_refusals(request, versions, url):
    refused = False
    for version in versions:
        if gaps := publication_gaps(version):
            refused = True
            edit_url = reverse("wagtailadmin_pages:edit", args=[version.pk])
            messages.error(
                request,
                refusal_sentence(version, gaps),
                buttons=[messages.button(edit_url, "Compléter la page")],
            )
    return redirect(url) if refused else None


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action("terms.merge", "Fusionner", _merge_message)
    actions.register_action("terms.rename", "Renommer", "Renommé")
    actions.register_action("terms.retire", "Retirer", "Retiré des listes")
    actions.register_action("terms.reactivate", "Réactiver", "De nouveau proposé")
    actions.register_action("pages.schedule_refused", "Annuler la programmation", _refusal_message)
    actions.register_action(IMPORTED, "Importer", "Version écrite par un import")


def _merge_message(data):
    return (
        f"Fusionné avec « {data['target']['name']} » : {data['pages']} page(s), {data['revisions']} version(s), "
        f"{data['children']} sous-thématique(s), {data['rows']} autre(s) ligne(s), {data['duplicates']} doublon(s)"
    )


def _refusal_message(data):
    return f"Publication programmée annulée : {' '.join(data['gaps'])}"
