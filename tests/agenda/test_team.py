"""The team of an event: organisers who do not edit its page, and a door that only checks in."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from agenda.events.kinds import TeamRole
from agenda.models import EventTeamMember
from agenda.sessions import team as services
from agenda.sessions.policy import checked_in_events, may_check_in, organised_events, organises
from tests.agenda.events import enrol, make_event, make_session
from tests.factories import UserFactory

pytestmark = pytest.mark.ignore_template_errors
ORGANISER, DOOR = TeamRole.ORGANISER, TeamRole.DOOR


@pytest.fixture
def event(home):
    return make_event(title="Atelier des cafés")


def signed_in(role="Accueil", event=None, as_=None):
    """A client of an account with this role in the editing space, and a place in the team of the event or not."""
    client = Client()
    client.user = UserFactory(groups=[role] if role else [])
    if as_:
        EventTeamMember.objects.create(event=event, user=client.user, role=as_)
    client.force_login(client.user)
    return client


def team_url(event):
    return reverse("event_team", args=[event.pk])


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def roles(event) -> dict:
    return {member.user_id: member.role for member in event.team.all()}


def test_rights_follow_the_team_and_the_page(event):
    other = make_event(title="Autre")
    organiser, door = signed_in("Organisateurs", event, ORGANISER).user, signed_in("Accueil", event, DOOR).user
    editor, nobody = UserFactory(groups=["Éditeurs"]), UserFactory(groups=["Accueil"])
    left = UserFactory()  # in the team, out of the editing space
    EventTeamMember.objects.create(event=event, user=left, role=ORGANISER)

    def rights(user):
        return (
            organises(user, event),
            event in organised_events(user),
            may_check_in(user, event),
            event in checked_in_events(user),
            other in checked_in_events(user),
        )

    assert rights(organiser) == (True, True, True, True, False)
    assert rights(door) == (False, False, True, True, False)
    assert rights(editor) == (True, True, True, True, True)
    assert rights(nobody) == rights(left) == (False, False, False, False, False)


def test_organiser_of_the_team_manages_the_sessions_of_the_event_alone(event):
    session, other = make_session(event), make_session(make_event(title="Autre"))
    client = signed_in("Organisateurs", event, ORGANISER)
    html = client.get(reverse("seances:index")).content.decode()
    assert ("Atelier des cafés" in html, "Autre" in html) == (True, False)
    assert client.get(reverse("seances:edit", args=[session.pk])).status_code == 200
    assert client.get(reverse("seances:edit", args=[other.pk])).status_code == 302
    assert client.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).status_code == 302


def test_door_sees_the_check_in_and_nothing_else(event):
    session = make_session(event)
    enrol(session)
    client = signed_in("Accueil", event, DOOR)
    html = client.get("/admin/").content.decode()
    assert ("Pointage" in html, "Séances" in html) == (True, False)
    assert client.get(reverse("pointage:session", args=[session.pk])).status_code == 200
    forbidden = [
        reverse("seances:index"),
        reverse("seances:edit", args=[session.pk]),
        reverse("seances:event", args=[event.pk]),
        reverse("seances:verb", args=[session.pk, "annuler"]),
        team_url(event),
        reverse("event_questions", args=[event.pk]),
        reverse("wagtailadmin_pages:edit", args=[event.pk]),
        "/admin/pages/",
        "/admin/images/",
        "/admin/users/",
    ]
    answers = {url: client.get(url) for url in forbidden}
    assert {url for url, response in answers.items() if response.status_code == 200} == set()
    assert "Pointage" not in signed_in("Accueil").get("/admin/").content.decode()


def test_organiser_adds_an_account_by_its_address(event):
    client, newcomer = signed_in("Organisateurs", event, ORGANISER), UserFactory(groups=["Accueil"])
    data = {"email": f" {newcomer.email.upper()} ", "role": DOOR}
    response = client.post(team_url(event), data, follow=True)
    assert f"{newcomer} est dans l’équipe." in said(response)
    assert roles(event) == {client.user.pk: ORGANISER, newcomer.pk: DOOR}
    assert services.ALREADY_IN in client.post(team_url(event), data).content.decode()


def test_refusal_does_not_tell_an_unknown_address_from_an_account_without_access(event, admin_client):
    outsider, inactive = UserFactory(), UserFactory(groups=["Accueil"], is_active=False)
    answers = []
    for email in ("inconnu@exemple.fr", outsider.email, inactive.email):
        response = admin_client.post(team_url(event), {"email": email, "role": DOOR})
        answers.append(response.context["form"].errors)
    assert answers == [{"email": [services.NO_ACCOUNT]}] * 3
    assert not event.team.exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"email": "", "role": DOOR}, "email"),
        ({"email": "camille@", "role": DOOR}, "email"),
        ({"email": "a\x00@exemple.fr", "role": DOOR}, "email"),
        ({"email": "camille@exemple.fr", "role": "chef"}, "role"),
        ({"email": "camille@exemple.fr"}, "role"),
    ],
)
def test_bad_input_is_refused(event, admin_client, data, field):
    response = admin_client.post(team_url(event), data)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])


def test_role_changes_and_member_leaves(event, admin_client):
    member = EventTeamMember.objects.create(event=event, user=UserFactory(groups=["Accueil"]), role=DOOR)
    admin_client.post(reverse("event_team_role", args=[event.pk, member.pk]), {"role": ORGANISER})
    assert roles(event) == {member.user_id: ORGANISER}
    admin_client.post(reverse("event_team_role", args=[event.pk, member.pk]), {"role": "chef"})
    assert roles(event) == {member.user_id: ORGANISER}
    EventTeamMember.objects.create(event=event, user=UserFactory(groups=["Accueil"]), role=ORGANISER)
    admin_client.post(reverse("event_team_remove", args=[event.pk, member.pk]))
    assert member.user_id not in roles(event)


def test_last_organiser_stays(event, admin_client):
    client = signed_in("Organisateurs", event, ORGANISER)
    member = event.team.get()
    left = EventTeamMember.objects.create(event=event, user=UserFactory(), role=ORGANISER)  # enters nothing any more
    for verb, data in (("remove", {}), ("role", {"role": DOOR})):
        url = reverse(f"event_team_{verb}", args=[event.pk, member.pk])
        assert services.LAST_ORGANISER in said(admin_client.post(url, data, follow=True))
        assert services.LAST_ORGANISER in said(client.post(url, data, follow=True))
    assert roles(event)[member.user_id] == ORGANISER
    event.owner = UserFactory(groups=["Contributeurs"])
    event.save()
    url = reverse("event_team_remove", args=[event.pk, member.pk])
    assert services.OWN_ACCESS in said(client.post(url, follow=True))
    admin_client.post(url)
    assert roles(event) == {left.user_id: ORGANISER}


def test_team_is_of_organisers_alone(event):
    member = EventTeamMember.objects.create(event=event, user=UserFactory(groups=["Accueil"]), role=DOOR)
    for client in (signed_in("Accueil", event, DOOR), signed_in("Contributeurs"), signed_in("Organisateurs")):
        client.post(team_url(event), {"email": client.user.email, "role": ORGANISER})
        client.post(reverse("event_team_remove", args=[event.pk, member.pk]))
        client.post(reverse("event_team_role", args=[event.pk, member.pk]), {"role": ORGANISER})
        assert client.get(team_url(event)).status_code == 302
    assert set(roles(event).values()) == {DOOR}
    assert member.user_id in roles(event)


def test_get_removes_nobody_and_members_are_of_their_event(event, admin_client):
    member = EventTeamMember.objects.create(event=event, user=UserFactory(groups=["Accueil"]), role=DOOR)
    other = make_event(title="Autre")
    url = reverse("event_team_remove", args=[event.pk, member.pk])
    assert admin_client.get(url).status_code == 405
    assert admin_client.post(reverse("event_team_remove", args=[other.pk, member.pk])).status_code == 404
    assert admin_client.get(f"/admin/agenda/{'9' * 30}/equipe/").status_code == 404
    assert roles(event) == {member.user_id: DOOR}


def test_page_of_an_event_leads_to_its_team(event, admin_client):
    html = admin_client.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()
    assert team_url(event) in html
    assert reverse("event_questions", args=[event.pk]) in html


def copy(client, event):
    data = {
        "new_title": "Copie",
        "new_slug": "copie",
        "new_parent_page": event.get_parent().pk,
        "copy_subpages": "",
        "alias": "",
    }
    client.post(reverse("wagtailadmin_pages:copy", args=[event.pk]), data)
    return type(event).objects.get(slug="copie")


def test_copied_event_keeps_its_team_not_its_sessions(event, admin_client):
    make_session(event)
    member = EventTeamMember.objects.create(event=event, user=UserFactory(groups=["Accueil"]), role=DOOR)
    new = copy(admin_client, event)
    assert roles(new) == {member.user_id: DOOR}
    assert (new.sessions.count(), event.sessions.count()) == (0, 1)


def test_roles_give_access_and_nothing_else(home):
    for name in ("Organisateurs", "Accueil"):
        group = Group.objects.get(name=name)
        assert list(group.permissions.values_list("codename", flat=True)) == ["access_admin"]
        assert not group.page_permissions.exists()
        assert not group.collection_permissions.exists()
