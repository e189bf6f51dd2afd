"""The screens of the spaces: open, invite, remove, close, and who may."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.models import PartnerSpace
from blog.services import open_partner_space
from territoires_en_commun.mailing.models import OutgoingMail
from territoires_en_commun.users.models import User
from tests.factories import PartnerFactory, UserFactory

pytestmark = pytest.mark.ignore_template_errors


@pytest.fixture
def partner(site):
    return PartnerFactory(name="Association des ponts")


@pytest.fixture
def space(partner):
    return open_partner_space(partner=partner)


@pytest.fixture
def administrator(site):
    client = Client()
    client.force_login(UserFactory(groups=["Administrateurs"]))
    return client


def url(name: str, *args) -> str:
    return reverse(f"espaces_partenaires:{name}", args=args)


def messages(response) -> list[str]:
    return [str(message).strip() for message in response.context["messages"]]


def html(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def test_partner_leads_to_its_space(administrator, partner):
    address = reverse("wagtailsnippets_base_partner:edit", args=[partner.pk])
    listing = reverse("wagtailsnippets_base_partner:list")
    opening = f'href="{url("open", partner.pk)}"'
    assert [opening in html(administrator.get(page)) for page in (address, listing)] == [True, True]
    space = open_partner_space(partner=partner)
    assert administrator.get(url("open", partner.pk)).url == url("space", space.pk)


def test_opening_is_confirmed_first(administrator, partner):
    question = html(administrator.get(url("open", partner.pk)))
    assert "Ouvrir l’espace de « Association des ponts »" in question
    assert PartnerSpace.objects.count() == 0
    response = administrator.post(url("open", partner.pk), follow=True)
    space = PartnerSpace.objects.get()
    assert response.request["PATH_INFO"] == url("space", space.pk)
    assert "est ouvert : invitez ses contributeurs" in html(response)


def test_opening_that_is_refused_says_why(administrator, partner):
    type(partner).objects.filter(pk=partner.pk).update(is_active=False)
    response = administrator.post(url("open", partner.pk), follow=True)
    assert messages(response) == ["« Association des ponts » est retiré : son espace ne peut pas être ouvert."]


@pytest.mark.parametrize("exists", [True, False])
def test_invitation_answers_alike_whether_the_account_exists(administrator, space, exists):
    if exists:
        UserFactory(email="lou@ponts.exemple.fr")
    response = administrator.post(url("space", space.pk), {"email": "lou@ponts.exemple.fr"}, follow=True)
    assert messages(response) == ["Une invitation est partie vers lou@ponts.exemple.fr."]
    assert list(space.group.user_set.values_list("email", flat=True)) == ["lou@ponts.exemple.fr"]
    assert OutgoingMail.objects.filter(recipient="lou@ponts.exemple.fr").count() == 1


def test_invitation_that_sends_nothing_says_why(administrator, space):
    UserFactory(email="ex@ponts.exemple.fr", is_active=False)
    UserFactory(email="camille@ponts.exemple.fr")

    def told(name):
        return messages(administrator.post(url("space", space.pk), {"email": f"{name}@ponts.exemple.fr"}, follow=True))

    assert [told(name) for name in ("camille", "lou")] == [
        ["Une invitation est partie vers camille@ponts.exemple.fr."],
        ["Une invitation est partie vers lou@ponts.exemple.fr."],
    ]
    assert [told(name) for name in ("camille", "lou", "ex")] == [
        ["camille@ponts.exemple.fr est déjà membre de cet espace : aucun courriel n’est parti."],
        ["Une invitation est déjà partie vers lou@ponts.exemple.fr il y a moins d’une heure."],
        ["ex@ponts.exemple.fr est membre de cet espace, mais son compte est désactivé : aucun courriel n’est parti."],
    ]
    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize(
    ("email", "error"),
    [
        ("", "Indiquez l’adresse électronique de la personne."),
        ("lou", "Adresse électronique : le format attendu est nom@domaine.fr."),
        (
            "lou@ponts.exemple.fr\r\nBcc: tous@exemple.fr",
            "Adresse électronique : le format attendu est nom@domaine.fr.",
        ),
    ],
)
def test_bad_address_is_refused_by_name(administrator, space, email, error):
    response = administrator.post(url("space", space.pk), {"email": email})
    assert response.context["form"].errors["email"] == [error]
    assert User.objects.filter(email__startswith="lou").count() == 0


def test_member_is_removed_after_confirmation(administrator, space):
    member = UserFactory()
    space.group.user_set.add(member)
    address = url("remove", space.pk, member.pk)
    assert "son compte aussi" in html(administrator.get(address))
    assert space.group.user_set.count() == 1
    administrator.post(address)
    assert space.group.user_set.count() == 0
    assert administrator.get(address).status_code == 404


def test_space_is_closed_then_opened_again(administrator, space):
    administrator.get(url("close", space.pk))
    space.refresh_from_db()
    assert space.is_open
    response = administrator.post(url("close", space.pk), follow=True)
    assert "ses membres n’y ont plus aucun droit" in html(response)
    administrator.post(url("space", space.pk), {"email": "lou@ponts.exemple.fr"})
    assert not User.objects.filter(email="lou@ponts.exemple.fr").exists()
    administrator.post(url("open", space.partner_id))
    space.refresh_from_db()
    assert space.is_open


def test_history_of_the_partner_tells_of_its_space(administrator, space):
    administrator.post(url("close", space.pk))
    history = html(administrator.get(reverse("wagtailsnippets_base_partner:history", args=[space.partner_id])))
    assert [text in history for text in ("Espace partenaire ouvert", "Espace partenaire fermé")] == [True, True]


@pytest.mark.parametrize("role", ["Éditeurs", "Relecteurs", "Contributeurs"])
def test_others_neither_see_nor_govern_spaces(space, role):
    client = Client()
    client.force_login(UserFactory(groups=[role]))
    member = UserFactory()
    space.group.user_set.add(member)
    pages = [("index",), ("space", space.pk), ("open", space.partner_id), ("close", space.pk)]
    pages.append(("remove", space.pk, member.pk))
    assert {client.get(url(*page)).status_code for page in pages} == {302}
    assert {client.post(url(*page), {"email": "lou@ponts.exemple.fr"}).status_code for page in pages[1:]} == {302}
    space.refresh_from_db()
    assert (space.is_open, list(space.group.user_set.all())) == (True, [member])


@pytest.mark.parametrize("kind", ["group", "section", "collection"])
def test_what_a_space_is_made_of_is_not_deleted(administrator, space, kind):
    addresses = {
        "group": reverse("wagtailusers_groups:delete", args=[space.group_id]),
        "section": reverse("wagtailadmin_pages:delete", args=[space.section_id]),
        "collection": reverse("wagtailadmin_collections:delete", args=[space.collection_id]),
    }
    response = administrator.post(addresses[kind], follow=True)
    assert type(getattr(space, kind)).objects.filter(pk=getattr(space, kind).pk).exists()
    assert messages(response) == [
        "Suppression impossible, car cet élément sert encore : Espace de partenaire « Association des ponts »."
    ]


def test_list_of_spaces_costs_the_same_with_one_and_three(administrator, space):
    administrator.get(url("index"))
    with CaptureQueriesContext(connection) as one:
        administrator.get(url("index"))
    for name in ("Deux", "Trois"):
        other = open_partner_space(partner=PartnerFactory(name=name))
        other.group.user_set.set([UserFactory(), UserFactory()])
    with CaptureQueriesContext(connection) as three:
        response = administrator.get(url("index"))
    assert len(three) == len(one)
    assert [row.member_count for row in response.context["object_list"]] == [0, 2, 2]


def test_member_finds_where_to_write_on_the_dashboard(space):
    member = UserFactory()
    space.group.user_set.add(member)
    client = Client()
    client.force_login(member)
    seen = html(client.get("/admin/"))
    assert "L’espace de « Association des ponts »" in seen
    assert reverse("wagtailadmin_pages:add_subpage", args=[space.section_id]) in seen
