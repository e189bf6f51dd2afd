"""Pages that are not in the tree: contact, site map."""

import dataclasses
from http import HTTPStatus

from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Site, get_page_models

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.rate_limits import RateLimit, client_address
from territoires_en_commun.base.site_info import get_site_info

from .forms import ContactForm, ContactQueryForm, new_token
from .services import ContactMessage, send_contact_message

# An administration often shares one address: the limit per address is wide, the one per sender is narrow.
LIMIT_PER_ADDRESS = RateLimit("contact-address", limit=30, period=3600)
LIMIT_PER_SENDER = RateLimit("contact-sender", limit=5, period=3600)
CONTACT_BREADCRUMB = [{"title": "Contact", "url": "/contact/"}]


@never_cache
@csrf_exempt  # checked in the view, which keeps what was typed
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request):
    """A form to write to the team; the only public page that sets a cookie (CSRF)."""
    if request.method != "POST":
        subject = ContactQueryForm(request.GET).subject
        return render_contact(request, ContactForm(initial={"token": new_token(), "subject": subject}))
    form = ContactForm(request.POST)
    if csrf_refusal(request):
        form.add_error(
            None,
            "Votre navigateur n’a pas renvoyé le cookie qui protège ce formulaire : le message n’est pas parti. Votre "
            "texte est gardé : acceptez ce cookie, strictement nécessaire, puis envoyez-le de nouveau.",
        )
        return render_contact(request, form, status=HTTPStatus.FORBIDDEN)
    if not form.is_valid():
        return render_contact(request, form, status=HTTPStatus.BAD_REQUEST)
    data = form.cleaned_data
    wait = LIMIT_PER_ADDRESS.hit(client_address(request)) or LIMIT_PER_SENDER.hit(data["email"])
    if wait:
        minutes = -(-wait // 60)
        form.add_error(
            None,
            f"Trop de messages ont été envoyés : le vôtre n’est pas parti. Réessayez dans {minutes} minute"
            f"{'s' if minutes > 1 else ''}.",
        )
        response = render_contact(request, form, status=HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(wait)
        return response
    fields = (field.name for field in dataclasses.fields(ContactMessage))
    send_contact_message(ContactMessage(**{field: data[field] for field in fields}))
    return redirect("contact_sent")


def render_contact(request, form: ContactForm, status: int = HTTPStatus.OK):
    """The page of the form; a refused form is printed again with what was typed."""
    context = {
        "form": form,
        "fields": [form[name] for name in ("name", "email", "organisation", "subject", "message")],
        "token": form.usable_token(),
        "breadcrumb": CONTACT_BREADCRUMB,
        "contact_email": get_site_info().settings.contact_email,
    }
    return render(request, "home/contact.html", context, status=status)


class CsrfCheck(CsrfViewMiddleware):
    """Django's own check, which answers why it refuses instead of a page that would lose what was typed."""

    def _reject(self, request, reason):
        return reason


def csrf_refusal(request) -> str | None:
    """Why a post does not prove that it comes from our form, or None."""
    check = CsrfCheck(lambda request: None)
    check.process_request(request)
    return check.process_view(request, None, (), {})


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
