"""Accounts are known by their e-mail address alone."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from territoires_en_commun.users.models import User

pytestmark = pytest.mark.django_db


def test_user_email_is_kept_in_lower_case_without_spaces():
    assert User.objects.create_user(" Marie.Dupont@Exemple.FR ").email == "marie.dupont@exemple.fr"


def test_user_signs_in_whatever_the_case_of_the_email():
    user = User.objects.create_user("marie.dupont@exemple.fr", "une-phrase-de-passe")

    assert authenticate(username=" MARIE.dupont@exemple.fr ", password="une-phrase-de-passe") == user
    assert authenticate(username="marie.dupont@exemple.fr", password="une-autre-phrase") is None


def test_user_without_email_is_refused():
    with pytest.raises(ValueError, match="Une adresse e-mail est nécessaire"):
        User.objects.create_user("  ")


def test_user_email_is_unique_without_case_in_the_database():
    User.objects.create_user("marie.dupont@exemple.fr")

    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="Marie.Dupont@exemple.fr").save()


def test_user_email_taken_is_said_in_french():
    User.objects.create_user("marie.dupont@exemple.fr")
    twin = User(email="MARIE.DUPONT@exemple.fr", password="x")

    with pytest.raises(ValidationError) as refused:
        twin.full_clean()

    assert refused.value.messages == ["Un compte utilise déjà cette adresse."]


def test_superuser_can_everything():
    user = User.objects.create_superuser("admin@exemple.fr", "une-phrase-de-passe")

    assert (user.is_staff, user.is_superuser, user.is_active) == (True, True, True)


def test_user_is_shown_by_name_then_by_email():
    assert str(User(email="a@exemple.fr", first_name="Marie", last_name="Dupont")) == "Marie Dupont"
    assert str(User(email="a@exemple.fr")) == "a@exemple.fr"


@pytest.mark.parametrize(("password", "accepted"), [("motdepasse", False), ("une phrase assez longue", True)])
def test_password_has_fourteen_characters_at_least(password, accepted):
    if accepted:
        assert validate_password(password) is None
    else:
        with pytest.raises(ValidationError):
            validate_password(password)
