"""Who organises: whoever may edit the page of an event organises its sessions, and nobody else's."""

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from agenda.models import EventPage, EventSession, Registration
from territoires_en_commun.base.models import BasePage


def organised_events(user) -> QuerySet[EventPage]:
    """The events that this person may edit."""
    editable = policy_registry.get_by_type(BasePage).instances_user_has_permission_for(user, "change")
    return EventPage.objects.filter(pk__in=editable.values("pk"))


def organises(user, event: EventPage) -> bool:
    """Whether this person may edit an event."""
    return event.permissions_for_user(user).can_edit()


class OrganiserPolicy(BasePermissionPolicy):
    """Rights on what hangs on an event are those on its page; ``path`` leads from the model to the event."""

    def __init__(self, model, path: str, actions: tuple[str, ...] = ("add", "change", "view")):
        super().__init__(model)
        self.path, self.actions = path, actions

    def user_has_permission(self, user, action):
        return action in self.actions and user.is_active and organised_events(user).exists()

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user, action, instance):
        event = instance
        for name in self.path.split("__"):
            event = getattr(event, name)
        return action in self.actions and organises(user, event)

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return any(self.user_has_permission_for_instance(user, action, instance) for action in actions)

    def instances_user_has_any_permission_for(self, user, actions):
        rows = self.model._default_manager.all()
        if not set(actions) & set(self.actions):
            return rows.none()
        return rows.filter(**{f"{self.path}__in": organised_events(user).values("pk")})

    def instances_user_has_permission_for(self, user, action):
        return self.instances_user_has_any_permission_for(user, [action])

    def users_with_any_permission(self, actions):
        found = [user.pk for user in get_user_model().objects.all() if self.user_has_any_permission(user, actions)]
        return get_user_model().objects.filter(pk__in=found)


register_permission_policy(EventSession, OrganiserPolicy(EventSession, "event"))
# Registrations come from people: nobody writes one by hand.
register_permission_policy(Registration, OrganiserPolicy(Registration, "session__event", ("change", "view")))
