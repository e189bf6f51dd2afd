"""From the links of published pages to the list of those that are dead."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from territoires_en_commun.base.dead_links.checking import MUTE, check_due_links, check_link, spread, summary
from territoires_en_commun.base.dead_links.finding import labels_of_fields, links_of, normalise, note_all_links
from territoires_en_commun.base.dead_links.judging import Outcome, Verdict
from territoires_en_commun.base.dead_links.recording import record_verdict
from territoires_en_commun.base.models import LinkCheck, LinkState, LinkUse
from territoires_en_commun.home.models import StandardPage
from tests.base.web_server import web_server
from tests.factories import ActorPageFactory, DocumentFactory, StandardPageFactory
from tests.pages.build import make_draft, make_page, make_section

pytestmark = pytest.mark.django_db
FAILURE = Verdict(Outcome.FAILS, 404, "Page introuvable (404)")
ANSWER = Verdict(Outcome.ANSWERS, 200)


def link(url="https://exemple.fr/", **values):
    return LinkCheck.objects.update_or_create(url=url, defaults=values)[0]


def states():
    return dict(LinkCheck.objects.order_by("url").values_list("url", "state"))


# Finding


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://Exemple.FR", "https://exemple.fr/"),
        ("HTTPS://exemple.fr/A?b=c#d", "https://exemple.fr/A?b=c"),
        ("  https://exemple.fr/école ", "https://exemple.fr/%C3%A9cole"),
        ("https://www.Ville-Médiévale.fr/École", "https://www.xn--ville-mdivale-hhbc.fr/%C3%89cole"),
        ("https://é:8443/", "https://xn--9ca:8443/"),
        ("//exemple.fr/a", "http://exemple.fr/a"),
        ("/annuaire/", "http://testserver/annuaire/"),
        ("www.exemple.fr", "http://testserver/www.exemple.fr"),
        ("#partie", ""),
        ("", ""),
        ("mailto:a@exemple.fr", ""),
        ("tel:+33102030405", ""),
        ("ftp://exemple.fr/a", "ftp://exemple.fr/a"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("http://[::1", "http://[::1"),
        ("https://exemple.fr/" + "a" * 2000, ""),
    ],
)
def test_address_has_one_form(href, url):
    assert normalise(href) == url


def body(*blocks):
    return [{"type": kind, "value": value} for kind, value in blocks]


def test_links_of_a_page_come_from_every_kind_of_field(home):
    target = StandardPageFactory(parent=home, title="Cible", slug="cible", live=False)
    page = StandardPage(title="Page", slug="page")
    page.body = body(
        ("text", f'<p><a href="https://a.exemple.fr/#x">A</a> <a linktype="page" id="{target.pk}">Cible</a></p>'),
        ("text", '<p><a linktype="page" id="99999">Disparue</a> <a linktype="document" id="3">PDF</a></p>'),
        ("quote", {"text": "https://pas-un-lien.fr", "author": "B", "source_url": "https://b.exemple.fr"}),
        ("callout", {"title": "", "text": "", "link": [{"label": "C", "page": None, "url": "https://c.exemple.fr"}]}),
        ("accordion", [{"title": "D", "text": '<a href="https://d.exemple.fr">D</a>'}]),
        ("cards", {"title": "E", "cards": [{"label": "E", "url": "https://e.exemple.fr/"}]}),
        ("steps", {"title": "F", "steps": [{"title": "F", "text": '<a href="https://f.exemple.fr">F</a>'}]}),
        (
            "table",
            {
                "table": {
                    "columns": [{"type": "text", "heading": "1"}, {"type": "rich_text", "heading": "2"}],
                    "rows": [{"values": ["https://non.fr", '<a href="https://g.exemple.fr">G</a>']}],
                    "caption": "",
                }
            },
        ),
        ("video", {"title": "H", "url": "https://h.exemple.fr/", "transcript": "<p>Rien</p>"}),
        ("inconnu", {"url": "https://non.fr"}),
    )

    assert links_of(page) == {("body", f"https://{letter}.exemple.fr/") for letter in "abcdefgh"} | {
        ("body", "http://testserver/cible/"),
        ("body", "http://testserver/documents/3/"),
    }


def test_links_of_an_empty_draft_are_none():
    assert links_of(StandardPage()) == set()


def test_links_of_an_actor_have_their_field_named(home):
    actor = ActorPageFactory(parent=home, website="https://a.exemple.fr", description='<a href="/non/">N</a>')

    found = links_of(actor)

    assert found == {("website", "https://a.exemple.fr/"), ("description", "http://testserver/non/")}
    model = type(actor)
    fields = ("website", "description", "contacts.email", "disparu", "disparu.x")
    assert labels_of_fields((model, field) for field in fields) == {
        (model, "website"): "Site internet",
        (model, "description"): "Ce que fait l’acteur",
        (model, "contacts.email"): "Contacts : adresse e-mail",
        (model, "disparu"): "disparu",
        (model, "disparu.x"): "disparu.x",
    }


def test_links_are_those_of_published_contents_and_kept_up_to_date():
    section = make_section()
    page = make_page(section, body='<a href="https://a.exemple.fr/">A</a> <a href="https://b.exemple.fr/">B</a>')
    make_page(section, title="Autre", slug="autre", body='<a href="https://a.exemple.fr/">A</a>')
    draft = make_draft(section)
    draft.body = '<a href="https://brouillon.exemple.fr/">non</a>'
    draft.save_revision()
    assert set(states()) == {"https://a.exemple.fr/", "https://b.exemple.fr/"}  # noted when published

    page.body = '<a href="https://c.exemple.fr/">C</a>'
    revision = page.save_revision()
    assert note_all_links() == 2  # a draft changes nothing
    revision.publish()
    assert note_all_links() == 2
    assert [(use.page_id == page.pk, use.link.url) for use in LinkUse.objects.order_by("link__url")] == [
        (False, "https://a.exemple.fr/"),
        (True, "https://c.exemple.fr/"),
    ]

    page.refresh_from_db()
    page.unpublish()
    assert LinkUse.objects.filter(page=page).count() == 0
    assert note_all_links() == 1


def test_noting_links_costs_the_same_for_one_page_and_three(django_assert_num_queries):
    section = make_section()
    make_page(section, body='<a href="https://a.exemple.fr/">A</a>')
    note_all_links()
    with CaptureQueriesContext(connection) as one:
        note_all_links()
    for number in (1, 2):
        make_page(section, title=f"P{number}", slug=f"p{number}", body='<a href="https://b.exemple.fr/">B</a>')

    with django_assert_num_queries(len(one)):
        note_all_links()


# The rule


def record(row, verdict, day):
    return record_verdict(link=row, verdict=verdict, now=timezone.make_aware(timezone.datetime(2026, 11, day, 10)))


def test_three_failures_over_three_days_make_a_dead_link():
    row = link()
    history = [record(row, FAILURE, day) for day in (1, 1, 1, 2, 2, 5)]

    assert [(each.state, each.failed_days) for each in history] == [
        (LinkState.SUSPECT, 1),
        (LinkState.SUSPECT, 1),
        (LinkState.SUSPECT, 1),
        (LinkState.SUSPECT, 2),
        (LinkState.SUSPECT, 2),
        (LinkState.DEAD, 3),
    ]
    last = history[-1]
    assert (last.first_failed_on, last.last_failed_on, last.status, last.cause) == (
        date(2026, 11, 1),
        date(2026, 11, 5),
        404,
        "Page introuvable (404)",
    )


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (ANSWER, LinkState.OK),
        (Verdict(Outcome.UNSURE, 403, "Accès refusé aux robots (403)"), LinkState.TO_CHECK),
        (Verdict(Outcome.REFUSED, None, "L’adresse mène à un réseau interne"), LinkState.REFUSED),
    ],
)
def test_anything_but_a_failure_starts_afresh(verdict, state):
    row = link()
    for day in (1, 2, 3):
        record(row, FAILURE, day)

    row = record(row, verdict, 4)
    assert (row.state, row.failed_days, row.first_failed_on, row.cause) == (state, 0, None, verdict.cause)
    assert record(row, FAILURE, 5).failed_days == 1


def test_closed_door_never_makes_a_dead_link():
    row = link()

    for day in range(1, 10):
        record(row, Verdict(Outcome.UNSURE, 503, "Service momentanément indisponible (503)"), day)
    row.refresh_from_db()

    assert row.state == LinkState.TO_CHECK


def test_database_refuses_a_link_dead_too_soon():
    with pytest.raises(IntegrityError), transaction.atomic():
        link(state=LinkState.DEAD, failed_days=2)


def test_due_links_are_new_failing_or_old(freeze):
    freeze("2026-11-24 01:30")
    now = timezone.localtime()
    for name, state, age in [
        ("neuf", LinkState.NEW, None),
        ("echec-hier", LinkState.SUSPECT, timedelta(hours=12)),
        ("echec-ce-matin", LinkState.SUSPECT, timedelta(hours=1)),
        ("bon-hier", LinkState.OK, timedelta(days=1)),
        ("bon-ancien", LinkState.OK, timedelta(days=8)),
        ("mort-ancien", LinkState.DEAD, timedelta(days=9)),
        ("mort-hier", LinkState.DEAD, timedelta(days=1)),
    ]:
        link(f"https://{name}.fr/", state=state, failed_days=3, checked_at=age and now - age)

    assert [row.url for row in LinkCheck.objects.due(now)] == [
        "https://echec-hier.fr/",
        "https://neuf.fr/",
        "https://mort-ancien.fr/",
        "https://bon-ancien.fr/",
    ]


# A run


@pytest.fixture
def server(settings):
    with web_server() as running:
        settings.LINK_CHECK_PORTS = [running.port]
        settings.LINK_CHECK_EXTRA_NETWORKS = ["127.0.0.1/32"]
        settings.LINK_CHECK_PAUSE = 0
        settings.LINK_CHECK_TIMEOUT = 0.5
        yield running


def test_run_checks_what_is_due_and_goes_on_where_it_stopped(server):
    rows = [link(server.url(path)) for path in ("/200", "/404", "/403")]

    assert check_due_links(limit=2) == "Liens vérifiés : 2 (répondent : 1 ; en échec, à confirmer : 1)."
    assert check_due_links(limit=2) == "Liens vérifiés : 1 (à vérifier : 1)."
    assert check_due_links(limit=2) == "Aucun lien à vérifier."
    assert list(states().values()) == [LinkState.OK, LinkState.TO_CHECK, LinkState.SUSPECT]
    assert len(rows) == 3


def test_run_is_bounded_by_the_setting(server, settings):
    settings.LINK_CHECK_PER_RUN = 1
    link(server.url("/200"))
    link(server.url("/204"))

    assert check_due_links() == "Liens vérifiés : 1 (répondent : 1)."


def test_addresses_of_the_site_take_no_place_from_the_others(server, settings):
    settings.LINK_CHECK_PER_RUN = 1
    for path in ("/contact/", "/plan-du-site/", "/inconnue/"):
        link(f"http://testserver{path}")
    link(server.url("/200"))
    link(server.url("/204"))

    assert check_due_links() == "Liens vérifiés : 4 (répondent : 3 ; en échec, à confirmer : 1)."
    assert check_due_links(limit=1) == "Liens vérifiés : 1 (répondent : 1)."


def test_link_dies_in_three_nights_and_comes_back(server, freeze):
    row = link(server.url("/page"))
    server.statuses["/page"] = 404
    seen = []
    for night in ("2026-11-24", "2026-11-25", "2026-11-26"):
        freeze(f"{night} 01:30")
        check_due_links()
        seen.append(LinkCheck.objects.get().state)
    server.statuses["/page"] = 200
    freeze("2026-12-04 01:30")
    check_due_links()

    assert [*seen, LinkCheck.objects.get().state] == ["suspect", "suspect", "mort", "ok"]
    assert row.url in states()


def test_run_without_network_writes_nothing(settings, monkeypatch):
    for number in range(6):
        link(f"https://inconnu{number}.invalid/")
    before = states()

    assert check_due_links() == MUTE
    assert states() == before

    link("http://testserver/inconnue/")
    assert check_due_links() == f"Liens vérifiés : 1 (en échec, à confirmer : 1). {MUTE}"
    assert states() == before | {"http://testserver/inconnue/": LinkState.SUSPECT}


def test_run_with_network_believes_that_some_links_are_dead(server):
    for number in range(6):
        link(f"https://inconnu{number}.invalid/")
    link(server.url("/200"), state=LinkState.OK, checked_at=timezone.now() - timedelta(days=8))

    assert "répondent : 1" in check_due_links()


def test_hosts_take_turns():
    urls = ["https://a.fr/1", "https://a.fr/2", "https://a.fr/3", "https://b.fr/1", "http://[::1", "https://c.fr/1"]

    assert [row.url for row in spread([LinkCheck(url=url) for url in urls])] == [
        "https://a.fr/1",
        "https://b.fr/1",
        "http://[::1",
        "https://c.fr/1",
        "https://a.fr/2",
        "https://a.fr/3",
    ]


def test_link_that_no_page_has_any_more_is_left_alone(server):
    row = link(server.url("/200"))
    LinkCheck.objects.all().delete()

    assert check_link(row) is None


def test_summary_leaves_out_what_is_nil():
    assert summary(Counter()) == "Aucun lien vérifié."
    assert summary(Counter({LinkState.REFUSED: 1})) == "Liens vérifiés : 1 (refusés : 1)."


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/", LinkState.OK),
        ("/annuaire/", LinkState.OK),
        ("/annuaire", LinkState.OK),
        ("/annuaire/?type=association", LinkState.OK),
        ("/contact/", LinkState.OK),
        ("/inconnue/", LinkState.SUSPECT),
        ("/cachee/", LinkState.SUSPECT),
        ("/privee/", LinkState.TO_CHECK),
        ("/ancienne/", LinkState.OK),
        ("/ancienne-cachee/", LinkState.SUSPECT),
        ("/documents/999/inconnu.pdf", LinkState.SUSPECT),
        ("/%00/", LinkState.SUSPECT),
    ],
)
def test_links_of_the_site_to_itself_are_asked_of_its_routes(home, path, state):
    hidden = StandardPageFactory(parent=home, title="Cachée", slug="cachee", live=False)
    private = StandardPageFactory(parent=home, title="Privée", slug="privee")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    Redirect.add_redirect("/ancienne/", redirect_to="/annuaire/")
    Redirect.add_redirect("/ancienne-cachee/", redirect_to=hidden)

    assert check_link(link(f"http://testserver{path}")).state == state


def test_links_to_documents_are_those_that_visitors_can_open():
    there, gone, private = (DocumentFactory() for _ in range(3))
    private.collection = Collection.get_first_root_node().add_child(name="Interne")
    private.save()
    CollectionViewRestriction.objects.create(
        collection=private.collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    make_page(
        body="".join(f'<a linktype="document" id="{document.pk}">A</a>' for document in (there, gone, private)),
    )
    lost = f"/documents/{gone.pk}/"
    gone.delete()
    note_all_links()

    found = {row.url.removeprefix("http://testserver"): check_link(row).state for row in LinkCheck.objects.all()}
    assert found == {there.url: LinkState.OK, private.url: LinkState.TO_CHECK, lost: LinkState.SUSPECT}
    there.file.storage.delete(there.file.name)
    assert check_link(LinkCheck.objects.get(url__endswith=there.url)).state == LinkState.SUSPECT


def test_command_notes_and_checks(server, capsys):
    make_page(make_section(), body=f'<a href="{server.url("/200")}">A</a>')

    call_command("check_links", nombre=10)

    assert capsys.readouterr().out == "Liens relevés : 1. Liens vérifiés : 1 (répondent : 1).\n"


def test_command_refuses_a_number_that_makes_no_sense():
    with pytest.raises(CommandError, match="à partir de 1"):
        call_command("check_links", nombre=0)
