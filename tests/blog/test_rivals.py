"""A partner's contributor learns nothing of another partner, and changes nothing there, whatever address is guessed.

The addresses are discovered in the URLconf: a new screen of the editing space is covered at once.
"""

import pytest
from django.test import Client

from tests.blog import rivals as scene
from tests.filled_site import fill_once

pytestmark = pytest.mark.ignore_template_errors
ROUTES = scene.routes()
SPARED = {
    "wagtailadmin_logout",  # ends the session
    "wagtailadmin_error_test",  # fails on purpose
}
PUBLIC = "wagtailsnippetchoosers_"  # terms of the governed lists, which public pages bear
OBJECTS = {"page_id", "page_to_move_id", "image_id", "document_id", "doc_id", "redirect_id", "task_state_id", "pk"}
AIMED = {"event", "page_id", "parent_page_id", "image_id", "document_id", "pk"}
FAMILIES = sorted({name.rpartition(":")[0] for name, _ in ROUTES})


@pytest.fixture
def rivals(home):
    return fill_once(scene.make_rivals, home)


@pytest.fixture
def intruder(rivals):
    client = Client(raise_request_exception=False)
    client.force_login(rivals.user)
    return client


def queries(rivals) -> list[dict]:
    """What a GET asks besides: a search for the rival's words, every identifier, everything at once."""
    ids = [
        rivals.draft.pk,
        rivals.reworked.pk,
        rivals.image.pk,
        rivals.document.pk,
        rivals.space.partner_id,
        rivals.space.section_id,
    ]
    words = dict.fromkeys(("q", "search", "term", "search_query"), scene.SEARCH)
    filters = {"collection_id": rivals.space.collection_id, "owner": rivals.rival.pk, "user": rivals.rival.pk}
    return [
        {},
        {**words, **filters, "id": ids, "fields": "*", "requested_by": rivals.rival.pk, "edited_by": rivals.rival.pk},
        {
            "id": rivals.draft.pk,
            "kit": rivals.kit.pk,
            "page_type": "test_pages.ContentPage",
            "multiple": "1",
            "export": "csv",
        },
    ]


EVERYTHING = "?id=all&childOf={section}", "?id=all"  # what bulk actions understand


def harm(rivals) -> dict:
    """What a POST would change, if it were let."""
    section = rivals.own_page.get_parent().pk
    return {
        **dict.fromkeys(("title", "name", "comment", "new_title"), "Piraté"),
        **dict.fromkeys(("slug", "new_slug"), "pirate"),
        **dict.fromkeys(("action-publish", "confirm", "recursive", "publish_copies"), "1"),
        **dict.fromkeys(("new_parent_page", "chooser", "destination_page_id"), section),
        "email": "pirate@exemple.fr",
        "position": 0,
        "collection": rivals.space.collection_id,
        "target": rivals.space.partner_id,
        "id": rivals.draft.pk,
    }


def tells(response) -> bool:
    """Whether an answer holds something of the rival's."""
    content = response.getvalue() if response.streaming else response.content
    return scene.CANARY in content.decode(errors="replace") + str(response.headers)


def test_each_parameter_has_a_value(rivals):
    missing = {(name, key) for name, keys in ROUTES for key in keys if key not in scene.values(rivals, name)}
    assert missing == set()


@pytest.mark.parametrize("family", FAMILIES)
def test_intruder_learns_and_changes_nothing(rivals, intruder, family):
    before = scene.state_of(rivals)
    found = []
    for name, parameters in ROUTES:
        if name.rpartition(":")[0] != family or name in SPARED:
            continue
        aimed = scene.addresses(rivals, name, parameters)
        for address in {*aimed, *scene.addresses(rivals, name, parameters, own=True)}:
            asked = [intruder.get(address, data) for data in queries(rivals)]
            asked.append(intruder.get(address, headers={"x-requested-with": "XMLHttpRequest"}))
            if name == "wagtail_bulk_action":
                asked += [intruder.get(address + all_.format(section=rivals.space.section_id)) for all_ in EVERYTHING]
            found += [("GET", name, address, r.status_code) for r in asked if tells(r)]
        for address in aimed:
            if parameters & OBJECTS and intruder.get(address).status_code == 200 and not name.startswith(PUBLIC):
                found.append(("GET", name, address, 200))
            response = intruder.post(f"{address}?id={rivals.draft.pk}&id={rivals.image.pk}", harm(rivals))
            found += [("POST", name, address, response.status_code)] if tells(response) else []
            if response.status_code == 200 and parameters & OBJECTS:
                found.append(("POST", name, address, 200))
    shown = intruder.get("/admin/").content.decode()  # the messages that wait for the next screen
    assert (scene.CANARY in shown, found) == (False, [])
    assert scene.state_of(rivals) == before


def test_address_of_a_page_being_rewritten_is_a_link_named_as_visitors_know_it(rivals, intruder, admin_client):
    def pasted(client, tail=""):
        address = {"external-link-chooser-url": rivals.reworked.url + tail}
        return client.post("/admin/choose-external-link/", address)

    assert pasted(intruder).json()["result"]["adminTitle"] == "Page publique"
    assert scene.CANARY in pasted(admin_client).json()["result"]["adminTitle"]
    kept = pasted(intruder, "?page=2#suite")
    assert (tells(kept), kept.json()["result"]["url"]) == (False, f"{rivals.reworked.url}?page=2#suite")


def test_the_same_walk_tells_everything_to_a_superuser(rivals, admin_client):
    """Else the canary would prove nothing."""
    telling = {
        name
        for name, parameters in ROUTES
        if not parameters - {"event", "page_id", "parent_page_id", "image_id", "document_id", "pk"}
        and name not in SPARED
        for address in scene.addresses(rivals, name, parameters)
        if scene.CANARY in admin_client.get(address).content.decode()
    }
    assert {
        "wagtailadmin_explore",
        "wagtailadmin_pages:edit",
        "wagtailadmin_pages:history",
        "wagtailadmin_choose_page_child",
        "wagtailadmin_api:pages:detail",
        "wagtailadmin_api:images:detail",
        "wagtailimages:edit",
        "wagtailimages_chooser:choose",
        "wagtaildocs:edit",
        "wagtailusers_groups:edit",
        "espaces_partenaires:space",
        "signalements:index",
        "imports:index",
        "kits:index",
        "download_report",
        "inscriptions:index",
        "inscriptions:detail",
        "event_team",
        "pointage:session",
    } - telling == set()
