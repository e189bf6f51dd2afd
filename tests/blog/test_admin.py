"""The editor of articles: drafts tolerated, publication refused by name, previews of what is not saved, authors."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from blog import rules
from blog.forms import SECTION_PARTNER
from blog.models import ArticleIndexPage, ArticlePage, Author, GalleryPicture
from tests.annuaire.build import make_actor
from tests.blog.build import KINDS, library_image, make_article, picture
from tests.factories import (
    AuthorFactory,
    ImageFactory,
    PartnerFactory,
    PartnerSectionPageFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
RELATIONS = ("signatures", "interviewees", "pictures", "links", "comments")


@pytest.fixture
def blog(home):
    return ArticleIndexPage.objects.get()


def post_data(body=(), questions=(), themes=(), **fields):
    """What the editor's form sends; rows are lists of dictionaries."""
    rows = {name: inline_formset(fields.pop(name, [])) for name in RELATIONS}
    streams = {
        "body": streamfield([("text", rich_text(html)) for html in body]),
        "questions": streamfield(
            [("question", {"question": text, "answer": rich_text(answer)}) for text, answer in questions]
        ),
    }
    plain = {"title": "La halle", "slug": "la-halle", "kind": "", "licence": "etalab-2.0", **fields}
    data = nested_form_data({**plain, **rows, **streams})
    return data | ({"themes": list(themes)} if themes else {})


def complete(kind, /, **fields):
    """The data of an article that lacks nothing."""
    own = {
        "actualite": {"partner": PartnerFactory().pk} if kind == "actualite" else {},
        "reportage": {"pictures": [{"image": library_image().pk, "alt": "Un étal", "caption": "Samedi", "id": ""}]},
        "entretien": {
            "interviewees": [{"name": "Lina", "role": "", "actor": "", "id": ""}],
            "questions": [("Pourquoi ?", "<p>Pour voir.</p>")],
        },
        "focus": {},
    }
    return post_data(
        **{
            "kind": kind,
            "summary": "Onze étals.",
            "body": ["<p>Le récit.</p>"],
            "signatures": [{"author": AuthorFactory().pk, "id": ""}],
            "themes": [ThemeFactory().pk],
            "review_date": timezone.localdate() + timedelta(days=90),
            "review_owner": UserFactory(superuser=True).pk,
            **own[kind],
            **fields,
        }
    )


def add_url(parent):
    return reverse("wagtailadmin_pages:add", args=["blog", "articlepage", parent.pk])


def publish(client, parent, data):
    return client.post(add_url(parent), {**data, "action-publish": "1"})


def errors_of(response):
    return {error["label"]: error["messages"] for error in response.context["edit_handler"].errors()}


def test_empty_draft_is_saved(admin_client, blog):
    response = admin_client.post(add_url(blog), post_data())
    article = ArticlePage.objects.get()
    assert response.status_code == 302
    assert (article.live, article.kind, article.published_on) == (False, "", None)
    assert admin_client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).status_code == 200


def test_draft_may_have_pictures_without_caption_and_questions_without_answer(admin_client, blog):
    data = post_data(
        pictures=[{"image": library_image().pk, "alt": "", "caption": "", "id": ""}],
        interviewees=[{"name": "", "role": "maire", "actor": "", "id": ""}],
        questions=[("Pourquoi ?", "")],
    )
    assert admin_client.post(add_url(blog), data).status_code == 302
    draft = ArticlePage.objects.get().get_latest_revision_as_object()
    assert [(p.caption, q.value["question"]) for p, q in zip(draft.pictures.all(), draft.questions, strict=True)] == [
        ("", "Pourquoi ?")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_complete_article_is_published(admin_client, blog, kind):
    response = publish(admin_client, blog, complete(kind))
    assert response.status_code == 302
    article = ArticlePage.objects.get()
    assert (article.live, article.kind, article.published_on) == (True, kind, timezone.localdate())
    assert article.signatures.count() == 1
    assert (article.pictures.count(), article.interviewees.count()) == (kind == "reportage", kind == "entretien")


@pytest.mark.parametrize(
    ("kind", "fields", "errors"),
    [
        ("actualite", {"partner": ""}, {"Partenaire": [rules.MISSING_PARTNER]}),
        ("focus", {"body": []}, {"Contenu": [rules.MISSING_BODY]}),
        ("focus", {"kind": ""}, {"Type d’article": [rules.MISSING_KIND]}),
        ("focus", {"signatures": []}, {"Auteurs": [rules.MISSING_SIGNATURE]}),
        ("focus", {"published_on": "2099-01-01"}, {"Date affichée": [rules.FUTURE_DATE]}),
        ("focus", {"questions": [("a", "b")]}, {"Questions et réponses": [rules.NOT_AN_INTERVIEW]}),
        ("reportage", {"pictures": []}, {"Galerie": [rules.MISSING_PICTURE]}),
        (
            "entretien",
            {"questions": [], "interviewees": []},
            {
                "Personnes interrogées": [rules.MISSING_INTERVIEWEE],
                "Questions et réponses": [rules.MISSING_QUESTION],
            },
        ),
    ],
)
def test_publication_is_refused_by_name(admin_client, blog, kind, fields, errors):
    response = publish(admin_client, blog, complete(kind, **fields))
    assert errors_of(response) == errors
    assert not ArticlePage.objects.exists()


def test_publication_refuses_a_picture_without_caption_on_its_own_field(admin_client, blog):
    rows = [{"image": library_image().pk, "alt": "Un étal", "caption": "", "id": ""}]
    response = publish(admin_client, blog, complete("reportage", pictures=rows))
    assert errors_of(response) == {"Galerie": ["Corrigez les erreurs signalées dans ce champ."]}
    assert response.context["form"].formsets["pictures"].errors == [{"caption": ["Champ requis."]}]


def test_publication_refuses_a_picture_that_nobody_is_credited_for(admin_client, blog):
    rows = [{"image": library_image(credit="").pk, "alt": "Un étal", "caption": "Samedi", "id": ""}]
    response = publish(admin_client, blog, complete("reportage", pictures=rows))
    assert errors_of(response) == {"Galerie": ["Photo 1 : il manque le crédit."]}


def test_rows_of_a_published_article_are_changed_once(admin_client, blog):
    article = make_article("entretien")
    person = article.interviewees.get()
    data = complete(
        "entretien",
        interviewees=[
            {"name": "Awa", "role": "", "actor": "", "id": ""},
            {"name": "Lina corrigée", "role": "", "actor": "", "id": person.pk},
        ],
    )
    data["interviewees-INITIAL_FORMS"] = "1"
    # The row that exists comes first in a formset; the order is that of ORDER.
    rows = {key: value for key, value in data.items() if key.startswith("interviewees-")}
    for key in rows:
        del data[key]
    swapped = {key.replace("-0-", "-x-").replace("-1-", "-0-").replace("-x-", "-1-"): rows[key] for key in rows}
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    response = admin_client.post(edit, {**data, **swapped, "slug": article.slug, "action-publish": "1"})
    assert response.status_code == 302
    people = ArticlePage.objects.get().interviewees.all()
    assert [(p.name, p.pk == person.pk) for p in people] == [("Awa", False), ("Lina corrigée", True)]


# Partner


def test_partner_is_not_a_choice_in_a_section(admin_client, blog):
    own, other = PartnerFactory(name="Réseau d’exemple"), PartnerFactory(name="Une autre")
    section = PartnerSectionPageFactory(parent=blog, partner=own)
    html = admin_client.get(add_url(section)).content.decode()
    assert SECTION_PARTNER in html
    assert "Une autre" not in html
    assert publish(admin_client, section, complete("actualite", partner=other.pk)).status_code == 302
    article = ArticlePage.objects.get()
    assert (article.partner, article.get_latest_revision_as_object().partner) == (own, own)


# Previews


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_preview_of_an_unsaved_draft(admin_client, blog, small_france, kind):
    actor = make_actor(title="Fabrique imaginaire", territories=[small_france["pays:FR"]])
    url = reverse("wagtailadmin_pages:preview_on_add", args=["blog", "articlepage", blog.pk])
    data = post_data(
        kind=kind,
        body=["<p>Un début.</p>"],
        pictures=[{"image": library_image().pk, "alt": "", "caption": "", "id": ""}],
        interviewees=[{"name": "Lina", "role": "", "actor": actor.pk, "id": ""}],
        questions=[("Pourquoi ?", "")],
        signatures=[{"author": AuthorFactory(name="Noé Lexemple").pk, "id": ""}],
    )
    assert admin_client.post(url, data).json() == {"is_valid": True, "is_available": True}
    response = admin_client.get(url)
    assert response.status_code == 200
    html = response.content.decode()
    assert "Un début." in html
    assert "Noé Lexemple" in html
    assert ("Pourquoi ?" in html, "Fabrique imaginaire" in html) == (kind == "entretien", kind == "entretien")
    assert not ArticlePage.objects.exists()


def test_preview_of_a_saved_draft(admin_client, blog):
    draft = make_article("reportage", live=False)
    url = reverse("wagtailadmin_pages:view_draft", args=[draft.pk])
    assert "Un samedi de marché" in admin_client.get(url).content.decode()


# Pictures of a gallery


@pytest.mark.parametrize("way", ["one", "bulk", "upload"])
def test_picture_of_a_gallery_is_not_deleted(admin_client, blog, way):
    article = make_article("reportage")
    image = article.pictures.get().image
    url = {
        "one": reverse("wagtailimages:delete", args=[image.pk]),
        "bulk": reverse("wagtail_bulk_action", args=["base", "customimage", "delete"]) + f"?id={image.pk}",
        "upload": reverse("wagtailimages:delete_multiple", args=[image.pk]),
    }[way]
    if way != "upload":
        html = admin_client.get(url).content.decode()
        assert "Une ou plusieurs références vers ce(tte) image" in html
        assert "Oui, supprimer" not in html
    assert admin_client.post(url, follow=True).status_code == 200
    assert [row.image for row in ArticlePage.objects.get().pictures.all()] == [image]


def test_draft_whose_picture_was_deleted_is_still_edited(admin_client, blog):
    article = make_article("reportage", live=False)
    image, other = article.pictures.get().image, ImageFactory()
    article.pictures.add(picture(image=other))
    article.save_revision()
    GalleryPicture.objects.filter(image=image).delete()  # versions hold it, no row does
    image.delete()
    response = admin_client.get(reverse("wagtailadmin_pages:edit", args=[article.pk]))
    assert response.status_code == 200
    assert [row.image for row in article.get_latest_revision_as_object().pictures.all()] == [other]


# Authors


def test_author_is_added_from_the_article(admin_client):
    url = reverse(f"{Author.snippet_viewset.chooser_viewset.url_namespace}:create")
    response = admin_client.post(url, {"name": "Maya Delafiction", "role": "autrice"})
    assert response.json()["step"] == "chosen"
    assert Author.objects.get().role == "autrice"
    again = admin_client.post(url, {"name": "maya delafiction", "role": ""})
    assert "« maya delafiction » existe déjà." in str(again.json())


def test_list_and_uses_of_an_author(admin_client, blog):
    author = AuthorFactory(name="Maya Delafiction")
    make_article(title="Elle signe", authors=[author])
    make_article(title="Une autre signe")
    html = admin_client.get(reverse(Author.snippet_viewset.get_url_name("list"))).content.decode()
    assert "Maya Delafiction" in html
    html = admin_client.get(reverse(Author.snippet_viewset.get_url_name("usage"), args=[author.pk])).content.decode()
    assert "Elle signe" in html
    assert "Une autre signe" not in html


def test_editors_manage_authors_and_contributors_choose_them(client, editor, contributor):
    create = reverse(f"{Author.snippet_viewset.chooser_viewset.url_namespace}:create")
    client.force_login(contributor)
    client.post(create, {"name": "Refusée", "role": ""})
    client.force_login(editor)
    client.post(create, {"name": "Acceptée", "role": ""})
    assert [author.name for author in Author.objects.all()] == ["Acceptée"]
