"""What editors do to several fiches at once."""

from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction

from annuaire.models import ActorPage
from annuaire.services import doubt, mark_verified
from territoires_en_commun.base.holds import hold_on


class NoteAction(PageBulkAction):
    """Says something of fiches; what is no fiche, or that something holds, is left aside with the reason."""

    template_name = "annuaire/admin/confirm_note.html"
    question = ""

    def check_perm(self, page):
        return not self.obstacle(page)

    def obstacle(self, page) -> str:
        """Why a page is left aside, empty when it is not."""
        if page.specific_class is not ActorPage:
            return "n’est pas une fiche d’acteur"
        if not page.permissions_for_user(self.request.user).can_publish():
            return "ne peut être publiée que par d’autres personnes"
        return hold_on(page, self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(question=self.question, label=self.display_name, **kwargs)
        for aside in context["items_with_no_access"]:
            aside["reason"] = self.obstacle(aside["item"])
        return context

    @classmethod
    def note(cls, actor: ActorPage, user) -> None:
        raise NotImplementedError

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        for page in objects:
            cls.note(page.specific, user)
        return len(objects), 0


class VerifyAction(NoteAction):
    """Fiches that somebody just checked."""

    display_name = "Marquer comme vérifiées"
    aria_label = "Marquer comme vérifiées les fiches choisies"
    action_type = "verify"
    action_priority = 5
    question = "Ces fiches porteront la date d’aujourd’hui :"

    @classmethod
    def note(cls, actor, user):
        mark_verified(actor, user=user)

    def get_success_message(self, num_parent_objects, num_child_objects):
        return f"Fiches vérifiées aujourd’hui : {num_parent_objects}."


class DoubtAction(NoteAction):
    """Fiches that may be wrong."""

    display_name = "Marquer « à vérifier »"
    aria_label = "Marquer « à vérifier » les fiches choisies"
    action_type = "doubt"
    action_priority = 6
    question = "Les visiteurs seront prévenus que ces fiches sont à vérifier :"

    @classmethod
    def note(cls, actor, user):
        doubt(actor, user=user)

    def get_success_message(self, num_parent_objects, num_child_objects):
        return f"Fiches à vérifier : {num_parent_objects}."
