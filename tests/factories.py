"""One factory per model, with realistic French data; persons and addresses are fictitious."""

import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory

PASSWORD = "motdepasse-de-test-2026"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    class Params:
        superuser = factory.Trait(is_staff=True, is_superuser=True)

    first_name = factory.Iterator(["Camille", "Dominique", "Claude", "Maxence"])
    last_name = factory.Iterator(["Durand", "Le Goff", "N’Diaye", "D’Haène"])
    email = factory.Sequence(lambda n: f"agent{n}@collectivite.exemple.fr")

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or PASSWORD)
        if create:
            self.save(update_fields=["password"])

    @factory.post_generation
    def groups(self, create, extracted, **kwargs):
        """``groups=["Name", …]``: the existing groups that the account joins."""
        if create and extracted:
            from django.contrib.auth.models import Group

            for name in extracted:
                self.groups.add(Group.objects.get(name=name))
