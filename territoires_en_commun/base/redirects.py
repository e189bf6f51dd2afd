"""Redirects that never turn in circles, whoever makes them: an editor, an import, or Wagtail when a page moves."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.dispatch import receiver
from wagtail.contrib.redirects.forms import RedirectForm
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.redirects.signal_handlers import (
    autocreate_redirects_on_page_move,
    autocreate_redirects_on_slug_change,
)
from wagtail.log_actions import log
from wagtail.models import Site
from wagtail.signals import page_slug_changed, post_page_move

from territoires_en_commun.base.models import BasePage

MAX_HOPS = 20  # a chain is flattened when it is saved: one hop is the rule


def local_path(redirect: Redirect) -> str:
    """The address of this site where a redirect leads, as redirects are kept; empty when it leads elsewhere."""
    link = redirect.link or ""
    parts = urlsplit(link)
    if parts.netloc and not Site.objects.filter(hostname__iexact=parts.hostname or "").exists():
        return ""
    return Redirect.normalise_path(link) if link else ""


def next_hop(path: str, site: Site | None, besides: int | None = None) -> Redirect | None:
    """The redirect that answers at this address, which would be asked if no page did."""
    answers = Redirect.get_for_site(site).filter(old_path=path).exclude(pk=besides)
    return answers.order_by("site_id").last()


def chain_from(redirect: Redirect) -> list[Redirect]:
    """The redirects that follow this one, in order. Raise ValidationError when they come back to where they were."""
    chain: list[Redirect] = []
    seen = [redirect.old_path]
    path = local_path(redirect)
    while path:
        if path in seen:
            raise ValidationError(_loop_message([*seen, path]))
        following = next_hop(path, redirect.site, besides=redirect.pk)
        if following is None or len(chain) == MAX_HOPS:
            break
        seen.append(path)
        chain.append(following)
        path = local_path(following)
    return chain


def _loop_message(paths: list[str]) -> str:
    if len(paths) == 2:
        return f"Cette redirection mène à sa propre adresse ({paths[0]}) : indiquez une autre destination."
    return f"Cette redirection tournerait en rond : {' → '.join(paths)}. Indiquez une autre destination."


class DirectRedirectForm(RedirectForm):
    """Wagtail's, which refuses loops and leads straight to the end of a chain."""

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        vars(self.instance).pop("link", None)  # what was kept of its former destination
        try:
            chain = chain_from(self.instance)
        except ValidationError as error:
            self.add_error("redirect_page" if self.instance.redirect_page_id else "redirect_link", error)
            return
        if chain:
            _aim(self.instance, chain[-1])

    def save(self, commit=True):
        """Those that led to this address lead where it leads from now on."""
        redirect = super().save(commit)
        if commit:
            links = Redirect.get_for_site(redirect.site).filter(redirect_link__contains=redirect.old_path)
            for other in links.exclude(pk=redirect.pk):
                if local_path(other) == redirect.old_path:
                    _aim(other, redirect)
                    other.save()
        return redirect


def _aim(redirect: Redirect, at: Redirect) -> None:
    """Make a redirect lead where another one leads."""
    redirect.redirect_page = at.redirect_page
    redirect.redirect_page_route_path = at.redirect_page_route_path
    redirect.redirect_link = at.redirect_link


def use_direct_form() -> None:
    """Wagtail has no setting for the form of redirects: put ours where its screens and its import look for it."""
    from wagtail.contrib.redirects import views  # it asks for permissions that are registered late

    views.RedirectForm = views.CreateView.form_class = views.EditView.form_class = DirectRedirectForm


# Wagtail connects these too, later than us: connected once, and from here, they run before what is below.
page_slug_changed.connect(autocreate_redirects_on_slug_change)
post_page_move.connect(autocreate_redirects_on_page_move)


@receiver(page_slug_changed)
@receiver(post_page_move)
def give_addresses_back(instance, **kwargs) -> None:
    """A page that comes to an address, its children with it, ends the redirects made when a page left that address.

    Else two pages that exchange their addresses would lead to each other for ever once they are both unpublished. What
    an editor wrote at these addresses stays, unless it leads back to them by the redirects that the move has made.
    """
    moved = BasePage.objects.filter(path__startswith=instance.path).only("path", "depth", "url_path", "content_type")
    paths = [Redirect.normalise_path(url) for page in moved if (url := page.relative_url(None))]
    for start in range(0, len(paths), 500):
        found = Redirect.objects.filter(old_path__in=paths[start : start + 500])
        found.filter(automatically_created=True).delete()
        for redirect in found:
            if turns_in_circles(redirect):
                log(instance=redirect, action="wagtail.delete", deleted=True)
                redirect.delete()


def turns_in_circles(redirect: Redirect) -> bool:
    """Whether a redirect comes back to where it starts."""
    try:
        chain_from(redirect)
    except ValidationError:
        return True
    return False
