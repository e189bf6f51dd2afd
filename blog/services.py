"""Verbs of the spaces of partners (open, close, invite, remove) and of authors."""

from datetime import datetime, timedelta
from enum import Enum, auto

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from wagtail.log_actions import log
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from blog.models import ArticleIndexPage, Author, PartnerSectionPage, PartnerSpace
from territoires_en_commun.base import rights
from territoires_en_commun.base.models import Partner
from territoires_en_commun.base.services import TermError, TermInUse
from territoires_en_commun.mailing.services import queue_mail
from territoires_en_commun.users.models import User

PAGE_ACTIONS = ("add",)  # for Wagtail: write pages and edit one's own; never publish
MEDIA_ACTIONS = ("add", "choose")
KEEP_UNUSED = timedelta(days=365)


class Invitation(Enum):
    """What came of an invitation; only the first sends a mail."""

    SENT = auto()
    SENT_LATELY = auto()  # less than an hour ago
    ALREADY_MEMBER = auto()
    INACTIVE_ACCOUNT = auto()  # a member, who can do nothing until the account is active again


class SpaceError(ValidationError):
    """A refused operation on the space of a partner; ``message`` says why, in French."""


@transaction.atomic
def open_partner_space(*, partner: Partner, user=None) -> PartnerSpace:
    """Give a partner a section of the blog, a group and a collection; a closed space opens again with its members.

    A space that is open already is left as it is. Raise SpaceError for a partner that is no longer offered, or when
    there is no blog.
    """
    partner = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    if not partner.is_active:
        raise SpaceError(f"« {partner} » est {partner.status} : son espace ne peut pas être ouvert.")
    space = PartnerSpace.objects.filter(partner=partner).first()
    if space and space.is_open:
        return space
    if space is None:
        space = PartnerSpace(
            partner=partner,
            section=_new_section(partner, user),
            group=_new_group(partner),
            collection=Collection.get_first_root_node().add_child(name=partner.name),
        )
    space.state, space.closed_at = PartnerSpace.State.OPEN, None
    space.save()
    space.group.permissions.add(*rights.admin_access(apps))
    rights.grant_pages(apps, space.group, space.section_id, PAGE_ACTIONS)
    rights.grant_media(apps, space.group, space.collection_id, MEDIA_ACTIONS)
    log(instance=partner, action="spaces.open", user=user)
    return space


def _new_section(partner: Partner, user) -> PartnerSectionPage:
    """The published section of a partner; the one that it had keeps its pages and serves again."""
    blog = ArticleIndexPage.objects.order_by("path").first()
    if blog is None:
        raise SpaceError("Le blog n’existe pas encore : créez d’abord sa page.")
    section = PartnerSectionPage.objects.child_of(blog).filter(partner=partner, space=None).first()
    if section is None:
        section = blog.add_child(instance=PartnerSectionPage(title=partner.name, partner=partner))
        section.save_revision(user=user).publish(user=user, skip_permission_checks=True)
    return section


def _new_group(partner: Partner) -> Group:
    """A group of its own: one that has the name already, whoever made it, is never given the rights."""
    name = f"Partenaire – {partner.name}"
    taken = set(Group.objects.filter(name__startswith=name).values_list("name", flat=True))
    names = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 3)))
    return Group.objects.create(name=next(name for name in names if name not in taken))


@transaction.atomic
def close_partner_space(*, space: PartnerSpace, user=None) -> PartnerSpace:
    """Take every right of its group away; pages, files and the list of members stay. A closed space stays closed."""
    space = PartnerSpace.objects.select_for_update(of=("self",)).get(pk=space.pk)
    if not space.is_open:
        return space
    space.group.permissions.clear()
    GroupPagePermission.objects.filter(group=space.group).delete()
    GroupCollectionPermission.objects.filter(group=space.group).delete()
    space.state, space.closed_at = PartnerSpace.State.CLOSED, timezone.now()
    space.save()
    log(instance=space.partner, action="spaces.close", user=user)
    return space


@transaction.atomic
def invite_member(*, space: PartnerSpace, email: str, user=None) -> Invitation:
    """Let a person write in the space, and tell them by mail; a new account gets the link to choose its password.

    A new account and one that existed answer alike. A person who never chose a password gets a new link, at most one
    an hour. Raise SpaceError when the space is closed.
    """
    space = PartnerSpace.objects.select_for_update(of=("self",)).get(pk=space.pk)
    if not space.is_open:
        raise SpaceError("Cet espace est fermé : rouvrez-le avant d’y inviter quelqu’un.")
    account = _account_of(email)
    is_new = not space.group.user_set.filter(pk=account.pk).exists()
    if is_new:
        space.group.user_set.add(account)
        log(instance=space.partner, action="spaces.invite", user=user, data={"user": account.pk})
    if not account.is_active:
        return Invitation.INACTIVE_ACCOUNT
    if not is_new and account.has_usable_password():
        return Invitation.ALREADY_MEMBER
    return _tell(space, account)


def _account_of(email: str) -> User:
    """The account known by this address, else a new one, whose password is still to be chosen."""
    try:
        with transaction.atomic():
            return User.objects.filter(email__iexact=email.strip()).first() or User.objects.create_user(email)
    except IntegrityError:  # another invitation has just created it
        return User.objects.get(email__iexact=email.strip())


def _tell(space: PartnerSpace, account: User) -> Invitation:
    now = timezone.now()
    password_url = ""
    if not account.has_usable_password():
        key = urlsafe_base64_encode(force_bytes(account.pk))
        token = default_token_generator.make_token(account)
        password_url = settings.SITE_URL + reverse("wagtailadmin_password_reset_confirm", args=[key, token])
    mail = queue_mail(
        key=f"partner-space:{space.pk}:{account.pk}:{now:%Y%m%d%H}",
        to=account.email,
        template="space_invitation",
        context={
            "partner": space.partner.name,
            "password_url": password_url,
            "admin_url": settings.SITE_URL + reverse("wagtailadmin_explore", args=[space.section_id]),
            "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        },
        expires_at=now + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) if password_url else None,
    )
    return Invitation.SENT_LATELY if mail.dated_at < now else Invitation.SENT


@transaction.atomic
def remove_member(*, space: PartnerSpace, member: User, user=None) -> None:
    """Take the rights on the space from a person; the account and what it wrote stay."""
    if space.group.user_set.filter(pk=member.pk).exists():
        space.group.user_set.remove(member)
        log(instance=space.partner, action="spaces.remove", user=user, data={"user": member.pk})


def settle_spaces_before_merge(*, source: Partner, target: Partner) -> None:
    """When a partner takes over another, the space goes along, unless the one that takes over has its own.

    Raise TermError when both have one and that of the source is open: its members would lose it unawares. A closed
    one is forgotten: its section stays, as a page of the partner that takes over.
    """
    space = PartnerSpace.objects.filter(partner=source).first()
    if space is None or not PartnerSpace.objects.filter(partner=target).exists():
        return
    if space.is_open:
        raise TermError(f"« {source} » et « {target} » ont chacun leur espace : fermez d’abord celui de « {source} ».")
    space.delete()
    space.group.delete()


def forget_unused_authors(now: datetime) -> int:
    """Erase the authors who sign nothing, in no version of any article, a year after they were added; how many."""
    erased = 0
    for author in Author.objects.filter(created_at__lt=now - KEEP_UNUSED, signatures=None):
        try:
            author.delete()
        except TermInUse:  # an older version of an article, or an author merged with this one
            continue
        erased += 1
    return erased
