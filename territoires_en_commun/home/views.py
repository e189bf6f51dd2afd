"""Pages that are not in the tree: contact, site map."""

import dataclasses

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from wagtail.models import Site, get_page_models

from territoires_en_commun.base.guarded_forms import GuardedFormView
from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.rate_limits import RateLimit
from territoires_en_commun.base.site_info import get_site_info

from .forms import ContactForm, ContactQueryForm
from .services import ContactMessage, send_contact_message

CONTACT_BREADCRUMB = [{"title": "Contact", "url": "/contact/"}]


class ContactView(GuardedFormView):
    """A form to write to the team."""

    form_class = ContactForm
    template_name = "home/contact.html"
    limits = (
        RateLimit("contact-address", limit=30, period=3600),
        RateLimit("contact-sender", limit=5, period=3600),
    )

    def initial(self):
        return {"subject": ContactQueryForm(self.request.GET).subject}

    def page_context(self, form):
        return {
            "fields": [form[name] for name in ("name", "email", "organisation", "subject", "message")],
            "breadcrumb": CONTACT_BREADCRUMB,
            "contact_email": get_site_info().settings.contact_email,
        }

    def accept(self, data):
        fields = (field.name for field in dataclasses.fields(ContactMessage))
        send_contact_message(ContactMessage(**{field: data[field] for field in fields}))
        return redirect("contact_sent")


@require_safe
def contact_sent(request):
    """What follows a message; reached by redirection, so that reloading sends nothing again."""
    breadcrumb = [*CONTACT_BREADCRUMB, {"title": "Message envoyé"}]
    return render(request, "home/contact_sent.html", {"breadcrumb": breadcrumb, "noindex": True})


@require_safe
def sitemap_page(request):
    """The site map for people (RGAA 12.1): sections and pages of text, then what is outside the tree.

    Contents are counted by the thousand: the list of their section leads to them.
    """
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    pages = []
    if site:
        contents = [
            model for model in get_page_models() if getattr(model, "is_content", False) and model is not BasePage
        ]
        pages = BasePage.objects.descendant_of(site.root_page).not_type(*contents).live().public().order_by("path")
        pages = pages.defer("summary")
    tree = build_tree(pages, site.root_page.depth + 1 if site else 0)
    context = {"tree": tree, "breadcrumb": [{"title": "Plan du site"}]}
    return render(request, "home/sitemap_page.html", context)


def build_tree(pages, depth: int) -> list[dict]:
    """Pages ordered by path as a nested list; what is under an unpublished page is left out."""
    roots: list[dict] = []
    branch: list[dict] = []
    for page in pages:
        level = page.depth - depth
        del branch[level:]
        parent_path = page.path[: -page.steplen]
        if level and (len(branch) < level or branch[-1]["path"] != parent_path):
            continue
        node = {"path": page.path, "title": page.title, "url": page.url, "children": []}
        (branch[-1]["children"] if level else roots).append(node)
        branch.append(node)
    return roots
