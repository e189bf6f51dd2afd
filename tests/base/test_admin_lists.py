"""« Référentiels » in the editing space: lists, merge, retirement, deletion, rights."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data

from territoires_en_commun.base.models import Partner, Programme, ProgrammeTerritory, Theme
from territoires_en_commun.base.services import merge_term, retire_term
from tests.factories import (
    PartnerFactory,
    ProgrammeFactory,
    ProgrammeTerritoryFactory,
    TerritoryFactory,
    ThemeFactory,
    UserFactory,
)
from tests.pages.build import make_page, make_section
from tests.pages.models import ContentPage

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

FACTORIES = [
    (Theme, ThemeFactory),
    (Programme, ProgrammeFactory),
    (Partner, PartnerFactory),
    (ProgrammeTerritory, ProgrammeTerritoryFactory),
]


def url(model, name, *args) -> str:
    return reverse(model.snippet_viewset.get_url_name(name), args=args)


def client_with(*codenames) -> Client:
    """Signed in with access to the editing space and these rights only."""
    group = Group.objects.create(name=f"Groupe {'-'.join(codenames) or 'vide'}")
    group.permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    account = UserFactory()
    account.groups.add(group)
    client = Client()
    client.force_login(account)
    return client


@pytest.mark.parametrize(("model", "factory"), FACTORIES)
def test_list_costs_the_same_with_one_row_and_three(admin_client, model, factory, django_assert_num_queries):
    factory()
    admin_client.get(url(model, "list"))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        assert admin_client.get(url(model, "list")).status_code == 200
    factory.create_batch(2)

    with django_assert_num_queries(len(one)):
        assert admin_client.get(url(model, "list")).status_code == 200
    assert len(one) <= 20


@pytest.mark.parametrize(("model", "factory"), FACTORIES)
def test_screens_of_a_list_answer(admin_client, model, factory):
    row = factory()

    for name, args in (("add", []), ("edit", [row.pk]), ("usage", [row.pk]), ("history", [row.pk])):
        assert admin_client.get(url(model, name, *args)).status_code == 200, name
    for export in ("csv", "xlsx"):
        response = admin_client.get(f"{url(model, 'list')}?export={export}")
        assert response.status_code == 200
        assert b"".join(response.streaming_content) if response.streaming else response.content


def test_list_shows_state_and_number_of_pages(admin_client):
    section = make_section()
    used = ThemeFactory(name="Culture")
    make_page(section, title="Une", themes=[used])
    make_page(section, title="Deux", themes=[used], live=False)
    retire_term(term=ThemeFactory(name="Ancienne"))

    rows = {
        term.name: (term.status, term.page_count) for term in admin_client.get(url(Theme, "list")).context["page_obj"]
    }

    assert rows == {"Culture": ("proposé", 2), "Ancienne": ("retiré", 0)}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=actif", ["Cible", "Cyclisme"]),
        ("state=retire", ["Ancienne"]),
        ("state=fusionne", ["Source"]),
        ("q=cycl", ["Cyclisme"]),
        ("q=v%C3%A9lo", ["Cyclisme"]),
        ("state=inconnu", ["Ancienne", "Cible", "Cyclisme", "Source"]),
    ],
)
def test_list_is_filtered_and_searched(admin_client, query, names):
    ThemeFactory(name="Cyclisme", synonyms="vélo")
    retire_term(term=ThemeFactory(name="Ancienne"))
    merge_term(source=ThemeFactory(name="Source"), target=ThemeFactory(name="Cible"))

    found = admin_client.get(f"{url(Theme, 'list')}?{query}").context["page_obj"]

    assert [term.name for term in found] == names


def test_list_exports_what_is_filtered(admin_client):
    ThemeFactory(name="Cyclisme")
    ThemeFactory(name="Culture")

    response = admin_client.get(f"{url(Theme, 'list')}?export=csv&q=cycl")
    text = b"".join(response.streaming_content).decode("utf-8-sig")

    assert "Cyclisme" in text
    assert "Culture" not in text


def test_theme_is_created_with_its_slug(admin_client):
    parent = ThemeFactory()

    admin_client.post(
        url(Theme, "add"), {"name": "Forêt et bois", "parent": parent.pk, "synonyms": "", "description": ""}
    )

    theme = Theme.objects.get(name="Forêt et bois")
    assert (theme.slug, theme.parent) == ("foret-et-bois", parent)


def test_theme_third_level_is_refused(admin_client):
    child = ThemeFactory(parent=ThemeFactory())

    response = admin_client.post(url(Theme, "add"), {"name": "Troisième", "parent": child.pk})

    assert list(response.context["form"].errors) == ["parent"]
    assert not Theme.objects.filter(name="Troisième").exists()


def test_theme_is_renamed_without_changing_its_address(admin_client):
    theme = ThemeFactory(name="Ancien nom", slug="adresse")

    admin_client.post(url(Theme, "edit", theme.pk), {"name": "Nouveau nom", "parent": "", "slug": "autre"})

    theme.refresh_from_db()
    assert (theme.name, theme.slug) == ("Nouveau nom", "adresse")


def test_partner_needs_the_alternative_of_its_logo(admin_client):
    from wagtail.images.tests.utils import get_test_image_file

    from territoires_en_commun.base.models import CustomImage

    logo = CustomImage.objects.create(title="Logo", file=get_test_image_file())

    response = admin_client.post(url(Partner, "add"), {"name": "Association", "logo": logo.pk, "logo_alt": ""})

    assert list(response.context["form"].errors) == ["logo_alt"]


def test_merge_shows_what_will_change_then_does_it(admin_client):
    section = make_section()
    old, new = ThemeFactory(name="Vélo"), ThemeFactory(name="Mobilités")
    page = make_page(section, themes=[old])
    make_page(section, title="Autre", themes=[old], live=False)
    ThemeFactory(parent=old)
    merge_url = url(Theme, "merge", old.pk)

    choice = admin_client.get(merge_url).content.decode()
    preview = admin_client.get(f"{merge_url}?target={new.pk}").content.decode()
    assert Theme.objects.get(pk=old.pk).replaced_by is None
    response = admin_client.post(merge_url, {"target": new.pk}, follow=True)

    assert "Voir ce qui changera" in choice
    for text in ("1 page publiée", "1 page non publiée", "1 sous-thématique", "Mobilités"):
        assert text in preview
    assert list(ContentPage.objects.get(pk=page.pk).themes.all()) == [new]
    assert "« Vélo » a été fusionné avec « Mobilités »" in response.content.decode()


@pytest.mark.parametrize("target", ["", "abc", "999999", "itself", "retired", "replaced"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_merge_refuses_a_bad_target(admin_client, target, method):
    old, retired, replaced, other = ThemeFactory.create_batch(4)
    retire_term(term=retired)
    merge_term(source=replaced, target=other)
    value = {"itself": old.pk, "retired": retired.pk, "replaced": replaced.pk}.get(target, target)

    response = getattr(admin_client, method)(url(Theme, "merge", old.pk), {"target": value})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["target"]
    assert Theme.objects.get(pk=old.pk).replaced_by is None


def test_merge_of_a_parent_into_a_child_says_why_it_is_refused(admin_client):
    parent = ThemeFactory()
    child = ThemeFactory(parent=parent)

    response = admin_client.post(url(Theme, "merge", parent.pk), {"target": child.pk})

    assert "il n’y a que deux niveaux" in response.content.decode()


def test_retirement_and_return_by_a_button(admin_client):
    theme = ThemeFactory(name="Culture")
    state = url(Theme, "state", theme.pk)

    assert "ne sera plus proposé" in admin_client.get(state).content.decode()
    assert Theme.objects.get(pk=theme.pk).is_active
    admin_client.post(state)
    assert not Theme.objects.get(pk=theme.pk).is_active
    admin_client.post(state)

    assert Theme.objects.get(pk=theme.pk).is_active


def test_retirement_of_a_parent_with_children_says_why_it_is_refused(admin_client):
    parent = ThemeFactory()
    ThemeFactory(parent=parent)

    response = admin_client.post(url(Theme, "state", parent.pk), follow=True)

    assert "sous-thématique(s) proposée(s)" in response.content.decode()
    assert Theme.objects.get(pk=parent.pk).is_active


def test_deletion_of_a_used_term_is_refused_with_the_count(admin_client):
    theme = ThemeFactory(name="Culture")
    make_page(themes=[theme])

    for method in ("get", "post"):
        response = getattr(admin_client, method)(url(Theme, "delete", theme.pk), follow=True)
        assert "« Culture » : 1 page publiée" in response.content.decode()

    assert Theme.objects.filter(pk=theme.pk).exists()


def test_deletion_in_bulk_deletes_nothing_when_one_is_used(admin_client):
    used, unused = ThemeFactory(name="Culture"), ThemeFactory(name="Vide")
    make_page(themes=[used])
    bulk = reverse("wagtail_bulk_action", args=["base", "theme", "delete"])

    response = admin_client.post(f"{bulk}?id={used.pk}&id={unused.pk}&next=/admin/", follow=True)

    assert "« Culture » : 1 page publiée" in response.content.decode()
    assert Theme.objects.count() == 2


def test_deletion_of_an_unused_term_is_done(admin_client):
    theme, other = ThemeFactory(), ThemeFactory()
    bulk = reverse("wagtail_bulk_action", args=["base", "theme", "delete"])

    admin_client.post(url(Theme, "delete", theme.pk))
    admin_client.post(f"{bulk}?id={other.pk}&next=/admin/")

    assert not Theme.objects.exists()


def test_chooser_offers_active_partners_only(admin_client):
    PartnerFactory(name="Active")
    retire_term(term=PartnerFactory(name="Ancienne"))
    chooser = Partner.snippet_viewset.chooser_viewset

    for name in ("choose", "choose_results"):
        html = admin_client.get(reverse(chooser.get_url_name(name))).content.decode()
        assert ["Active" in html, "Ancienne" in html] == [True, False], name


def test_usage_lists_the_pages_that_the_editor_can_see(admin_client):
    theme = ThemeFactory()
    make_page(title="Page qui l’emploie", themes=[theme])

    assert "Page qui l’emploie" in admin_client.get(url(Theme, "usage", theme.pk)).content.decode()
    limited = client_with("change_theme")
    assert "Page qui l’emploie" not in limited.get(url(Theme, "usage", theme.pk)).content.decode()


@pytest.mark.parametrize("name", ["merge", "state", "edit", "usage"])
def test_screens_are_closed_without_the_right_to_change(name):
    theme, target = ThemeFactory(), ThemeFactory()
    client = client_with("add_theme", "change_programme")

    responses = [
        client.get(url(Theme, name, theme.pk)),
        client.post(url(Theme, name, theme.pk), {"target": target.pk}),
    ]

    assert [response.status_code for response in responses] == [302, 302]
    theme.refresh_from_db()
    assert (theme.is_active, theme.replaced_by) == (True, None)


def test_merge_is_open_with_the_right_to_change():
    old, new = ThemeFactory(), ThemeFactory()

    client_with("change_theme").post(url(Theme, "merge", old.pk), {"target": new.pk})

    assert Theme.objects.get(pk=old.pk).replaced_by == new


def test_buttons_are_shown_to_who_can_use_them(admin_client):
    theme = ThemeFactory()

    html = admin_client.get(url(Theme, "edit", theme.pk)).content.decode()

    assert url(Theme, "merge", theme.pk) in html
    assert url(Theme, "state", theme.pk) in html


def test_territory_of_a_programme_is_added_by_search(admin_client, small_france):
    from territoires_en_commun.territories.models import Territory

    programme, nantes = ProgrammeFactory(), Territory.objects.get(type="commune", code="44109")
    data = nested_form_data(
        {
            "programme": programme.pk,
            "territory": nantes.pk,
            "label": "",
            "external_ref": "",
            "start": "2020-01-01",
            "end": "2026-03-31",
            "source": "ANCT",
            "source_date": "2024-09-01",
        }
    )

    refused = admin_client.post(url(ProgrammeTerritory, "add"), data | {"end": "2019-01-01"})
    missing = admin_client.post(url(ProgrammeTerritory, "add"), data | {"territory": "abc"})
    admin_client.post(url(ProgrammeTerritory, "add"), data)

    assert "La fin ne peut pas précéder le début." in str(refused.context["form"].errors)
    assert list(missing.context["form"].errors) == ["territory"]
    assert ProgrammeTerritory.objects.get().territory == nantes


def test_territories_of_programmes_are_filtered(admin_client):
    programme = ProgrammeFactory()
    nantes = TerritoryFactory(name="Nantes", code="44109")
    wanted = ProgrammeTerritoryFactory(programme=programme, territory=nantes)
    ProgrammeTerritoryFactory(programme=programme)
    ProgrammeTerritoryFactory(territory=nantes)

    for query in ("territoire=nant", "territoire=44109"):
        response = admin_client.get(f"{url(ProgrammeTerritory, 'list')}?programme={programme.pk}&{query}")
        assert list(response.context["page_obj"]) == [wanted]


def test_territory_options_answer_to_editors_only(admin_client, client, small_france):
    from territoires_en_commun.territories.models import Territory

    options = reverse("territory_options")
    nantes = Territory.objects.get(type="commune", code="44109")

    found = admin_client.get(options, {"q": "nantes"}).json()["resultats"]

    assert found[0]["pk"] == nantes.pk
    assert found[0]["nom"] == "Nantes"
    assert client.get(options, {"q": "nantes"}).status_code == 302


@pytest.mark.parametrize("query", ["", "a", "x" * 5000, "\x00\x00"])
def test_territory_options_refuse_a_bad_query(admin_client, query):
    response = admin_client.get(reverse("territory_options"), {"q": query})

    assert (response.status_code, response.json()) == (400, {"resultats": []})
