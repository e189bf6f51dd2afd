"""The review of a version: who may approve it, and who is locked out meanwhile."""

from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.html import format_html
from wagtail.locks import WorkflowLock
from wagtail.models import AbstractGroupApprovalTask, get_default_page_content_type

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.publication import Gap, PublicationRefused

LOCKED_FOR_AUTHOR = (
    "Cette page attend une relecture, que vous avez demandée : une autre personne doit l’approuver. "
    "Pour la modifier encore, choisissez « Annuler le workflow »."
)
OWN_VERSION = (
    "Vous avez enregistré la dernière version de cette page : une autre personne doit la relire et l’approuver."
)


class ReviewLock(WorkflowLock):
    """Wagtail's, which also tells why the author can't edit and why the last editor can't approve."""

    def get_message(self, user):
        if self.task.is_requested_by(self.object, user):
            return format_html("{}", LOCKED_FOR_AUTHOR)
        if not self.for_user(user) and self.task.is_last_editor(self.object, user):
            return format_html("{}", OWN_VERSION)
        return super().get_message(user)


class ReviewTask(AbstractGroupApprovalTask):
    """An approval by members of groups, of whom nobody approves alone what they wrote themselves.

    Two persons see each version that is approved: the one who saved it and the one who approves it. Superusers are
    held to it too. Who asked for the review no longer edits the page until it ends, or until they cancel it.
    Who has the right to publish can still do so from the page editor, in their own name and outside any review.
    """

    lock_class = ReviewLock

    class Meta:
        verbose_name = "relecture par une autre personne"
        verbose_name_plural = "relectures par une autre personne"

    @classmethod
    def get_description(cls):
        return "Les membres des groupes choisis approuvent la page ; personne n’approuve sa propre version."

    @staticmethod
    def is_requested_by(obj, user) -> bool:
        """Whether this person asked for the review in progress."""
        state = obj.current_workflow_state
        return state is not None and state.requested_by_id == user.pk

    @staticmethod
    def is_last_editor(obj, user) -> bool:
        """Whether this person saved the version under review."""
        revision = obj.get_latest_revision()
        return revision is not None and revision.user_id == user.pk

    def locked_for_user(self, obj, user):
        return self.is_requested_by(obj, user) or super().locked_for_user(obj, user)

    def get_actions(self, obj, user):
        actions = super().get_actions(obj, user)
        if self.is_requested_by(obj, user) and self.is_last_editor(obj, user):
            return []
        if self.is_last_editor(obj, user):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def get_task_states_user_can_moderate(self, user, **kwargs):
        """Those that this person may approve: what they saved themselves waits for somebody else."""
        own = BasePage.objects.filter(latest_revision__user=user).annotate(key=Cast("pk", CharField()))
        return (
            super()
            .get_task_states_user_can_moderate(user, **kwargs)
            .exclude(
                workflow_state__base_content_type=get_default_page_content_type(),
                workflow_state__object_id__in=own.values("key"),
            )
        )

    def on_action(self, task_state, user, action_name, **kwargs):
        """Raise PublicationRefused when the last editor approves, by whatever road."""
        page = task_state.workflow_state.content_object
        if action_name == "approve" and self.is_last_editor(page, user):
            raise PublicationRefused(page, [Gap("", OWN_VERSION)])
        return super().on_action(task_state, user, action_name, **kwargs)
