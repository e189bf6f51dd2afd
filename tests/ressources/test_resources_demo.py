"""The resources of the demonstration: complete, light, ours."""

import io
import xml.etree.ElementTree as ET
import zipfile

import pytest
from django.utils import timezone

from ressources import demo_files
from ressources.demo import load_resources
from ressources.kit_files import kit_files
from ressources.models import KitPage, TrainingPage
from territoires_en_commun.base.models import BasePage, CustomDocument
from territoires_en_commun.users.models import User
from tests.annuaire.build import make_actor
from tests.factories import UserFactory
from tests.filled_site import fill_once

REVIEWER = "revue@exemple.fr"

ORGANISERS = ("passeurs-nantes", "numerique-vierzon", "tiers-lieu-bourganeuf")
TEXT = "# L’été (fini)\n## Partie\n- un & deux\n- trois\nUn paragraphe " + "assez long " * 200


@pytest.fixture
def loaded(home, small_france):
    fill_once(write_resources, small_france)
    return User.objects.get(email=REVIEWER)


def write_resources(small_france):
    for name in ORGANISERS:
        make_actor(title=f"Acteur {name}", external_ref=f"demo:acteur:{name}", territories=[small_france["pays:FR"]])
    lines = list(load_resources(UserFactory(email=REVIEWER)))
    assert (len(lines), lines[0]) == (13, "Ressource « Lancer un budget participatif » créée.")


def test_ten_kits_and_three_trainings_are_published(loaded, client):
    assert (KitPage.objects.live().count(), TrainingPage.objects.live().count()) == (10, 3)
    for page in BasePage.objects.filter(external_ref__regex="^demo:(kit|training)-").specific():
        assert (page.review_owner, page.licence) == (loaded, "etalab-2.0")
        assert page.audiences.count() >= 1, page.title
        assert client.get(page.url).status_code == 200, page.title


def test_second_time_adds_nothing(loaded):
    before = CustomDocument.objects.count()
    assert list(load_resources(loaded)) == []
    assert CustomDocument.objects.count() == before


def test_trainings_wait_for_their_organisers(home, db):
    assert len(list(load_resources(UserFactory()))) == 10


def test_files_are_light_and_what_they_say(loaded):
    files = [file for kit in KitPage.objects.all() for file in kit_files(kit)]
    assert len(files) >= 15
    for file in files:
        with file.document.open_file() as stored:
            content = stored.read()
        assert 100 < len(content) == file.document.file_size < 30_000
        kind = {b"%PDF": "pdf", b"PK\x03\x04": "odt", b"\xef\xbb\xbf": "csv"}
        found = next((name for start, name in kind.items() if content.startswith(start)), "txt")
        assert file.document.file_extension == found


def test_adapted_kit_has_its_credit(loaded):
    kit = KitPage.objects.get(external_ref="demo:kit-budget-participatif-des-jeunes")
    assert kit.derived_from.external_ref == "demo:kit-budget-participatif"
    assert kit.credit.startswith("«\u00a0Lancer un budget participatif\u00a0»")


def test_history_is_in_the_past(loaded):
    kit = KitPage.objects.get(external_ref="demo:kit-budget-participatif")
    assert [change.version for change in kit.changes.all()] == ["1.2", "1.1", "1.0"]
    assert all(change.date < timezone.localdate() for change in kit.changes.all())


def test_open_document_is_well_formed():
    with zipfile.ZipFile(io.BytesIO(demo_files.odt(TEXT))) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, archive.read("mimetype")) == (
            "mimetype",
            zipfile.ZIP_STORED,
            b"application/vnd.oasis.opendocument.text",
        )
        trees = {name: ET.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".xml")}  # noqa: S314
    namespace = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
    body = trees["content.xml"]
    assert [heading.text for heading in body.iter(f"{namespace}h")] == ["L’été (fini)", "Partie"]
    assert [len(found) for found in body.iter(f"{namespace}list")] == [2]
    assert [p.text for p in body.iter(f"{namespace}p")][:2] == ["un & deux", "trois"]


def test_pdf_table_of_offsets_is_right():
    content = demo_files.pdf(TEXT * 3)
    start = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    assert content[start : start + 4] == b"xref"
    offsets = [int(line[:10]) for line in content[start:].splitlines()[3:] if line.endswith(b" n ")]
    assert [content[offset:].split(b" ", 1)[0] for offset in offsets] == [
        str(number).encode() for number in range(1, len(offsets) + 1)
    ]
    assert content.count(b"/Type /Page ") > 1
    assert "(L’été \\(fini\\))".encode("cp1252") in content
