"""The page of a kit, as visitors and search engines read it."""

import json
import re
from datetime import date

from django.urls import reverse
from wagtail.models import PageViewRestriction

from ressources.kit_services import adapt_kit
from ressources.models import KitChange, KitPage
from territoires_en_commun.base.models import Audience
from tests.factories import AudienceFactory, ProgrammeFactory, ThemeFactory
from tests.ressources.kits import STEP, add, complete_kit, file_piece, make_document, make_kit

PIECES = [
    STEP,
    ("link", {"label": "Le site officiel", "page": None, "url": "https://exemple.fr/", "language": "en"}),
    ("step", {"title": "Voter & compter", "text": "<p>Trois semaines.</p><p>En public.</p>"}),
    ("text", {"title": "À savoir", "text": "<h4>Délai</h4><p>Un an.</p>"}),
]


def data_of(html):
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return next(data for data in map(json.loads, blocks) if data["@type"] != "BreadcrumbList")


def text_of(html):
    main = re.search(r"<main.*?</main>", html, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("&nbsp;", " ").split())


def facts_of(html):
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html, re.DOTALL)
    return {label: re.sub(r"<[^>]+>", "", text) for label, text in pairs}


NOT_REVIEWED = "Ce contenu n’a pas été revu depuis le 24\u00a0décembre\u00a02026, date prévue pour sa revue"


def test_banner_tells_that_the_review_is_late_then_that_the_kit_is_archived(client, home, freeze):
    freeze("2026-11-24 10:00")
    kit = make_kit(review_date=date(2026, 12, 24))
    freeze("2026-12-24 10:00")
    assert NOT_REVIEWED not in client.get(kit.url).content.decode()
    freeze("2026-12-25 10:00")
    html = client.get(kit.url).content.decode()
    assert f"{NOT_REVIEWED}\u00a0: vérifiez ses informations avant de vous en servir." in html
    freeze("2027-12-24 10:00")
    assert "Il est archivé" not in client.get(kit.url).content.decode()
    freeze("2027-12-25 10:00")
    html = client.get(kit.url).content.decode()
    assert f"{NOT_REVIEWED}. Il est archivé\u00a0: il reste consultable" in html


def test_page_says_in_short_what_the_kit_is(client, home, freeze):
    freeze("2026-11-24 10:00")
    kit = make_kit(
        kind="guide",
        version="1.2",
        set_up_time="jour",
        level="debutant",
        cost="moins-1000",
        licence="cc-by-4.0",
        audiences=[*Audience.objects.filter(slug__in=["habitants", "elus"])],
    )
    html = client.get(kit.url).content.decode()
    assert facts_of(html) == {
        "Pour qui": "Élus, Habitants",
        "Mise en œuvre": "Une journée",
        "Niveau": "Pour débuter",
        "Coût": "Moins de 1\u202f000\u00a0€",
        "Version": "1.2, mise à jour le 24 novembre 2026",
        "Licence": "CC BY 4.0",
    }
    assert 'href="https://creativecommons.org/licenses/by/4.0/deed.fr"' in html
    assert text_of(html).startswith("Guide Budget participatif De quoi faire, pas à pas. En bref")
    assert f'href="{reverse("report_error", args=[kit.pk])}"' in html


def test_table_of_contents_leads_to_each_piece(client, home):
    html = client.get(make_kit(pieces=PIECES).url).content.decode()
    summary = re.findall(r'<a class="fr-summary__link" href="#([^"]+)">([^<]+)</a>', html)
    assert [title.replace("\u00a0", " ") for _, title in summary] == [
        "Étape 1 : Réunir les habitants",
        "Lien : Le site officiel",
        "Étape 2 : Voter &amp; compter",
        "À savoir",
    ]
    assert re.findall(r'<h3 class="fr-h5 piece-title" id="([^"]+)"', html) == [anchor for anchor, _ in summary]
    assert [int(level) for level in re.findall(r"<h([1-6])", re.search("<main.*", html, re.DOTALL)[0])][:7] == [
        *(1, 2, 2, 3, 3, 3, 3)
    ]


def test_single_piece_needs_no_table_of_contents(client, home):
    assert "fr-summary" not in client.get(make_kit().url).content.decode()


def test_files_say_format_weight_and_language(client, home):
    english = make_document("Guide", "guide.odt", b"x" * 1200, language="en")
    pdf = make_document("Affiche", "affiche.pdf", b"x" * 1_200_000)
    kit = make_kit(pieces=[file_piece(english), file_piece(pdf, "Affiche à imprimer")])
    html = client.get(kit.url).content.decode()
    text = text_of(html).replace("\u00a0", " ")
    assert "Télécharger « Guide » ODT, 1,2 ko, anglais" in text
    assert f'href="{reverse("download_file", args=[kit.pk, english.pk])}" download hreflang="en"' in html
    assert "Télécharger « Affiche à imprimer » PDF, 1,2 Mo, français" in text
    assert "Télécharger tout (ZIP, 2 fichiers, 1,2 Mo)" in text
    assert text.count("Version accessible sur demande") == 1
    assert '<a href="/contact/?sujet=accessibilite">demander la version accessible de «' in html


def test_accessible_version_is_beside_its_file(client, home):
    version = make_document("Texte", "texte.odt", b"x" * 900)
    kit = make_kit(pieces=[file_piece(make_document("Affiche", "affiche.pdf", accessible_version=version))])
    text = text_of(client.get(kit.url).content.decode()).replace("\u00a0", " ")
    assert "Version accessible de « Affiche » ODT, 900 o, français" in text
    assert "sur demande" not in text


def test_changes_come_latest_first(client, home):
    kit = complete_kit()
    kit.changes = [
        KitChange(date=date(2025, 3, 1), version="1.0", text="Première version."),
        KitChange(date=date(2026, 3, 1), version="1.1", text="<b>Calendrier</b> revu."),
    ]
    text = text_of(client.get(add(kit).url).content.decode())
    assert (
        "Historique des versions Version 1.1, 1 mars 2026 &lt;b&gt;Calendrier&lt;/b&gt; revu. "
        "Version 1.0, 1 mars 2025 Première version." in text
    )


def test_structured_data_describes_the_steps(client, home):
    kit = make_kit(title="</script><b>Voter</b>", pieces=PIECES, set_up_time="trimestre")
    html = client.get(kit.url).content.decode()
    data = data_of(html)
    url = f"http://testserver{kit.url}"
    assert {name: data[name] for name in ("@type", "name", "totalTime", "version", "license", "url", "step")} == {
        "@type": "HowTo",
        "name": "</script><b>Voter</b>",
        "totalTime": "P3M",
        "version": "1.0",
        "license": "https://github.com/etalab/licence-ouverte/blob/master/LO.md",
        "url": url,
        "step": [
            {
                "@type": "HowToStep",
                "name": "Réunir les habitants",
                "text": "Un samedi matin, au marché.",
                "url": f"{url}#piece-p1",
            },
            {
                "@type": "HowToStep",
                "name": "Voter & compter",
                "text": "Trois semaines. En public.",
                "url": f"{url}#piece-p3",
            },
        ],
    }
    assert "<b>Voter</b>" not in html


def test_kit_without_step_is_a_work(client, home):
    data = data_of(client.get(make_kit(pieces=PIECES[3:], set_up_time="jour").url).content.decode())
    assert (data["@type"], "step" in data, "totalTime" in data) == ("CreativeWork", False, False)


def test_adaptation_credits_its_original_and_leads_to_it(client, home, editor):
    original = make_kit(title="Original")
    copy = adapt_kit(original, user=editor)
    copy.title, copy.version, copy.review_date = "Adapté", "1.0", original.review_date
    copy.save_revision().publish()
    html = client.get(KitPage.objects.get(pk=copy.pk).url).content.decode()
    assert (
        f'Adapté de <a href="{original.url}">Original</a>. Crédit&nbsp;: «\u00a0Original\u00a0», version 1.0' in html
    )


def test_hidden_original_is_not_named(client, home):
    original = make_kit(title="Original")
    copy = make_kit(title="Copie", derived_from=original, credit="Guide d’une autre équipe.")
    PageViewRestriction.objects.create(page=original.basepage_ptr, restriction_type="login")
    html = client.get(copy.url).content.decode()
    assert "Adapté de Guide d’une autre équipe." in text_of(html)
    assert "Original" not in html


def test_hidden_page_of_a_link_is_not_led_to(client, home):
    hidden = make_kit(title="Caché", live=False)
    link = ("link", {"label": "Voir aussi", "page": hidden.pk, "url": "", "language": "fr"})
    assert "Ce lien n’est pas disponible" in client.get(make_kit(pieces=[link]).url).content.decode()


def test_topics_lead_to_the_resources_that_share_them(client, home):
    kit = complete_kit(themes=[ThemeFactory(name="Eau", slug="eau")])
    kit.programmes = [ProgrammeFactory(name="Villages", slug="villages")]
    html = client.get(add(kit).url).content.decode()
    assert 'href="/ressources/?thematique=eau">Eau</a>' in html
    assert 'href="/ressources/?programme=villages">Villages</a>' in html


def test_page_costs_few_queries_whatever_its_pieces(client, home, django_assert_max_num_queries):
    for count in (1, 3):
        pieces = [file_piece(make_document(f"Fichier {rank}", f"f{rank}.pdf")) for rank in range(count)]
        kit = make_kit(title=f"Kit {count}", pieces=pieces, audiences=[AudienceFactory()])
        client.get(kit.url)
        with django_assert_max_num_queries(15):
            client.get(kit.url)
