"""The page editor: drafts tolerated, publication strict, every screen answers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import GroupApprovalTask, Revision, Task, TaskState, Workflow, WorkflowPage, WorkflowTask
from wagtail.test.utils.form_data import nested_form_data, rich_text

from territoires_en_commun.base import publication
from territoires_en_commun.base.models import BasePage, CustomImage
from territoires_en_commun.base.services import merge_term, retire_term
from territoires_en_commun.territories.models import Territory
from tests.factories import PartnerFactory, ProgrammeFactory, ThemeFactory, UserFactory
from tests.pages.build import make_draft, make_page, make_section
from tests.pages.models import ContentPage

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

ADD = ["test_pages", "contentpage"]


def post_data(page=None, **fields):
    """What the editor's form sends; empty for a new page, the page's own values otherwise."""
    data = {
        "title": page.title if page else "Une ressourcerie",
        "slug": page.slug if page else "une-ressourcerie",
        "body": rich_text(page.body) if page and page.body else "null",
        "licence": "etalab-2.0",
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000},
    }
    if page:
        data |= {
            "summary": page.summary,
            "themes": [theme.pk for theme in page.themes.all()],
            "review_date": page.review_date or "",
            "review_owner": page.review_owner_id or "",
        }
    data = nested_form_data({key: value for key, value in (data | fields).items() if not isinstance(value, list)})
    return (
        data
        | {key: value for key, value in (data | fields).items() if isinstance(value, list)}
        | ({"themes": [theme.pk for theme in page.themes.all()]} if page and "themes" not in fields else {})
    )


def edit_url(page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def editor():
    return UserFactory(superuser=True)


def complete_fields(**fields):
    return {
        "summary": "Un résumé.",
        "body": rich_text("<p>Corps.</p>"),
        "themes": [ThemeFactory().pk],
        "review_date": timezone.localdate() + timedelta(days=90),
        "review_owner": editor().pk,
        **fields,
    }


def test_new_page_is_saved_as_an_empty_draft(admin_client):
    section = make_section()

    response = admin_client.post(reverse("wagtailadmin_pages:add", args=[*ADD, section.pk]), post_data())

    page = ContentPage.objects.get()
    assert response.url == edit_url(page)
    assert (page.live, page.summary, page.themes.count()) == (False, "", 0)


def test_draft_is_saved_automatically_while_incomplete(admin_client):
    page = make_draft()

    response = admin_client.post(
        edit_url(page), post_data(page, summary="À suivre"), headers={"accept": "application/json"}
    )

    assert response.json()["success"] is True
    assert page.get_latest_revision().pk != response.json()["revision_id"]
    assert Revision.objects.get(pk=response.json()["revision_id"]).content["summary"] == "À suivre"


def test_draft_can_have_an_old_review_date_and_too_many_themes(admin_client):
    page = make_draft()
    themes = ThemeFactory.create_batch(6)

    response = admin_client.post(
        edit_url(page),
        post_data(page, review_date="2020-01-01", themes=[theme.pk for theme in themes]),
    )

    assert response.status_code == 302
    assert ContentPage.objects.get(pk=page.pk).get_latest_revision_as_object().themes.count() == 6


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_publication_lists_every_gap_with_a_link_to_its_field(admin_client, action):
    page = make_draft()
    workflow = Workflow.objects.create(name="Relecture")
    WorkflowTask.objects.create(workflow=workflow, task=Task.objects.create(name="Relire"), sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=page)

    response = admin_client.post(edit_url(page), post_data(page, **{action: "1"}))

    html = response.content.decode()
    assert response.status_code == 200
    assert "5 points à compléter ou à corriger" in html
    assert "Publication impossible pour l’instant" in html
    errors = {error["label"]: error for error in _errors(response)}
    assert {label: error["messages"] for label, error in errors.items()} == {
        "Résumé": [publication.MISSING_SUMMARY],
        "Corps": ["Champ requis."],
        "Thématiques": [publication.MISSING_THEMES],
        "Date de revue": [publication.MISSING_REVIEW_DATE],
        "Responsable de la revue": [publication.MISSING_REVIEW_OWNER],
    }
    for error in errors.values():
        assert f'href="#{error["anchor"]}"' in html
        assert f'id="{error["anchor"]}"' in html
    assert not ContentPage.objects.get(pk=page.pk).live
    assert not page.workflow_in_progress


def _errors(response):
    return response.context["edit_handler"].errors()


def test_publication_of_a_new_page_lists_the_gaps_and_creates_nothing(admin_client):
    section = make_section()

    response = admin_client.post(
        reverse("wagtailadmin_pages:add", args=[*ADD, section.pk]),
        post_data(**{"action-publish": "1", "review_owner": ""}),
    )

    assert response.status_code == 200
    assert len(_errors(response)) == 5
    assert not ContentPage.objects.exists()


def test_publication_of_a_complete_page_is_done(admin_client):
    page = make_draft()

    response = admin_client.post(edit_url(page), post_data(page, **complete_fields(), **{"action-publish": "1"}))

    assert response.status_code == 302
    live = ContentPage.objects.get(pk=page.pk)
    assert (live.live, live.themes.count()) == (True, 1)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"review_date": "2020-01-01"}, "review_date", publication.PAST_REVIEW_DATE),
        ({"review_date": "31/02/2030"}, "review_date", "Saisissez une date valide."),
        ({"image_alt": "Sans image"}, "image_alt", publication.ALT_WITHOUT_IMAGE),
        ({"summary": "a" * 301}, "summary", "Assurez-vous que cette valeur comporte au plus 300 caractères"),
        ({"themes": ["999999"]}, "themes", "999999"),
        ({"themes": ["abc"]}, "themes", "abc"),
        ({"territories": ["999999"]}, "territories", "Ce territoire n’existe pas."),
        ({"territories": ["abc"]}, "territories", "Ce territoire n’existe pas."),
        ({"licence": "inconnue"}, "licence", "inconnue"),
        ({"review_owner": "999999"}, "review_owner", "choix"),
    ],
)
def test_publication_refuses_a_bad_value_on_its_field(admin_client, fields, field, message):
    page = make_draft()

    response = admin_client.post(
        edit_url(page), post_data(page, **complete_fields(**fields), **{"action-publish": "1"})
    )

    errors = response.context["form"].errors
    assert list(errors) == [field]
    assert message in errors[field][0]


def test_publication_refuses_an_image_without_description(admin_client):
    image = CustomImage.objects.create(title="Hall", file=get_test_image_file())
    page = make_draft()

    response = admin_client.post(
        edit_url(page), post_data(page, **complete_fields(image=image.pk), **{"action-publish": "1"})
    )

    assert response.context["form"].errors == {"image_alt": [publication.MISSING_IMAGE_ALT]}


def test_schedule_of_an_incomplete_page_is_refused(admin_client):
    page = make_draft()
    go_live = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%d %H:%M")

    response = admin_client.post(edit_url(page), post_data(page, go_live_at=go_live, **{"action-publish": "1"}))

    assert response.status_code == 200
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_section_page_is_published_with_a_title_only(admin_client):
    section = make_section()
    data = nested_form_data(
        {
            "title": "Agenda",
            "slug": "agenda",
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000},
            "action-publish": "1",
        }
    )

    response = admin_client.post(
        reverse("wagtailadmin_pages:add", args=["test_pages", "sectionpage", section.pk]), data
    )

    assert response.status_code == 302
    assert BasePage.objects.get(slug="agenda").live
    html = admin_client.get(reverse("wagtailadmin_pages:add", args=["test_pages", "sectionpage", section.pk]))
    assert "Classement" not in html.content.decode()


def test_bulk_publication_publishes_nothing_when_one_page_is_incomplete(admin_client):
    section = make_section()
    good, bad = make_page(section, live=False, title="Complète"), make_draft(section, title="Incomplète")
    url = reverse("wagtail_bulk_action", args=["base", "basepage", "publish"])

    response = admin_client.post(f"{url}?id={good.pk}&id={bad.pk}&next=/admin/", follow=True)

    html = response.content.decode()
    assert "« Incomplète » ne peut pas être publiée." in html
    assert publication.MISSING_SUMMARY in html
    assert edit_url(bad) in html
    assert not BasePage.objects.filter(pk__in=[good.pk, bad.pk], live=True).exists()


def test_bulk_publication_judges_the_pages_below(admin_client):
    section = make_section()
    BasePage.objects.filter(pk=section.pk).update(live=False)
    draft = make_draft(section)
    url = reverse("wagtail_bulk_action", args=["base", "basepage", "publish"])

    admin_client.post(f"{url}?id={section.pk}&next=/admin/", {"include_descendants": "on"})

    assert not BasePage.objects.filter(pk__in=[section.pk, draft.pk], live=True).exists()


def test_bulk_publication_publishes_complete_pages(admin_client):
    section = make_section()
    pages = [make_page(section, live=False, title=f"Complète {number}") for number in (1, 2)]
    url = reverse("wagtail_bulk_action", args=["base", "basepage", "publish"])

    admin_client.post(f"{url}?id={pages[0].pk}&id={pages[1].pk}&next=/admin/")

    assert BasePage.objects.filter(pk__in=[page.pk for page in pages], live=True).count() == 2


@pytest.mark.parametrize("ajax", [False, True])
def test_approval_from_the_dashboard_explains_a_refusal(admin_client, ajax):
    page = make_page(live=False)
    workflow = Workflow.objects.create(name="Relecture")
    task = GroupApprovalTask.objects.create(name="Relire")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    workflow.start(page, editor())
    page.review_owner.is_active = False
    page.review_owner.save()
    state = TaskState.objects.get()
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    headers = {"x-requested-with": "XMLHttpRequest"} if ajax else {}

    response = admin_client.post(url, {"comment": ""}, headers=headers)

    if ajax:
        assert response.json() == {"step": "success", "redirect": edit_url(page)}
    else:
        assert response.url == edit_url(page)
    assert publication.INACTIVE_REVIEW_OWNER in admin_client.get(edit_url(page)).content.decode()
    assert not BasePage.objects.get(pk=page.pk).live


def test_live_copy_is_refused_when_something_is_missing(admin_client):
    section = make_section()
    page = make_page(section)
    page.review_owner.delete()
    data = {"new_title": "Copie", "new_slug": "copie", "new_parent_page": section.pk, "publish_copies": "on"}

    response = admin_client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data, follow=True)

    assert publication.MISSING_REVIEW_OWNER in response.content.decode()
    assert not BasePage.objects.filter(slug="copie").exists()
    admin_client.post(
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {key: value for key, value in data.items() if key != "publish_copies"},
    )
    assert not BasePage.objects.get(slug="copie").live


def test_editor_that_kept_a_merged_theme_loses_nothing(admin_client):
    old, new = ThemeFactory.create_batch(2)
    page = make_draft()
    merge_term(source=old, target=new)

    response = admin_client.post(
        edit_url(page), post_data(page, **complete_fields(themes=[old.pk]), **{"action-publish": "1"})
    )

    assert response.status_code == 302
    assert list(ContentPage.objects.get(pk=page.pk).themes.all()) == [new]


def test_editor_that_kept_both_merged_themes_has_one(admin_client):
    old, new = ThemeFactory.create_batch(2)
    merge_term(source=old, target=new)
    page = make_draft()

    admin_client.post(edit_url(page), post_data(page, themes=[old.pk, new.pk]))

    assert list(ContentPage.objects.get(pk=page.pk).get_latest_revision_as_object().themes.all()) == [new]


def test_editor_that_kept_a_merged_partner_has_its_successor(admin_client):
    old, new = PartnerFactory(), PartnerFactory()
    merge_term(source=old, target=new)
    page = make_draft()

    admin_client.post(edit_url(page), post_data(page, partner=old.pk))

    assert ContentPage.objects.get(pk=page.pk).get_latest_revision_as_object().partner == new


@pytest.mark.parametrize("field", ["themes", "programmes"])
def test_retired_term_is_refused_on_a_page_that_did_not_have_it(admin_client, field):
    term = retire_term(term=ThemeFactory() if field == "themes" else ProgrammeFactory())
    page = make_draft()

    response = admin_client.post(edit_url(page), post_data(page, **{field: [term.pk]}))

    assert response.context["form"].errors == {field: [f"« {term} » n’est plus proposé : choisissez un autre terme."]}


def test_retired_term_stays_on_a_page_that_has_it(admin_client):
    theme = ThemeFactory(name="Ancienne")
    page = make_page(themes=[theme])
    retire_term(term=theme)

    html = admin_client.get(edit_url(page)).content.decode()
    response = admin_client.post(edit_url(page), post_data(page, **{"action-publish": "1"}))

    assert "Ancienne (retiré)" in html
    assert response.status_code == 302
    assert list(ContentPage.objects.get(pk=page.pk).themes.all()) == [theme]


def test_retired_and_merged_terms_are_not_offered(admin_client):
    ThemeFactory(name="Offerte")
    retire_term(term=ThemeFactory(name="Retirée"))
    merge_term(source=ThemeFactory(name="Fusionnée"), target=ThemeFactory(name="Cible"))

    html = admin_client.get(reverse("wagtailadmin_pages:add", args=[*ADD, make_section().pk])).content.decode()

    assert [name in html for name in ("Offerte", "Cible", "Retirée", "Fusionnée")] == [True, True, False, False]


def test_territories_are_kept_added_and_removed(admin_client, small_france):
    nantes = Territory.objects.get(type="commune", code="44109")
    other = Territory.objects.exclude(pk=nantes.pk).filter(type="departement").first()
    page = make_draft()

    admin_client.post(edit_url(page), post_data(page, territories=[nantes.pk, other.pk]))
    page = ContentPage.objects.get(pk=page.pk)
    assert set(page.get_latest_revision_as_object().territories.all()) == {nantes, other}
    html = admin_client.get(edit_url(page)).content.decode()
    assert f'<input type="hidden" name="territories" value="{nantes.pk}">' in html
    admin_client.post(edit_url(page), post_data(page))

    assert not ContentPage.objects.get(pk=page.pk).get_latest_revision_as_object().territories.exists()


def test_editor_never_lists_every_territory(admin_client, small_france, django_assert_max_num_queries):
    url = reverse("wagtailadmin_pages:add", args=[*ADD, make_section().pk])

    html = admin_client.get(url).content.decode()

    assert small_france is not None
    assert "(44)" not in html


def test_reviewer_is_chosen_among_active_editors(admin_client):
    UserFactory(first_name="Visiteuse", last_name="Ordinaire")
    UserFactory(superuser=True, first_name="Ancienne", last_name="Collègue", is_active=False)
    UserFactory(superuser=True, first_name="Bonne", last_name="Relectrice")

    html = admin_client.get(reverse("wagtailadmin_pages:add", args=[*ADD, make_section().pk])).content.decode()

    assert [name in html for name in ("Bonne Relectrice", "Visiteuse Ordinaire", "Ancienne Collègue")] == [
        True,
        False,
        False,
    ]
