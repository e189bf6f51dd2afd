"""The governed lists: two levels, names, addresses, retirement, merge, deletion."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import ReferenceIndex, Revision, Task, Workflow, WorkflowTask

from territoires_en_commun.base.models import BasePage, CustomImage, Partner, Programme, ProgrammeTerritory, Theme
from territoires_en_commun.base.services import (
    TermError,
    TermInUse,
    deletion_obstacles,
    merge_term,
    reactivate_term,
    rename_term,
    retire_term,
)
from territoires_en_commun.base.term_uses import term_uses
from tests.factories import (
    PartnerFactory,
    ProgrammeFactory,
    ProgrammeTerritoryFactory,
    TerritoryFactory,
    ThemeFactory,
    UserFactory,
)
from tests.pages.build import make_draft, make_page, make_section
from tests.pages.models import ContentPage, ContentSupport

pytestmark = pytest.mark.django_db


def themes_of(page) -> list[Theme]:
    return list(ContentPage.objects.get(pk=page.pk).themes.order_by("pk"))


def revision_themes(revision) -> list[int]:
    return Revision.objects.get(pk=revision.pk).content["themes"]


def test_theme_takes_its_slug_from_its_first_name_and_keeps_it():
    theme = Theme.objects.create(name="Économie sociale et solidaire")
    assert theme.slug == "economie-sociale-et-solidaire"

    rename_term(term=theme, name="ESS")

    theme.refresh_from_db()
    assert (theme.name, theme.slug) == ("ESS", "economie-sociale-et-solidaire")
    assert [log.action for log in registry.get_logs_for_instance(theme)] == ["terms.rename"]


def test_theme_slug_is_numbered_when_taken():
    parent, other = ThemeFactory(), ThemeFactory()

    first, second = (Theme.objects.create(name="Vélo", parent=theme) for theme in (parent, other))

    assert (first.slug, second.slug) == ("velo", "velo-2")


def test_theme_has_a_slug_even_without_a_letter():
    assert Theme.objects.create(name="…").slug == "theme"


@pytest.mark.parametrize("name", ["Écologie", "écologie", "  ÉCOLOGIE "])
def test_theme_name_is_unique_at_its_level_whatever_the_case(name):
    ThemeFactory(name="Écologie")

    with pytest.raises(ValidationError) as refusal:
        Theme(name=name).full_clean()

    assert refusal.value.message_dict["name"] == [f"« {name.strip()} » existe déjà."]


def test_theme_name_can_be_used_under_two_parents():
    first, second = ThemeFactory(), ThemeFactory()
    ThemeFactory(name="Vélo", parent=first)

    namesake = Theme(name="Vélo", parent=second)
    namesake.full_clean()
    namesake.save()

    assert Theme.objects.filter(name="Vélo").count() == 2


def test_theme_name_is_unique_in_the_database():
    ThemeFactory(name="Eau")

    with pytest.raises(IntegrityError), transaction.atomic():
        ThemeFactory(name="eau")


def test_theme_has_two_levels_at_most():
    child = ThemeFactory(parent=ThemeFactory())

    with pytest.raises(ValidationError) as refusal:
        Theme(name="Troisième", parent=child).full_clean()

    assert refusal.value.message_dict == {
        "parent": [f"« {child} » est déjà au second niveau : il n’y a que deux niveaux."]
    }


def test_theme_with_children_stays_at_the_first_level():
    theme = ThemeFactory()
    ThemeFactory(parent=theme)
    theme.parent = ThemeFactory()

    with pytest.raises(ValidationError) as refusal:
        theme.full_clean()

    assert list(refusal.value.message_dict) == ["parent"]


def test_theme_is_never_its_own_parent():
    theme = ThemeFactory()
    theme.parent = theme

    with pytest.raises(ValidationError) as refusal:
        theme.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        theme.save()

    assert "sa propre parente" in str(refusal.value.message_dict["parent"])


@pytest.mark.parametrize("factory", [ThemeFactory, ProgrammeFactory, PartnerFactory])
def test_term_never_replaces_itself_nor_stays_offered_once_replaced(factory):
    term, other = factory(), factory()
    model = type(term)

    for changes in ({"replaced_by": term, "is_active": False}, {"replaced_by": other}):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=term.pk).update(**changes)


def test_partner_logo_demands_its_alternative():
    logo = CustomImage.objects.create(title="Logo", file="logo.png", width=10, height=10)
    partner = PartnerFactory.build(logo=logo, logo_alt="  ")

    with pytest.raises(ValidationError) as refusal:
        partner.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        PartnerFactory(logo=logo, logo_alt="")

    assert refusal.value.message_dict["logo_alt"] == ["Le logo demande un texte alternatif."]


def test_retired_term_is_no_more_offered_and_comes_back():
    theme = ThemeFactory()

    retire_term(term=theme, user=UserFactory())
    assert list(Theme.objects.active()) == []
    reactivate_term(term=theme)

    assert list(Theme.objects.active()) == [theme]
    assert {log.action for log in registry.get_logs_for_instance(theme)} == {"terms.retire", "terms.reactivate"}


def test_retirement_of_a_parent_waits_for_its_children():
    parent = ThemeFactory()
    child = ThemeFactory(parent=parent)

    with pytest.raises(TermError, match=r"1 sous-thématique\(s\)"):
        retire_term(term=parent)
    retire_term(term=child)
    retire_term(term=parent)
    with pytest.raises(TermError, match="réactivez d’abord"):
        reactivate_term(term=child)

    assert Theme.objects.active().count() == 0


def test_merged_term_cannot_be_reactivated():
    old, new = ThemeFactory(), ThemeFactory()
    merge_term(source=old, target=new)

    with pytest.raises(TermError, match="a été fusionné"):
        reactivate_term(term=old)


def test_resolve_follows_the_merges():
    first, second, third = ThemeFactory.create_batch(3)
    merge_term(source=first, target=second)
    merge_term(source=second, target=third)

    assert [Theme.objects.resolve(theme.slug) for theme in (first, second, third)] == [third, third, third]
    first.refresh_from_db()
    assert first.replaced_by == third
    with pytest.raises(Theme.DoesNotExist):
        Theme.objects.resolve("inconnue")


def test_merge_rewrites_pages_and_every_revision():
    old, new, kept = ThemeFactory.create_batch(3)
    section = make_section()
    live = make_page(section, title="En ligne", themes=[old, kept])
    draft = make_page(section, live=False, title="Brouillon", themes=[old])
    both = make_page(section, title="Les deux", themes=[old, new])
    first_revision = live.get_latest_revision()
    live.title = "En ligne, revue"
    pending = live.save_revision()

    result = merge_term(source=old, target=new, user=UserFactory())

    assert themes_of(live) == [new, kept]
    assert themes_of(draft) == [new]
    assert themes_of(both) == [new]
    assert revision_themes(first_revision) == [new.pk, kept.pk]
    assert revision_themes(pending) == [new.pk, kept.pk]
    assert revision_themes(both.get_latest_revision()) == [new.pk]
    assert (result.pages, result.revisions) == (3, 4)
    old.refresh_from_db()
    assert (old.is_active, old.replaced_by) == (False, new)
    assert term_uses(old).total == 0
    entry = registry.get_logs_for_instance(old).get(action="terms.merge")
    assert entry.data["target"] == {"id": new.pk, "name": new.name}


def test_merge_rewrites_a_theme_that_only_a_pending_revision_has():
    old, new, other = ThemeFactory.create_batch(3)
    page = make_page(themes=[other])
    page.themes = [other, old]
    pending = page.save_revision()

    assert term_uses(old).sentences() == ["1 page par ses versions enregistrées"]
    merge_term(source=old, target=new)
    Revision.objects.get(pk=pending.pk).publish()

    assert themes_of(page) == [new, other] or themes_of(page) == [other, new]


def test_merge_keeps_a_scheduled_publication():
    old, new = ThemeFactory.create_batch(2)
    page = make_page(live=False, themes=[old])
    page.go_live_at = timezone.now() + timedelta(days=1)
    revision = page.save_revision()
    revision.publish()

    merge_term(source=old, target=new)

    revision.refresh_from_db()
    assert revision.content["themes"] == [new.pk]
    assert revision.approved_go_live_at == page.go_live_at


def test_merge_keeps_a_workflow_in_progress():
    old, new = ThemeFactory.create_batch(2)
    page = make_page(live=False, themes=[old])
    workflow = Workflow.objects.create(name="Relecture")
    WorkflowTask.objects.create(workflow=workflow, task=Task.objects.create(name="Relire"), sort_order=0)
    state = workflow.start(page, UserFactory())

    merge_term(source=old, target=new)
    state.refresh_from_db()
    state.current_task_state.approve(user=UserFactory(superuser=True))

    assert BasePage.objects.get(pk=page.pk).live
    assert themes_of(page) == [new]


def test_merge_survives_a_return_to_an_old_version():
    old, new = ThemeFactory.create_batch(2)
    page = make_page(themes=[old])
    first = page.get_latest_revision()
    merge_term(source=old, target=new)

    Revision.objects.get(pk=first.pk).as_object().save_revision().publish()

    assert themes_of(page) == [new]


def test_merge_never_gives_a_page_more_themes():
    themes = ThemeFactory.create_batch(5)
    page = make_page(themes=themes)

    merge_term(source=themes[0], target=themes[1])

    assert themes_of(page) == themes[1:]


def test_merge_moves_children_and_merges_namesakes():
    old, new = ThemeFactory.create_batch(2)
    velo_old, velo_new = ThemeFactory(name="vélo", parent=old), ThemeFactory(name="Vélo", parent=new)
    marche = ThemeFactory(name="Marche", parent=old)
    page = make_page(themes=[velo_old])

    result = merge_term(source=old, target=new)

    marche.refresh_from_db()
    velo_old.refresh_from_db()
    assert result.children == 2
    assert marche.parent == new
    assert velo_old.replaced_by == velo_new
    assert themes_of(page) == [velo_new]
    assert old.children.count() == 0


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("itself", "lui-même"),
        ("retired", "est retiré"),
        ("replaced", "choisissez ce dernier"),
        ("again", "a déjà été fusionné"),
        ("third level", "deux niveaux"),
        ("own child", "deux niveaux"),
        ("other list", "même liste"),
    ],
)
def test_merge_is_refused_with_a_reason(case, reason):
    source, target, other = ThemeFactory.create_batch(3)
    if case == "itself":
        target = source
    elif case == "retired":
        retire_term(term=target)
    elif case == "replaced":
        merge_term(source=target, target=other)
    elif case == "again":
        merge_term(source=source, target=other)
    elif case == "third level":
        ThemeFactory(parent=source)
        target = ThemeFactory(parent=other)
    elif case == "own child":
        target = ThemeFactory(parent=source)
    else:
        target = ProgrammeFactory()
    page = make_page(themes=[other])

    with pytest.raises(TermError, match=reason):
        merge_term(source=source, target=target)

    assert themes_of(page) == [other]


def test_merge_of_partners_rewrites_pages_revisions_and_references():
    old, new = PartnerFactory(), PartnerFactory()
    page = make_page(partner=old)
    revision = page.save_revision()

    result = merge_term(source=old, target=new)

    assert (result.pages, result.revisions) == (1, 2)
    assert ContentPage.objects.get(pk=page.pk).partner == new
    assert Revision.objects.get(pk=revision.pk).content["partner"] == new.pk
    assert ReferenceIndex.get_references_to(old).count() == 0
    references = ReferenceIndex.get_references_to(new).values_list("model_path", "object_id")
    assert set(references) == {("partner", str(page.pk)), ("replaced_by", str(old.pk))}


def test_merge_of_partners_rewrites_the_rows_edited_with_a_page():
    old, new = PartnerFactory(), PartnerFactory()
    section = make_section()
    page = make_page(section)
    page.supports = [ContentSupport(partner=old)]
    page.save_revision().publish()
    pending_only = make_page(section, title="En attente")
    pending_only.supports = [ContentSupport(partner=old)]
    pending = pending_only.save_revision()

    assert term_uses(old).sentences() == ["2 pages par leurs versions enregistrées", "1 soutien"]
    merge_term(source=old, target=new)
    Revision.objects.get(pk=pending.pk).publish()

    assert set(ContentSupport.objects.values_list("page", "partner")) == {(page.pk, new.pk), (pending_only.pk, new.pk)}
    assert term_uses(old).total == 0


def test_merge_of_programmes_keeps_one_row_per_territory_and_reference():
    old, new = ProgrammeFactory(), ProgrammeFactory()
    shared, alone = TerritoryFactory(), TerritoryFactory()
    ProgrammeTerritoryFactory(programme=old, territory=shared)
    kept = ProgrammeTerritoryFactory(programme=new, territory=shared)
    moved = ProgrammeTerritoryFactory(programme=old, territory=alone)

    result = merge_term(source=old, target=new)

    assert (result.rows, result.duplicates) == (1, 1)
    assert set(ProgrammeTerritory.objects.values_list("pk", "programme")) == {(kept.pk, new.pk), (moved.pk, new.pk)}


def test_merge_changes_nothing_when_it_fails_midway(monkeypatch):
    old, new = ThemeFactory.create_batch(2)
    page = make_page(themes=[old])

    def broken(*args, **kwargs):
        raise RuntimeError("panne")

    monkeypatch.setattr("territoires_en_commun.base.services._refresh_references", broken)
    with pytest.raises(RuntimeError):
        merge_term(source=old, target=new)

    old.refresh_from_db()
    assert (old.is_active, old.replaced_by) == (True, None)
    assert themes_of(page) == [old]
    assert revision_themes(page.get_latest_revision()) == [old.pk]


def test_merge_refreshes_the_search_index(django_capture_on_commit_callbacks):
    make_section()
    old, new = ThemeFactory(name="Cyclisme"), ThemeFactory(name="Mobilités douces")
    page = make_page(themes=[old])

    with django_capture_on_commit_callbacks(execute=True):
        merge_term(source=old, target=new)

    assert [found.pk for found in ContentPage.objects.search("douces")] == [page.pk]
    assert list(ContentPage.objects.search("Cyclisme")) == []


def test_deletion_of_a_used_term_is_refused_with_the_counts():
    theme = ThemeFactory(name="Culture")
    section = make_section()
    make_page(section, title="Une", themes=[theme])
    make_page(section, title="Deux", themes=[theme])
    make_page(section, live=False, title="Trois", themes=[theme])
    ThemeFactory(parent=theme)

    with pytest.raises(TermInUse) as refusal:
        theme.delete()
    with pytest.raises(TermInUse):
        Theme.objects.filter(pk=theme.pk).delete()

    assert refusal.value.message == (
        "« Culture » ne peut pas être supprimé : 2 pages publiées, 1 page non publiée, 1 sous-thématique."
    )
    assert Theme.objects.filter(pk=theme.pk).exists()


def test_deletion_of_a_programme_counts_its_territories():
    programme = ProgrammeFactory()
    ProgrammeTerritoryFactory.create_batch(2, programme=programme)

    with pytest.raises(TermInUse, match="2 territoires des programmes"):
        Programme.objects.all().delete()

    assert ProgrammeTerritory.objects.count() == 2


def test_deletion_of_a_partner_counts_its_pages():
    partner = PartnerFactory()
    make_page(partner=partner)

    assert deletion_obstacles(partner) == ["1 page publiée"]
    with pytest.raises(TermInUse):
        Partner.objects.all().delete()


def test_deletion_of_a_term_that_others_led_to_or_that_leads_elsewhere_is_refused():
    old, new = ThemeFactory(), ThemeFactory(name="Nouvelle")
    merge_term(source=old, target=new)
    old.refresh_from_db()

    assert deletion_obstacles(new) == ["1 terme fusionné"]
    assert deletion_obstacles(old) == ["ses anciennes adresses mènent à « Nouvelle »"]


def test_deletion_of_an_unused_term_is_done():
    theme = ThemeFactory()
    make_draft()

    theme.delete()

    assert not Theme.objects.exists()


def test_term_uses_counts_a_page_once():
    theme = ThemeFactory()
    page = make_page(themes=[theme])
    page.save_revision()
    page.save_revision()

    uses = term_uses(theme)

    assert (uses.live_pages, uses.draft_pages, uses.revised_pages, uses.total) == (1, 0, 0, 1)
