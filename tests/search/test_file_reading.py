"""Documents whose text is kept in step with their file."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from search.files.problems import FileProblem
from search.files.services import documents_to_read
from search.files.signals import file_text_changed
from search.files.tasks import read_file
from search.jobs import read_missed_files
from search.models import FileText
from territoires_en_commun.base.models import CustomDocument
from territoires_en_commun.mailing.scheduling import load_jobs
from tests.search.files import docx_file, encrypted_pdf, pdf, xlsx_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """``with commit():`` runs what waits for the end of the transaction, the tasks that it gives included."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def told():
    """The documents whose text changed, in order."""
    found = []

    def note(document_id, **kwargs):
        found.append(document_id)

    file_text_changed.connect(note, sender=FileText)
    yield found
    file_text_changed.disconnect(note, sender=FileText)


def store(content: bytes, name="guide.pdf", title="Guide") -> CustomDocument:
    document = CustomDocument(title=title, file=ContentFile(content, name))
    document._set_document_file_metadata()
    document.save()
    return document


def replace(document: CustomDocument, content: bytes, name="guide.pdf"):
    document.file = ContentFile(content, name)
    document._set_document_file_metadata()
    document.save()


def kept(document) -> FileText:
    return FileText.objects.get(document=document)


def test_new_document_is_read_after_the_commit(commit, told):
    with commit():
        document = store(pdf("Règlement", "Annexe"))
        assert not FileText.objects.exists()

    text = kept(document)
    assert (text.pages, text.labels) == (["Règlement", "Annexe"], ["page 1", "page 2"])
    assert (text.problem, text.is_truncated, text.file_hash) == ("", False, document.file_hash)
    assert told == [document.pk]


def test_replaced_file_is_read_again(commit, told):
    with commit():
        document = store(encrypted_pdf(pdf("Secret"), password="secret"))
    assert (kept(document).problem, kept(document).pages) == (FileProblem.ENCRYPTED, [])
    assert told == []

    with commit():
        replace(document, xlsx_file(Budget=[["Voirie"]]), "budget.xlsx")

    assert (kept(document).problem, kept(document).pages) == ("", ["Voirie"])
    assert kept(document).labels == ["feuille Budget"]
    assert told == [document.pk]


def test_same_file_is_not_read_again(commit, told):
    with commit():
        document = store(pdf("Règlement"))
    with commit() as callbacks:
        document.title = "Autre titre"
        document.save()

    assert callbacks == []
    read_file.enqueue(document.pk)
    assert told == [document.pk]


def test_file_of_another_format_forgets_the_text(commit, told):
    with commit():
        document = store(pdf("Règlement"))
    with commit():
        replace(document, b"Texte", "guide.txt")

    assert not FileText.objects.exists()
    assert told == [document.pk] * 2
    with commit() as callbacks:
        store(b"Texte", "notes.csv")
    assert callbacks == []


def test_text_goes_with_its_document(commit):
    with commit():
        document = store(pdf("Règlement"))

    document.delete()

    assert not FileText.objects.exists()
    read_file.enqueue(document.pk or 1)
    assert not FileText.objects.exists()


def test_file_in_capital_letters_is_read(commit):
    with commit():
        document = store(docx_file("Convention"), "CONVENTION.DOCX")

    assert kept(document).pages == ["Convention"]


def test_limits_come_from_the_settings(commit, settings):
    settings.SEARCH_FILE_MAX_PAGES = 1
    with commit():
        document = store(pdf("Un", "Deux"))

    assert (kept(document).pages, kept(document).is_truncated) == (["Un"], True)


def test_job_reads_what_was_missed_and_nothing_twice(commit):
    first, second = store(pdf("Un")), store(pdf("Deux"))
    store(b"Texte", "notes.txt")
    assert list(documents_to_read()) == [first, second]

    assert read_missed_files() == "Documents à lire : 2."
    assert (kept(first).pages, kept(second).pages) == (["Un"], ["Deux"])
    assert read_missed_files() == ""

    CustomDocument.objects.filter(pk=first.pk).update(file_hash="0" * 40)
    assert list(documents_to_read()) == [first]
    assert "read_files" in load_jobs()


def test_job_is_bounded(monkeypatch):
    monkeypatch.setattr("search.jobs.FILES_PER_RUN", 1)
    for page in ("Un", "Deux"):
        store(pdf(page))

    assert read_missed_files() == "Documents à lire : 1."
    assert FileText.objects.count() == 1


def test_missing_file_is_said_to_be_and_tried_again_after_the_others():
    document = store(pdf("Un"))
    content = pdf("Un")
    default_storage.delete(document.file.name)
    read_missed_files()
    assert kept(document).problem == FileProblem.MISSING

    newer = store(pdf("Deux"), "annexe.pdf")  # "guide.pdf" may be free again
    assert list(documents_to_read()) == [newer, document]
    default_storage.save(document.file.name, ContentFile(content))
    read_missed_files()

    assert (kept(document).problem, kept(document).pages) == ("", ["Un"])


def test_text_of_a_file_replaced_meanwhile_is_not_kept():
    """Another task reads the new one."""
    from search.files.services import read_document

    document = store(pdf("Ancien"))
    CustomDocument.objects.filter(pk=document.pk).update(file_hash="1" * 40)

    read_document(document)

    assert not FileText.objects.exists()


def test_database_refuses_an_unknown_problem():
    document = store(pdf("Un"))
    with pytest.raises(IntegrityError), transaction.atomic():
        FileText.objects.create(document=document, file_name="a.pdf", problem="inconnu")


def test_editor_who_uploads_a_file_has_it_read(client, editor, commit):
    from wagtail.models import Collection

    client.force_login(editor)
    root = Collection.objects.get(depth=1)
    form = {"title": "Guide", "file": ContentFile(pdf("Mode d’emploi"), "guide.pdf"), "collection": root.pk}
    with commit():
        response = client.post(
            reverse("wagtaildocs:add"), {**form, "language": "fr", "tags": "", "accessible_version": ""}
        )

    assert response.status_code == 302
    text = FileText.objects.get()
    assert (text.document.title, text.pages) == ("Guide", ["Mode d’emploi"])
    assert timezone.now() - text.extracted_at < timedelta(minutes=1)
