"""The team of an event: who organises it, who keeps its door. It never loses its last organiser."""

from django.core.exceptions import ValidationError
from django.db import transaction

from agenda.events.kinds import TeamRole
from agenda.models import EventPage, EventTeamMember
from territoires_en_commun.base.forms import editors

# The same for an unknown address and for an account that does not enter the editing space.
NO_ACCOUNT = "Aucun compte de l’espace d’édition n’a cette adresse : demandez à l’administration du site de l’ouvrir."
ALREADY_IN = "Cette personne est déjà dans l’équipe : changez son rôle dans la liste."
LAST_ORGANISER = "C’est la dernière personne qui organise cet événement : ajoutez-en une autre d’abord."
OWN_ACCESS = (
    "Vous perdriez l’accès à l’organisation de cet événement : demandez-le à une autre personne qui l’organise."
)


@transaction.atomic
def add_member(*, event: EventPage, email: str, role: str) -> EventTeamMember:
    """Add an account of the editing space, by its address; raise ValidationError when there is none, or twice."""
    event = _locked(event)
    user = editors().filter(email__iexact=email.strip()).first()
    if user is None:
        raise ValidationError(NO_ACCOUNT)
    if event.team.filter(user=user).exists():
        raise ValidationError(ALREADY_IN)
    return EventTeamMember.objects.create(event=event, user=user, role=TeamRole(role))


@transaction.atomic
def change_role(*, member: EventTeamMember, role: str, by) -> EventTeamMember:
    """Give a member another role; raise ValidationError when the event would lose its last organiser."""
    event = _locked(member.event)
    member = event.team.get(pk=member.pk)
    if role != TeamRole.ORGANISER:
        _check_may_leave(event, member, by)
    member.role = TeamRole(role)
    member.save()
    return member


@transaction.atomic
def remove_member(*, member: EventTeamMember, by) -> None:
    """Take somebody off a team; raise ValidationError when the event would lose its last organiser."""
    event = _locked(member.event)
    member = event.team.get(pk=member.pk)
    _check_may_leave(event, member, by)
    member.delete()


@transaction.atomic
def copy_team(*, source: EventPage, target: EventPage) -> None:
    """The team of a copied event is that of its model."""
    for member in source.team.all():
        EventTeamMember.objects.get_or_create(event=target, user=member.user, defaults={"role": member.role})


def owning_organiser(event: EventPage):
    """The owner of the page of an event, who organises it as long as they may edit the page; else None."""
    owner = event.owner
    return owner if owner and event.permissions_for_user(owner).can_edit() else None


def _locked(event: EventPage) -> EventPage:
    """The event as it is now: its team changes by one person at a time."""
    return EventPage.objects.select_for_update(of=("self",)).get(pk=event.pk)


def _check_may_leave(event: EventPage, member: EventTeamMember, by) -> None:
    """An organiser may leave when another one stays: of the team, or the owner of the page who may edit it."""
    if member.role != TeamRole.ORGANISER:
        return
    others = event.team.filter(role=TeamRole.ORGANISER, user__in=editors().values("pk")).exclude(pk=member.pk)
    if not others.exists() and owning_organiser(event) is None:
        raise ValidationError(LAST_ORGANISER)
    if member.user == by and not event.permissions_for_user(by).can_edit():
        raise ValidationError(OWN_ACCESS)
