"""Home, text and legal pages as visitors read them."""

import html as html_module
import re
from datetime import date

import pytest
from wagtail.models import PageViewRestriction

from territoires_en_commun.base.models import AccessibilityAudit, SiteSettings, Theme
from territoires_en_commun.home.models import LegalPage, StandardPage, french_number
from tests.factories import (
    ImageFactory,
    ProgrammeFactory,
    ProgrammeTerritoryFactory,
    StandardPageFactory,
    TerritoryFactory,
)
from tests.pages.build import complete
from tests.query_costs import cost_of_visit
from tests.test_consistency import our_templates

TO_COMPLETE = "à compléter par l’exploitant"
FACTS = {
    "contact_email": "equipe@territoires.exemple.fr",
    "publication_director": "Dominique Exemple",
    "publication_director_title": "Directrice générale",
    "editor_name": "Agence d’exemple",
    "editor_address": "1 rue de l’Exemple\n75000 Paris",
    "editor_phone": "01 23 45 67 89",
    "host_name": "Hébergeur d’exemple",
    "host_address": "2 rue du Serveur\n59000 Lille",
    "host_phone": "03 23 45 67 89",
    "dpo_email": "dpo@territoires.exemple.fr",
}


def read(client, url, status=200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return html_module.unescape(response.content.decode())


def text_of(html: str) -> str:
    """The words of a page, without tags, with plain spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").replace("\u202f", " ").split())


def main_of(html: str) -> str:
    return html.partition('<main id="content"')[2].partition("</main>")[0]


@pytest.fixture
def facts(site):
    SiteSettings.objects.update_or_create(defaults=FACTS)


# Home


def test_home_says_what_it_is_for_and_asks_for_a_commune(site, client):
    html = main_of(read(client, "/"))
    assert re.search(r"<h1[^>]*>Votre commune n’est pas seule</h1>", html)
    form = re.search(r'<form action="/territoires/" method="get".*?</form>', html, re.DOTALL)[0]
    assert re.search(r'<label class="fr-label" for="home-q">Quelle est votre commune\u00a0\?', form)
    assert 'id="home-q"' in form
    assert 'data-territory-combobox="go"' in form
    assert '<button class="fr-btn" type="submit">' in form


def test_home_shows_sections_in_order_but_no_draft_nor_private_page(home, client):
    first = StandardPageFactory(parent=home, title="Annuaire d’essai", show_in_menus=True)
    StandardPageFactory(parent=home, title="Hors menu", show_in_menus=False)
    StandardPageFactory(parent=home, title="En préparation", show_in_menus=True, live=False)
    secret = StandardPageFactory(parent=home, title="Réservé", show_in_menus=True)
    PageViewRestriction.objects.create(page=secret.basepage_ptr, restriction_type="login")
    second = StandardPageFactory(parent=home, title="Agenda d’essai", show_in_menus=True)
    html = main_of(read(client, "/"))
    cards = re.findall(r'class="fr-card__title"><a href="([^"]+)">([^<]+)</a>', html)
    assert cards == [
        ("/annuaire/", "Annuaire"),
        ("/ressources/", "Ressources"),
        ("/experiences/", "Expériences"),
        ("/agenda/", "Agenda"),
        ("/appels-a-projets/", "Appels à projets"),
        ("/actualites/", "Actualités"),
        (first.url, "Annuaire d’essai"),
        (second.url, "Agenda d’essai"),
    ]


def test_home_shows_first_level_themes_or_those_chosen(home, client):
    retired = Theme.objects.get(slug="mobilites")
    retired.is_active = False
    retired.save()
    links = re.findall(r'<a class="fr-tag" href="([^"]+)">([^<]+)</a>', main_of(read(client, "/")))
    assert len(links) == 10
    assert ("/recherche/?thematique=transition-ecologique", "Transition écologique") in links
    assert all("Mobilités" not in label for _url, label in links)
    home.featured_themes.set([Theme.objects.get(slug="budget-participatif"), retired])
    home.save_revision().publish()
    links = re.findall(r'<a class="fr-tag" href="([^"]+)">([^<]+)</a>', main_of(read(client, "/")))
    assert links == [("/recherche/?thematique=budget-participatif", "Budget participatif")]


def test_home_counts_territories_and_programmes(site, client):
    programme = ProgrammeFactory(name="Villages d’exemple", official_site="https://villages.exemple.fr/")
    ProgrammeFactory(name="Programme retiré", is_active=False)
    for rank in range(3):
        ProgrammeTerritoryFactory(programme=programme, territory=TerritoryFactory(), external_ref=f"{rank}")
    twice = TerritoryFactory()
    for reference in ("a", "b"):
        ProgrammeTerritoryFactory(programme=programme, territory=twice, external_ref=reference)
    TerritoryFactory(type="epci", code="200000001")
    TerritoryFactory(is_active=False)
    text = text_of(main_of(read(client, "/")))
    assert "4 communes 1 intercommunalités 5 accompagnements par un programme de l’État" in text
    assert (
        "Villages d’exemple Un programme de l’État qui accompagne les territoires. 4 territoires accompagnés" in text
    )
    assert "Programme retiré" not in text


def test_home_without_data_shows_no_empty_block(site, client):
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", main_of(read(client, "/")))
    assert headings == ["Ce que vous trouverez ici", "Chercher par thématique"]


def test_home_large_counts_are_written_in_french():
    assert [french_number(n) for n in (0, 999, 34969, 1234567)] == ["0", "999", "34\u202f969", "1\u202f234\u202f567"]


def test_home_costs_few_queries(home, client, django_assert_max_num_queries):
    for rank in range(3):
        StandardPageFactory(parent=home, title=f"Rubrique {rank}", show_in_menus=True, image=ImageFactory())
    client.get("/")
    with django_assert_max_num_queries(15):
        client.get("/")


def test_home_shows_its_body(home, client):
    home.body = [{"type": "text", "value": "<p>Un mot <b>de plus</b>.</p>"}]
    home.save_revision().publish()
    assert "<p>Un mot <b>de plus</b>.</p>" in read(client, "/")


# Text pages


def test_standard_page_lists_what_is_below_it_but_no_draft(home, client):
    page = StandardPageFactory(parent=home, title="Rubrique", summary="À lire d’abord.")
    child = StandardPageFactory(parent=page, title="Sous-page", summary="Son résumé.")
    StandardPageFactory(parent=page, title="Brouillon", live=False)
    html = read(client, page.url)
    assert "<title>Rubrique – Territoires en commun</title>" in html
    assert "À lire d’abord." in main_of(html)
    cards = re.findall(r'class="fr-card__title"><a href="([^"]+)">([^<]+)</a>', html)
    assert cards == [(child.url, "Sous-page")]
    assert "<title>Sous-page – Rubrique – Territoires en commun</title>" in read(client, child.url)


@pytest.mark.parametrize("is_cold", [True, False])
def test_standard_page_costs_the_same_with_one_picture_and_with_three(home, client, is_cold):
    def cost(number):
        images = iter(ImageFactory.create_batch(2 * number, file__width=30, file__height=20))
        blocks = [
            {"type": "image", "value": {"image": {"image": next(images).pk, "alt_text": "", "decorative": True}}}
            for _ in range(number)
        ]
        page = StandardPageFactory(parent=home, body=blocks)
        for image in images:
            StandardPageFactory(parent=page, image=image)
        for _ in range(2):
            assert read(client, page.url).count("<picture") == 2 * number
        return cost_of_visit(client, page.url, is_cold=is_cold)

    one = cost(1)
    assert cost(3) == one
    assert one <= (20 if is_cold else 15)


@pytest.mark.parametrize(("count", "shown"), [(3, False), (4, True)])
def test_standard_page_opens_with_its_contents_when_long(home, client, count, shown):
    body = [{"type": "heading", "value": {"text": f"Partie {n}", "level": "h2"}, "id": f"p{n}"} for n in range(count)]
    page = StandardPageFactory(parent=home, body=body)
    html = main_of(read(client, page.url))
    assert ('<nav class="fr-summary"' in html) is shown
    for target in re.findall(r'class="fr-summary__link" href="#([^"]+)"', html):
        assert f'<h2 id="{target}">' in html


@pytest.mark.parametrize(("live", "status"), [(True, 200), (False, 404)])
def test_unpublished_page_is_not_found(home, client, live, status):
    page = StandardPageFactory(parent=home, title="Un titre bien à elle", live=live)
    assert ("Un titre bien à elle" in read(client, page.url, status)) is live


@pytest.mark.parametrize("query", ["?a=%00", "?q=" + "x" * 5000, "?page=-1&page=9999999999999999999", "?%FF=%FE"])
@pytest.mark.parametrize("url", ["/", "/cgu/", "/plan-du-site/", "/contact/merci/"])
def test_pages_ignore_hostile_addresses(site, client, url, query):
    assert client.get(url + query).status_code == 200


# Legal pages


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "/mentions-legales/",
            ["Éditeur", "Directeur ou directrice de la publication", "Hébergeur", *list(FACTS.values())[:-1]],
        ),
        (
            "/donnees-personnelles/",
            [
                "Finalité",
                "Durée de conservation",
                "Sous-traitants",
                "dpo@territoires.exemple.fr",
                "CNIL",
                "rectification",
                "Messages reçus par le formulaire de contact",
                "30 jours après l’envoi",
                "article 6, 1, e",
            ],
        ),
        ("/cgu/", ["Éditeur : Agence d’exemple", "droit français"]),
        (
            "/gestion-des-cookies/",
            ["ne dépose aucun cookie", "« csrf »", "« session »", "« scheme »", "8 heures au plus"],
        ),
        ("/ecoconception/", ["RGESN", "200 ko", "date de revue", "Brotli"]),
    ],
)
def test_legal_page_holds_what_the_law_asks(facts, client, url, expected):
    text = text_of(read(client, url))
    for needle in expected:
        assert " ".join(needle.split()) in text, needle
    assert TO_COMPLETE not in text


def test_page_of_cookies_names_every_form_that_sets_one(site, client):
    told = {
        "home/contact.html": "contact",
        "base/report.html": "signalement d’une erreur",
        "ressources/submission/find.html": "partage d’une expérience",
        "ressources/submission/overview.html": "partage d’une expérience",
        "ressources/submission/send.html": "partage d’une expérience",
        "ressources/submission/step.html": "partage d’une expérience",
        "ressources/experience_contact.html": "message à son porteur",
        **dict.fromkeys(
            (
                f"agenda/registration/{name}.html"
                for name in ("change", "find", "give", "manage", "register", "ticket_door", "transfer")
            ),
            "inscription à un événement",
        ),
        "mailing/link_confirm.html": "confirmation d’un lien reçu par courriel",
    }
    forms = {name for name, path in our_templates().items() if "{% csrf_token %}" in path.read_text(encoding="utf-8")}
    assert {name for name in forms if "/admin/" not in name} == set(told)
    page = text_of(read(client, "/gestion-des-cookies/"))
    assert [words for words in told.values() if words not in page] == []


def test_legal_pages_hold_the_words_that_the_state_scans_for(facts, client):
    notice = read(client, "/mentions-legales/").lower()
    assert re.search(r"directeur|directrice", notice)
    assert all(word in notice for word in ("publication", "hébergeur", "éditeur"))
    privacy = read(client, "/donnees-personnelles/").lower()
    assert all(word in privacy for word in ("finalité", "durée de conservation", "sous-traitant", "mailto:dpo@"))
    assert "Accessibilité : non conforme" in read(client, "/")


@pytest.mark.parametrize(("url", "count"), [("/mentions-legales/", 9), ("/donnees-personnelles/", 3), ("/cgu/", 1)])
def test_legal_page_shows_what_the_operator_has_not_filled(site, client, url, count):
    assert text_of(read(client, url)).count(TO_COMPLETE) == count


def test_legal_page_facts_are_escaped(site, client):
    SiteSettings.objects.update_or_create(defaults={"editor_name": "<script>alert(1)</script>"})
    assert b"<script>alert" not in client.get("/mentions-legales/").content


def test_accessibility_page_follows_the_mandated_order(facts, client):
    text = text_of(main_of(read(client, "/accessibilite/")))
    steps = [
        "Agence d’exemple s’engage à rendre",
        "État de conformité",
        "non conforme au référentiel",
        "Résultats des tests",
        "Non-conformités",
        "Dérogations pour charge disproportionnée",
        "Contenus non soumis à l’obligation",
        "Établissement de cette déclaration",
        "Technologies utilisées",
        "Environnement de test",
        "Outils pour évaluer",
        "Pages du site ayant fait l’objet",
        "Retour d’information et contact",
        "equipe@territoires.exemple.fr",
        "formulaire de contact",
        "Voies de recours",
        "écrire un message au Défenseur des droits",
        "délégué du Défenseur des droits",
        "Libre réponse 71120",
    ]
    positions = [text.find(step) for step in steps]
    assert -1 not in positions, steps[positions.index(-1)]
    assert positions == sorted(positions)
    assert "aucun audit n’a encore été réalisé" in text
    assert "Schéma pluriannuel" not in text


def test_accessibility_page_follows_the_audit(facts, client, freeze):
    SiteSettings.objects.update(
        multi_year_plan_url="https://www.exemple.fr/schema", action_plan_url="https://www.exemple.fr/plan"
    )
    AccessibilityAudit.objects.create(
        date=date(2026, 10, 1),
        auditor="Cabinet d’exemple",
        conform_count=40,
        applicable_count=60,
        non_conformities="4.1 : une vidéo sans transcription\n8.9 : <b>balises</b>",
        environment="Firefox et NVDA",
        tools="Assistant RGAA",
        sample="Accueil : /",
        updated_on=date(2026, 10, 5),
    )
    freeze("2026-11-23 10:00")
    html = client.get("/accessibilite/").content.decode()
    text = text_of(html_module.unescape(html))
    assert "partiellement conforme" in text
    assert "66,66 % des critères applicables sont respectés (40 sur 60)" in text
    assert "établie le 1 octobre 2026 et mise à jour le 5 octobre 2026" in text
    assert "8.9 : &lt;b&gt;balises&lt;/b&gt;" in html
    assert "Firefox et NVDA" in text
    assert 'href="https://www.exemple.fr/schema"' in html
    assert 'href="https://www.exemple.fr/plan"' in html
    freeze("2029-10-02 10:00")
    assert "Territoires en commun est non conforme" in text_of(read(client, "/accessibilite/"))


def test_legal_page_keeps_its_address(site):
    page = LegalPage.objects.get(kind="cgu")
    page.slug = "ailleurs"
    page.save_revision().publish()
    page.refresh_from_db()
    assert page.slug == "cgu"


def test_one_legal_page_of_each_kind(home):
    page = LegalPage(kind="cgu", slug="cgu-bis", title="Autres conditions")
    with pytest.raises(Exception, match=r"nature existe déjà|slug"):
        home.add_child(instance=page)


# Site map


def test_site_map_shows_the_public_tree(home, client):
    page = StandardPageFactory(parent=home, title="Rubrique")
    StandardPageFactory(parent=page, title="Sous-page")
    hidden = StandardPageFactory(parent=home, title="Brouillon", live=False)
    StandardPageFactory(parent=hidden, title="Orpheline")
    private = StandardPageFactory(parent=home, title="Réservé")
    PageViewRestriction.objects.create(page=private.basepage_ptr, restriction_type="login")
    StandardPageFactory(parent=private, title="Sous réserve")
    html = re.sub(r"\s*\n\s*", "", main_of(read(client, "/plan-du-site/")))
    assert (
        '<li><a href="/rubrique/">Rubrique</a><ul><li><a href="/rubrique/sous-page/">Sous-page</a></li></ul></li>'
        in html
    )
    for title in ("Brouillon", "Orpheline", "Réservé", "Sous réserve"):
        assert title not in html
    assert all(f'href="{url}"' in html for url in ("/", "/recherche/", "/territoires/", "/contact/", "/cgu/"))


def test_site_map_leaves_contents_to_the_list_of_their_section(home, client):
    section = StandardPageFactory(parent=home, title="Rubrique")
    section.add_child(instance=complete(title="Un contenu parmi mille", live=True))
    html = main_of(read(client, "/plan-du-site/"))
    assert "Rubrique" in html
    assert "Un contenu parmi mille" not in html


def test_site_map_works_before_init_site(db, client):
    assert client.get("/plan-du-site/").status_code == 200
    assert StandardPage.objects.count() == 0
