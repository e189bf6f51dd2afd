"""The directory in Wagtail's editing space."""

from wagtail import hooks

from annuaire.bulk_actions import DoubtAction, VerifyAction
from annuaire.services import DOUBTED, VERIFIED
from annuaire.viewsets import ActorListing

hooks.register("register_bulk_action")(VerifyAction)
hooks.register("register_bulk_action")(DoubtAction)


@hooks.register("register_admin_viewset")
def register_actors():
    return ActorListing()


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(VERIFIED, "Marquer comme vérifiée", "Fiche marquée comme vérifiée")
    actions.register_action(DOUBTED, "Marquer « à vérifier »", "Fiche marquée « à vérifier »")
