"""The frame of every page: header, footer, navigation, breadcrumb, head, form toolkit."""

import json
import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from wagtail.models import PageViewRestriction, Site

from territoires_en_commun.base.frame import json_ld
from territoires_en_commun.base.models import BasePage, HeaderLink, SiteSettings, SocialLink
from territoires_en_commun.base.pagination import Pagination
from territoires_en_commun.base.site_info import get_site_info
from tests.factories import HomePageFactory, LegalPageFactory, StandardPageFactory

STATE_LINKS = [
    ("https://www.info.gouv.fr", "info.gouv.fr"),
    ("https://www.service-public.gouv.fr", "service-public.gouv.fr"),
    ("https://www.legifrance.gouv.fr", "legifrance.gouv.fr"),
    ("https://www.data.gouv.fr", "data.gouv.fr"),
]
BOTTOM_LINKS = [
    ("/plan-du-site/", "Plan du site"),
    ("/accessibilite/", "Accessibilité : non conforme"),
    ("/mentions-legales/", "Mentions légales"),
    ("/donnees-personnelles/", "Données personnelles"),
    ("/gestion-des-cookies/", "Gestion des cookies"),
    ("/cgu/", "Conditions générales d’utilisation"),
]
PUBLIC_PATHS = ["/", "/mentions-legales/", "/contact/", "/plan-du-site/", "/nulle-part/"]


@pytest.fixture
def home(db):
    """A home page and a legal page, without the rest of ``init_site``."""
    root = BasePage.objects.get(depth=1)
    home = HomePageFactory(parent=root, slug="accueil-essai")
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    LegalPageFactory(parent=home, kind="mentions-legales", title="Mentions légales")
    return home


@pytest.fixture
def pages(client, home):
    """The HTML of several pages: from the tree, from a view, an error."""
    return [client.get(path).text for path in PUBLIC_PATHS]


@pytest.fixture
def section(home):
    """A section of the menu, with two pages of which one is not in the menu."""
    section = StandardPageFactory(parent=home, title="Ressources", slug="ressources", show_in_menus=True)
    StandardPageFactory(parent=section, title="Kits & outils", slug="kits", show_in_menus=True)
    StandardPageFactory(parent=section, title="Brouillon", slug="brouillon", show_in_menus=True, live=False)
    StandardPageFactory(parent=section, title="Hors menu", slug="hors-menu")
    return section


def links(html: str, css_class: str) -> list[tuple[str, str]]:
    return re.findall(rf'<a class="{css_class}" href="([^"]*)"[^>]*>([^<]*)</a>', html)


def test_page_has_the_mandated_header_and_footer(pages):
    for html in pages:
        assert html.count('<header role="banner" class="fr-header">') == 1
        assert "fr-header__brand" in html
        assert '<p class="fr-logo">République<br>française</p>' in html
        assert '<a href="/" title="Accueil - Territoires en commun - République française">' in html
        assert links(html, "fr-footer__content-link") == STATE_LINKS
        assert links(html, "fr-footer__bottom-link")[: len(BOTTOM_LINKS)] == BOTTOM_LINKS
        for _url, label in STATE_LINKS:
            assert f'target="_blank" rel="noopener external" title="{label} - nouvelle fenêtre"' in html
        assert 'href="https://github.com/etalab/licence-ouverte/blob/master/LO.md"' in html
        assert "licence etalab-2.0</a>" in html
        assert '<html lang="fr" data-fr-scheme="system">' in html


def test_page_has_one_search_bar_and_one_way_to_skip(pages):
    for html in pages:
        header = html[html.index("<header") : html.index("</header>")]
        assert '<form class="fr-search-bar" role="search" action="/recherche/" method="get">' in header
        assert '<label class="fr-label" for="header-search-input">Rechercher sur le site</label>' in header
        assert 'type="search" id="header-search-input" name="q"' in header
        skip_links = html[html.index('<div class="fr-skiplinks">') : html.index("<header")]
        assert '<nav class="fr-container" aria-label="Accès rapide">' in skip_links
        targets = re.findall(r'href="#([^"]+)"', skip_links)
        assert targets == ["content", "header-navigation", "header-search-input", "footer"]
        for target in targets:
            assert html.count(f'id="{target}"') == 1


def test_page_runs_under_the_strict_policy_and_calls_nobody(pages):
    for html in pages:
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", html)
        scripts = re.findall(r"<script([^>]*)>", html)
        assert all(
            'src="/static/' in attributes or 'type="application/ld+json"' in attributes for attributes in scripts
        )
        fetched = re.findall(r'<(?:script|img|source|iframe)[^>]+src="([^"]+)"', html)
        fetched += re.findall(r'<link[^>]+rel="(?:stylesheet|preload|icon|manifest)"[^>]+href="([^"]+)"', html)
        fetched += re.findall(r'<link rel="(?:stylesheet|preload|icon|manifest)" href="([^"]+)"', html)
        assert fetched
        assert all(url.startswith("/") and not url.startswith("//") for url in fetched)


def test_identifiers_are_unique_and_well_formed(client, home, section):
    html = client.get("/ressources/kits/").text
    identifiers = re.findall(r'\bid="([^"]*)"', html)
    assert len(identifiers) == len(set(identifiers))
    assert all(re.fullmatch(r"[A-Za-z][\w-]*", identifier) for identifier in identifiers)
    controlled = set(re.findall(r'aria-(?:controls|labelledby|describedby)="([^"]*)"', html))
    assert controlled <= set(identifiers)


def test_navigation_shows_two_levels_of_live_public_menu_pages(client, home, section):
    hidden = StandardPageFactory(parent=home, title="Réservé", slug="reserve", show_in_menus=True)
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    html = client.get("/").text
    menu = html[html.index('<nav class="fr-nav"') : html.index("</nav>", html.index('<nav class="fr-nav"'))]
    assert re.findall(r'<a class="fr-nav__link" href="([^"]*)"[^>]*>([^<]*)</a>', menu) == [
        ("/ressources/", "Ressources"),  # without script
        ("/ressources/", "Voir toute la rubrique Ressources"),
        ("/ressources/kits/", "Kits &amp; outils"),
    ]
    assert "aria-current" not in menu


def test_navigation_says_where_the_visitor_is(client, section):
    menu = client.get("/ressources/kits/").text
    assert re.search(r'<button[^>]+class="fr-nav__btn"[^>]+aria-current="true">Ressources</button>', menu)
    assert '<a class="fr-nav__link" href="/ressources/kits/" aria-current="page">' in menu
    assert '<a class="fr-nav__link" href="/ressources/" aria-current="page">' not in menu
    elsewhere = client.get("/mentions-legales/").text
    assert 'aria-current="true"' not in elsewhere


def test_navigation_follows_publications(client, home, section):
    assert "Nouvelle rubrique" not in client.get("/").text
    page = StandardPageFactory(parent=home, title="Nouvelle rubrique", slug="nouvelle", show_in_menus=True, live=False)
    page.save_revision().publish()
    assert '<a class="fr-nav__link" href="/nouvelle/">Nouvelle rubrique</a>' in client.get("/").text
    page.refresh_from_db()
    page.unpublish()
    assert "Nouvelle rubrique" not in client.get("/").text
    section.move(home, pos="first-child")
    section.delete()
    assert "fr-nav__btn" not in client.get("/").text


def test_site_information_costs_no_query_once_warm(client, section, django_assert_num_queries):
    get_site_info()
    with django_assert_num_queries(0):
        get_site_info()


def test_breadcrumb_leads_from_home_to_the_page(client, section):
    html = client.get("/ressources/kits/").text
    trail = html[html.index('<ol class="fr-breadcrumb__list">') : html.index("</ol>")]
    assert links(trail, "fr-breadcrumb__link") == [("/", "Accueil"), ("/ressources/", "Ressources")]
    assert '<span class="fr-breadcrumb__link" aria-current="page">Kits &amp; outils</span>' in trail
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html).group(1))
    assert data == {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Accueil", "item": "http://testserver/"},
            {"@type": "ListItem", "position": 2, "name": "Ressources", "item": "http://testserver/ressources/"},
            {
                "@type": "ListItem",
                "position": 3,
                "name": "Kits & outils",
                "item": "http://testserver/ressources/kits/",
            },
        ],
    }


def test_breadcrumb_is_absent_from_the_home_page(client, home):
    assert "fr-breadcrumb" not in client.get("/").text


def test_structured_data_cannot_close_the_script():
    assert "</script><b>" not in json_ld({"name": "</script><b>"})[:-9]
    assert json.loads(json_ld({"name": "</script>&"})[35:-9]) == {"name": "</script>&"}


def test_head_describes_the_page(client, section):
    kits = section.get_children().get(slug="kits").specific
    kits.search_description = "Des kits « prêts à l'emploi »"
    kits.save()
    html = client.get("/ressources/kits/?page=1").text
    assert "<title>Kits &amp; outils – Ressources – Territoires en commun</title>" in html
    assert '<meta name="description" content="Des kits « prêts à l&#x27;emploi »">' in html
    assert '<link rel="canonical" href="http://testserver/ressources/kits/">' in html
    assert '<meta property="og:locale" content="fr_FR">' in html
    assert '<meta property="og:url" content="http://testserver/ressources/kits/">' in html
    assert '<meta property="og:title" content="Kits &amp; outils – Ressources">' in html
    assert '<meta property="og:image"' not in html


def test_description_is_never_empty(client, section):
    section.get_children().filter(slug="kits").update(search_description="")
    type(section).objects.filter(slug="kits").update(summary="")
    html = client.get("/ressources/kits/").text
    assert f'<meta name="description" content="{SiteSettings().description}">' in html


def test_site_out_of_production_is_not_indexed(client, home, settings):
    settings.SITE_IS_INDEXABLE = False
    response = client.get("/")
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text


def test_site_in_production_is_indexed_but_its_errors_are_not(client, home, settings):
    settings.SITE_IS_INDEXABLE = True
    response = client.get("/")
    assert "X-Robots-Tag" not in response
    assert "noindex" not in response.text
    assert '<meta name="robots" content="noindex">' in client.get("/nulle-part/").text


def test_settings_change_header_and_footer(client, home):
    site_settings = SiteSettings.objects.create(
        state_name="Gouvernement", tagline="Ensemble", operator_name="Agence <exemple>"
    )
    HeaderLink.objects.create(settings=site_settings, label="Aide", url="/aide/")
    SocialLink.objects.create(settings=site_settings, network="mastodon", url="https://social.exemple.fr/@tec")
    html = client.get("/").text
    assert '<p class="fr-logo">Gouvernement</p>' in html
    assert 'title="Accueil - Territoires en commun - Agence &lt;exemple&gt; - Gouvernement"' in html
    assert '<p class="fr-header__service-tagline">Ensemble</p>' in html
    assert '<a class="fr-btn" href="/aide/">Aide</a>' in html
    assert 'title="Mastodon - nouvelle fenêtre">Mastodon</a>' in html


def test_notice_shows_until_its_end(client, home, freeze):
    freeze("2026-11-23 10:00")
    site_settings = SiteSettings.objects.create(
        notice_level="alert",
        notice_title="Maintenance",
        notice_text="Ce soir à 20 h.",
        notice_url="/contact/",
        notice_link_label="En savoir plus",
    )
    html = client.get("/").text
    assert '<div class="fr-notice fr-notice--alert">' in html
    assert '<a class="fr-notice__link" href="/contact/">En savoir plus</a>' in html
    site_settings.notice_until = "2026-11-23T09:59:00+01:00"
    site_settings.save()
    assert "fr-notice" not in client.get("/").text


def test_footer_shows_statistics_once_the_page_exists(client, home):
    assert '"/stats/"' not in client.get("/").text
    StandardPageFactory(parent=home, title="Statistiques", slug="stats")
    assert ("/stats/", "Statistiques") in links(client.get("/").text, "fr-footer__bottom-link")


class ContactForm(forms.Form):
    name = forms.CharField(
        label="Nom",
        help_text="De famille",
        widget=forms.TextInput(attrs={"autocomplete": "family-name", "class": "own", "aria-describedby": "more"}),
        error_messages={"required": "Saisissez votre nom."},
    )
    message = forms.CharField(label="Message", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="Sujet", choices=[("a", "Aide"), ("b", "Bug")])
    role = forms.ChoiceField(label="Vous êtes", choices=[("e", "Élu"), ("g", "Agent")], widget=forms.RadioSelect)
    themes = forms.MultipleChoiceField(
        label="Thèmes", choices=[("x", "Eau")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(label="D’accord", error_messages={"required": "Cochez la case."})

    def clean(self):
        self.add_error(None, "Réessayez plus tard.")


def field_html(form: forms.Form, name: str) -> str:
    return re.sub(r"\s+", " ", render_to_string("components/form_field.html", {"field": form[name]}))


def test_form_field_carries_label_hint_and_own_attributes():
    html = field_html(ContactForm(), "name")
    assert '<label class="fr-label" for="id_name">Nom<span class="fr-hint-text">De famille</span></label>' in html
    control = re.search(r"<input[^>]*>", html).group()
    assert 'class="own fr-input"' in control
    assert 'autocomplete="family-name"' in control
    assert 'aria-describedby="more id_name-messages"' in control
    assert "aria-invalid" not in control
    assert '<div class="fr-messages-group" id="id_name-messages" aria-live="polite"></div>' in html


def test_form_field_in_error_says_so():
    html = field_html(ContactForm({}), "name")
    assert '<div class="fr-input-group fr-input-group--error">' in html
    assert 'aria-invalid="true"' in re.search(r"<input[^>]*>", html).group()
    assert '<p class="fr-message fr-message--error">Saisissez votre nom.</p>' in html


def test_form_field_of_choices_is_a_fieldset_with_its_legend():
    html = field_html(ContactForm({"role": "g"}), "role")
    assert (
        '<legend class="fr-fieldset__legend fr-fieldset__legend--regular" id="id_role-legend">Vous êtes</legend>'
        in html
    )
    assert len(re.findall(r'<div class="fr-radio-group"><input [^>]*name="role" [^>]*type="radio"', html)) == 2
    assert re.search(r'value="g" checked[^>]*><label class="fr-label" for="id_role_1">Agent</label>', html)
    assert '<div class="fr-checkbox-group"><input id="id_themes_0"' in field_html(ContactForm(), "themes")


def test_form_field_marks_what_is_optional():
    assert "Message (facultatif)</label>" in field_html(ContactForm(), "message")
    assert 'class="fr-select"' in field_html(ContactForm(), "kind")
    assert '<div class="fr-checkbox-group fr-mb-3w">' in field_html(ContactForm(), "agreed")


def test_error_summary_leads_to_each_field():
    html = render_to_string("components/form_errors.html", {"form": ContactForm({"kind": "a", "role": "e"})})
    assert 'tabindex="-1" role="group" data-error-summary' in html
    assert "3 erreurs sont à corriger" in html
    assert "<li>Réessayez plus tard.</li>" in html
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', html) == [
        ("id_name", "Nom : Saisissez votre nom."),
        ("id_agreed", "D’accord : Cochez la case."),
    ]
    assert render_to_string("components/form_errors.html", {"form": ContactForm()}).strip() == ""


@pytest.mark.parametrize(("data", "prefix"), [({}, "Erreur – "), (None, "")])
def test_title_starts_with_the_error(db, data, prefix):
    context = {"form": ContactForm(data), "breadcrumb": [{"title": "Contact", "url": ""}]}
    html = render_to_string("base.html", context, RequestFactory().get("/contact/"))
    assert f"<title>{prefix}Contact – Territoires en commun</title>" in html


@pytest.mark.parametrize(
    ("number", "last", "expected"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, None, 9]),
        (4, 9, [1, 2, 3, 4, 5, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_pagination_shows_ends_and_neighbours(number, last, expected):
    pagination = Pagination(number, last, lambda page: f"?page={page}")
    assert [item.number for item in pagination.items] == expected


def test_pagination_has_no_link_at_its_ends():
    first = Pagination(1, 3, lambda page: f"?page={page}")
    assert (first.first_url, first.previous_url, first.next_url, first.last_url) == ("", "", "?page=2", "?page=3")
    html = render_to_string("components/pagination.html", {"pagination": first})
    assert 'aria-current="page" title="Page 1"' in html
    assert html.count('aria-disabled="true"') == 2
    alone = Pagination(1, 1, lambda page: f"?page={page}")
    assert render_to_string("components/pagination.html", {"pagination": alone}).strip() == ""


def test_removable_tag_is_a_link_that_says_what_it_does():
    html = render_to_string("components/tag.html", {"label": "Eau", "remove_url": "/recherche/"})
    assert html.strip() == (
        '<a class="fr-tag fr-tag--dismiss" href="/recherche/" aria-label="Eau, retirer ce filtre">Eau</a>'
    )


def test_download_link_says_its_detail_and_its_language():
    context = {"url": "/d/1", "label": "Le guide", "detail": "PDF, 1,2 Mo, anglais", "language": "en"}

    assert render_to_string("components/download_link.html", context).strip() == (
        '<a class="fr-link fr-link--download" href="/d/1" download hreflang="en">Le guide '
        '<span class="fr-link__detail">PDF, 1,2 Mo, anglais</span></a>'
    )


def test_view_without_page_gives_social_networks_its_own_title(client, site, small_france):
    html = client.get("/territoires/commune-44109-nantes/").content.decode()
    assert '<meta property="og:title" content="Nantes, commune – Loire-Atlantique (44)">' in html
    assert '<meta property="og:description" content="Nantes, commune – Loire-Atlantique (44).' in html
