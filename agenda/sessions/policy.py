"""Who organises an event: whoever may edit its page, and the organisers of its team. The door only checks in.

A place in a team counts as long as the account enters the editing space.
"""

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet, Value
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from agenda.events.kinds import TeamRole
from agenda.models import EventPage, EventSession, EventTeamMember, Registration
from territoires_en_commun.base.models import BasePage

ENTERS = "wagtailadmin.access_admin"


def organised_events(user) -> QuerySet[EventPage]:
    """The events that this person may edit, or organises in their team."""
    return _events_of(user, TeamRole.ORGANISER)


def organises(user, event: EventPage) -> bool:
    """Whether this person may edit an event, or organises it in its team."""
    return event.permissions_for_user(user).can_edit() or _is_in_team(user, event, TeamRole.ORGANISER)


def checked_in_events(user) -> QuerySet[EventPage]:
    """The events where this person checks people in: those that they organise, and those whose door they keep."""
    return _events_of(user, *TeamRole)


def may_check_in(user, event: EventPage) -> bool:
    """Whether this person organises an event, or keeps its door."""
    return event.permissions_for_user(user).can_edit() or _is_in_team(user, event, *TeamRole)


def _events_of(user, *roles: TeamRole) -> QuerySet[EventPage]:
    if not user.has_perm(ENTERS):
        return EventPage.objects.none()
    editable = policy_registry.get_by_type(BasePage).instances_user_has_permission_for(user, "change")
    teams = EventTeamMember.objects.filter(user=user, role__in=roles)
    return EventPage.objects.filter(Q(pk__in=editable.values("pk")) | Q(pk__in=teams.values("event")))


def duties(user) -> frozenset[TeamRole]:
    """What this person does for some event; asked of the database once for each request, as menus ask it often."""
    if not user.has_perm(ENTERS):
        return frozenset()
    if not hasattr(user, "_event_duties"):
        editable = policy_registry.get_by_type(BasePage).instances_user_has_permission_for(user, "change")
        edited = EventPage.objects.order_by().filter(pk__in=editable.values("pk"))
        roles = user.event_roles.order_by().values_list("role")
        found = roles.union(edited.values_list(Value(TeamRole.ORGANISER.value)))
        user._event_duties = frozenset(TeamRole(role) for (role,) in found)
    return user._event_duties


def _is_in_team(user, event: EventPage, *roles: TeamRole) -> bool:
    return user.has_perm(ENTERS) and event.team.filter(user=user, role__in=roles).exists()


class OrganiserPolicy(BasePermissionPolicy):
    """Rights on what hangs on an event are those on its page; ``path`` leads from the model to the event."""

    def __init__(self, model, path: str, actions: tuple[str, ...] = ("add", "change", "view")):
        super().__init__(model)
        self.path, self.actions = path, actions

    def user_has_permission(self, user, action):
        return action in self.actions and user.is_active and TeamRole.ORGANISER in duties(user)

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
