"""Who may change an image or a document: a file that visitors or reviewers see is not changed behind the review."""

from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy

from territoires_en_commun.base.models import CustomDocument, CustomImage
from territoires_en_commun.base.references import shown_media

ALTERING = {"change", "delete"}
AUTH_MODELS = {
    CustomImage: "wagtailimages.Image",
    CustomDocument: "wagtaildocs.Document",
}  # Wagtail's rights hang there


class UnpublishedOwnershipPolicy(CollectionOwnershipPermissionPolicy):
    """Whoever uploaded a file changes it until a review begins; from then on, only those who may change any.

    The pages of a contributor are reviewed before they go on line: what they show must not change behind the review.
    """

    def user_has_any_permission_for_instance(self, user, actions, instance):
        if not super().user_has_any_permission_for_instance(user, actions, instance):
            return False
        granted = self._check_perm(user, _granted_by(actions), collection=instance.collection)
        return granted or not shown_media(self.model, [instance.pk])

    def instances_user_has_any_permission_for(self, user, actions):
        allowed = super().instances_user_has_any_permission_for(user, actions)
        if user.is_superuser or not user.is_active or not ALTERING & set(actions):
            return allowed
        collections = self._collections_with_perm(user, _granted_by(actions))
        owned = allowed.exclude(collection__in=collections).values_list("pk", flat=True)
        return allowed.exclude(pk__in=shown_media(self.model, owned))

    def users_with_any_permission_for_instance(self, actions, instance):
        users = super().users_with_any_permission_for_instance(actions, instance)
        owner = instance.uploaded_by_user
        if owner is None or self.user_has_any_permission_for_instance(owner, actions, instance):
            return users
        return users.exclude(pk=owner.pk)


def _granted_by(actions) -> set[str]:
    """The rights that allow these actions on any file; Wagtail holds deleting for a change."""
    return {"change" if action in ALTERING else action for action in actions} & {"add", "choose", "change"}


def register_media_policies() -> None:
    """Put the policies before Wagtail's own, which are registered for these models whatever the order of the apps."""
    for model, auth_model in AUTH_MODELS.items():
        policy = UnpublishedOwnershipPolicy(model, auth_model=auth_model, owner_field_name="uploaded_by_user")
        register_permission_policy(model, policy, exact_class=True)
