"""The editor of a kit."""

from ressources import kit_rules
from territoires_en_commun.base.forms import BasePageForm


class KitPageForm(BasePageForm):
    """What publication needs is asked then."""

    required_to_publish = {
        **BasePageForm.required_to_publish,
        "kind": kit_rules.MISSING_KIND,
        "version": kit_rules.MISSING_VERSION,
    }
