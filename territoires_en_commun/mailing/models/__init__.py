"""Tables of the outbox, of the signed links and of the scheduled jobs."""

from territoires_en_commun.mailing.models.jobs import JobState, ProcessHeartbeat
from territoires_en_commun.mailing.models.links import UsedLink
from territoires_en_commun.mailing.models.outbox import MailAttachment, OutgoingMail

__all__ = ["JobState", "MailAttachment", "OutgoingMail", "ProcessHeartbeat", "UsedLink"]
