"""The import of actors, as the wizard knows it."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from annuaire.imports.columns import COLUMNS, IDENTIFIERS, LABELS
from annuaire.imports.session import KIND, ActorSession
from annuaire.imports.settings import ActorSettingsForm
from annuaire.models import ActorPage, DirectoryPage
from territoires_en_commun.imports.kinds import ImportKind


class ActorImport(ImportKind):
    """Actors of the directory."""

    name = KIND
    label = "Acteurs"
    help_text = (
        "Une ligne par acteur ou par antenne. Les fiches déjà présentes sont reconnues à leur SIRET, à leur "
        "identifiant ou à leur SIREN."
    )
    columns = COLUMNS
    settings_form = ActorSettingsForm

    def allows(self, user) -> bool:
        """Who may publish in the directory may import into it."""
        directory = DirectoryPage.objects.first()
        return directory is not None and directory.permissions_for_user(user).can_publish_subpage()

    def initial_settings(self, user) -> dict[str, Any]:
        return {"review_owner": user.pk, "keep_edits": True, "licence": ActorPage._meta.get_field("licence").default}

    def mapping_problems(self, columns: set[str]) -> list[str]:
        if columns.isdisjoint(IDENTIFIERS):
            names = ", ".join(LABELS[name] for name in IDENTIFIERS)
            return [f"Il faut au moins une de ces colonnes, sans quoi un second import ferait des doublons : {names}."]
        return []

    def target_urls(self, targets: Sequence[int]) -> dict[int, str]:
        known = ActorPage.objects.filter(pk__in=targets).values_list("pk", flat=True)
        return {pk: reverse("wagtailadmin_pages:edit", args=[pk]) for pk in known}

    def open(self, settings: dict[str, Any], user) -> ActorSession:
        return ActorSession(settings, user)
