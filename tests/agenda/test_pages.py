"""The page of a call, as visitors and search engines read it."""

import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageViewRestriction

from agenda.models import CallIndexPage, CallPage, CallWinner
from territoires_en_commun.base.models import LinkKind, PageLink
from tests.agenda.build import change, in_days, make_call
from tests.agenda.test_models import form_of
from tests.annuaire.build import make_actor
from tests.factories import StandardPageFactory, ThemeFactory


@pytest.fixture
def france(home, small_france):
    return small_france


def text_of(response):
    """What a reader sees in the content, spaces made plain."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]
    text = re.sub(r"<[^>]+>", " ", main).replace("&nbsp;", " ").replace("\u202f", " ")
    return " ".join(text.split())


def data_of(response):
    """The structured data of the page."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), re.DOTALL)
    return next(data for data in map(json.loads, blocks) if data["@type"] != "BreadcrumbList")


def test_page_says_what_one_must_know_first(client, france, freeze):
    freeze("2027-03-10 10:00")
    funder = make_actor(title="La Fondation", review_date=date(2028, 1, 1), territories=[france["pays:FR"]])
    call = make_call(
        title="Des halles",
        recurrence="annuel",
        opens_on=date(2027, 2, 1),
        prefiling_on=date(2027, 3, 12),
        closes_on=date(2027, 4, 1),
        amount_min=20_000,
        amount_max=1_500_000,
        rate_max=80,
        beneficiaries=["commune", "epci"],
        eligible_costs=["investissement", "ingenierie"],
        project_stages=["realisation"],
        funders=[funder],
        funders_text="des mécènes",
        contact_text="Secrétariat\nhalles@exemple.fr",
        review_date=date(2028, 1, 1),
        territories=[france["departement:23"]],
    )
    response = client.get(call.url)
    text = text_of(response)
    for expected in (
        "Des halles Ouvert Clôture dans 22 jours",
        "Ouverture 1er février 2027",
        "Pré-dépôt 12 mars 2027 (dernier jour)",
        "Clôture 1er avril 2027 (jusqu’à 23 h 59, heure de Paris)",
        "Fréquence Chaque année",
        "Montant de l’aide De 20 000 € à 1 500 000 €",
        "Taux de l’aide Jusqu’à 80 % du coût du projet",
        "Qui peut candidater Commune, intercommunalité",
        "Dépenses prises en charge Travaux et équipements, études et ingénierie",
        "Avancement du projet Réalisation",
        "Financé par La Fondation , des mécènes",
        "Où doivent être les projets Creuse",
        "Candidater sur appel.exemple.fr",
        "Secrétariat halles@exemple.fr",
        "Signaler une erreur dans cette page",
    ):
        assert expected in text, expected
    html = response.content.decode()
    assert '<time datetime="2027-04-01">1er\u00a0avril\u00a02027</time>' in html
    assert f'<a href="{funder.url}">La Fondation</a>' in html
    assert 'target="_blank" rel="noopener external" title="Candidater sur appel.exemple.fr - nouvelle fenêtre"' in html
    assert f'href="{call.url}?export=ics"' in html


@pytest.mark.parametrize(
    ("fields", "said", "unsaid"),
    [
        ({"opens_on": in_days(3)}, "Les candidatures ne sont pas encore ouvertes.", "Candidater sur"),
        ({"closes_on": in_days(-3)}, "Les candidatures sont closes.", "Candidater sur"),
        ({"closes_on": in_days(-3)}, "Clôturé le", "Ajouter la clôture"),
        ({"nature": "permanent"}, "Sans date limite", "Ajouter la clôture"),
    ],
)
def test_one_applies_only_while_the_call_is_open(client, france, fields, said, unsaid):
    text = text_of(client.get(make_call(territories=[france["pays:FR"]], **fields).url))
    assert said in text
    assert unsaid not in text


def test_structured_data_says_what_the_page_shows(client, france):
    call = make_call(
        title="</script><b>Halles</b>",
        opens_on=date(2026, 2, 1),
        closes_on=date(2099, 7, 14),
        amount_max=50_000,
        territories=[france["pays:FR"]],
    )
    response = client.get(call.url)
    assert data_of(response) == {
        "@context": "https://schema.org",
        "@type": "MonetaryGrant",
        "name": "</script><b>Halles</b>",
        "url": f"http://testserver{call.url}",
        "description": call.summary,
        "sameAs": "https://appel.exemple.fr/",
        "funder": [{"@type": "Organization", "name": "Fondation fictive"}],
        "amount": {"@type": "MonetaryAmount", "currency": "EUR", "maxValue": 50_000},
        "potentialAction": {
            "@type": "ApplyAction",
            "target": "https://appel.exemple.fr/candidater",
            "startTime": "2026-02-01T00:00:00+01:00",
            "endTime": "2099-07-14T23:59:59+02:00",
        },
    }
    assert "<b>Halles</b>" not in response.content.decode()


def test_winners_show_once_the_call_is_over_and_lead_to_public_pages_only(client, france, home):
    actor = make_actor(title="La lauréate", territories=[france["pays:FR"]])
    hidden = make_actor(title="Fiche cachée", live=False, territories=[france["pays:FR"]])
    story = StandardPageFactory(parent=home, title="Notre halle")
    winners = [
        CallWinner(name="La lauréate", actor=actor, project="La halle", amount=20_000, experience=story.basepage_ptr),
        CallWinner(name="Une autre", actor=hidden),
    ]
    call = make_call(territories=[france["pays:FR"]], winners=winners)
    assert "La lauréate" not in text_of(client.get(call.url))
    call = change(call, closes_on=in_days(-2))
    response = client.get(call.url)
    text = text_of(response)
    assert "Lauréats publiés Clôturé le" in text
    assert "La lauréate : La halle (20 000 €) Lire l’expérience : Notre halle Une autre" in text
    assert hidden.url_path.rsplit("/", 2)[-2] not in response.content.decode()
    PageViewRestriction.objects.create(page=story.basepage_ptr, restriction_type="login")
    actor.unpublish()
    html = client.get(call.url).content.decode()
    assert "Notre halle" not in html
    assert "La lauréate" in html
    assert actor.url_path.rsplit("/", 2)[-2] not in html


def test_call_without_winner_says_why_once_it_is_over(client, france):
    call = make_call(territories=[france["pays:FR"]], results_note="Aucun projet n’a été retenu.")
    assert "Aucun projet" not in text_of(client.get(call.url))
    call = change(call, closes_on=in_days(-2))
    html = client.get(call.url).content.decode()
    section = html[html.index('id="laureats"') :]
    assert "<p>Aucun projet n’a été retenu.</p>" in section[: section.index("</section>")]
    assert "<ul>" not in section[: section.index("</section>")]


def test_projects_that_answered_are_listed(client, france, home):
    call = make_call(territories=[france["pays:FR"]])
    story = StandardPageFactory(parent=home, title="Notre cour d’école")
    PageLink.objects.create(source=story, target=call.basepage_ptr, kind=LinkKind.ANSWERS)
    assert "Projets qui y ont répondu Notre cour d’école" in text_of(client.get(call.url))
    story.unpublish()
    assert "Notre cour" not in text_of(client.get(call.url))


def test_topics_lead_to_the_calls_that_share_them(client, france):
    call = make_call(themes=[ThemeFactory(name="Eau", slug="eau")], territories=[france["pays:FR"]])
    assert 'href="/appels-a-projets/?thematique=eau"' in client.get(call.url).content.decode()


def test_search_finds_calls(client, france):
    make_call(title="Cours d’école", eligibility="<p>Désimperméabiliser.</p>", territories=[france["pays:FR"]])
    assert "Cours d’école</a>" in client.get("/recherche/?q=désimperméabiliser").content.decode()


@pytest.mark.ignore_template_errors
def test_draft_is_previewed_before_it_is_complete(admin_client, france):
    call = make_call(live=False, nature="", closes_on=None, beneficiaries=[], eligibility="", territories=[])
    response = admin_client.get(f"/admin/pages/{call.pk}/view_draft/")
    assert response.status_code == 200
    assert "Sans date limite" in response.content.decode()


def test_page_costs_few_queries_whatever_it_shows(client, france):
    everywhere = [france["pays:FR"]]
    actors = [make_actor(title=f"Acteur {number}", territories=everywhere) for number in range(3)]
    seen = {}
    for count in (1, 3):
        winners = [CallWinner(name=actor.title, actor=actor) for actor in actors[:count]]
        call = make_call(
            title=f"Appel {count}",
            closes_on=in_days(-1),
            funders=actors[:count],
            winners=winners,
            territories=everywhere,
            themes=[ThemeFactory() for _ in range(count)],
        )
        for number in range(count):
            call = change(call, amount_max=1000 + number)
        client.get(call.url)
        with CaptureQueriesContext(connection) as queries:
            client.get(call.url)
        seen[count] = len(queries)
    assert seen[1] == seen[3]
    assert seen[3] <= 18  # as the fiche of an actor: nine are those of any page


@pytest.mark.ignore_template_errors
def test_new_call_is_previewed_before_it_is_saved(admin_client, superuser, france):
    """Nothing that hangs on a stored page (links, reports, changes, calendar) is asked of one that is not."""
    section = CallIndexPage.objects.get()
    query = form_of(CallPage(), superuser, title="Tout neuf", territories=[str(france["pays:FR"].pk)]).data
    path = reverse("wagtailadmin_pages:preview_on_add", args=["agenda", "callpage", section.pk])
    assert admin_client.post(path, query.urlencode(), "application/x-www-form-urlencoded").json()["is_valid"]
    response = admin_client.get(path)
    assert response.status_code == 200
    assert "Tout neuf" in response.content.decode()
