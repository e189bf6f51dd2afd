"""The directory in Wagtail's editing space."""

from wagtail import hooks

from annuaire.bulk_actions import DoubtAction, VerifyAction
from annuaire.viewsets import ActorListing

hooks.register("register_bulk_action")(VerifyAction)
hooks.register("register_bulk_action")(DoubtAction)


@hooks.register("register_admin_viewset")
def register_actors():
    return ActorListing()
