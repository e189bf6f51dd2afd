"""The form of the page editor: choices that follow the governed lists, and the publication rules."""

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from wagtail.admin.forms import WagtailAdminPageForm

from territoires_en_commun.base import publication
from territoires_en_commun.base.widgets import SingleTerritoryPicker, TermCheckboxes, TerritoryPicker
from territoires_en_commun.territories.models import Territory

MAX_KEY_LENGTH = 18  # digits; a database takes no longer key
UNKNOWN_TERM = "Un des choix n’existe pas."
RETIRED = "« {term} » n’est plus proposé : choisissez un autre terme."


def editors():
    """Active accounts that can sign in to the editing space, by name."""
    grant = Q(permissions__content_type__app_label="wagtailadmin", permissions__codename="access_admin")
    granted_groups = get_user_model().groups.field.related_model.objects.filter(grant)
    return (
        get_user_model()
        .objects.filter(Q(is_superuser=True) | Q(groups__in=granted_groups), is_active=True)
        .order_by("last_name", "first_name", "email")
        .distinct()
    )


class TermMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Terms of a governed list.

    Active terms are offered, and the retired ones that the page already has. A term merged since the form was opened
    is taken as the one that replaced it, so that nothing the editor chose is lost.
    """

    widget = TermCheckboxes

    def __init__(self, queryset, **kwargs):
        super().__init__(queryset.select_related("replaced_by"), **kwargs)
        self.kept: set[int] = set()

    def keep(self, terms) -> None:
        """Accept these terms, which the page already has, even if they were retired since."""
        self.kept = {term.pk for term in terms}
        self.choices = self._choices_of([term for term in self.queryset if self._is_offered(term)])

    def _is_offered(self, term) -> bool:
        return term.is_active or (term.pk in self.kept and term.replaced_by_id is None)

    def _choices_of(self, terms):
        return [(term.pk, _label(term)) for term in terms]

    def clean(self, value):
        if any(len(str(key)) > MAX_KEY_LENGTH for key in value or ()):
            raise ValidationError(UNKNOWN_TERM, code="invalid_choice")
        chosen = list(super().clean(value))
        for term in chosen:
            if not term.is_active and term.replaced_by_id is None and term.pk not in self.kept:
                raise ValidationError(RETIRED.format(term=term), code="retired")
        return list({term.current.pk: term.current for term in chosen}.values())


class ThemeMultipleChoiceField(TermMultipleChoiceField):
    """Themes, the second level under the first."""

    def _choices_of(self, terms):
        terms = sorted(terms, key=lambda term: term.name.casefold())
        names = {term.pk: term.name for term in self.queryset}
        below: dict[int, list] = {}
        for term in terms:
            if term.parent_id:
                below.setdefault(term.parent_id, []).append((term.pk, _label(term)))
        choices = []
        for term in terms:
            if term.parent_id:
                continue
            children = below.pop(term.pk, [])
            own = (term.pk, _label(term))
            choices.append((term.name, [own, *children]) if children else own)
        return choices + [(names[parent], children) for parent, children in below.items()]


def _label(term) -> str:
    return term.name if term.is_active else f"{term.name} (retiré)"


UNKNOWN_TERRITORY = "Ce territoire n’existe pas."


class TerritoryMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Territories of the official code, found by search: there are too many for a list."""

    widget = TerritoryPicker
    default_error_messages = {"invalid_choice": UNKNOWN_TERRITORY, "invalid_pk_value": UNKNOWN_TERRITORY}

    def __init__(self, **kwargs):
        super().__init__(Territory.objects.all(), **kwargs)


class TerritoryChoiceField(forms.ModelChoiceField):
    """One territory of the official code, found by search."""

    widget = SingleTerritoryPicker
    default_error_messages = {
        "required": "Cherchez puis choisissez un territoire.",
        "invalid_choice": UNKNOWN_TERRITORY,
    }

    def __init__(self, **kwargs):
        super().__init__(Territory.objects.all(), **kwargs)


class BasePageForm(WagtailAdminPageForm):
    """Tolerant on drafts, strict when the page is published, scheduled or submitted."""

    required_to_publish = {
        "summary": publication.MISSING_SUMMARY,
        "themes": publication.MISSING_THEMES,
        "review_date": publication.MISSING_REVIEW_DATE,
        "review_owner": publication.MISSING_REVIEW_OWNER,
    }
    judged_for_publication = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._replace("themes", ThemeMultipleChoiceField)
        self._replace("programmes", TermMultipleChoiceField)
        self._replace("audiences", TermMultipleChoiceField)
        if "territories" in self.fields:
            self.fields["territories"] = TerritoryMultipleChoiceField(**self._texts("territories"))
        if "review_owner" in self.fields:
            self._offer_owners()
        if "links" in self.formsets:
            self._offer_link_kinds()
        if self.instance.is_content:
            for name, message in self.required_to_publish.items():
                if name in self.fields:
                    self.fields[name].required = True
                    self.fields[name].error_messages["required"] = message

    def _texts(self, name: str) -> dict:
        field = self.fields[name]
        return {"label": field.label, "help_text": field.help_text, "required": field.required}

    def _replace(self, name: str, field_class) -> None:
        if name not in self.fields:
            return
        field = field_class(self.fields[name].queryset, **self._texts(name))
        terms = list(getattr(self.instance, name).all())
        field.keep(terms)
        self.fields[name] = field
        self.initial[name] = list({term.current.pk: term.current for term in terms}.values())

    def _offer_owners(self) -> None:
        from .scope import visible_people  # it reads the pages, whose editor this form is

        owner = self.instance.review_owner_id
        accounts = editors()
        if self.for_user:
            accounts = accounts.filter(pk__in=visible_people(self.for_user).values("pk"))
        if owner:
            accounts = get_user_model().objects.filter(Q(pk=owner) | Q(pk__in=accounts.values("pk")))
        elif self.instance.pk is None and self.for_user:
            self.initial["review_owner"] = self.for_user.pk
        self.fields["review_owner"].queryset = accounts
        self.fields["review_owner"].empty_label = "Choisir une personne"

    def _offer_link_kinds(self) -> None:
        offered = [(kind.value, kind.label) for kind in self.instance.link_kinds]
        links = self.formsets["links"]
        for form in (*links.forms, links.empty_form):
            form.fields["kind"].choices = offered

    def clean_partner(self):
        partner = self.cleaned_data["partner"]
        if partner is None:
            return None
        partner = partner.current
        if not partner.is_active and partner.pk != self.instance.partner_id:
            raise ValidationError(RETIRED.format(term=partner), code="retired")
        return partner

    def clean_image_alt(self):
        return " ".join(self.cleaned_data["image_alt"].split())

    def _refuse_hidden_references(self) -> None:
        """Raise PermissionDenied: the form shown again would name what the person may not know."""
        from .scope import hidden_references, is_confined

        if self.for_user and is_confined(self.for_user):
            self._bring_rows()
            if hidden_references(self.instance, self.for_user):
                raise PermissionDenied

    def _post_clean(self):
        super()._post_clean()
        self._refuse_hidden_references()
        if self.is_deferred_validation or not self.instance.is_content:
            return
        self.judged_for_publication = True
        self.save_cluster_m2m()  # themes, territories: the rules judge what the form says, not what was saved before
        judged = self._bring_rows()
        for gap in self.instance.content_gaps():
            if gap.field in judged:
                self.formsets[gap.field].non_form_errors().append(gap.message)
            elif gap.field not in self.errors and gap.field not in self.formsets:
                self.add_error(gap.field if gap.field in self.fields else None, gap.message)

    def _bring_rows(self) -> set[str]:
        """Give the page the rows edited with it, for its rules to judge; the names of those that are right.

        A row that is wrong says so on its own field, and its relation is not judged further.
        """
        right = {name for name, formset in self.formsets.items() if name != "comments" and formset.is_valid()}
        for name in right:
            self.formsets[name].save(commit=False)
        return right
