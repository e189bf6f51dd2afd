"""The editor of an experience: drafts tolerated, publication strict, preview before anything is saved."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from ressources.experience_sections import SECTIONS
from ressources.models import ExperienceIndexPage, ExperienceIndicator, ExperiencePage
from territoires_en_commun.base.advice import editorial_advice
from tests.factories import ActorPageFactory, DirectoryPage, ThemeFactory, UserFactory
from tests.ressources.experiences import make_experience

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
ADD = ["ressources", "experiencepage"]


def post_data(**fields):
    """What the editor's form sends, all empty but a title and what the test gives."""
    data = {
        "title": "Une idée",
        "slug": "une-idee",
        "licence": "etalab-2.0",
        **{section.name: rich_text("") for section in SECTIONS},
        "steps": inline_formset([]),
        "indicators": inline_formset([]),
        "links": inline_formset([]),
        "comments": inline_formset([]),
        **fields,
    }
    lists = {name: value for name, value in data.items() if isinstance(value, list)}
    return nested_form_data({name: value for name, value in data.items() if name not in lists}) | lists


@pytest.fixture
def index(home, small_france):
    return ExperienceIndexPage.objects.get()


@pytest.fixture
def complete(index, small_france):
    """What a complete experience sends."""
    reviewer = UserFactory(superuser=True)
    return {
        "summary": "Un résumé.",
        "themes": [ThemeFactory().pk],
        "review_date": timezone.localdate() + timedelta(days=90),
        "review_owner": reviewer.pk,
        "holder": ActorPageFactory(parent=DirectoryPage.objects.get()).pk,
        "place": small_france["commune:23096"].pk,
        "project_status": "en-cours",
        "started_on": "2024-03-01",
        **{section.name: rich_text(f"<p>{section.title}.</p>") for section in SECTIONS},
        "cost": "12500.50",
        "fte_unknown": "on",
    }


def add(client, index, **fields):
    return client.post(reverse("wagtailadmin_pages:add", args=[*ADD, index.pk]), post_data(**fields))


def test_empty_draft_is_saved(admin_client, index):
    add(admin_client, index)
    page = ExperiencePage.objects.get()
    assert (page.live, page.place, page.cost) == (False, None, None)


def test_complete_experience_is_published_with_its_steps_and_figures(admin_client, index, complete):
    account = UserFactory(email="elue@exemple.fr")
    add(
        admin_client,
        index,
        **complete,
        contact=" Elue@exemple.fr ",
        steps=inline_formset([{"date": "2024-03-01", "month_only": "on", "title": "Enquête", "text": ""}]),
        indicators=inline_formset([{"label": "Visites", "value": "12", "unit": "par an", "source": ""}]),
        **{"action-publish": "1"},
    )
    page = ExperiencePage.objects.get()
    assert (page.live, str(page.cost), page.contact) == (True, "12500.50", account)
    assert [(step.title, step.month_only) for step in page.steps.all()] == [("Enquête", True)]
    assert [place.key for place in page.territories.all()] == ["commune:23096"]


def test_publication_names_every_gap(admin_client, index):
    response = add(admin_client, index, **{"action-publish": "1"})
    html = response.content.decode()
    assert not ExperiencePage.objects.exists()
    for message in (
        "Choisissez l’acteur qui a porté l’expérience.",
        "Indiquez le territoire de l’expérience.",
        "Dites où en est le projet.",
        "Indiquez quand l’expérience a commencé, ou doit commencer.",
        "« Ce que nous referions autrement » est vide : écrivez-le, ou cochez « pas encore connu ».",
        "Indiquez le coût, ou cochez « coût pas encore connu ».",
        "Indiquez le temps passé, ou cochez « temps passé pas encore connu ».",
    ):
        assert message in html


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"results_unknown": "on"}, "« Résultats » a un texte et la case « pas encore connu »"),
        ({"cost_unknown": "on"}, "Le coût est indiqué : décochez"),
        ({"fte": "0.5"}, "Le temps passé est indiqué : décochez"),
        ({"cost": "-1"}, "Un nombre positif, ou zéro."),
        ({"ended_on": "2024-02-01"}, "La fin précède le début."),
        ({"contact": "inconnue@exemple.fr"}, "Aucun compte actif n’a cette adresse."),
        ({"project_status": "acheve"}, "Indiquez quand l’expérience s’est arrêtée."),
        (
            {"steps": inline_formset([{"date": "", "title": "Sans date", "text": ""}])},
            "Corrigez les erreurs signalées dans ce champ.",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_contradiction_is_refused_beside_its_field(admin_client, index, complete, fields, message):
    response = add(admin_client, index, **(complete | fields), **{"action-publish": "1"})
    assert message in response.content.decode()
    assert not ExperiencePage.objects.exists()


def test_contact_is_shown_by_its_address_and_kept(admin_client, index):
    account = UserFactory(email="elue@exemple.fr")
    page = make_experience(contact=account)
    html = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert 'type="email" name="contact" value="elue@exemple.fr"' in html


def test_editor_is_told_of_figures_without_source_and_of_a_missing_contact(index):
    page = make_experience(indicators=[ExperienceIndicator(label="Récolte", value=2, unit="tonnes")])
    assert [(advice.field, advice.message) for advice in editorial_advice(page)] == [
        ("indicators", "Indicateur « Récolte » : source non indiquée ; les lecteurs en sont prévenus."),
        ("contact", "Aucun contact : les lecteurs ne peuvent pas écrire au porteur de l’expérience."),
    ]


@pytest.mark.parametrize("view", ["", "conseil"])
def test_draft_that_was_never_saved_is_previewed(admin_client, index, complete, view):
    url = reverse("wagtailadmin_pages:preview_on_add", args=[*ADD, index.pk])
    fields = complete if view else {"title": "Une idée"}
    posted = admin_client.post(url, post_data(**fields))
    assert posted.json() == {"is_valid": True, "is_available": True}
    response = admin_client.get(url, {"mode": view})
    assert response.status_code == 200
    html = response.content.decode()
    assert "Une idée</h1>" in html
    assert ("Qui appeler" in html) is bool(view)
    assert "Signaler une erreur" not in html
    assert not ExperiencePage.objects.exists()


@pytest.mark.parametrize("slug", ["partager", "comparer"])
def test_page_is_never_hidden_by_a_view_of_the_site(home, slug):
    index = ExperienceIndexPage.objects.get()
    page = make_experience(title="Partager", slug="partage")
    page.slug = slug
    with pytest.raises(ValidationError, match="slug"):
        page.full_clean()
    named = ExperiencePage(title=slug.capitalize(), live=False)
    index.add_child(instance=named)
    assert named.slug == f"{slug}-2"
