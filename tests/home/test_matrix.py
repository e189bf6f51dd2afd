"""Who may do what: one table, each cell of it tried through real requests (SEC-11).

``P`` is the contributor of a partner, ``D`` Accueil (the door of events), ``O`` Organisateurs, ``C`` Contributeurs,
``R`` Relecteurs, ``E`` Éditeurs, ``A`` Administrateurs. A letter in a row says yes; its absence says no. An account
without any role may do nothing; a superuser may do all that somebody may. What the team of an event adds to ``D`` and
``O`` is tried in tests/agenda/test_team.py.
"""

import pytest
from django.db import transaction
from django.test import Client

from tests.factories import UserFactory
from tests.home import matrix_actions as actions

pytestmark = pytest.mark.ignore_template_errors

ROLES = {
    "D": "Accueil",
    "O": "Organisateurs",
    "C": "Contributeurs",
    "R": "Relecteurs",
    "E": "Éditeurs",
    "A": "Administrateurs",
}
MATRIX = """
                                                            who
    Pages
        create_text                                         C E A
        create_and_publish                                  E A
        create_actor                                        C E A
        create_article                                      C E A
        create_article_in_section                           P C E A
        create_article_in_other_section                     C E A
        create_legal                                        nobody
        edit_own                                            C R E A
        edit_other                                          R E A
        edit_home                                           R E A
        edit_legal                                          R E A
        edit_section                                        R E A
        preview_other                                       R E A
        history_of_other                                    R E A
        publish_other                                       E A
        bulk_publish                                        E A
        unpublish                                           E A
        delete_own                                          C R E A
        delete_other                                        R E A
        delete_live                                         E A
        delete_tree                                         A
        move_own                                            C E A
        move_live                                           E A
        lock                                                E A
        unlock_other                                        E A
        restrict                                            E A
        submit_own                                          C R E A
        approve_other                                       R E A
        approve_own                                         nobody
    Images, documents
        add_image                                           P C E A
        add_document                                        P C E A
        edit_own_image                                      C E A
        edit_other_image                                    E A
        edit_other_document                                 E A
        delete_other_image                                  E A
        delete_other_document                               E A
        choose_image                                        C R E A
        create_collection                                   A
    Governed lists, spaces of partners
        add_theme                                           E A
        retire_theme                                        E A
        delete_theme                                        E A
        add_programme                                       E A
        add_territory_of_programme                          E A
        delete_territory_of_programme                       E A
        add_audience                                        E A
        add_author                                          E A
        merge_partners                                      E A
        open_space                                          A
        invite                                              A
    Everything else
        answer_report                                       E A
        start_import                                        E A
        add_redirect                                        E A
        read_mails                                          A
        create_account                                      A
        govern_groups                                       A
        edit_settings                                       A
        edit_site                                           A
        edit_workflow                                       A
        add_audit                                           A
        read_site_history                                   P D O C R E A
        read_locked_pages                                   E A
"""
ROWS = {
    words[0]: set(words[1:]) - {"nobody"}
    for line in MATRIX.splitlines()
    if line.startswith(" " * 8) and (words := line.split()) and words != ["who"]
}


def sign_in(role: str, scene) -> Client:
    client = Client()
    client.user = UserFactory(groups=[ROLES[role]] if role in ROLES else [], superuser=role == "S")
    if role == "P":
        scene.space.group.user_set.add(client.user)
    client.force_login(client.user)
    return client


@pytest.mark.parametrize("name", ROWS)
def test_who_may(home, name):
    scene = actions.make_scene(home)
    allowed = set()
    for role in ("none", "P", *ROLES, "S"):
        with transaction.atomic():
            if getattr(actions, name)(sign_in(role, scene), scene):
                allowed.add(role)
            transaction.set_rollback(True)
    assert allowed == ROWS[name] | ({"S"} if ROWS[name] else set())


def test_each_action_has_its_row():
    tried = {
        name
        for name, thing in vars(actions).items()
        if getattr(thing, "__module__", "") == actions.__name__
        and getattr(thing, "__code__", None)
        and thing.__code__.co_varnames[: thing.__code__.co_argcount] == ("client", "scene")
    }
    assert tried - {"own_draft"} == set(ROWS)
