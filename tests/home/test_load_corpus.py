"""The command that loads documents as published pages, updates them and removes them."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.search.backends import get_search_backend

from territoires_en_commun.base.models import BasePage
from territoires_en_commun.home.models import StandardPage
from tests.factories import StandardPageFactory, ThemeFactory

pytestmark = pytest.mark.django_db

WELL = {"id": "fiche-1", "title": "Forer un puits", "intro": "L’eau du bourg.", "body": "Un.\n\nDeux.\nTrois."}
MILL = {"id": "fiche-2", "title": "Relever un moulin", "body": "Sur la rivière."}


@pytest.fixture
def load(site, tmp_path):
    """Load these documents, or lines of text as they are; what the command says, and its errors if there are any."""

    def run(*documents, **options) -> str:
        file = tmp_path / "corpus.jsonl"
        lines = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in documents]
        file.write_bytes(b"\n".join(lines))
        output, errors = StringIO(), StringIO()
        call_command("load_corpus", str(file), stdout=output, stderr=errors, **options)
        return errors.getvalue() + output.getvalue()

    return run


def clear(**options) -> str:
    output = StringIO()
    call_command("load_corpus", delete=True, stdout=output, **options)
    return output.getvalue()


def page_of(ref: str) -> StandardPage:
    return StandardPage.objects.get(external_ref=ref)


def section() -> StandardPage:
    return StandardPage.objects.get(slug="corpus")


def html_of(page: StandardPage) -> list[str]:
    return [block.value.source for block in page.body]


def found(words: str) -> set[str]:
    results = get_search_backend().search(words, StandardPage, operator="and")
    return set(results.get_queryset().values_list("external_ref", flat=True))


# Loading


def test_documents_are_published_pages_of_a_section_under_the_home_page(client, home, load):
    assert load(WELL, MILL) == (
        "Section « Corpus » (/corpus/) : 2 page(s) créée(s), 0 mise(s) à jour, 0 inchangée(s).\n"
    )
    assert section().get_parent().pk == home.pk
    assert [page.external_ref for page in section().get_children().order_by("path")] == ["fiche-1", "fiche-2"]
    page = page_of("fiche-1")
    assert (page.live, page.title, page.slug, page.summary) == (
        True,
        "Forer un puits",
        "forer-un-puits",
        "L’eau du bourg.",
    )
    assert html_of(page) == ["<p>Un.</p><p>Deux.</p><p>Trois.</p>"]
    page.full_clean()
    assert BasePage.find_problems() == ([], [], [], [], [])
    for address in (page.url, section().url):
        assert client.get(address).status_code == 200
    assert found("puits bourg") == {"fiche-1"}
    assert found("rivière") == {"fiche-2"}


def test_intro_longer_than_a_summary_is_cut_at_a_word_and_kept_whole_in_the_body(load):
    intro = "Accompagner les communes rurales " * 12
    load(WELL | {"intro": intro})
    page = page_of("fiche-1")
    assert len(page.summary) <= 300
    assert page.summary.endswith(" communes rurales…")
    assert html_of(page)[0].startswith(f"<p>{intro.strip()}</p><p>Un.</p>")


def test_title_that_is_too_long_is_cut_at_a_word_and_told(load):
    said = load(MILL, WELL | {"title": "Habitat partagé " * 20})
    assert said.startswith("Titres trop longs : 1\n  ligne 2 : titre coupé à 255 caractères.\n")
    title = page_of("fiche-1").title
    assert len(title) <= 255
    assert title.endswith("partagé Habitat…")


def test_themes_are_found_by_name_slug_or_what_replaced_them_and_unknown_ones_told_once(load):
    water = ThemeFactory(name="Eau potable", slug="eau")
    mobility = ThemeFactory(name="Mobilité du quotidien", slug="mobilite-du-quotidien")
    ThemeFactory(name="Transports", slug="transports", is_active=False, replaced_by=mobility)
    said = load(
        WELL | {"themes": ["eau potable", "eau", "Transports", "Licornes"]}, MILL | {"themes": ["Licornes", " "]}
    )
    assert said.startswith("Thématiques inconnues, ignorées : 1\n  Licornes (2 document(s))\n")
    assert set(page_of("fiche-1").themes.all()) == {water, mobility}
    assert list(page_of("fiche-2").themes.all()) == []


def test_pages_of_one_title_have_addresses_of_their_own(load):
    load(WELL, WELL | {"id": 7}, WELL | {"id": "x", "title": "！！"}, WELL | {"id": "y", "title": "？"})
    slugs = {page.external_ref: page.slug for page in section().get_children()}
    assert slugs == {"fiche-1": "forer-un-puits", "7": "forer-un-puits-2", "x": "document", "y": "document-2"}


def test_hostile_text_stays_text(client, load):
    script = "<script>alert(1)</script> & {{ settings.SECRET_KEY }}"
    load(WELL | {"title": script, "intro": script, "body": f"{script}\x00\ud800\x07 fin\u2028suite"})
    page = page_of("fiche-1")
    assert html_of(page) == [
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ settings.SECRET_KEY }} fin</p><p>suite</p>"
    ]
    content = client.get(page.url).content.decode()
    assert "<script>alert" not in content
    assert "{{ settings.SECRET_KEY }}" in content
    assert "<script>alert" not in client.get(section().url).content.decode()


def test_blank_lines_and_the_mark_of_windows_files_are_left_out(load):
    load(b"\xef\xbb\xbf" + json.dumps(WELL).encode(), b"  ", json.dumps(MILL).encode() + b"\r")
    assert section().get_children_count() == 2


def test_two_hundred_documents_take_a_bounded_number_of_requests(load):
    theme = ThemeFactory(name="Eau")
    documents = [WELL | {"id": f"d{number}", "themes": [theme.slug]} for number in range(200)]
    load(WELL)
    with CaptureQueriesContext(connection) as queries:
        load(*documents)
    assert section().get_children_count() == 201
    assert len(queries) < 130
    with CaptureQueriesContext(connection) as queries:
        load(*documents)
    assert len(queries) < 15


# Loading again


def test_same_file_again_changes_nothing(load):
    ThemeFactory(name="Eau")
    documents = [WELL | {"themes": ["Eau"]}, MILL]
    load(*documents)
    before = list(BasePage.objects.order_by("pk").values_list("pk", "path", "last_published_at", "latest_revision"))
    assert "0 page(s) créée(s), 0 mise(s) à jour, 2 inchangée(s)." in load(*documents)
    after = list(BasePage.objects.order_by("pk").values_list("pk", "path", "last_published_at", "latest_revision"))
    assert after == before


@pytest.mark.parametrize(
    "change",
    [{"title": "Forer deux puits"}, {"intro": "L’eau des bourgs."}, {"body": "Autre chose."}, {"themes": ["Eau"]}],
)
def test_page_of_the_same_id_is_updated_in_place(load, change):
    ThemeFactory(name="Eau")
    load(WELL, MILL)
    before = page_of("fiche-1")
    assert "1 page(s) créée(s), 1 mise(s) à jour, 1 inchangée(s)." in load(WELL | change, MILL, WELL | {"id": "n"})
    page = page_of("fiche-1")
    assert (page.pk, page.slug, page.live, page.has_unpublished_changes) == (before.pk, before.slug, True, False)
    read = {"title": page.title, "intro": page.summary, "body": html_of(page)[0], "themes": page.themes.all()}
    wanted = WELL | {"body": "<p>Un.</p><p>Deux.</p><p>Trois.</p>", "themes": []} | change
    assert read["title"] == wanted["title"]
    assert read["intro"] == wanted["intro"]
    assert read["body"].replace("<p>", "").startswith(wanted["body"].replace("<p>", "")[:3])
    assert [theme.name for theme in read["themes"]] == wanted["themes"]
    latest = page.get_latest_revision_as_object()
    assert (latest.title, latest.summary, html_of(latest)) == (page.title, page.summary, html_of(page))


def test_page_that_was_unpublished_is_published_again(load):
    load(WELL)
    page_of("fiche-1").unpublish()
    assert "1 mise(s) à jour" in load(WELL)
    assert page_of("fiche-1").live


# Refusals


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": ', "ce n’est pas du JSON."),
        (b"[" * 100_000, "ce n’est pas du JSON."),
        (b'{"id": ' + b"9" * 10_000 + b', "title": "t"}', "ce n’est pas du JSON."),
        (b'{"id": "a", "title": "\xe9"}', "ce n’est pas du texte en UTF-8."),
        (b'["id", "title"]', "ce n’est pas un objet JSON."),
        ({"title": "Sans"}, "« id » manque."),
        ({"id": "", "title": "Vide"}, "« id » manque."),
        ({"id": True, "title": "Vrai"}, "« id » doit être un texte ou un nombre entier."),
        ({"id": 1.5, "title": "Demi"}, "« id » doit être un texte ou un nombre entier."),
        ({"id": " a", "title": "t"}, "« id » contient des espaces de trop ou des caractères illisibles."),
        ({"id": "a\x00b", "title": "t"}, "« id » contient des espaces de trop ou des caractères illisibles."),
        ({"id": "a" * 256, "title": "t"}, "« id » dépasse 255 caractères."),
        ({"id": "a"}, "« title » manque."),
        ({"id": "a", "title": " \x00 "}, "« title » manque."),
        ({"id": "a", "title": 3}, "« title » doit être un texte."),
        ({"id": "a", "title": "t", "intro": []}, "« intro » doit être un texte."),
        ({"id": "a", "title": "t", "body": {"html": ""}}, "« body » doit être un texte."),
        ({"id": "a", "title": "t", "themes": "Eau"}, "« themes » doit être une liste de textes."),
        ({"id": "a", "title": "t", "themes": [1]}, "« themes » doit être une liste de textes."),
        (WELL, "l’identifiant « fiche-1 » est déjà à la ligne 1."),
        ({"id": "autre", "title": "t"}, "l’identifiant « autre » est celui d’une autre page, « Déjà là »."),
    ],
)
def test_wrong_line_is_refused_with_its_number_and_nothing_is_written(home, load, line, reason):
    StandardPageFactory(parent=home, title="Déjà là", external_ref="autre")
    before = BasePage.objects.count()
    with pytest.raises(CommandError) as refusal:
        load(WELL, line, MILL)
    assert str(refusal.value) == (
        f"Rien n’a été chargé (--skip-invalid charge les autres lignes).\n1 ligne(s) refusée(s)\n  ligne 2 : {reason}"
    )
    assert BasePage.objects.count() == before

    said = load(WELL, line, MILL, skip_invalid=True)
    assert said.startswith(f"1 ligne(s) refusée(s)\n  ligne 2 : {reason}\n")
    assert [page.external_ref for page in section().get_children()] == ["fiche-1", "fiche-2"]


def test_first_twenty_wrong_lines_are_listed_then_counted(load):
    with pytest.raises(CommandError) as refusal:
        load(*[{"id": f"d{number}"} for number in range(45)])
    lines = str(refusal.value).splitlines()
    assert lines[1:3] == ["45 ligne(s) refusée(s)", "  ligne 1 : « title » manque."]
    assert lines[-2:] == ["  ligne 20 : « title » manque.", "  … et 25 autre(s)"]


def test_command_refuses_what_it_cannot_read_or_has_nothing_to_do_with(load, tmp_path):
    for arguments, message in [
        ([], "Donnez le fichier à charger"),
        ([str(tmp_path / "absent.jsonl")], "ne peut pas être lu"),
        ([str(tmp_path)], "ne peut pas être lu"),
        (["--delete"], "n’a pas créé de section « Corpus »"),
    ]:
        with pytest.raises(CommandError, match=message):
            call_command("load_corpus", *arguments)
    with pytest.raises(CommandError, match="aucun document"):
        load()
    with pytest.raises(CommandError, match="aucun document"):
        load(b"{", skip_invalid=True)
    assert not StandardPage.objects.filter(slug="corpus").exists()


def test_section_is_never_a_page_of_somebody_else(home, load):
    page = StandardPageFactory(parent=home, title="Conseils", slug="conseils", external_ref="demo:conseils")
    below = StandardPageFactory(parent=page, title="Un conseil", external_ref="demo:conseil")
    for title in ("Conseils", "Recherche", "！！", "", "a" * 201):
        with pytest.raises(CommandError, match="section"):
            load(WELL, section=title)
    with pytest.raises(CommandError, match="n’a pas créé de section « Conseils »"):
        clear(section="Conseils")
    assert StandardPage.objects.filter(pk__in=[page.pk, below.pk]).count() == 2


def test_without_a_home_page_the_command_says_what_to_do_first(tmp_path):
    file = tmp_path / "corpus.jsonl"
    file.write_text(json.dumps(WELL))
    with pytest.raises(CommandError, match="lancez d’abord init_site"):
        call_command("load_corpus", str(file))


# Removing


def test_delete_removes_the_pages_and_their_section_and_nothing_else(home, load):
    before = set(BasePage.objects.values_list("pk", flat=True))
    load(MILL | {"id": "autre"}, section="Autre corpus")
    other = set(BasePage.objects.values_list("pk", flat=True))
    load(WELL, MILL)
    assert found("puits") == {"fiche-1"}
    assert clear() == "Section « Corpus » : 2 page(s) supprimée(s), la section aussi.\n"
    assert set(BasePage.objects.values_list("pk", flat=True)) == other
    assert BasePage.find_problems() == ([], [], [], [], [])
    assert found("puits") == set()
    clear(section="Autre corpus")
    assert set(BasePage.objects.values_list("pk", flat=True)) == before
    assert "2 page(s) créée(s)" in load(WELL, MILL)


def test_delete_leaves_pages_that_people_added_to_the_section(load):
    load(WELL, MILL)
    added = StandardPageFactory(parent=section(), title="Présentation")
    under = StandardPageFactory(parent=page_of("fiche-2"), title="Sous un document")
    assert clear() == "Section « Corpus » : 1 page(s) supprimée(s), il reste 2 page(s) dans la section.\n"
    assert {page.pk for page in section().get_descendants()} == {added.pk, under.pk, page_of("fiche-2").pk}


def test_delete_with_a_file_removes_the_documents_of_the_file_only(load):
    load(WELL, MILL)
    said = load(MILL, delete=True)
    assert said == "Section « Corpus » : 1 page(s) supprimée(s), il reste 1 page(s) dans la section.\n"
    assert [page.external_ref for page in section().get_children()] == ["fiche-1"]
