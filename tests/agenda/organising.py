"""Who organises the events of the tests, and who does not."""

from http import HTTPStatus

from django.test import Client

from blog.services import open_partner_space
from territoires_en_commun.users.models import User
from tests.factories import PartnerFactory, UserFactory


def signed_in(user: User) -> Client:
    """A client of this account, which it holds as ``user``."""
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def make_stranger() -> Client:
    """The contributor of a partner, who enters the editing space and organises no event."""
    space = open_partner_space(partner=PartnerFactory(name="Les ponts"))
    user = UserFactory()
    space.group.user_set.add(user)
    return signed_in(user)


def is_refused(response) -> bool:
    """Whether the editing space refuses: 404, 405, or its own way to say 403, a return to its home page."""
    if response.status_code == HTTPStatus.FOUND:
        return response.url == "/admin/"
    return response.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


def text(response) -> str:
    """The words of a screen, on one line."""
    return " ".join(response.content.decode().replace("&nbsp;", " ").split())
