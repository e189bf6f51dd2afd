"""What editors do to several fiches at once."""

from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction

from annuaire.models import ActorPage
from annuaire.services import doubt, mark_verified


class NoteAction(PageBulkAction):
    """Says something of fiches; other pages of the selection are left aside."""

    template_name = "annuaire/admin/confirm_note.html"
    question = ""

    def check_perm(self, page):
        return page.specific_class is ActorPage and page.permissions_for_user(self.request.user).can_publish()

    def get_context_data(self, **kwargs):
        return super().get_context_data(question=self.question, label=self.display_name, **kwargs)

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
