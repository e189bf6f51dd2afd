"""The page of an article, as visitors and search engines read it."""

import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from blog.models import ArticleIndexPage, ArticlePage, Interviewee
from territoires_en_commun.base.html_blocks import blocks_from_html, new_block
from territoires_en_commun.base.links import link_groups
from territoires_en_commun.base.models import LinkKind, PageLink
from tests.annuaire.build import make_actor
from tests.blog.build import KINDS, library_image, make_article, picture, question
from tests.factories import (
    AuthorFactory,
    ImageFactory,
    PartnerFactory,
    PartnerSectionPageFactory,
    ProgrammeFactory,
    ThemeFactory,
)
from tests.query_costs import cost_of_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def blog(home):
    return ArticleIndexPage.objects.get()


def html_of(client, article):
    response = client.get(article.url)
    assert response.status_code == 200
    return response.content.decode()


def data_of(html):
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return next(data for data in map(json.loads, blocks) if data["@type"] != "BreadcrumbList")


def named_figures(html):
    """The name and the caption of each picture, which must be the same (RGAA 1.9)."""
    figure = r'<figure class="fr-content-media[^"]*" role="group" aria-label="([^"]*)">\s*<div[^>]*>\s*<picture>.*?'
    return re.findall(figure + r"<figcaption[^>]*>(.*?)</figcaption>", html, re.DOTALL)


def text_of(html):
    """What a reader sees, spaces made plain."""
    content = re.sub(r"<(script|style|head).*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", content).replace("&nbsp;", " ").split())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_template(client, blog, kind):
    response = client.get(make_article(kind).url)
    used = {template.name for template in response.templates}
    assert {name for name in used if name and name.startswith("blog/kinds/")} == {f"blog/kinds/{kind}.html"}


def test_article_tells_its_kind_date_authors_and_partner(client, blog):
    article = make_article(
        "actualite",
        published_on=date(2026, 3, 18),
        partner=PartnerFactory(name="Réseau d’exemple", logo=library_image(), logo_alt="Le réseau"),
        authors=[AuthorFactory(name="Maya Delafiction", role="autrice"), AuthorFactory(name="Noé Lexemple")],
    )
    html = html_of(client, article)
    text = text_of(html)
    assert "Actualité de partenaire La halle a rouvert Onze étals et une file d’attente." in text
    assert "Publié le 18 mars 2026" in text
    assert "Par Maya Delafiction , autrice et Noé Lexemple" in text
    assert "Publié par Réseau d’exemple Tous ses articles Son site" in text
    assert f'href="/actualites/?partenaire={article.partner.slug}"' in html
    assert 'alt="Le réseau"' in html


def test_article_leads_to_those_on_its_themes_and_programmes(client, blog, small_france):
    theme, programme = ThemeFactory(name="Eau", slug="eau"), ProgrammeFactory(name="Ponts", slug="ponts")
    html = html_of(
        client, make_article(themes=[theme], programmes=[programme], territories=[small_france["commune:23096"]])
    )
    assert 'href="/actualites/?thematique=eau">Eau</a>' in html
    assert 'href="/actualites/?programme=ponts">Ponts</a>' in html
    assert small_france["commune:23096"].get_absolute_url() in html


def test_report_shows_its_gallery_with_captions_and_credits(client, blog):
    image = library_image(credit="Commune de Z")
    pictures = [picture(alt="Un étal", caption="Le matin"), picture(caption="Le soir", own_credit="M. Y", image=image)]
    html = html_of(client, make_article("reportage", pictures=pictures))
    assert 'alt="Un étal"' in html
    captions = ["Le matin – Crédit\u00a0: Commune de Z", "Le soir – Crédit\u00a0: M. Y"]
    assert named_figures(html) == [(caption, caption) for caption in captions]
    assert 'type="image/avif"' in html


def test_figure_is_named_by_its_whole_caption(client, blog):
    image = library_image(credit="Studio <Z>")
    html = html_of(client, make_article(image=image, image_decorative=True))
    assert named_figures(html) == [("Crédit\u00a0: Studio &lt;Z&gt;", "Crédit\u00a0: Studio &lt;Z&gt;")]


def test_interview_shows_who_answers_and_what(client, blog, small_france):
    actor = make_actor(title="Fabrique imaginaire", territories=[small_france["pays:FR"]])
    people = [Interviewee(name="Lina", role="conseillère", actor=actor), Interviewee(name="Awa")]
    article = make_article("entretien", interviewees=people, questions=[question("Pourquoi ?", "<p>Pour voir.</p>")])
    html = html_of(client, article)
    assert f'<strong>Lina</strong>, conseillère <span class="fr-text--sm">(<a href="{actor.url}">' in html
    assert re.search(r"<h2[^>]*>Pourquoi \?</h2>\s*<p[^>]*>Pour voir\.</p>", html)
    assert [(group.title, [page.title for page in group.pages]) for group in link_groups(actor)] == [
        ("Entretiens", ["La halle a rouvert"])
    ]
    actor.unpublish()
    html = html_of(client, article)
    assert "Lina" in html
    assert "Fabrique imaginaire" not in html
    article.unpublish()
    assert link_groups(actor) == []


def test_long_focus_opens_with_its_table_of_contents(client, blog):
    body = blocks_from_html("".join(f"<h2>Partie {number}</h2><p>Texte.</p>" for number in range(4)))
    assert "Sommaire" in text_of(html_of(client, make_article("focus", body=body)))
    assert "Sommaire" not in text_of(html_of(client, make_article("focus", title="Court", body=body[:4])))


@pytest.mark.parametrize(
    ("fields", "shown"), [({}, True), ({"is_timeless": True}, False), ({"published_on": date(2024, 3, 12)}, False)]
)
def test_old_article_says_so_unless_it_is_timeless(client, blog, freeze, fields, shown):
    freeze("2026-03-12 10:00")
    article = make_article(**{"published_on": date(2024, 3, 11), **fields})
    assert ("Cet article a plus de 2\u00a0ans" in html_of(client, article)) == shown


def test_banner_appears_when_the_article_becomes_old(client, blog, freeze):
    freeze("2026-03-12 10:00")
    article = make_article()
    freeze("2028-03-12 23:59")
    assert "plus de 2\u00a0ans" not in html_of(client, article)
    freeze("2028-03-13 00:00")
    assert "plus de 2\u00a0ans" in html_of(client, article)


# Structured data


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("actualite", "NewsArticle"),
        ("reportage", "ReportageNewsArticle"),
        ("entretien", "Article"),
        ("focus", "Article"),
    ],
)
def test_structured_data_says_what_the_page_shows(client, blog, settings, kind, expected):
    settings.SITE_URL = "https://exemple.gouv.fr"
    article = make_article(
        kind,
        title="</script><b>La halle</b>",
        published_on=date(2022, 7, 14),
        authors=[AuthorFactory(name="Noé Lexemple", role="reporter")],
        themes=[ThemeFactory(name="Commerce")],
        image=library_image(),
        image_decorative=True,
    )
    html = html_of(client, article)
    assert "<b>La halle</b>" not in html
    data = data_of(html)
    assert data.pop("dateModified").startswith("20")
    assert data.pop("image").startswith("https://exemple.gouv.fr/media/images/")
    assert data.pop("publisher")["@type"] == "GovernmentOrganization"
    people = data.pop("contributor", [])
    assert people == ([{"@type": "Person", "name": "Lina Hypothèse"}] if kind == "entretien" else [])
    assert data == {
        "@context": "https://schema.org",
        "@type": expected,
        "headline": "</script><b>La halle</b>",
        "description": "Onze étals et une file d’attente.",
        "genre": article.get_kind_display()[0].upper() + article.get_kind_display()[1:],
        "inLanguage": "fr",
        "isAccessibleForFree": True,
        "mainEntityOfPage": f"https://exemple.gouv.fr{article.url}",
        "datePublished": "2022-07-14T12:00:00+02:00",
        "author": [{"@type": "Person", "name": "Noé Lexemple", "jobTitle": "reporter"}],
        "keywords": ["Commerce"],
    }


def test_news_without_author_is_its_partner_s_for_search_engines(client, blog):
    partner = PartnerFactory(name="Réseau d’exemple")
    data = data_of(html_of(client, make_article("actualite", authors=[], partner=partner)))
    assert data["author"] == [{"@type": "Organization", "name": "Réseau d’exemple", "url": partner.website}]


# Related articles


def related(client, article):
    return [row.page.title for row in client.get(article.url).context["sheet"].related]


def link(source, target, kind=LinkKind.RELATED):
    PageLink.objects.create(source=source.basepage_ptr, target=target.basepage_ptr, kind=kind)


@pytest.fixture
def shelf(blog, small_france):
    """An article, and others that share more and more with it, from « Zéro » to « Trois »."""
    water, energy = ThemeFactory(name="Eau"), ThemeFactory(name="Énergie")
    gueret = small_france["commune:23096"]
    day = iter(range(1, 30))

    def add(title, **fields):
        return make_article(title=title, published_on=date(2024, 1, next(day)), **fields)

    return {
        "article": add("L’article", themes=[water, energy], territories=[gueret, small_france["pays:FR"]]),
        "three": add("Trois", themes=[water, energy], territories=[gueret]),
        "one": add("Un", themes=[water]),
        "two": add("Deux", themes=[energy], territories=[gueret]),
        "one_newer": add("Un, plus récent", themes=[water]),
        "zero": add("Zéro", territories=[small_france["pays:FR"]]),
        "add": add,
    }


def test_related_articles_share_the_most_first_and_are_never_itself(client, shelf):
    assert related(client, shelf["article"]) == ["Trois", "Deux", "Un, plus récent", "Un"]


def test_linked_articles_come_first_and_are_shown_once(client, shelf):
    link(shelf["article"], shelf["zero"])
    link(shelf["one"], shelf["article"])
    link(shelf["article"], shelf["one"])
    assert related(client, shelf["article"]) == ["Zéro", "Un", "Trois", "Deux"]
    html = html_of(client, shelf["article"])
    assert "À lire aussi" not in html
    assert html.count(f'href="{shelf["zero"].url}"') == 1


def test_other_links_stay_in_their_list(client, shelf, small_france):
    actor = make_actor(title="Halle imaginaire", territories=[small_france["pays:FR"]])
    link(shelf["article"], actor, LinkKind.ACTOR)
    extra = [shelf["add"](f"Lié {number}") for number in range(5)]
    for other in extra:
        link(shelf["article"], other)
    assert related(client, shelf["article"]) == ["Lié 0", "Lié 1", "Lié 2", "Lié 3"]
    groups = client.get(shelf["article"].url).context["sheet"].links
    assert [(group.title, [page.title for page in group.pages]) for group in groups] == [
        ("Acteurs associés", ["Halle imaginaire"]),
        ("À lire aussi", ["Lié 4"]),
    ]


def test_hidden_articles_are_never_named(client, shelf):
    link(shelf["article"], shelf["zero"])
    shelf["zero"].unpublish()
    shelf["three"].unpublish()
    PageViewRestriction.objects.create(page=shelf["two"].basepage_ptr, restriction_type="login")
    html = html_of(client, shelf["article"])
    assert related(client, shelf["article"]) == ["Un, plus récent", "Un"]
    assert [title for title in ("Zéro", "Trois", "Deux") if title in html] == []


def test_article_without_kin_has_no_related_section(client, blog):
    assert "Articles liés" not in html_of(client, make_article())


# Cost


@pytest.mark.parametrize("kind", KINDS)
def test_article_costs_the_same_with_one_relation_and_with_three(client, blog, small_france, kind):
    themes = ThemeFactory.create_batch(2)
    image = library_image()
    shown = {"image": image, "image_decorative": True, "themes": themes, "territories": [small_france["pays:FR"]]}
    article = make_article(kind, **shown)

    def queries():
        client.get(article.url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(article.url).status_code == 200
        return len(captured)

    link(article, make_article(title="Autre", image=image, image_decorative=True, themes=themes[:1]))
    one = queries()
    for number in range(3):
        other = make_article(title=f"Autre {number}", image=image, image_decorative=True, themes=themes[:1])
        link(article, other)
    edited = ArticlePage.objects.get(pk=article.pk)
    edited.signatures.add(
        *(type(edited.signatures.first())(author=author) for author in AuthorFactory.create_batch(2))
    )
    if kind == "reportage":
        edited.pictures.add(picture(), picture())
    elif kind == "entretien":
        edited.interviewees.add(Interviewee(name="Awa"), Interviewee(name="Marc"))
    edited.save_revision().publish()
    assert queries() == one
    assert one <= 19


def illustrated(number) -> ArticlePage:
    """A report with as many pictures, none like another, in its gallery, in its body and on cards."""
    images = iter(ImageFactory.create_batch(3 * number + 2, file__width=30, file__height=20))
    described = {"alt_text": "", "decorative": True}
    shown = [new_block("image", {"image": {"image": next(images).pk, **described}}) for _ in range(number)]
    card = {"label": "Un guide", "url": "https://exemple.fr"}
    cards = new_block(
        "cards", {"title": "Guides", "cards": [card | {"image": next(images).pk} for _ in range(number)]}
    )
    return make_article(
        "reportage",
        partner=PartnerFactory(logo=next(images), logo_alt="Le réseau"),
        image=next(images),
        image_decorative=True,
        pictures=[picture(image=next(images)) for _ in range(number)],
        body=[*shown, cards],
    )


@pytest.mark.parametrize("is_cold", [True, False])
def test_article_costs_the_same_with_one_picture_and_with_three(client, blog, is_cold):
    def cost(number):
        article = illustrated(number)
        for _ in range(2):
            assert html_of(client, article).count("<picture") == 3 * number + 2
        return cost_of_visit(client, article.url, is_cold=is_cold)

    one = cost(1)
    assert cost(3) == one
    assert one <= (20 if is_cold else 15)


def test_article_in_a_section_shows_its_section_in_the_breadcrumb(client, blog):
    section = PartnerSectionPageFactory(parent=blog, title="Fédération", partner=PartnerFactory())
    html = html_of(client, make_article(parent=section))
    assert f'href="{section.url}">Fédération</a>' in html
    assert 'href="/actualites/">Revenir aux actualités</a>' in html


def test_publication_makes_the_pictures_of_the_gallery_ahead_of_the_first_visit(blog):
    image = ImageFactory(title="Lavoir")
    report = make_article("reportage", pictures=[picture(image=image)])
    image.renditions.all().delete()
    report.save_revision().publish()
    specs = set(image.renditions.values_list("filter_spec", flat=True))
    assert {"format-avif|width-640", "format-webp|width-320", "format-jpeg|width-1200"} <= specs


def test_what_is_kept_of_a_page_follows_what_is_published(client, blog):
    water, guide = ThemeFactory(name="Eau"), make_article("focus", title="Le guide")
    article = make_article(themes=[water])
    article.links = [PageLink(target=guide, kind=LinkKind.RELATED)]
    article.save_revision().publish()
    shown = text_of(html_of(client, article))
    assert ("Eau" in shown, "Le guide" in shown) == (True, True)
    draft = article.get_latest_revision_as_object()
    draft.themes = [ThemeFactory(name="Forêt")]
    draft.save_revision()
    previewed = text_of(draft.make_preview_request(preview_mode="").content.decode())
    assert ("Forêt" in previewed, "Eau" in previewed) == (True, False)
    water.name = "Rivières"
    water.save()
    guide.unpublish()
    shown = text_of(html_of(client, article))
    assert ("Rivières" in shown, "Forêt" in shown, "Le guide" in shown) == (True, False, False)
