"""What an event leaves: documents, a replay with captions, links; its page stays at its address."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.test.utils.form_data import rich_text, streamfield

from agenda.events.rules import MISSING_CAPTIONS
from agenda.models import EventPage
from territoires_en_commun.base.publication import INCOMPLETE_BLOCKS, publication_gaps
from tests.agenda.events import add_event_url, make_event, make_session, posted_event
from tests.factories import DocumentFactory

VIDEO = "https://tube.numerique.gouv.fr/w/abcdefgh1234"


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-10 10:00")


def replay(captioned, title="Le replay"):
    """A recording, as the database keeps it."""
    return {
        "type": "video",
        "id": "r1",
        "value": {
            "title": title,
            "url": VIDEO,
            "duration": "12 min",
            "transcript": "<p>Bonjour à tous.</p>",
            "is_captioned": captioned,
        },
    }


def posted(captioned):
    """What the editor's form sends, with a replay."""
    video = {
        "title": "Le replay",
        "url": VIDEO,
        "duration": "",
        "transcript": rich_text("<p>Bonjour à tous.</p>"),
        **({"is_captioned": "on"} if captioned else {}),
    }
    return posted_event(materials=streamfield([("video", video)]))


@pytest.mark.ignore_template_errors
def test_replay_without_captions_is_saved_but_never_published(admin_client):
    refused = admin_client.post(add_event_url(), posted(False) | {"action-publish": "1"})
    assert (refused.status_code, EventPage.objects.count()) == (200, 0)
    assert [error["label"] for error in refused.context["edit_handler"].errors()] == ["Documents et replay"]
    assert admin_client.post(add_event_url(), posted(False)).status_code == 302
    event = EventPage.objects.get()
    assert event.live is False
    gaps = [gap.message for gap in publication_gaps(event.get_latest_revision_as_object())]
    assert gaps == [MISSING_CAPTIONS.format(title="Le replay")]
    published = admin_client.post(
        reverse("wagtailadmin_pages:edit", args=[event.pk]), posted(True) | {"action-publish": "1"}
    )
    assert published.status_code == 302
    assert EventPage.objects.get().live is True


def test_incomplete_block_is_published_by_no_road():
    event = make_event(live=False, materials=[replay(True) | {"value": {**replay(True)["value"], "transcript": ""}}])
    assert [gap.message for gap in publication_gaps(event)] == [INCOMPLETE_BLOCKS]


def test_page_shows_what_is_left_at_the_same_address_after_the_event(client, freeze):
    document = DocumentFactory(title="Support", file=ContentFile(b"contenu", "support.odt"), file_size=7)
    event = make_event()
    make_session(event, days=1)
    url = event.url
    assert "Documents et replay" not in client.get(url).content.decode()
    freeze("2027-04-10 10:00")
    event.materials = [
        {
            "type": "document",
            "id": "d1",
            "value": {"document": document.pk, "title": "", "description": "Douze pages."},
        },
        replay(True),
        {"type": "link", "id": "l1", "value": {"label": "Le guide", "page": None, "url": "https://guide.exemple.fr/"}},
    ]
    event.save_revision().publish()
    response = client.get(url)
    html = response.content.decode()
    assert (response.status_code, html.count("<h1")) == (200, 1)
    for said in ("Documents et replay", "Télécharger «", "Douze pages.", "Transcription de la vidéo « Le replay »"):
        assert said in html
    assert 'href="https://guide.exemple.fr/"' in html
    assert "Cet événement est terminé." in html


def test_link_to_a_hidden_page_says_nothing(client):
    hidden = make_event(title="Page secrète", live=False)
    event = make_event(
        materials=[{"type": "link", "id": "l1", "value": {"label": "Un lien", "page": hidden.pk, "url": ""}}]
    )
    html = client.get(event.url).content.decode()
    assert ("Page secrète" in html, "Un lien" in html) == (False, False)
