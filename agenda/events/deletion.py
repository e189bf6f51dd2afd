"""An event where people are registered is not deleted under them: why is said, and what to do instead."""

from django.shortcuts import redirect
from django.utils import timezone
from wagtail.admin import messages

from agenda.events.kinds import SessionStatus
from agenda.models import EventPage, Registration
from territoires_en_commun.base.models import BasePage

DELETE, UNPUBLISH = "delete", "unpublish"


def registrations_under(page: BasePage):
    """The registrations of the events of a page and of those under it."""
    events = EventPage.objects.descendant_of(page, inclusive=True)
    return Registration.objects.filter(session__event__in=events.values("pk"))


def expected_under(page: BasePage) -> int:
    """How many people are registered there to a session that is to come, and not cancelled."""
    rows = registrations_under(page).active().filter(session__ends_at__gt=timezone.now())
    return rows.exclude(session__status=SessionStatus.CANCELLED).count()


def deletion_refusal(page: BasePage) -> str:
    """Why a page may not be deleted; empty when it may.

    A registration is a record, never deleted with its event: the database refuses it as well.
    """
    title = page.get_admin_display_title()
    if count := expected_under(page):
        who = f"{count} personnes sont inscrites" if count > 1 else "une personne est inscrite"
        return (
            f"« {title} » ne peut pas être supprimée : {who} à une séance à venir. Annulez d’abord ses séances, "
            "pour que chacun soit prévenu, puis dépubliez la page."
        )
    if registrations_under(page).exists():
        return (
            f"« {title} » ne peut pas être supprimée : des inscriptions y sont attachées. Dépubliez-la plutôt : "
            "les données des personnes sont effacées à la fin de leur durée de conservation."
        )
    return ""


def refuse_deletion(request, page):
    """Before a page is deleted (Wagtail's ``before_delete_page``)."""
    if not (refusal := deletion_refusal(page)):
        return None
    messages.error(request, refusal)
    return redirect("wagtailadmin_pages:edit", page.pk)


def refuse_bulk_deletion(request, action_type, pages, action):
    """Before several are (``before_bulk_action``): one that may not be deleted stops the whole selection."""
    if action_type != DELETE or not is_about_pages(action):
        return None
    refusals = list(filter(None, map(deletion_refusal, pages)))
    for refusal in refusals:
        messages.error(request, refusal)
    return redirect(action.next_url) if refusals else None


def warn_of_unpublication(request, page):
    """After a page is unpublished: who is registered is not told, and still receives reminders."""
    if count := expected_under(page):
        title = page.get_admin_display_title()
        who = f"{count} personnes restent inscrites" if count > 1 else "une personne reste inscrite"
        messages.warning(
            request,
            f"« {title} » n’est plus en ligne, mais {who} à une séance à venir : personne n’est prévenu. "
            "Si la séance n’a pas lieu, annulez-la dans « Séances ».",
        )


def warn_of_bulk_unpublication(request, action_type, pages, action):
    """After several are."""
    if action_type == UNPUBLISH and is_about_pages(action):
        for page in pages:
            warn_of_unpublication(request, page)


def is_about_pages(action) -> bool:
    """Whether a bulk action is one of pages, not of images or documents."""
    return issubclass(action.models[0], BasePage)
