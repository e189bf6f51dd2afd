"""A kind of import for the tests: themes, known by their slug."""

from django import forms

from territoires_en_commun.base.models import Theme
from territoires_en_commun.imports.kinds import (
    Action,
    Change,
    Column,
    ImportKind,
    ImportRefused,
    ImportSession,
    Outcome,
    Plan,
    Problem,
    Repair,
    RowRefused,
    SettingsForm,
)


class ThemeSettings(SettingsForm):
    note = forms.CharField(required=False)
    kinds = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    is_active = forms.BooleanField(required=False)


class ThemeSession(ImportSession):
    def __init__(self, settings, user):
        self.settings, self.user = settings, user
        if settings["note"] == "refuser":
            raise ImportRefused("Cet import ne peut pas commencer.")

    def plan(self, row, line):
        name, slug = row["name"], row.get("slug", "")
        if name == "boum":
            raise RuntimeError("a defect of the kind")
        if not slug:
            return Plan(action=Action.REFUSED, label=name, problems=(Problem("slug", "Il manque l’identifiant."),))
        repairs = ()
        if slug != slug.lower():
            repairs = (Repair("slug", slug, slug.lower(), "Un identifiant est en minuscules."),)
            slug = slug.lower()
        warnings = (Problem("", "Ce nom est long."),) if len(name) > 20 else ()
        known = Theme.objects.filter(slug=slug).first()
        common = {"label": name, "repairs": repairs, "warnings": warnings, "data": (slug, name)}
        if known is None:
            return Plan(action=Action.CREATE, **common)
        if known.name == name:
            return Plan(action=Action.UNCHANGED, target=known.pk, **common)
        changes = (Change("name", known.name, name),)
        return Plan(action=Action.UPDATE, target=known.pk, changes=changes, **common)

    def apply(self, plan):
        slug, name = plan.data
        if name == "interdit":
            raise RowRefused("Ce nom est interdit.")
        theme, _ = Theme.objects.update_or_create(slug=slug, defaults={"name": name})
        if name == "panne":
            raise RuntimeError("the disk is full")
        return Outcome(target=theme.pk, messages=("Écrite.",))


class ThemeImport(ImportKind):
    name = "themes"
    label = "Thématiques"
    columns = (
        Column(name="name", label="Nom", required=True, aliases=("libellé",)),
        Column(name="slug", label="Identifiant", aliases=("matricule",), help_text="Sans accent."),
    )
    settings_form = ThemeSettings

    def allows(self, user):
        return user.has_perm("base.add_theme")

    def initial_settings(self, user):
        return {"is_active": True}

    def target_urls(self, targets):
        return {target: f"/quelque-part/{target}/" for target in targets}

    def open(self, settings, user):
        return ThemeSession(settings, user)
