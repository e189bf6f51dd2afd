"""The spaces of partners: opening, closing, members, and what becomes of them when a partner changes."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from blog.models import ArticleIndexPage, PartnerSectionPage, PartnerSpace
from blog.services import SpaceError, close_partner_space, invite_member, open_partner_space, remove_member
from territoires_en_commun.base.services import TermError, TermInUse, merge_term, rename_term, retire_term
from territoires_en_commun.mailing.models import OutgoingMail
from territoires_en_commun.users.models import User
from tests.factories import PartnerFactory, UserFactory

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def partner():
    return PartnerFactory(name="Association des ponts")


@pytest.fixture
def space(partner):
    return open_partner_space(partner=partner)


def rights(group: Group) -> dict:
    """Everything that a group may do, by codename."""
    pages = GroupPagePermission.objects.filter(group=group)
    media = GroupCollectionPermission.objects.filter(group=group)
    return {
        "models": sorted(group.permissions.values_list("codename", flat=True)),
        "pages": sorted(pages.values_list("page", "permission__codename")),
        "media": sorted(media.values_list("collection", "permission__codename")),
    }


NOTHING = {"models": [], "pages": [], "media": []}


def rights_of_a_space(space: PartnerSpace) -> dict:
    files = ["add_document", "add_image", "choose_document", "choose_image"]
    return {
        "models": ["access_admin"],
        "pages": [(space.section_id, "add_basepage")],
        "media": [(space.collection_id, codename) for codename in files],
    }


# Opening


def test_space_gives_a_section_a_group_and_a_collection(partner):
    space = open_partner_space(partner=partner)
    section = space.section
    assert (section.title, section.slug, section.live) == (partner.name, "association-des-ponts", True)
    assert (section.partner, section.get_parent().specific_class) == (partner, ArticleIndexPage)
    assert (space.group.name, space.collection.name) == ("Partenaire – Association des ponts", partner.name)
    assert rights(space.group) == rights_of_a_space(space)


def test_opening_twice_gives_the_same_space(partner, space):
    space.group.permissions.clear()
    assert open_partner_space(partner=partner) == space
    assert (PartnerSpace.objects.count(), PartnerSectionPage.objects.count()) == (1, 1)
    assert rights(space.group)["models"] == []  # what an administrator took away is not given back


def test_space_never_takes_a_group_that_has_its_name(partner):
    homonym = Group.objects.create(name="Partenaire – Association des ponts")
    homonym.user_set.add(UserFactory())
    space = open_partner_space(partner=partner)
    assert space.group.name == "Partenaire – Association des ponts (2)"
    assert (rights(homonym), space.group.user_set.count()) == (NOTHING, 0)


def test_a_new_partner_under_an_old_name_gets_a_space_of_its_own(partner, space):
    rename_term(term=partner, name="Ponts et chemins")
    other = open_partner_space(partner=PartnerFactory(name="Association des ponts"))
    assert (other.section.slug, other.group.name) == (
        "association-des-ponts-2",
        "Partenaire – Association des ponts (2)",
    )
    space.refresh_from_db()
    assert (space.group.name, str(space)) == ("Partenaire – Association des ponts", "Ponts et chemins")


def test_retired_partner_gets_no_space(partner):
    retire_term(term=partner)
    with pytest.raises(SpaceError, match="est retiré : son espace ne peut pas être ouvert"):
        open_partner_space(partner=partner)
    assert Collection.objects.filter(name=partner.name).count() == 0


def test_without_a_blog_nothing_is_opened(partner):
    ArticleIndexPage.objects.get().delete()
    with pytest.raises(SpaceError, match="Le blog n’existe pas encore"):
        open_partner_space(partner=partner)
    assert not Group.objects.filter(name__startswith="Partenaire").exists()


# Closing


def test_closed_space_keeps_pages_and_members_without_any_right(space):
    member = UserFactory()
    space.group.user_set.add(member)
    closed = close_partner_space(space=space)
    assert (closed.state, closed.closed_at is not None) == ("closed", True)
    assert rights(space.group) == NOTHING
    assert list(space.group.user_set.all()) == [member]
    assert PartnerSectionPage.objects.filter(pk=space.section_id, live=True).exists()


def test_space_closed_twice_keeps_its_date_and_opens_again(partner, space):
    closed = close_partner_space(space=space)
    assert close_partner_space(space=space).closed_at == closed.closed_at
    again = open_partner_space(partner=partner)
    assert (again.pk, again.state, again.closed_at) == (space.pk, "open", None)
    assert rights(space.group) == rights_of_a_space(space)


# Partners that change


def test_retiring_a_partner_closes_its_space(partner, space):
    retire_term(term=partner)
    space.refresh_from_db()
    assert (space.state, rights(space.group)) == ("closed", NOTHING)


def test_partner_with_a_space_is_not_deleted(partner, space):
    with pytest.raises(TermInUse, match="1 espace de partenaire"):
        partner.delete()


def test_merged_partner_brings_its_space_along(partner, space):
    target = PartnerFactory(name="Fédération des ponts")
    merge_term(source=partner, target=target)
    space.refresh_from_db()
    assert (space.partner, space.state) == (target, "open")
    assert rights(space.group) == rights_of_a_space(space)
    assert space.section.specific.partner == target


def test_merge_is_refused_while_both_spaces_are_open(partner, space):
    target = PartnerFactory(name="Fédération des ponts")
    kept = open_partner_space(partner=target)
    with pytest.raises(TermError, match="fermez d’abord celui de « Association des ponts »"):
        merge_term(source=partner, target=target)
    assert PartnerSpace.objects.open().count() == 2
    partner.refresh_from_db()
    assert partner.replaced_by is None
    close_partner_space(space=space)
    merge_term(source=partner, target=target)
    assert list(PartnerSpace.objects.all()) == [kept]
    assert not Group.objects.filter(pk=space.group_id).exists()
    assert PartnerSectionPage.objects.get(pk=space.section_id).partner == target


# Members


def mails() -> list[tuple]:
    return list(OutgoingMail.objects.order_by("pk").values_list("recipient", "purpose"))


def test_invited_person_gets_an_account_and_chooses_a_password(space, client):
    invite_member(space=space, email=" Lou.Petit@Ponts.exemple.fr")
    account = User.objects.get(email="lou.petit@ponts.exemple.fr")
    assert (account.has_usable_password(), list(account.groups.all())) == (False, [space.group])
    assert mails() == [(account.email, "space_invitation")]
    mail = OutgoingMail.objects.get()
    link = re.search(r"http://testserver(/admin/password_reset/confirm/\S+)", mail.text).group(1)
    form = client.get(link, follow=True)
    account.refresh_from_db()
    assert (form.status_code, account.has_usable_password()) == (200, False)  # a GET never acts
    chosen = "quatorze-lettres-au-moins"
    client.post(form.request["PATH_INFO"], {"new_password1": chosen, "new_password2": chosen})
    account.refresh_from_db()
    assert account.check_password(chosen)
    assert client.login(email=account.email, password=chosen)
    assert client.get(reverse("wagtailadmin_explore", args=[space.section_id])).status_code == 200


def test_existing_account_joins_and_is_told_once(space):
    account = UserFactory(email="camille@ponts.exemple.fr")
    for _ in range(2):
        invite_member(space=space, email="CAMILLE@ponts.exemple.fr")
    assert (list(account.groups.all()), User.objects.count()) == ([space.group], 1)
    assert mails() == [(account.email, "space_invitation")]
    assert "password_reset" not in OutgoingMail.objects.get().text


def test_link_is_sent_again_an_hour_later_until_a_password_is_chosen(space, freeze):
    for moment in ("2026-11-23 10:00", "2026-11-23 10:30", "2026-11-23 11:05"):
        freeze(moment)
        invite_member(space=space, email="lou@ponts.exemple.fr")
    assert len(mails()) == 2


def test_deactivated_account_joins_in_silence(space):
    account = UserFactory(email="partie@ponts.exemple.fr", is_active=False)
    invite_member(space=space, email=account.email)
    assert (list(account.groups.all()), mails()) == ([space.group], [])


def test_nobody_is_invited_in_a_closed_space(space):
    close_partner_space(space=space)
    with pytest.raises(SpaceError, match="Cet espace est fermé"):
        invite_member(space=space, email="lou@ponts.exemple.fr")
    assert (User.objects.count(), mails()) == (0, [])


def test_removed_person_loses_the_space_and_keeps_the_account(space):
    member, other = UserFactory(), UserFactory()
    space.group.user_set.set([member, other])
    remove_member(space=space, member=member)
    assert list(space.group.user_set.all()) == [other]
    assert User.objects.filter(pk=member.pk).exists()
