"""Wagtail's checks of the preview, with the rules of the RGAA; the remarks on wording are in advice.py."""

from wagtail.admin.userbar import ContentCheckerItem

from territoires_en_commun.base.rgaa_rules import RGAA_RULES

# Wagtail's own rules that the RGAA tag does not cover.
EDITORIAL_RULES = [
    "empty-heading",
    "empty-table-header",
    "heading-order",
    "alt-text-quality",
    "empty-meta-description",
]
VAGUE_ALT = r"\.(avif|gif|jpe?g|png|svg|webp)$|_|^(image|photo|photographie|illustration|visuel|logo|capture)\d*$"


class RgaaContentChecker(ContentCheckerItem):
    """Wagtail's content checker with every automatic rule of the RGAA, said in French."""

    axe_run_only = [*RGAA_RULES, *EDITORIAL_RULES]
    axe_custom_checks = [
        {"id": "check-image-alt-text", "options": {"pattern": VAGUE_ALT}},
        *[check for check in ContentCheckerItem.axe_custom_checks if check["id"] != "check-image-alt-text"],
    ]
    axe_messages = {
        **ContentCheckerItem.axe_messages,
        **{
            rule: {"error_name": sentence, "help_text": f"RGAA, critère {criterion}"}
            for rule, (criterion, sentence) in RGAA_RULES.items()
        },
    }


def use_rgaa_checker(request, items, page) -> None:
    """Replace Wagtail's content checker in the userbar and in the editor's checks panel."""
    items[:] = [
        RgaaContentChecker(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item
        for item in items
    ]
