"""Previews: every page type in every mode, from its first minute."""

import re

import pytest
from django.urls import reverse
from wagtail.fields import RichTextField, StreamField
from wagtail.models import get_page_models

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.base.previews import MODES
from territoires_en_commun.home.models import LegalPage
from tests.factories import ImageFactory, StandardPageFactory, ThemeFactory
from tests.pages.build import complete

pytestmark = pytest.mark.django_db
MODELS = [model for model in get_page_models() if model is not BasePage]
each_mode = pytest.mark.parametrize("mode", [name for name, _label in MODES], ids=[label for _name, label in MODES])
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


def new_draft(model, parent):
    """A page that nobody saved, placed in the tree and named as Wagtail does of what it previews."""
    page = model(slug="brouillon", **({"kind": "cgu"} if model is LegalPage else {}))
    page.depth = parent.depth + 1
    last = parent.get_last_child()
    page.path = last._inc_path() if last else page._get_path(parent.path, page.depth, 1)
    page.set_url_path(parent)
    return page


@each_mode
@each_model
def test_unsaved_page_without_anything_is_previewed(home, model, mode):
    page = new_draft(model, home)

    response = page.make_preview_request(preview_mode=mode)

    html = response.content.decode()
    assert response.status_code == 200
    assert len(re.findall(r"<h1\b", html)) == 1
    assert "bundle/site.css" in html or model._meta.app_label == "test_pages"


def blank_form(model) -> dict[str, str]:
    """What the editor sends for a page of which nothing is written yet."""
    form = model.get_edit_handler().get_form_class()(instance=model())
    given = {name: form[name].value() for name in form.fields}
    data = {name: str(value) for name, value in given.items() if isinstance(value, str | int) and value is not False}
    data |= {"title": "", "slug": ""}
    for formset in form.formsets.values():
        data |= {f"{formset.prefix}-{key}_FORMS": "0" for key in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    for field in model._meta.get_fields():
        if isinstance(field, StreamField):
            data[f"{field.name}-count"] = "0"
        elif isinstance(field, RichTextField):
            data[field.name] = "null"
    return data


@pytest.mark.ignore_template_errors
@each_mode
@pytest.mark.parametrize("model", [model for model in MODELS if model.is_creatable], ids=lambda model: model.__name__)
def test_new_page_is_previewed_from_the_editor(admin_client, home, model, mode):
    meta = model._meta
    preview = reverse("wagtailadmin_pages:preview_on_add", args=[meta.app_label, meta.model_name, home.pk])

    assert admin_client.post(preview, blank_form(model)).json() == {"is_valid": True, "is_available": True}
    response = admin_client.get(f"{preview}?mode={mode}")

    assert response.status_code == 200
    assert "<h1" in response.content.decode()


def test_unknown_mode_shows_the_page(home):
    page = StandardPageFactory(parent=home, title="Connue")

    assert "Connue" in page.make_preview_request(preview_mode="inconnu").content.decode()


def shown(page, mode) -> str:
    html = page.make_preview_request(preview_mode=mode).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<main") :]))


def test_card_shows_what_lists_show(home):
    theme = ThemeFactory(name="Alimentation")
    page = complete(title="Halle <b>neuve</b>", themes=[theme], image=ImageFactory(), image_alt="La halle.")
    page = home.add_child(instance=page)

    html = page.make_preview_request(preview_mode="carte").content.decode()

    assert "Halle &lt;b&gt;neuve&lt;/b&gt;" in html
    for text in (page.summary, "Alimentation", "Contenu d’essai", 'alt="La halle."', 'content="noindex"'):
        assert text in html


def test_snippet_shows_the_search_of_the_site_and_of_engines(home):
    page = home.add_child(instance=complete(title="Halle neuve", slug="halle"))
    text = shown(page, "extrait")
    assert text.count(page.summary) == 2
    assert "Halle neuve – Territoires en commun" in text
    assert "http://testserver/halle/" in text
    assert "Les moteurs coupent" not in text

    page.seo_title, page.search_description = "T" * 70, "D" * 170
    text = shown(page, "extrait")
    assert f" {'T' * 59}…" in text
    assert f" {'D' * 159}…" in text
    assert "Les moteurs coupent" in text


@pytest.mark.ignore_template_errors
def test_modes_are_offered_in_the_editor(admin_client, home):
    page = StandardPageFactory(parent=home)

    html = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert re.findall(r'<option value="([^"]*)"[^>]*>\s*(Page|Carte|Extrait de recherche)\s*</option>', html) == [
        ("", "Page"),
        ("carte", "Carte"),
        ("extrait", "Extrait de recherche"),
    ]


def test_previews_are_for_who_may_edit(client, home):
    page = StandardPageFactory(parent=home)

    assert client.get(reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])).status_code == 302
    assert client.get(f"{page.url}?mode=carte").content.decode().count("Aperçu de la carte") == 0
