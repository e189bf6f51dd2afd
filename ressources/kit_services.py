"""What is done to kits besides editing them: adapted, and their downloads counted."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.permissions import policy_registry

from ressources.models import Download, KitPage
from territoires_en_commun.base.models import BasePage, CustomDocument, Licence

MAX_TITLE = 255
MOMENT = timedelta(minutes=5)  # a form sent again, by a double click or after « Précédent », comes sooner
NOT_PUBLISHED = "Seul un kit publié peut être adapté\u00a0: celui-ci ne l’est pas."


def may_adapt(user, kit: BasePage) -> bool:
    """Whether a user may add a kit beside this one; everybody may read it, so nothing more is asked.

    Read from the rights that Wagtail keeps with the user: a list asks of each of its kits.
    """
    if user.is_superuser:
        return user.is_active
    above = kit.path[: -kit.steplen]
    rights = policy_registry.get_by_type(BasePage).get_cached_permissions_for_user(user)
    return any(r.permission.codename == "add_basepage" and above.startswith(r.page.path) for r in rights)


def adaptation_refusal(kit: KitPage) -> str:
    """Why a kit may not be adapted; empty when it may."""
    licence = Licence(kit.licence)
    if not licence.allows_adaptations:
        return (
            f"La licence de ce kit («\u00a0{licence.label}\u00a0») interdit d’en publier une version modifiée. "
            "Demandez son accord à qui l’a publié, ou faites-y un lien."
        )
    if not KitPage.objects.live_public().filter(pk=kit.pk).exists():
        return NOT_PUBLISHED
    return ""


@transaction.atomic
def adapt_kit(kit: KitPage, *, user) -> KitPage:
    """Copy a published kit as a draft of its own, under the same index, with credit to the original.

    Its partner is not copied: whoever publishes an adaptation answers for it. Asked again by the same person while the
    draft is new and untouched, return that one.

    Raise ValidationError when the kit may not be adapted, PermissionDenied when the user may not add a page there.
    """
    if not may_adapt(user, kit):
        raise PermissionDenied
    kit = KitPage.objects.select_for_update(of=("self",)).get(pk=kit.pk)
    if refusal := adaptation_refusal(kit):
        raise ValidationError(refusal)
    if draft := untouched_adaptation(kit, user):
        return draft
    title = f"{kit.title[: MAX_TITLE - 20]} (adaptation)"
    action = CopyPageAction(
        kit,
        to=kit.get_parent(),
        update_attrs={
            "title": title,
            "draft_title": title,
            "slug": free_slug(kit),
            "derived_from": kit,
            "credit": credit_of(kit),
            "review_owner": user,
        },
        exclude_fields=[
            "partner",
            "version",
            "changes",
            "review_date",
            "go_live_at",
            "expire_at",
            "expired",
            "show_in_menus",
        ],
        copy_revisions=False,
        keep_live=False,
        user=user,
    )
    return action.execute(skip_permission_checks=True)  # Wagtail asks who copies for the right to edit


def untouched_adaptation(kit: KitPage, user) -> KitPage | None:
    """The draft that this person has just made of a kit, as long as nobody wrote in it."""
    drafts = KitPage.objects.filter(
        derived_from=kit, owner=user, live=False, latest_revision_created_at__gt=timezone.now() - MOMENT
    )
    return drafts.annotate(saves=Count("_revisions")).filter(saves=1).order_by("pk").last()


def free_slug(kit: KitPage) -> str:
    """An address beside that of the kit that no other page has."""
    stem = f"{kit.slug[:200]}-adaptation"
    taken = set(BasePage.objects.sibling_of(kit).filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def credit_of(kit: KitPage) -> str:
    """« Budget participatif » (Réseau), version 1.2, Licence Ouverte 2.0; then what the kit itself credits."""
    author = f" ({kit.partner.current})" if kit.partner_id else ""
    own = f"«\u00a0{kit.title}\u00a0»{author}, version {kit.version}, {kit.get_licence_display()}."
    return f"{own} {f'D’après {kit.credit}' if kit.credit else ''}".strip()[:500]


@transaction.atomic
def count_download(*, kit: KitPage, document: CustomDocument | None, day: date) -> None:
    """Count one download of a file of a kit, or of all its files together without ``document``."""
    count = Download.objects.of(kit, document, day)
    if count.update(count=F("count") + 1):
        return
    row = Download(kit=kit, document=document, is_archive=document is None, day=day)
    Download.objects.bulk_create([row], ignore_conflicts=True)  # another download may have made the row meanwhile
    count.update(count=F("count") + 1)
