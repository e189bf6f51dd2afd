"""The page of an experience, as visitors, councils and search engines read it."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils.html import strip_tags

from ressources.models import ExperienceIndicator, ExperienceStatus, ExperienceStep
from territoires_en_commun.base.models import PageLink
from tests.factories import ActorPageFactory, DirectoryPage, UserFactory
from tests.query_costs import cost_of_visit
from tests.ressources.experiences import make_experience
from tests.ressources.test_kit_pages import NOT_REVIEWED

ADDRESS = "adresse-secrete@exemple.fr"


@pytest.fixture
def france(home, small_france):
    return small_france


def html_of(client, page, query=""):
    response = client.get(f"{page.url}{query}")
    assert response.status_code == 200
    return response.content.decode()


def text_of(html):
    return " ".join(strip_tags(html).split())


def facts_of(html):
    facts = re.search(r'<dl class="experience-list">(.*?)</dl>', html, re.DOTALL)[1]
    return {label: text_of(value) for label, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", facts, re.DOTALL)}


def data_of(html):
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return next(data for data in map(json.loads, blocks) if data["@type"] != "BreadcrumbList")


def test_page_says_the_essential_in_short(client, france):
    holder = ActorPageFactory(parent=DirectoryPage.objects.get(), title="Mairie fictive", acronym="MF")
    page = make_experience(
        place=france["commune:23096"],
        holder=holder,
        cost=Decimal("12500.50"),
        fte=Decimal("0.25"),
        problem=f"<p>{'mot ' * 100}</p>",
    )
    assert facts_of(html_of(client, page)) == {
        "Problème": f"{'mot ' * 75}…",
        "Territoire": "Guéret, Creuse (23)",
        "Population": "12 955 habitants (strate : 10 000 à 20 000 habitants)",
        "Porteur": "Mairie fictive (MF)",
        "État du projet": "Achevé",
        "Période": "De mars 2024 à juin 2025 (16 mois)",
        "Coût": "12 500,50 €",
        "Temps passé": "0,25 ETP",
    }


def test_page_says_what_is_not_known_yet(client, france):
    page = make_experience(
        place=france["epci:200034825"],
        project_status=ExperienceStatus.ONGOING,
        ended_on=None,
        cost=None,
        cost_unknown=True,
        fte=None,
        fte_unknown=True,
        results="",
        results_unknown=True,
    )
    html = html_of(client, page)
    facts = facts_of(html)
    assert (facts["Période"], facts["Coût"], facts["Temps passé"]) == (
        "Depuis mars 2024",
        "Coût pas encore connu",
        "Temps passé pas encore connu",
    )
    results = re.search(r'<section[^>]*aria-labelledby="resultats">(.*?)</section>', html, re.DOTALL)[1]
    assert text_of(results) == "Résultats Pas encore connu."
    assert "comme=" not in html


def test_steps_are_on_a_line_of_time_from_the_first_to_the_last(client, france):
    steps = [
        ExperienceStep(date=date(2025, 6, 12), title="Ouverture", text="Ligne <b>une</b>.\nLigne deux."),
        ExperienceStep(date=date(2024, 3, 1), month_only=True, title="Enquête"),
    ]
    html = html_of(client, make_experience(steps=steps))
    found = re.findall(r'<time datetime="([\d-]+)">(.*?)</time></p>\s*<h3[^>]*>(.*?)</h3>', html)
    assert found == [("2024-03", "Mars 2024", "Enquête"), ("2025-06-12", "12 juin 2025", "Ouverture")]
    assert "Ligne &lt;b&gt;une&lt;/b&gt;.<br>Ligne deux." in html


def test_figure_without_source_says_so(client, france):
    indicators = [
        ExperienceIndicator(
            label="Visites", value=Decimal("1234.50"), unit="par an", date=date(2025, 1, 2), source="Observatoire"
        ),
        ExperienceIndicator(label="Recettes", value=Decimal("10.5"), unit="€", source_url="https://exemple.fr/bilan"),
        ExperienceIndicator(label="Récolte", value=Decimal("2.40"), unit="tonnes"),
    ]
    html = html_of(client, make_experience(indicators=indicators))
    table = re.search(r"<tbody>(.*?)</tbody>", html, re.DOTALL)[1]
    rows = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("</tr>")[:-1]]
    assert [[text_of(cell) for cell in row] for row in rows] == [
        ["Visites", "1 234,5 par an", "2 janvier 2025", "Observatoire"],
        ["Recettes", "10,50 €", "date non indiquée", "https://exemple.fr/bilan"],
        ["Récolte", "2,4 tonnes", "date non indiquée", "source non indiquée"],
    ]
    assert table.count("fr-badge--warning") == 1
    assert '<a href="https://exemple.fr/bilan">' in table


def test_hidden_holder_does_not_leak(client, france):
    holder = ActorPageFactory(parent=DirectoryPage.objects.get(), title="Porteur secret", live=False)
    page = make_experience(holder=holder)
    assert "Porteur secret" not in html_of(client, page) + html_of(client, page, "?vue=conseil")


def test_linked_pages_are_shown_both_ways(client, france):
    directory = DirectoryPage.objects.get()
    holder = ActorPageFactory(parent=directory, title="Mairie fictive")
    helper = ActorPageFactory(parent=directory, title="Atelier fictif")
    page, draft = (
        make_experience(title="Un récit", holder=holder),
        make_experience(title="Brouillon secret", live=False),
    )
    for target in (helper, draft):
        PageLink.objects.create(source=page, target=target, kind="acteur" if target is helper else "lie")
    make_experience(title="Non publiée", holder=holder, live=False)
    html = html_of(client, page)
    assert "Acteurs associés</h2>" in html
    assert "Brouillon secret" not in html
    assert "Participe à</h2>" in html_of(client, helper)
    held = html_of(client, holder)
    assert held.count("Un récit</a>") == 1
    assert "Expériences portées</h2>" in held
    assert "Non publiée" not in held


def test_page_leads_to_communes_alike_to_the_relay_and_to_the_report(client, france):
    page = make_experience(place=france["commune:23096"], slug="un-recit", contact_email=ADDRESS)
    html = html_of(client, page)
    for address in (
        "/experiences/?comme=commune%3A23096",
        "/experiences/contact/un-recit/",
        f"/experiences/comparer/?id={page.pk}",
        f"/signaler-une-erreur/{page.pk}/",
        "/experiences/un-recit/?vue=conseil",
    ):
        assert f'href="{address}"' in html


def test_structured_data_says_what_the_page_shows(client, france):
    holder = ActorPageFactory(parent=DirectoryPage.objects.get(), title="Mairie fictive")
    page = make_experience(
        title="</script><b>Récit</b>", place=france["commune:23096"], holder=holder, contact_email=ADDRESS
    )
    html = html_of(client, page)
    data = data_of(html)
    assert (data["@type"], data["headline"], data["inLanguage"]) == ("Article", "</script><b>Récit</b>", "fr")
    assert data["author"] == {"@type": "Organization", "name": "Mairie fictive"}
    assert data["contentLocation"] == {"@type": "AdministrativeArea", "name": "Guéret"}
    assert data["datePublished"] == page.first_published_at.isoformat()
    assert "<b>Récit</b>" not in html


def test_contact_is_shown_nowhere(client, france):
    account = UserFactory(email="elue-secrete@exemple.fr", first_name="Prénomsecret", last_name="Nomsecret")
    page = make_experience(title="Un récit", contact=account, contact_email=ADDRESS, place=france["commune:23096"])
    answers = [
        html_of(client, page),
        html_of(client, page, "?vue=conseil"),
        client.get("/experiences/?q=récit").content.decode(),
        client.get(f"/experiences/comparer/?id={page.pk}").content.decode(),
        client.get(f"/experiences/contact/{page.slug}/").content.decode(),
        client.get("/recherche/?q=récit").content.decode(),
        client.get(france["commune:23096"].get_absolute_url()).content.decode(),
        b"".join(client.get("/experiences/?export=csv")).decode(),
    ]
    assert [answer for answer in answers if re.search("secret", answer, re.IGNORECASE)] == []
    assert client.get("/experiences/?q=récit guéret").context["listing"].count == 1
    assert client.get("/experiences/?q=secrete").context["listing"].count == 0
    assert client.get("/recherche/?q=Nomsecret").context["listing"].count == 0


# The sheet of the council


def test_council_sheet_answers_its_questions(client, france):
    page = make_experience(contact_email=ADDRESS, slug="un-recit", to_redo="", to_redo_unknown=True)
    html = html_of(client, page, "?vue=conseil")
    assert re.findall(r"<h2>(.*?)</h2>", html) == [
        "Le problème",
        "Ce qui a été fait",
        "Ce que cela a donné",
        "Les risques",
        "Ce que le porteur referait autrement",
        "Qui appeler",
    ]
    assert len(re.findall("<h1", html)) == 1
    assert '<meta name="robots" content="noindex">' in html
    assert f'<link rel="canonical" href="{settings.SITE_URL}{page.url}">' in html
    assert "/experiences/contact/un-recit/</a>" in html
    assert html.count("Pas encore connu.") == 1
    assert "<script" not in html


def test_page_and_council_sheet_tell_that_the_review_is_late(client, france, freeze):
    freeze("2026-11-24 10:00")
    page = make_experience(review_date=date(2026, 12, 24))
    for query in ("", "?vue=conseil"):
        freeze("2026-12-24 10:00")
        assert NOT_REVIEWED not in html_of(client, page, query)
        freeze("2026-12-25 10:00")
        assert NOT_REVIEWED in html_of(client, page, query)


@pytest.mark.parametrize("view", ["inconnue", "", "%00", "a" * 5000, "conseil&vue=autre"])
def test_unknown_view_is_the_page_itself(client, france, view):
    html = html_of(client, make_experience(), f"?vue={view}")
    assert '<dl class="experience-list">' in html


def test_council_sheet_cuts_long_sections_between_two_words(client, france):
    page = make_experience(difficulties=f"<p>{'mot ' * 500}</p><ul><li>fin</li></ul>")
    risks = re.search(r"<h2>Les risques</h2>\s*<p>(.*?)</p>", html_of(client, page, "?vue=conseil"))[1]
    assert risks == "mot " * 111 + "mot\u00a0…"


def test_page_costs_the_same_queries_with_one_and_three_of_everything(client, france):
    holder = ActorPageFactory(parent=DirectoryPage.objects.get())
    seen = {}
    for total in (1, 3):
        inspirations = [make_experience(title=f"Source {total}.{rank}", holder=holder) for rank in range(total)]
        page = make_experience(
            place=france["commune:23096"],
            holder=holder,
            contact=UserFactory(),
            inspired_by=inspirations,
            steps=[ExperienceStep(date=date(2024, 1, rank + 1), title="Étape") for rank in range(total)],
            indicators=[ExperienceIndicator(label="Chiffre", value=1, unit="un") for _ in range(total)],
        )
        client.get(page.url)
        seen[total] = [cost_of_visit(client, page.url, is_cold=is_cold) for is_cold in (False, True)]
    assert seen == {1: [5, 16], 3: [5, 16]}
