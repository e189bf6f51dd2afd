"""Blocks: what they refuse on publication, what they accept in drafts, what they print."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.template import Context, Template
from wagtail.blocks.stream_block import StreamBlockValidationError

from territoires_en_commun.base.blocks import ContentBlock, load_previews
from territoires_en_commun.base.documents import document_detail, format_weight
from tests.factories import DocumentFactory, ImageFactory, StandardPageFactory

BLOCKS = ContentBlock()


def stream(*blocks):
    """A stream value of (name, value) pairs, values as they are stored."""
    return BLOCKS.to_python(
        [{"type": name, "value": value, "id": f"b{rank}"} for rank, (name, value) in enumerate(blocks)]
    )


def render(*blocks) -> str:
    html = Template("{% load wagtailcore_tags %}{% include_block body %}").render(Context({"body": stream(*blocks)}))
    return " ".join(html.split())


def messages_of(error) -> list[str]:
    """Every message held by a nested error of blocks, in order."""
    found = []
    for name in ("block_errors", "cell_errors"):
        for child in (getattr(error, name, None) or {}).values():
            found += messages_of(child)
    found += [
        str(message)
        for item in getattr(error, "non_block_errors", [])
        for message in ([item] if isinstance(item, str) else item.messages)
    ]
    if not found and not hasattr(error, "block_errors"):
        found = list(error.messages)
    return found


def refusal(*blocks) -> list[str]:
    """What publication answers to these blocks."""
    with pytest.raises(ValidationError) as caught:
        BLOCKS.clean(stream(*blocks))
    return messages_of(caught.value)


def preview(name, **changes):
    return {**load_previews()[name], **changes}


@pytest.fixture
def image(db):
    return ImageFactory()


@pytest.fixture
def pdf(db):
    return DocumentFactory(title="Guide", file=ContentFile(b"x" * 1_234_000, "guide.pdf"))


# Rules


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("heading", {"text": "", "level": "h2"}, ["Champ requis."]),
        ("quote", preview("quote", author=""), ["Champ requis."]),
        ("alert", preview("alert", title=""), ["Champ requis."]),
        ("video", preview("video", title=""), ["Champ requis."]),
        ("video", preview("video", transcript=""), ["Champ requis."]),
        ("document", {"document": None, "title": "", "description": ""}, ["Champ requis."]),
        ("cards", {"title": "", "cards": load_previews()["cards"]["cards"]}, ["Champ requis."]),
        (
            "buttons",
            {"links": [{"label": "Voir", "page": None, "url": ""}]},
            ["Indiquez une page du site ou une adresse, et une seule des deux."],
        ),
    ],
)
def test_block_refuses_what_it_needs(db, name, value, expected):
    assert refusal((name, value)) == expected


@pytest.mark.parametrize("column", ["source", "date", "figure", "label"])
def test_key_figure_needs_its_source_and_date(db, column):
    figure = {**load_previews()["key_figures"]["figures"][0], column: None if column == "date" else ""}
    assert refusal(("key_figures", {"title": "En chiffres", "figures": [figure]})) == ["Champ requis."]


def test_link_refuses_page_and_address_together(home):
    link = {"label": "Voir", "page": home.pk, "url": "https://www.exemple.fr/"}
    assert refusal(("buttons", {"links": [link]})) == [
        "Indiquez une page du site ou une adresse, et une seule des deux."
    ]


def test_image_needs_a_description_or_to_be_decorative(image):
    value = {"image": {"image": image.pk, "alt_text": "", "decorative": False}, "caption": ""}
    assert len(refusal(("image", value))) == 1
    value["image"]["decorative"] = True
    assert len(BLOCKS.clean(stream(("image", value)))) == 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"caption": " "}, "Donnez un titre au tableau : il dit ce que le tableau contient."),
        ({"rows": []}, "Le tableau doit avoir au moins une colonne et une ligne."),
        (
            {"columns": [{"type": "text", "heading": ""}], "rows": [{"values": ["a"]}]},
            "Chaque colonne doit avoir un en-tête.",
        ),
    ],
)
def test_table_needs_caption_headings_and_rows(db, change, expected):
    table = load_previews()["table"]["table"] | change
    assert refusal(("table", {"table": table, "row_headers": False})) == [expected]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.exemple.fr/video.mp4",
        "https://youtube.com.exemple.fr/watch?v=abcdefghijk",
        "https://www.youtube.com/watch?v=court",
        "https://www.youtube.com/watch",
        "https://vimeo.com/abc",
    ],
)
def test_video_refuses_unknown_hosts(db, url):
    (message,) = refusal(("video", preview("video", url=url)))
    assert message.startswith("Adresse non reconnue. Hébergeurs acceptés :")


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["h2", "h3", "h4", "h2"], []),
        (["h3"], ["Un niveau d’intertitre est sauté : h3 après le titre de la page."]),
        (["h2", "h4"], ["Un niveau d’intertitre est sauté : h4 après un h2."]),
    ],
)
def test_headings_skip_no_level(db, levels, expected):
    blocks = [("heading", {"text": "Partie", "level": level}) for level in levels]
    if expected:
        assert refusal(*blocks) == expected
    else:
        assert len(BLOCKS.clean(stream(*blocks))) == len(levels)


def test_headings_of_text_and_cards_count_too(db):
    text = ("text", "<h2>Partie</h2><p>…</p>")
    assert len(BLOCKS.clean(stream(text, ("heading", {"text": "Suite", "level": "h3"})))) == 2
    assert refusal(("text", "<h3>Sous-partie</h3>")) == [
        "Un niveau d’intertitre est sauté : h3 après le titre de la page."
    ]
    after_cards = ("heading", {"text": "Suite", "level": "h4"})
    assert len(BLOCKS.clean(stream(("cards", load_previews()["cards"]), after_cards))) == 2


def test_drafts_may_be_incomplete(image):
    blocks = stream(
        ("heading", {"text": "", "level": "h4"}),
        ("image", {"image": {"image": image.pk, "alt_text": "", "decorative": False}, "caption": ""}),
        ("video", preview("video", title="", transcript="")),
        ("table", {"table": load_previews()["table"]["table"] | {"caption": ""}, "row_headers": False}),
        ("buttons", {"links": [{"label": "", "page": None, "url": ""}]}),
    )
    assert len(BLOCKS.clean_deferred(blocks)) == 5
    with pytest.raises(StreamBlockValidationError):
        BLOCKS.clean(blocks)


# What they print


@pytest.mark.parametrize("name", BLOCKS.child_blocks)
def test_block_preview_renders_in_the_admin(admin_client, image, pdf, name):
    block = BLOCKS.child_blocks[name]
    response = admin_client.get("/admin/block-preview/", {"id": block.definition_prefix})
    assert response.status_code == 200
    html = response.content.decode()
    assert "bundle/site.css" in html
    body = html.split('<div class="page-body">')[1]
    assert len(" ".join(body.split())) > 120


@pytest.mark.parametrize("name", ["image", "document"])
def test_block_preview_renders_with_an_empty_library(admin_client, name):
    block = BLOCKS.child_blocks[name]
    assert admin_client.get("/admin/block-preview/", {"id": block.definition_prefix}).status_code == 200


def test_heading_prints_its_level_and_anchor(db):
    assert '<h3 id="s-b0">Étapes &amp; coûts</h3>' in render(("heading", {"text": "Étapes & coûts", "level": "h3"}))


def test_quote_escapes_and_adds_its_marks(db):
    html = render(("quote", preview("quote", text="<b>Oui</b>", source="", role="")))
    assert "« &lt;b&gt;Oui&lt;/b&gt; »" in html.replace("\u00a0", " ")
    assert "fr-quote__source" not in html


def test_video_asks_nothing_of_its_host_before_a_click(db):
    html = render(("video", preview("video", url="https://www.youtube.com/watch?v=abcdefghijk")))
    assert "<iframe" not in html
    assert "<img" not in html
    assert 'href="https://www.youtube.com/watch?v=abcdefghijk"' in html
    assert 'data-video-player="https://www.youtube-nocookie.com/embed/abcdefghijk"' in html
    assert "hébergée par YouTube" in html
    assert "nouvelle fenêtre" in html
    title = preview("video")["title"]
    assert f'role="group" aria-label="{title}"' in html
    assert f'<figcaption class="fr-content-media__caption">{title}</figcaption>' in html


def test_table_prints_caption_and_scopes(db):
    html = render(("table", load_previews()["table"]))
    assert "<caption>Calendrier du projet</caption>" in html
    assert html.count('<th scope="col">') == 3
    assert html.count('<th scope="row">') == 2
    assert render(("table", preview("table", row_headers=False))).count('<th scope="row">') == 0


def test_image_prints_its_text_sizes_and_credit(image):
    value = {"image": {"image": image.pk, "alt_text": "La halle <neuve>", "decorative": False}, "caption": "Légende"}
    html = render(("image", value))
    assert 'alt="La halle &lt;neuve&gt;"' in html
    assert 'loading="lazy"' in html
    assert 'type="image/webp"' in html
    told = "Légende – Crédit : Commune d’exemple"
    assert f'<figure class="fr-content-media" role="group" aria-label="{told}">' in html
    assert f'<figcaption class="fr-content-media__caption">{told}</figcaption>' in html


def test_image_gone_prints_its_caption_alone(db):
    html = render(("image", {"image": {"image": 999, "alt_text": "x", "decorative": False}, "caption": "Légende"}))
    assert "<img" not in html
    assert "Légende" in html


def test_document_prints_format_weight_language_and_accessible_version(pdf):
    version = DocumentFactory(title="Guide en texte", language="en", file=ContentFile(b"x" * 900, "guide.txt"))
    pdf.accessible_version = version
    pdf.save()
    html = render(("document", {"document": pdf.pk, "title": "", "description": "Seize pages."}))
    assert 'Télécharger « Guide » <span class="fr-link__detail">PDF, 1,2 Mo, français</span>' in html.replace(
        "\u00a0", " "
    )
    assert 'Version accessible de « Guide » <span class="fr-link__detail">TXT, 900 o, anglais</span>' in html.replace(
        "\u00a0", " "
    )


def test_document_whose_file_is_gone_still_prints(pdf):
    pdf.file.storage.delete(pdf.file.name)
    pdf.file_size = None
    assert document_detail(pdf) == "PDF, français"


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, "0 o"), (999, "999 o"), (1000, "1 ko"), (1_250_000, "1,2 Mo"), (3_400_000_000, "3,4 Go")],
)
def test_weight_is_french(size, expected):
    assert format_weight(size) == expected.replace(" ", "\u00a0")


def test_links_to_unpublished_pages_are_not_printed(home):
    page = StandardPageFactory(parent=home, title="Réservé", live=False)
    link = {"label": "À venir", "page": page.pk, "url": ""}
    assert "À venir" not in render(("buttons", {"links": [link]}))
    page.live = True
    page.save()
    assert f'href="{page.url}"' in render(("buttons", {"links": [link]}))


def test_callout_prints_its_link_once(db):
    html = render(("callout", load_previews()["callout"]))
    assert html.count("Préparer le rendez-vous") == 1
