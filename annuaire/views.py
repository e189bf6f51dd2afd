"""Public pages of the directory that are not in the tree."""

import re

from annuaire.models import ContactObjection
from annuaire.services import OBJECTION, object_to_publication
from territoires_en_commun.mailing.views import SignedLinkView

MARK = re.compile(r"[0-9a-f]{64}")


class ObjectionView(SignedLinkView):
    """A person asks not to be shown in the directory any more (RGPD, article 21): one button, no reason asked."""

    link = OBJECTION
    title = "Ne plus être affiché dans l’annuaire"
    button = "Ne plus m’afficher"
    done_title = "C’est fait : vous n’êtes plus affiché"
    done_message = (
        "Vos coordonnées ne sont plus montrées dans l’annuaire, et ne le seront plus après les prochains imports."
    )

    def get_object(self, payload: str) -> str:
        if not MARK.fullmatch(payload):
            raise ValueError("not a fingerprint")
        return payload

    def describe(self, target: str) -> str:
        if ContactObjection.objects.filter(fingerprint=target).exists():
            return "Votre opposition est déjà enregistrée : rien de vous n’est affiché dans l’annuaire."
        return (
            "Votre nom, votre fonction, votre adresse et votre téléphone ne seront plus montrés, sur aucune fiche. "
            "Seule une empreinte de votre adresse est gardée, pour que les prochains imports respectent votre choix."
        )

    def perform(self, target: str) -> None:
        object_to_publication(target)
