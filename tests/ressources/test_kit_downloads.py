"""The files of a kit: served to visitors, one by one or together, and counted."""

import io
import zipfile

import pytest
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from ressources import archive, kit_views
from ressources.archive import entry_names, stream_archive
from ressources.kit_files import KitFile, kit_files
from ressources.models import Download
from territoires_en_commun.base.models import CustomDocument
from territoires_en_commun.base.rate_limits import RateLimit
from tests.ressources.kits import READER, STEP, file_piece, make_document, make_kit

CONTENT = "Élus ; agents\n".encode()


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    """Files on the disk, as on a server, where Wagtail reads them."""
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}


@pytest.fixture
def kit(home):
    version = make_document("Texte", "texte.odt", b"version accessible")
    return make_kit(
        pieces=[
            file_piece(make_document("Règlement", "reglement.pdf", b"%PDF-1.4", accessible_version=version)),
            STEP,
            file_piece(make_document("Calendrier", "calendrier.csv", CONTENT), "Calendrier 2026/2027 : l’année"),
        ]
    )


def file_url(kit, rank=0):
    return reverse("download_file", args=[kit.pk, kit_files(kit)[rank].document.pk])


def archive_url(kit):
    return reverse("download_archive", args=[kit.pk])


def counts():
    return {row.target: row.count for row in Download.objects.select_related("document")}


def get(client, url, method="get", headers=READER):
    """The answer, received to its end as a browser does, and its body."""
    response = getattr(client, method)(url, headers=headers)
    return response, response.getvalue()


def names_in(received):
    with zipfile.ZipFile(io.BytesIO(received)) as held:
        return held.namelist()


# One file


def test_file_is_served_and_counted(client, kit):
    response, received = get(client, file_url(kit, 2))
    assert (response.status_code, received) == (200, CONTENT)
    assert response["Content-Disposition"].startswith('attachment; filename="calendrier')
    assert (response["Cache-Control"], response["X-Robots-Tag"], response.cookies) == (
        "private, no-cache",
        "noindex",
        {},
    )
    assert counts() == {"Calendrier (CSV)": 1}


def test_accessible_version_is_served_too(client, kit):
    assert get(client, file_url(kit, 1))[1] == b"version accessible"
    assert counts() == {"Texte (ODT)": 1}


def test_file_that_the_reader_has_already_is_not_sent_nor_counted_again(client, kit):
    kit_files(kit)[0].document.get_file_hash()
    response, _ = get(client, file_url(kit))
    assert response.headers.get("Content-Encoding", "") == ""
    again, received = get(client, file_url(kit), headers={**READER, "if-none-match": response["ETag"]})
    assert (again.status_code, received) == (304, b"")
    assert counts() == {"Règlement (PDF)": 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": "Mozilla/5.0 (compatible; bingbot/2.0)"},
        {"user-agent": "Mozilla/5.0 (compatible; AhrefsSiteAudit; crawler)"},
        {"user-agent": ""},
        {"user-agent": "Mozilla/5.0 Firefox/140.0", "range": "bytes=500-"},
        {"user-agent": "Mozilla/5.0 Firefox/140.0", "range": "bytes=0-1023"},
        {"user-agent": "Mozilla/5.0 Firefox/140.0", "sec-purpose": "prefetch"},
        {"user-agent": "Mozilla/5.0 Firefox/140.0", "purpose": "prefetch"},
    ],
)
def test_robots_continuations_and_prefetches_are_served_but_not_counted(client, kit, headers):
    for url in (file_url(kit), archive_url(kit)):
        assert get(client, url, headers=headers)[0].status_code == 200
    assert counts() == {}


@pytest.mark.parametrize("agent", ["Mozilla/5.0 (Linux; Android 13; CUBOT P80) Chrome/140.0", "Mozilla/5.0"])
def test_readers_are_counted_whatever_their_telephone(client, kit, agent):
    get(client, file_url(kit), headers={"user-agent": agent, "range": "bytes=0-"})
    assert counts() == {"Règlement (PDF)": 1}


def test_head_is_answered_and_not_counted(client, kit):
    for url in (file_url(kit), archive_url(kit)):
        assert get(client, url, "head")[0].status_code == 200
    assert counts() == {}


def test_post_is_refused(client, kit):
    assert [client.post(url).status_code for url in (file_url(kit), archive_url(kit))] == [405, 405]


def test_files_of_hidden_kits_are_not_found(client, home):
    pieces = [file_piece(make_document("Secret", "secret.csv"))]
    draft = make_kit(title="Brouillon", pieces=pieces, live=False)
    private = make_kit(title="Privé", pieces=pieces)
    PageViewRestriction.objects.create(page=private.basepage_ptr, restriction_type="login")
    for kit in (draft, private):
        for url in (file_url(kit), archive_url(kit)):
            assert get(client, url)[0].status_code == 404
    assert counts() == {}


def test_document_of_another_page_is_not_found(client, kit):
    other = make_document("Autre", "autre.csv")
    assert get(client, reverse("download_file", args=[kit.pk, other.pk]))[0].status_code == 404


def test_private_file_is_neither_served_nor_shown_nor_archived(client, kit):
    private = kit_files(kit)[0].document
    url = file_url(kit)
    CollectionViewRestriction.objects.create(collection=private.collection, restriction_type="login")
    assert get(client, url)[0].status_code == 404
    html = client.get(kit.url).content.decode()
    assert url not in html
    received = get(client, archive_url(kit))[1]
    assert names_in(received) == [
        "00 - Fichiers absents.txt",
        "01 - Règlement (version accessible).odt",
        "02 - Calendrier 2026 2027 l’année.csv",
    ]
    with zipfile.ZipFile(io.BytesIO(received)) as held:
        assert held.read("00 - Fichiers absents.txt").decode("utf-8-sig").splitlines() == [
            "«\u00a0Budget participatif\u00a0», version 1.0",
            "Ces fichiers ne sont pas disponibles pour le moment\u00a0:",
            "- Règlement",
            f"La page du kit\u00a0: {kit.full_url}",
        ]


def test_file_inside_a_private_collection_is_private(client, kit):
    folder = Collection.get_first_root_node().add_child(name="Réservé")
    document = kit_files(kit)[2].document
    document.collection = folder.add_child(name="Dedans")
    document.save()
    url = file_url(kit, 2)
    CollectionViewRestriction.objects.create(collection=folder, restriction_type="login")
    assert get(client, url)[0].status_code == 404


def test_lost_file_is_not_found(client, kit):
    document = kit_files(kit)[0].document
    document.file.storage.delete(document.file.name)
    assert get(client, file_url(kit))[0].status_code == 404
    assert names_in(get(client, archive_url(kit))[1]) == [
        "00 - Fichiers absents.txt",
        "01 - Règlement (version accessible).odt",
        "02 - Calendrier 2026 2027 l’année.csv",
    ]


def test_archive_names_a_file_deleted_since(client, kit):
    kit_files(kit)[2].document.delete()
    with zipfile.ZipFile(io.BytesIO(get(client, archive_url(kit))[1])) as held:
        assert "- Calendrier 2026/2027 : l’année\r\n" in held.read("00 - Fichiers absents.txt").decode()


# All together


def test_archive_holds_the_files_in_order_under_their_titles(client, kit, tmp_path):
    before = set(tmp_path.rglob("*"))
    response, received = get(client, archive_url(kit))
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == 'attachment; filename="budget-participatif-1-0.zip"'
    with zipfile.ZipFile(io.BytesIO(received)) as held:
        assert held.testzip() is None
        assert {name: held.read(name) for name in held.namelist()} == {
            "01 - Règlement.pdf": b"%PDF-1.4",
            "02 - Règlement (version accessible).odt": b"version accessible",
            "03 - Calendrier 2026 2027 l’année.csv": CONTENT,
        }
    assert counts() == {"Tous les fichiers (ZIP)": 1}
    assert set(tmp_path.rglob("*")) == before


def test_archive_compresses_texts_only(client, kit):
    with zipfile.ZipFile(io.BytesIO(get(client, archive_url(kit))[1])) as held:
        assert [entry.compress_type for entry in held.infolist()] == [
            zipfile.ZIP_STORED,
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ]


def test_head_of_the_archive_opens_no_file(client, kit, monkeypatch):
    expected = get(client, archive_url(kit))[0].headers

    def open_file(document):
        raise AssertionError(f"{document} was opened")

    monkeypatch.setattr(CustomDocument, "open_file", open_file)
    response, received = get(client, archive_url(kit), "head")
    assert (response.status_code, received, response.headers) == (200, b"", expected)


def test_archive_that_the_reader_has_already_is_not_made_nor_counted_again(client, kit):
    url = archive_url(kit)
    etag = get(client, url)[0]["ETag"]
    for method in ("get", "head"):
        again, received = get(client, url, method, headers={**READER, "if-none-match": etag})
        assert (again.status_code, received, again["ETag"]) == (304, b"", etag)
    assert counts() == {"Tous les fichiers (ZIP)": 1}


def test_archive_changes_with_its_files_its_version_and_their_titles(client, kit):
    url = archive_url(kit)
    etags = [get(client, url)[0]["ETag"]]
    document = kit_files(kit)[2].document
    with open(document.file.path, "ab") as file:
        file.write(b"Habitants\n")
    etags.append(get(client, url)[0]["ETag"])
    kit.version = "1.1"
    kit.save_revision().publish()
    etags.append(get(client, url)[0]["ETag"])
    document.delete()
    etags.append(get(client, url)[0]["ETag"])
    assert len(set(etags)) == 4


def test_too_many_archives_are_refused_for_a_while(client, kit, monkeypatch, freeze):
    monkeypatch.setattr(kit_views, "PER_ADDRESS", RateLimit("archive-address", limit=1, period=3600))
    freeze("2026-11-24 10:00")
    url = archive_url(kit)
    etag = get(client, url)[0]["ETag"]
    refused, received = get(client, url)
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "réessayez dans 60 minutes, ou téléchargez les fichiers un par un." in received.decode()
    assert get(client, url, "head")[0].status_code == 200
    assert get(client, url, headers={**READER, "if-none-match": etag})[0].status_code == 304
    assert get(client, file_url(kit))[0].status_code == 200
    assert counts() == {"Tous les fichiers (ZIP)": 1, "Règlement (PDF)": 1}
    freeze("2026-11-24 11:00")
    assert get(client, url)[0].status_code == 200


@pytest.mark.parametrize(
    ("title", "name", "entry"),
    [
        ("../../etc/passwd", "a.txt", "01 - etc passwd.txt"),
        ("C:\\Windows\\système", "a.TXT", "01 - C Windows système.txt"),
        ("Modèle.odt", "modele.odt", "01 - Modèle.odt"),
        ("e\u0301te\u0301 \u202egnp.exe\x00\n", "a.csv", "01 - été gnp.exe.csv"),
        ("   . ", "a.csv", "01 - Fichier.csv"),
        ("é" * 300, "a.csv", f"01 - {'é' * 100}.csv"),
        ("<b>« Ça ? »</b>", "a.csv", "01 - b « Ça » b.csv"),
    ],
)
def test_entries_have_names_that_every_system_takes(db, title, name, entry):
    assert entry_names([KitFile(1, title, make_document(name=name))]) == [entry]


def test_same_titles_make_different_names(db):
    files = [KitFile(rank, "Modèle", make_document(name="modele.odt")) for rank in (1, 2)]
    assert entry_names(files) == ["01 - Modèle.odt", "02 - Modèle.odt"]


def test_archive_is_made_while_it_is_sent(db):
    content = bytes(range(256)) * 4096  # four chunks
    files = [KitFile(1, "Gros", make_document(name="gros.pdf", content=content))]
    chunks = list(stream_archive(files))
    assert len(chunks) == 5
    with zipfile.ZipFile(io.BytesIO(b"".join(chunks))) as held:
        assert held.read("01 - Gros.pdf") == content


def test_too_heavy_archive_is_refused_in_french(client, kit, monkeypatch):
    monkeypatch.setattr(archive, "MAX_BYTES", 20)
    refusal = "Les 3 fichiers de ce kit pèsent 41\u00a0o\u00a0: au-delà de 20\u00a0o, ils se téléchargent un par un."
    html = client.get(kit.url).content.decode()
    assert refusal in html
    assert archive_url(kit) not in html
    response, received = get(client, archive_url(kit))
    assert (response.status_code, counts()) == (404, {})
    assert refusal in received.decode()
    assert f'href="{kit.url}"' in received.decode()


def test_kit_without_file_has_no_archive(client, home):
    kit = make_kit()
    assert get(client, archive_url(kit))[0].status_code == 404
    assert "Télécharger tout" not in client.get(kit.url).content.decode()


@pytest.mark.parametrize(
    "path", [f"/ressources/telecharger/{'9' * 30}/tout/", f"/ressources/telecharger/1/{'9' * 30}/"]
)
def test_numbers_out_of_range_are_not_found(client, home, path):
    assert get(client, path)[0].status_code == 404


def test_download_costs_few_queries(client, kit, django_assert_max_num_queries):
    url = file_url(kit)
    get(client, url)
    with django_assert_max_num_queries(11):
        get(client, url)
