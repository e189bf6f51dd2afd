"""What becomes of the space of a partner when the partner is merged or retired."""

from django.dispatch import receiver

from blog.models import PartnerSpace
from blog.services import close_partner_space, settle_spaces_before_merge
from territoires_en_commun.base.models import Partner
from territoires_en_commun.base.term_signals import term_merging, term_retired


@receiver(term_merging, sender=Partner)
def settle_the_spaces_of_merged_partners(source, target, **kwargs):
    """The merge is refused when it would silently close a space."""
    settle_spaces_before_merge(source=source, target=target)


@receiver(term_retired, sender=Partner)
def close_the_space_of_a_retired_partner(term, user, **kwargs):
    """Its contributors no longer write."""
    if space := PartnerSpace.objects.filter(partner=term).first():
        close_partner_space(space=space, user=user)
