"""An import of pages, as the wizard knows it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.imports.kinds import ImportKind

from .session import PageSession


class PageImport(ImportKind):
    """Pages of one type, under the page of their section."""

    session: ClassVar[type[PageSession]]

    def allows(self, user) -> bool:
        """Who may publish in the section may import into it."""
        section = self.session.section_model.objects.first()
        return section is not None and section.permissions_for_user(user).can_publish_subpage()

    def initial_settings(self, user) -> dict[str, Any]:
        return {"review_owner": user.pk, "keep_edits": True, "licence": BasePage._meta.get_field("licence").default}

    def target_urls(self, targets: Sequence[int]) -> dict[int, str]:
        known = self.session.model.objects.filter(pk__in=targets).values_list("pk", flat=True)
        return {pk: reverse("wagtailadmin_pages:edit", args=[pk]) for pk in known}

    def open(self, settings: dict[str, Any], user) -> PageSession:
        return self.session(settings, user)
