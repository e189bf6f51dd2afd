"""The blog in Wagtail's editing space."""

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet

from blog.space_admin import PartnerSpaceViewSet, add_spaces
from blog.space_views import OPEN
from blog.viewsets import ArticleAdminListing, AuthorViewSet
from territoires_en_commun.base.models import Partner
from territoires_en_commun.base.registry import term_buttons

register_snippet(AuthorViewSet)
hooks.register("construct_homepage_panels", add_spaces)


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [PartnerSpaceViewSet(), ArticleAdminListing()]


@term_buttons.register("partner_space")
def space_button(term, user):
    """From a partner to its space, or to its opening; nothing is read here: lists have many partners."""
    if isinstance(term, Partner) and term.is_active and user.has_perm("blog.add_partnerspace"):
        yield Button("Ouvrir l’espace", url=reverse(OPEN, args=[term.pk]), icon_name="group", priority=16)


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action("spaces.open", "Ouvrir l’espace", "Espace partenaire ouvert")
    actions.register_action("spaces.close", "Fermer l’espace", "Espace partenaire fermé")
    actions.register_action("spaces.invite", "Inviter", "Personne invitée dans l’espace partenaire")
    actions.register_action("spaces.remove", "Retirer", "Personne retirée de l’espace partenaire")
