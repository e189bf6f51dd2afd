"""« Fichiers illisibles » in the editing space: why, where they are used, for whom; and « À faire »."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection

from search.files.problems import FileProblem
from search.models import FileText
from territoires_en_commun.base.models import CustomDocument
from territoires_en_commun.base.todo import things_to_do
from tests.blog.rivals import CANARY, make_rivals
from tests.factories import DocumentFactory, UserFactory
from tests.filled_site import fill_once
from tests.pages.build import make_page

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
URL = "unreadable_files"


def unreadable(title, problem=FileProblem.ENCRYPTED, **values) -> CustomDocument:
    values = {"collection": Collection.objects.get(depth=1), **values}
    document = DocumentFactory(title=title, file__filename="a.pdf", file_hash=title[:40], **values)
    FileText.objects.create(
        document=document, file_hash=document.file_hash, file_name=document.file.name, problem=problem
    )
    return document


def page_with(document, parent, **values):
    """A page that leads to a document."""
    return make_page(parent, body=f'<p><a linktype="document" id="{document.pk}">Guide</a></p>', **values)


def shown(client, query="") -> list[str]:
    return [text.document.title for text in client.get(f"{reverse(URL)}?{query}").context["object_list"]]


def waiting(user) -> dict[str, int]:
    return {todo.label: todo.count for todo in things_to_do(user, timezone.now()) if "recherche" in todo.label}


def test_report_tells_why_and_where(client, editor, home):
    used = unreadable("Convention")
    unreadable("Budget", FileProblem.UNREADABLE)
    unreadable("Lisible", "")
    page = page_with(used, home, title="Une page")
    client.force_login(editor)

    assert shown(client) == ["Budget", "Convention"]
    assert shown(client, "raison=chiffre") == ["Convention"]
    assert shown(client, "raison=inconnue") == ["Budget", "Convention"]
    assert shown(client, "q=budg") == ["Budget"]
    assert shown(client, "ordering=document__title") == ["Budget", "Convention"]
    html = client.get(reverse(URL)).content.decode()
    assert reverse("wagtaildocs:edit", args=[used.pk]) in html
    assert "Protégé par un mot de passe ou chiffré" in html
    assert "Enregistrer le fichier sans protection, puis le remplacer." in html
    assert f'<a href="{reverse("wagtailadmin_pages:edit", args=[page.pk])}">Une page</a>' in html


def test_report_is_exported(client, editor, home):
    page_with(unreadable("Convention"), home, title="Une page")
    client.force_login(editor)

    lines = b"".join(client.get(f"{reverse(URL)}?export=csv").streaming_content).decode("utf-8-sig").splitlines()

    assert lines[0] == "Document;Raison;À faire;Pages qui l’utilisent;Constaté le"
    assert lines[1].startswith("Convention;Protégé par un mot de passe ou chiffré;Enregistrer le fichier")
    assert ";Une page;" in lines[1]


def test_replaced_file_leaves_the_report_at_once(client, editor):
    document = unreadable("Convention")
    client.force_login(editor)
    assert shown(client) == ["Convention"]
    assert waiting(editor) == {"fichier est illisible pour la recherche": 1}

    CustomDocument.objects.filter(pk=document.pk).update(file_hash="nouveau")

    assert shown(client) == []
    assert waiting(editor) == {}


def test_each_sees_the_files_that_they_may_change(client, editor, contributor, home):
    mine = unreadable("Le mien", uploaded_by_user=contributor)
    unreadable("Un autre")
    page_with(mine, home, title="Brouillon", live=False)
    client.force_login(contributor)

    assert shown(client) == ["Le mien"]
    assert shown(client, "raison=chiffre&q=autre") == []
    html = client.get(reverse(URL)).content.decode()
    assert reverse("wagtaildocs:edit", args=[mine.pk]) in html
    assert waiting(contributor) == {"fichier est illisible pour la recherche": 1}
    assert waiting(editor) == {"fichiers sont illisibles pour la recherche": 2}


def test_partner_learns_nothing_of_the_pages_of_another(client, home):
    rivals = fill_once(make_rivals, home)
    space = rivals.user.groups.get().partner_space
    document = unreadable("Le mien", collection=space.collection, uploaded_by_user=rivals.user)
    unreadable("Celui du rival", collection=rivals.space.collection, uploaded_by_user=rivals.rival)
    page_with(document, rivals.draft.get_parent(), title=f"Page {CANARY}", slug="autre", live=False)
    own = page_with(document, rivals.own_page.get_parent(), title="Ma page", slug="ma-page", live=False)
    client.force_login(rivals.user)

    assert shown(client) == ["Le mien"]
    response = client.get(reverse(URL))
    assert "Ma page" in response.content.decode()
    assert CANARY not in response.content.decode()
    assert own.title == "Ma page"
    assert waiting(rivals.user) == {"fichier est illisible pour la recherche": 1}


def test_report_is_refused_without_the_right(client, site, reviewer):
    stranger = UserFactory()
    stranger.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(stranger)
    unreadable("Convention")

    assert client.get(reverse(URL)).status_code == 302
    assert reverse(URL) not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert waiting(stranger) == {}
    client.logout()
    assert client.get(reverse(URL)).status_code == 302


def test_report_is_in_the_menu(client, editor):
    client.force_login(editor)

    assert reverse(URL) in client.get(reverse("wagtailadmin_home")).content.decode()


def test_todo_leads_to_exactly_these(client, editor):
    unreadable("Convention")
    unreadable("Budget")
    client.force_login(editor)
    (todo,) = [todo for todo in things_to_do(editor, timezone.now()) if "recherche" in todo.label]

    assert client.get(todo.url).context["paginator"].count == todo.count == 2


def test_report_costs_the_same_for_three_files(client, superuser, home):
    client.force_login(superuser)
    client.get(reverse(URL))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(URL))
        return len(queries)

    page_with(unreadable("Un"), home, title="Page 1", slug="page-1")
    alone = cost()
    for number in (2, 3):
        page_with(unreadable(f"Fichier {number}"), home, title=f"Page {number}", slug=f"page-{number}")

    assert cost() == alone
