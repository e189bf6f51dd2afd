"""The form that proposes an experience: each screen, what it refuses, what it keeps."""

import re

import pytest
from django.test import Client

from ressources.models import ExperienceSubmission
from ressources.submission_draft_views import TOO_MANY_LINKS
from territoires_en_commun.mailing.models import OutgoingMail
from tests.factories import ActorPageFactory, AudienceFactory, DirectoryPage, ProgrammeFactory, ThemeFactory
from tests.ressources.submissions import EMAIL, step_data
from tests.ressources.visitor import START, Visitor


@pytest.fixture(autouse=True)
def france(home, small_france):
    return small_france


@pytest.fixture
def visitor(client, freeze):
    freeze("2026-11-24 10:00")
    return Visitor(client, freeze)


def html_of(response):
    return response.content.decode()


def errors_of(response):
    """The messages under the fields and above the form, in order."""
    html = html_of(response)
    assert re.search(r"<title>Erreur – ", html)
    assert "data-error-summary" in html
    lines = re.findall(
        r'<li>(?:<a href="#[^"]+">)?([^<]+)', html[html.index("data-error-summary") :].split("</div>")[0]
    )
    return [line.replace("&#x27;", "'").replace("&lt;", "<") for line in lines]


# The whole way


def test_visitor_tells_an_experience_from_the_list_to_the_sending(visitor):
    assert f'href="{START}"' in html_of(visitor.client.get("/experiences/"))
    assert visitor.start().url.endswith("/projet/")
    visitor.write()
    preview = visitor.text(f"{visitor.url}envoi/")
    for words in (
        "Étape 5 sur 5",
        "Un marché de nuit (récit fictif)",
        "Guéret , Creuse (23)",
        "De mars 2024 à juin 2025",
        "12\u202f500,50\u00a0€".replace("\u00a0", " ").replace("\u202f", " "),
        "Pas encore connu.",
        "12 mars 2024 Première réunion",
        "1 250 personnes 30 juin 2025 Comptage de la mairie",
        "Commerce de proximité",
        "Licence Ouverte 2.0",
    ):
        assert words in preview.replace("\u202f", " ")
    assert visitor.send().url == visitor.url
    assert "Votre expérience est envoyée" in visitor.text(visitor.url)
    assert visitor.submission.state == "envoye"


def test_screens_are_private_and_keep_no_cookie_but_csrf(visitor):
    visitor.start()
    for path in ("vous/", "projet/", "recit/", "bilan/", "envoi/", ""):
        response = visitor.client.get(visitor.url + path)
        assert response.status_code == 200
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Robots-Tag"] == "noindex"
        assert "no-store" in response["Cache-Control"]
        assert '<meta name="robots" content="noindex">' in html_of(response)
    assert set(visitor.client.cookies) == {"csrf"}


def test_each_screen_has_its_title_and_says_what_is_required(visitor):
    visitor.start()
    titles = {}
    for path in ("vous/", "projet/", "recit/", "bilan/"):
        html = html_of(visitor.client.get(visitor.url + path))
        assert "Sauf mention contraire « (facultatif) », tous les champs sont obligatoires." in html
        titles[path] = re.search(r"<title>([^<]+)</title>", html)[1].replace("\u00a0", " ")
    assert list(titles.values()) == [
        "Étape 1 sur 5 : Vous et votre territoire – Partager une expérience – Territoires en commun",
        "Étape 2 sur 5 : Le projet – Partager une expérience – Territoires en commun",
        "Étape 3 sur 5 : Le récit – Partager une expérience – Territoires en commun",
        "Étape 4 sur 5 : Le bilan – Partager une expérience – Territoires en commun",
    ]


def test_personal_fields_are_completed_by_browsers(visitor):
    html = html_of(visitor.client.get(START))
    found = dict(re.findall(r'name="(name|role|organisation|email)"[^>]*autocomplete="([^"]+)"', html))
    assert found == {
        "name": "name",
        "role": "organization-title",
        "organisation": "organization",
        "email": "email",
    }


# Who tells


def test_empty_first_step_names_each_field_and_its_format(visitor):
    visitor.start()
    response = visitor.client.post(f"{visitor.url}vous/", {})
    assert response.status_code == 400
    assert errors_of(response) == [
        "Votre nom : Indiquez votre nom, par exemple Camille Durand.",
        "Votre fonction : Indiquez votre fonction, par exemple maire ou chargée de mission.",
        "Votre collectivité ou organisme : Indiquez votre collectivité ou organisme, par exemple Commune de Guéret.",
        "Votre adresse électronique : Indiquez votre adresse électronique, par exemple nom@domaine.fr.",
        "Territoire de l’expérience : Indiquez un territoire : son nom, son code postal ou son code INSEE.",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"email": "pas-une-adresse"}, "saisissez une adresse e-mail valide"),
        ({"email": f"a@exemple.fr\nBcc: {EMAIL}"}, "Votre adresse électronique"),
        ({"name": "a\x00b"}, "Votre nom"),
        ({"name": "x" * 5000}, "150"),
        ({"place": "zzzzqqqqwwww"}, "Aucun territoire ne porte ce nom"),
        ({"place": "x" * 5000}, "dépasse 200 caractères"),
        ({"website": "http://robot"}, "le formulaire n’est pas parti"),
        ({"token": "faux"}, "resté ouvert trop longtemps"),
    ],
    ids=str,
)
def test_bad_first_steps_are_refused_and_kept_on_the_page(visitor, change, said):
    response = visitor.start(**change)
    assert response.status_code == 400
    assert any(said in error for error in errors_of(response)), errors_of(response)
    assert 'value="Maire"' in html_of(response)
    assert not ExperienceSubmission.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_ambiguous_territory_offers_candidates_and_keeps_what_was_typed(visitor):
    response = visitor.start(place="saint-denis")
    html = html_of(response)
    keys = re.findall(r'<input type="radio" name="place"[^>]* value="([^"]*)"', html)
    assert len(keys) > 2
    assert 'value="Camille Durand"' in html
    assert visitor.start(place=keys[0]).status_code == 302
    assert visitor.submission.data["vous"]["place"] == [keys[0]]


def test_robot_that_sends_at_once_is_refused(visitor):
    data = step_data("vous") | visitor.opened(START)
    visitor.wait(seconds=-9)
    response = visitor.client.post(START, data)
    assert (response.status_code, "plus vite" in html_of(response)) == (400, True)
    assert not ExperienceSubmission.objects.exists()


def test_double_click_on_the_first_step_makes_one_draft(visitor):
    data = step_data("vous") | visitor.opened(START)
    urls = {visitor.client.post(START, data).status_code for _ in range(2)}
    assert urls == {302}
    assert (ExperienceSubmission.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_too_many_drafts_are_told_to_wait(visitor):
    for _ in range(5):
        assert visitor.start().status_code == 302
    response = visitor.start()
    assert (response.status_code, int(response["Retry-After"]) > 0) == (429, True)
    assert visitor.start(email="autre@exemple.fr").status_code == 302


def test_links_to_new_addresses_are_limited_too(visitor):
    visitor.start()
    sent = [visitor.post("vous", email=f"p{number % 2}@exemple.fr").status_code for number in range(12)]
    assert sent == [302] * 10 + [429, 302]  # the last one is the address that it already had
    told = f"Votre adresse électronique : {TOO_MANY_LINKS}"
    response = visitor.post("vous", email="p0@exemple.fr")
    assert errors_of(response) == [told.format(minutes="60 minutes")]
    visitor.wait(minutes=59)
    response = visitor.post("vous", email="p0@exemple.fr")
    assert errors_of(response) == [told.format(minutes="1 minute")]
    assert OutgoingMail.objects.count() == 3


# Each step


@pytest.mark.parametrize(
    ("slug", "change", "said"),
    [
        ("projet", {"title": ""}, "Titre : Donnez un titre, par exemple « Un marché de nuit pour animer la place »."),
        ("projet", {"summary": "x" * 5000}, "300"),
        ("projet", {"project_status": "autre"}, "État du projet : Dites où en est le projet."),
        (
            "projet",
            {"started_on": "bientôt"},
            "Début : Indiquez un mois ou un jour, par exemple 03/2024 ou 12/03/2024.",
        ),
        ("projet", {"ended_on": "01/2024"}, "Fin : La fin précède le début."),
        ("projet", {"ended_on": ""}, "Fin : Indiquez quand l’expérience s’est arrêtée."),
        ("projet", {"themes": []}, "Thématiques : Choisissez de une à 5 thématiques."),
        ("projet", {"themes": ["9" * 30]}, "Thématiques"),
        ("projet", {"themes": ["9" * 5000]}, "Thématiques"),
        ("projet", {"themes": ["a\x00", "<b>"]}, "Thématiques"),
        ("recit", {"context": ""}, "Contexte : « Contexte » est vide : écrivez-le, ou cochez « pas encore connu »."),
        ("recit", {"context": "x" * 5001}, "5000"),
        ("recit", {"context": "a\x00b"}, "caractères de contrôle"),
        (
            "recit",
            {"context_unknown": "on"},
            "Contexte : pas encore connu : « Contexte » a un texte et la case « pas encore connu »",
        ),
        (
            "recit",
            {"etape_2_title": "Deuxième"},
            "Étape 2 : date : Étape 2 : indiquez sa date, un mois ou un jour, par exemple 03/2024 ou 12/03/2024.",
        ),
        ("recit", {"etape_6_date": "32/01/2024"}, "Étape 6 : date : Indiquez un mois ou un jour"),
        (
            "bilan",
            {"cost": "cher"},
            "Coût en euros : Indiquez un nombre en chiffres, par exemple 12 500 ou 12 500,50.",
        ),
        ("bilan", {"cost": "-1"}, "Coût en euros : Indiquez un nombre en chiffres"),
        ("bilan", {"cost": ""}, "Coût en euros : Indiquez le coût, ou cochez « coût pas encore connu »."),
        ("bilan", {"cost_unknown": "on"}, "Coût pas encore connu : Le coût est indiqué"),
        ("bilan", {"fte": "9" * 5000, "fte_unknown": ""}, "Temps passé"),
        ("bilan", {"indicateur_4_label": "Visiteurs"}, "Indicateur 4 : valeur : Indicateur 4 : indiquez sa valeur"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_step_says_what_is_wrong_and_keeps_it(visitor, slug, change, said):
    visitor.start()
    response = visitor.post(slug, **change)
    assert response.status_code == 400
    assert any(said in error for error in errors_of(response)), errors_of(response)
    assert visitor.submission.state == "brouillon"


def test_no_more_than_five_themes(visitor):
    visitor.start()
    themes = [str(ThemeFactory().pk) for _ in range(6)]
    assert errors_of(visitor.post("projet", themes=themes)) == ["Thématiques : Gardez au plus 5 thématiques."]
    assert visitor.post("projet", themes=themes[:5]).status_code == 302


def checked(html):
    """The boxes that are ticked: their names and values."""
    boxes = [box for box in re.findall(r"<input[^>]*>", html) if " checked" in box]
    return {(re.search(r'name="([^"]*)"', box)[1], re.search(r'value="([^"]*)"', box)[1]) for box in boxes}


def test_terms_are_kept(visitor):
    visitor.start()
    programme, audience = ProgrammeFactory(), AudienceFactory()
    visitor.post("projet", programmes=[str(programme.pk)], audiences=[str(audience.pk)])
    assert checked(html_of(visitor.client.get(f"{visitor.url}projet/"))) == {
        ("project_status", "acheve"),
        ("themes", step_data("projet")["themes"][0]),
        ("programmes", str(programme.pk)),
        ("audiences", str(audience.pk)),
    }


def test_folded_themes_and_rows_open_when_something_is_in_them(visitor):
    parent = ThemeFactory(name="Ponts")
    child = ThemeFactory(name="Passerelles", parent=parent)
    visitor.start()
    html = html_of(visitor.client.get(f"{visitor.url}projet/"))
    assert '<details class="submission-fold">' in html
    visitor.post("projet", themes=[str(child.pk)])
    html = html_of(visitor.client.get(f"{visitor.url}projet/"))
    assert '<details class="submission-fold" open>\n      <summary>Ponts (1 cochée)</summary>' in html
    folded = html_of(visitor.client.get(f"{visitor.url}recit/"))
    assert '<details class="submission-fold fr-mb-4w">' in folded
    visitor.post("recit", etape_5_date="03/2024", etape_5_title="Bilan")
    assert '<details class="submission-fold fr-mb-4w" open>' in html_of(visitor.client.get(f"{visitor.url}recit/"))


@pytest.mark.parametrize("text", ["😀", "مرحبا", "<b>gras</b>", "\u202eabc", "l'été d'à côté"])
def test_hostile_texts_are_shown_as_they_were_typed(visitor, text):
    visitor.start(name=text, organisation=text)
    visitor.post("projet", title=text)
    visitor.post("recit", context=text)
    visitor.post("bilan")
    html = html_of(visitor.client.get(f"{visitor.url}envoi/"))
    assert "<b>gras</b>" not in html
    assert text in visitor.text(f"{visitor.url}envoi/")
    assert visitor.send().status_code == 302


# Back, later, other tabs


def test_going_back_asks_nothing_and_keeps_what_was_typed(visitor):
    visitor.start()
    response = visitor.client.post(
        f"{visitor.url}recit/", {"context": "À moitié écrit", "etape_1_date": "un jour", "direction": "retour"}
    )
    assert response.url == f"{visitor.url}projet/"
    html = html_of(visitor.client.get(f"{visitor.url}recit/"))
    assert "À moitié écrit</textarea>" in html
    assert 'value="un jour"' in html
    assert "data-error-summary" not in html


def test_finishing_later_leads_to_the_steps_that_remain(visitor):
    visitor.start()
    visitor.post("projet")
    response = visitor.client.post(f"{visitor.url}recit/", {"context": "Début", "direction": "plus-tard"})
    assert response.url == visitor.url
    text = visitor.text(visitor.url)
    assert "Le projet – complète" in text
    assert "Le récit – à compléter" in text
    assert "Continuer : Le récit" in text


def test_refused_step_is_kept_too(visitor):
    visitor.start()
    visitor.post("bilan", cost="cher", results="Un long texte")
    assert 'value="cher"' in html_of(visitor.client.get(f"{visitor.url}bilan/"))


@pytest.mark.parametrize("change", [{"context": "x" * 20_001}, {"context": "a\x00b"}, {"etape_1_title": "\x00"}])
def test_what_cannot_be_kept_is_not_left_behind(visitor, change):
    visitor.start()
    response = visitor.post("recit", **change, direction="retour")
    assert response.status_code == 400
    assert any("ne peut pas être gardé" in error for error in errors_of(response))
    assert "recit" not in visitor.submission.data


def test_session_lost_keeps_what_was_typed(visitor):
    visitor.start()
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(f"{visitor.url}recit/", {"context": "Un long texte"})
    assert (response.status_code, "Un long texte</textarea>" in html_of(response)) == (403, True)
    assert "rien n’est enregistré" in errors_of(response)[0]
    assert "recit" not in visitor.submission.data
    response = strict.post(f"{visitor.url}envoi/", {"licence": "on"})
    assert response.status_code == 403
    assert strict.post(visitor.url).status_code == 403


def test_unknown_step_is_not_found(visitor):
    visitor.start()
    assert visitor.client.get(f"{visitor.url}autre/").status_code == 404
    assert visitor.client.post(f"{visitor.url}autre/", {}).status_code == 404
    assert visitor.client.put(f"{visitor.url}recit/").status_code == 405


# Sending


def test_incomplete_draft_says_what_remains_and_has_no_button(visitor):
    visitor.start()
    visitor.post("projet")
    html = html_of(visitor.client.get(f"{visitor.url}envoi/"))
    assert "Il reste à compléter" in html
    assert f'href="{visitor.url}recit/"' in html
    assert "Envoyer à l’équipe" not in html
    response = visitor.client.post(f"{visitor.url}envoi/", {"licence": "on", **token_of(visitor)})
    assert response.status_code == 409
    assert visitor.submission.state == "brouillon"


def token_of(visitor):
    """The token of a form of sending, whatever the page shows."""
    from ressources.submission_forms import SendForm

    token = SendForm.new_token()
    visitor.wait(seconds=10)
    return {"token": token, "website": ""}


def test_licence_is_agreed_to_and_relay_is_a_choice(visitor):
    visitor.start()
    visitor.write()
    refused = visitor.send(licence="")
    assert errors_of(refused)[0].endswith(
        "Cochez cette case pour que le récit puisse être publié sous Licence Ouverte 2.0."
    )
    html = html_of(visitor.client.get(f"{visitor.url}envoi/"))
    assert checked(html) == set()
    visitor.send(relay="")
    assert visitor.submission.data["envoi"] == {"licence": ["on"], "relay": []}


def test_sending_twice_sends_once(visitor):
    visitor.start()
    visitor.write()
    data = {"licence": "on"} | visitor.opened(f"{visitor.url}envoi/")
    responses = [visitor.client.post(f"{visitor.url}envoi/", data) for _ in range(3)]
    assert {(response.status_code, response.url) for response in responses} == {(302, visitor.url)}
    assert visitor.submission.sendings == 1
    assert OutgoingMail.objects.filter(purpose="submission_received").count() == 1


def test_robots_do_not_send(visitor):
    visitor.start()
    visitor.write()
    assert visitor.send(website="x").status_code == 400
    data = {"licence": "on"} | visitor.opened(f"{visitor.url}envoi/")
    visitor.wait(seconds=-9)
    assert visitor.client.post(f"{visitor.url}envoi/", data).status_code == 400
    assert visitor.submission.state == "brouillon"


def test_tab_left_open_after_the_sending_is_told(visitor):
    visitor.start()
    visitor.write()
    visitor.send()
    for path in ("vous/", "projet/", "recit/", "bilan/", "envoi/"):
        assert visitor.client.get(visitor.url + path).url == visitor.url
        assert visitor.client.post(visitor.url + path, step_data("projet")).url == visitor.url
    assert visitor.submission.data["recit"]["context"] == ["Une commune fictive.\n\nLa place était vide."]


def test_preview_names_the_actor_of_the_directory(visitor):
    actor = ActorPageFactory(parent=DirectoryPage.objects.get(), title="Agence d’essai", acronym="ADE")
    hidden = ActorPageFactory(parent=DirectoryPage.objects.get(), title="Agence cachée", live=False)
    visitor.start(organisation="agence d'essai (ADE)")
    visitor.write()
    assert f'<a href="{actor.url}">Agence d’essai (ADE)</a>' in html_of(visitor.client.get(f"{visitor.url}envoi/"))
    visitor.post("vous", organisation=hidden.title)
    text = visitor.text(f"{visitor.url}envoi/")
    assert "Aucune fiche de l’annuaire ne porte le nom" in text
    assert "Agence cachée" not in text


@pytest.mark.parametrize(("rows", "budget"), [(1, 14), (6, 14)])
def test_screens_cost_few_queries(visitor, django_assert_max_num_queries, rows, budget):
    visitor.start()
    visitor.write()
    steps = {
        f"etape_{n}_{part}": value for n in range(1, rows + 1) for part, value in (("date", "03/2024"), ("title", "x"))
    }
    visitor.post("recit", **steps)
    visitor.client.get(visitor.url)
    for path in ("vous/", "projet/", "recit/", "bilan/", "envoi/"):
        with django_assert_max_num_queries(budget):
            visitor.client.get(visitor.url + path)
