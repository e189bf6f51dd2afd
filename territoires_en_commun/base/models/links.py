"""Links between pages, whatever their rooms: an experience and the kit that it used, a call and who funds it."""

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.models import Orderable


class LinkKind(models.TextChoices):
    """What a link means, as its source says it; ``TITLES`` gives the words of each side."""

    RELATED = "lie", "voir aussi"
    ACTOR = "acteur", "acteur associé"
    USES = "utilise", "s’appuie sur (kit, outil, formation)"
    ANSWERS = "repond", "répond à (appel à projets)"
    INSPIRED = "inspire", "s’inspire de (expérience)"
    FUNDER = "financeur", "financé par (acteur)"
    OPERATOR = "instructeur", "instruit par (acteur)"
    ORGANISER = "organisateur", "organisé par (acteur)"


# What stands above the links on the page of the source, then on the page of the target.
TITLES: dict[str, tuple[str, str]] = {
    LinkKind.RELATED: ("À lire aussi", "À lire aussi"),
    LinkKind.ACTOR: ("Acteurs associés", "Participe à"),
    LinkKind.USES: ("S’appuie sur", "Utilisé dans"),
    LinkKind.ANSWERS: ("Répond à", "Projets qui y ont répondu"),
    LinkKind.INSPIRED: ("S’inspire de", "A inspiré"),
    LinkKind.FUNDER: ("Financeurs", "Finance"),
    LinkKind.OPERATOR: ("Instructeurs", "Instruit"),
    LinkKind.ORGANISER: ("Organisateurs", "Organise"),
}
# The page types that a kind may lead to, as labels; a kind that is absent leads anywhere.
TARGETS: dict[str, tuple[str, ...]] = {
    LinkKind.ACTOR: ("annuaire.actorpage",),
    LinkKind.USES: ("ressources.kitpage", "ressources.trainingpage"),
    LinkKind.ANSWERS: ("agenda.callpage",),
    LinkKind.INSPIRED: ("ressources.experiencepage",),
    LinkKind.FUNDER: ("annuaire.actorpage",),
    LinkKind.OPERATOR: ("annuaire.actorpage",),
    LinkKind.ORGANISER: ("annuaire.actorpage",),
}


class PageLink(Orderable):
    """A link from a page to another, edited with its source and shown on both, to who may see the other one."""

    source = ParentalKey("base.BasePage", on_delete=models.CASCADE, related_name="links")
    target = models.ForeignKey(
        "base.BasePage", verbose_name="page", on_delete=models.CASCADE, related_name="incoming_links"
    )
    kind = models.CharField("lien", max_length=20, choices=LinkKind.choices, default=LinkKind.RELATED)

    panels = [FieldPanel("kind"), PageChooserPanel("target")]

    class Meta(Orderable.Meta):
        verbose_name = "lien entre pages"
        verbose_name_plural = "liens entre pages"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target", "kind"],
                name="page_link_unique",
                violation_error_message="Ce lien existe déjà.",
            ),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")),
                name="page_link_not_to_itself",
                violation_error_message="Une page ne peut pas renvoyer à elle-même.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.target}"

    def clean(self):
        super().clean()
        if self.target_id is None:
            return
        if self.source_id and self.target_id == self.source_id:
            raise ValidationError({"target": "Une page ne peut pas renvoyer à elle-même."})
        wanted = TARGETS.get(self.kind)
        found = self.target.content_type
        if wanted and f"{found.app_label}.{found.model}" not in wanted:
            raise ValidationError(
                {"target": f"« {self.target} » ne convient pas au lien « {self.get_kind_display()} »."}
            )
