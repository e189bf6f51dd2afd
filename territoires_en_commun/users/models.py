"""The account of a person, known by its e-mail address."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager):
    """Creates accounts; e-mail addresses are compared without case or surrounding spaces."""

    use_in_migrations = True

    def get_by_natural_key(self, username: str):
        return self.get(email__iexact=(username or "").strip())

    def create_user(self, email: str, password: str | None = None, **fields):
        """Raise ValueError without an e-mail address."""
        if not (email or "").strip():
            raise ValueError("Une adresse e-mail est nécessaire.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields):
        return self.create_user(email, password, **fields, is_staff=True, is_superuser=True)


class User(AbstractUser):
    """A person who signs in by e-mail; there is no user name."""

    username = None
    email = models.EmailField(
        "adresse e-mail", unique=True, error_messages={"unique": "Un compte utilise déjà cette adresse."}
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Un compte utilise déjà cette adresse.",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def clean(self):
        self.email = (self.email or "").strip().lower()
        super().clean()
