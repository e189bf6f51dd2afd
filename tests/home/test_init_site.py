"""``init_site``: what a new site gets, and that a second run leaves everything alone."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import GroupPagePermission, Locale, Site, Workflow, WorkflowPage

from territoires_en_commun.base.models import BasePage, Theme
from territoires_en_commun.home.legal import LegalKind
from territoires_en_commun.home.models import HomePage, LegalPage, ReviewTask
from tests.factories import StandardPageFactory, UserFactory

ALREADY_THERE = "Le site est déjà en place : rien n’a été changé.\n"


def init_site(**options) -> str:
    output = StringIO()
    call_command("init_site", stdout=output, **options)
    return output.getvalue()


def snapshot() -> dict:
    return {
        "pages": list(BasePage.objects.order_by("pk").values_list("pk", "title", "path", "latest_revision")),
        "themes": list(Theme.objects.order_by("pk").values_list("pk", "name", "parent")),
        "groups": {g.name: sorted(g.permissions.values_list("pk", flat=True)) for g in Group.objects.all()},
        "page_rights": list(GroupPagePermission.objects.order_by("pk").values_list("pk", flat=True)),
        "workflows": list(WorkflowPage.objects.values_list("page", "workflow__name")),
        "sites": list(Site.objects.values()),
    }


def test_init_site_builds_the_whole_site(db):
    output = init_site()
    home = HomePage.objects.get()
    assert (home.title, home.slug, home.depth, home.live) == ("Accueil", "accueil", 2, True)
    assert list(BasePage.objects.filter(depth=2)) == [home.basepage_ptr]
    assert {page.kind: page.slug for page in LegalPage.objects.all()} == {kind: kind.value for kind in LegalKind}
    assert LegalPage.objects.live().count() == 6
    assert list(Site.objects.values_list("hostname", "port", "root_page", "site_name", "is_default_site")) == [
        ("testserver", 80, home.pk, "Territoires en commun", True)
    ]
    assert sorted(Group.objects.values_list("name", flat=True)) == [
        "Accueil",
        "Administrateurs",
        "Contributeurs",
        "Organisateurs",
        "Relecteurs",
        "Éditeurs",
    ]
    assert list(WorkflowPage.objects.values_list("page", "workflow__name")) == [
        (home.pk, "Relecture puis publication")
    ]
    assert list(Workflow.objects.values_list("name", flat=True)) == ["Relecture puis publication"]
    assert "Page « Mentions légales » créée." in output.replace("\u00a0", " ")


def test_init_site_run_twice_changes_nothing_and_says_so(db):
    init_site()
    before = snapshot()
    assert init_site() == ALREADY_THERE
    assert snapshot() == before


def test_init_site_never_overwrites_what_people_changed(db):
    init_site()
    page = LegalPage.objects.get(kind="cgu")
    page.title, page.body = "Nos conditions", []
    page.save_revision().publish()
    Theme.objects.filter(children=None).delete()
    Group.objects.get(name="Relecteurs").delete()
    group = Group.objects.get(name="Contributeurs")
    group.page_permissions.all().delete()
    WorkflowPage.objects.all().delete()
    before = snapshot()
    assert init_site() == ALREADY_THERE
    assert snapshot() == before


def test_init_site_completes_roles_on_demand_without_taking_anything(db):
    init_site()
    group = Group.objects.get(name="Contributeurs")
    rights = set(group.page_permissions.values_list("permission__codename", flat=True))
    group.page_permissions.all().delete()
    editors = Group.objects.get(name="Éditeurs")
    editors.permissions.add(*Group.objects.get(name="Administrateurs").permissions.all())
    kept = editors.permissions.count()
    assert init_site(completer_roles=True) == "Rôle « Contributeurs » complété.\n"
    assert set(group.page_permissions.values_list("permission__codename", flat=True)) == rights == {"add_basepage"}
    assert editors.permissions.count() == kept


def test_init_site_keeps_a_welcome_page_that_somebody_wrote_in(db):
    welcome = BasePage.objects.get(depth=2)
    welcome.save_revision()
    init_site()
    assert BasePage.objects.filter(pk=welcome.pk).exists()
    assert Site.objects.get().root_page.specific == HomePage.objects.get()


def test_init_site_keeps_a_welcome_page_with_children(db):
    welcome = BasePage.objects.get(depth=2)
    StandardPageFactory(parent=welcome)
    init_site()
    assert BasePage.objects.filter(pk=welcome.pk).exists()


def test_init_site_keeps_wagtail_groups_in_use(db):
    user = UserFactory(groups=["Editors"])
    init_site()
    assert list(user.groups.values_list("name", flat=True)) == ["Editors"]
    assert not Group.objects.filter(name="Moderators").exists()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://territoires.gouv.fr", ("territoires.gouv.fr", 443)),
        ("http://127.0.0.1:8000", ("127.0.0.1", 8000)),
    ],
)
def test_init_site_follows_the_address_of_the_site(db, settings, url, expected):
    init_site()
    settings.SITE_URL = url
    assert init_site() == f"Site réglé sur {url}.\n"
    assert Site.objects.values_list("hostname", "port").get() == expected
    assert init_site() == ALREADY_THERE


def test_init_site_restores_a_missing_legal_page_alone(db):
    init_site()
    LegalPage.objects.get(kind="ecoconception").delete()
    assert init_site().replace("\u00a0", " ") == "Page « Écoconception » créée.\n"


def test_init_site_is_silent_when_asked(db, capsys):
    call_command("init_site", verbosity=0)
    assert capsys.readouterr().out == ""


def test_themes_have_two_levels_and_synonyms(site):
    first_level = Theme.objects.filter(parent=None)
    assert 8 <= first_level.count() <= 15
    assert all(2 <= theme.children.count() <= 6 for theme in first_level)
    assert Theme.objects.filter(parent__parent__isnull=False).count() == 0
    budget = Theme.objects.get(slug="budget-participatif")
    assert (budget.parent.name, budget.synonyms) == ("Participation et démocratie locale", "budgets participatifs")
    for theme in Theme.objects.all():
        theme.full_clean()


def test_legal_texts_are_editable_blocks_with_french_spaces(site):
    for page in LegalPage.objects.all():
        page.full_clean()
        text = " ".join(
            block.value["text"] if block.block_type == "heading" else str(block.value) for block in page.body
        )
        assert not any(f" {mark}" in text for mark in (":", ";", "?", "!", "»")), page.slug
        assert "'" not in text.replace("&#x27;", "'"), page.slug
        assert {block.block_type for block in page.body} <= {"heading", "text"}


def test_the_language_of_pages_is_french(site):
    assert Locale.objects.values_list("language_code", flat=True).get() == "fr"


def test_the_task_of_the_workflow_is_given_to_those_who_approve(site):
    task = ReviewTask.objects.get()
    assert task.name == "Relecture"
    assert sorted(task.groups.values_list("name", flat=True)) == ["Administrateurs", "Relecteurs", "Éditeurs"]
