"""The tabs of the page editor, and the summary of what keeps a page from being saved or published."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import InlinePanel, ObjectList, Panel, TabbedInterface

from territoires_en_commun.base.forms import BasePageForm

BLOCK_ERRORS = "Corrigez les erreurs signalées dans ce champ."


def page_tabs(page_class) -> TabbedInterface:
    """The editor of a page type: its content, then the governance tabs if it is a content type."""
    advice = AdvicePanel(heading="Conseils de rédaction", icon="help")
    tabs = [ObjectList([*page_class.content_panels, advice], heading="Contenu")]
    if page_class.is_content:
        tabs += [
            ObjectList(page_class.classification_panels, heading="Classement"),
            ObjectList(page_class.review_panels, heading="Suivi"),
        ]
    if page_class.link_kinds:
        links = InlinePanel("links", heading="Liens avec d’autres pages", label="Lien", max_num=30)
        tabs.insert(2, ObjectList([links], heading="Liens"))
    tabs += [
        ObjectList(page_class.promote_panels, heading="Référencement"),
        ObjectList(page_class.settings_panels, heading="Publication"),
    ]
    shown = [tab for tab in tabs if tab.children]
    # Wagtail sets its own form on the swapped base page once models are loaded; page types may refine ours.
    form_class = page_class.base_form_class
    if not issubclass(form_class, BasePageForm):
        form_class = BasePageForm
    return PageTabs(shown, base_form_class=form_class)


class PageTabs(TabbedInterface):
    """Wagtail's tabs under a list of every error, each with a link to its field."""

    class BoundPanel(TabbedInterface.BoundPanel):
        template_name = "base/admin/page_tabs.html"

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            context["errors"] = self.errors()
            context["refused_publication"] = getattr(self.form, "judged_for_publication", False)
            context["due_since"] = self.due_since()
            return context

        def due_since(self) -> dt.date | None:
            """The day of review of a published page, once it has come and until a version says another one."""
            day = self.instance.review_date
            return day if self.instance.live and day and day <= timezone.localdate() else None

        def errors(self) -> list[dict]:
            """Label, anchor and messages of each field in error, in the order of the tabs."""
            if not self.form.is_bound:
                return []
            found = [{"label": "", "anchor": "", "messages": [message]} for message in self.form.non_field_errors()]
            return [*found, *_errors_under(self)]


class AdvicePanel(Panel):
    """Remarks on the last saved version; written again each time that the editor saves by itself."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "base/admin/advice.html"

        def get_context_data(self, parent_context=None):
            from territoires_en_commun.base.advice_views import advice_context

            context = super().get_context_data(parent_context)
            return {**context, **advice_context(self.instance), "any_url": reverse("editorial_advice", args=[0])}


def _errors_under(panel):
    for child in getattr(panel, "children", []):
        bound_field = getattr(child, "bound_field", None)
        formset = getattr(child, "formset", None)
        if bound_field is not None and bound_field.errors:
            yield {
                "label": child.heading,
                "anchor": f"{child.prefix}-wrapper",
                "messages": _messages(bound_field.errors),
            }
        elif formset is not None and formset.total_error_count():
            messages = [*formset.non_form_errors()]
            if any(formset.errors):
                messages.append(BLOCK_ERRORS)
            yield {"label": child.heading, "anchor": f"{child.prefix}-section", "messages": messages}
        elif formset is None:
            yield from _errors_under(child)


def _messages(errors) -> list[str]:
    """The sentences of a field; those of a StreamField stand beside each block."""
    plain = [
        message
        for error in errors.as_data()
        if type(error).__name__ == "ValidationError"
        for message in error.messages
    ]
    return plain or [BLOCK_ERRORS]
