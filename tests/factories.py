"""One factory per model, with realistic French data; persons and addresses are fictitious."""

from datetime import date

import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory
from wagtail.test.utils.wagtail_factories import DocumentFactory as WagtailDocumentFactory
from wagtail.test.utils.wagtail_factories import ImageFactory as WagtailImageFactory
from wagtail.test.utils.wagtail_factories import PageFactory

from agenda.models import CallIndexPage, CallPage, EventIndexPage, EventPage
from annuaire.models import ActorPage, ActorType, DirectoryPage
from blog.models import ArticleIndexPage, ArticlePage, Author, PartnerSectionPage
from ressources.models import ExperienceIndexPage, ExperiencePage, KitPage, ResourceIndexPage, TrainingPage
from territoires_en_commun.base.models import CustomDocument, CustomImage
from territoires_en_commun.home.models import HomePage, LegalPage, StandardPage
from territoires_en_commun.territories.importing import slug_of
from territoires_en_commun.territories.models import Territory

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


class TerritoryFactory(DjangoModelFactory):
    """A commune alone, without closure; the fixture ``small_france`` gives real ones with theirs."""

    class Meta:
        model = "territories.Territory"

    type = "commune"
    code = factory.Sequence(lambda n: f"{10000 + n}")
    name = factory.Sequence(lambda n: f"Saint-Exemple-{n}")
    slug = factory.LazyAttribute(lambda territory: slug_of(territory.name))
    precision = "Loire-Atlantique (44)"
    population = 1500
    postal_codes = factory.LazyAttribute(lambda territory: [territory.code])
    siren = ""


class TerritoryImportFactory(DjangoModelFactory):
    class Meta:
        model = "territories.TerritoryImport"

    vintage = "2026"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = "base.Programme"
        django_get_or_create = ("slug",)

    name = factory.Sequence(lambda n: f"Programme {n}")
    slug = factory.Sequence(lambda n: f"programme-{n}")
    description = "Un programme de l’État qui accompagne les territoires."
    official_site = "https://programme.exemple.fr/"


class ProgrammeTerritoryFactory(DjangoModelFactory):
    class Meta:
        model = "base.ProgrammeTerritory"

    programme = factory.SubFactory(ProgrammeFactory)
    territory = factory.SubFactory(TerritoryFactory)
    source = "ANCT, septembre 2024"
    source_date = date(2024, 9, 1)


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = "base.Theme"

    name = factory.Sequence(lambda n: f"Thématique {n}")
    slug = factory.Sequence(lambda n: f"thematique-{n}")


class AudienceFactory(DjangoModelFactory):
    class Meta:
        model = "base.Audience"

    name = factory.Sequence(lambda n: f"Public {n}")
    slug = factory.Sequence(lambda n: f"public-{n}")


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = "base.Partner"

    name = factory.Sequence(lambda n: f"Association d’exemple {n}")
    slug = factory.Sequence(lambda n: f"association-exemple-{n}")
    website = "https://association.exemple.fr/"


class ImageFactory(WagtailImageFactory):
    class Meta:
        model = CustomImage

    title = factory.Sequence(lambda n: f"Place du marché {n}")
    credit = "Commune d’exemple"


class DocumentFactory(WagtailDocumentFactory):
    class Meta:
        model = CustomDocument

    title = factory.Sequence(lambda n: f"Modèle de convention {n}")


class HomePageFactory(PageFactory):
    """A home page; ``init_site`` makes the only one of a site (fixture ``home``)."""

    class Meta:
        model = HomePage

    title = "Accueil"
    summary = "Tapez le nom de votre commune."


class StandardPageFactory(PageFactory):
    class Meta:
        model = StandardPage

    title = factory.Sequence(lambda n: f"Page de texte {n}")
    summary = "Une page pour essayer."


class LegalPageFactory(PageFactory):
    """A legal page; ``init_site`` makes one of each kind."""

    class Meta:
        model = LegalPage

    kind = "cgu"
    title = "Conditions générales d’utilisation"
    slug = factory.SelfAttribute("kind")


class DirectoryPageFactory(PageFactory):
    title = "Annuaire"
    slug = "annuaire"

    class Meta:
        model = DirectoryPage


class ResourceIndexPageFactory(PageFactory):
    title = "Ressources"
    slug = "ressources"

    class Meta:
        model = ResourceIndexPage


class ExperienceIndexPageFactory(PageFactory):
    title = "Expériences"
    slug = "experiences"

    class Meta:
        model = ExperienceIndexPage


class ArticleIndexPageFactory(PageFactory):
    title = "Actualités"
    slug = "actualites"

    class Meta:
        model = ArticleIndexPage


class PartnerSectionPageFactory(PageFactory):
    title = factory.Sequence(lambda n: f"Espace du partenaire {n}")

    class Meta:
        model = PartnerSectionPage


class CallIndexPageFactory(PageFactory):
    title = "Appels à projets"
    slug = "appels-a-projets"

    class Meta:
        model = CallIndexPage


class EventIndexPageFactory(PageFactory):
    title = "Agenda"
    slug = "agenda"

    class Meta:
        model = EventIndexPage


class ActorPageFactory(PageFactory):
    """A complete actor, published: it acts everywhere in France unless the test says where."""

    title = factory.Sequence(lambda number: f"Association fictive n° {number}")
    summary = "Elle aide les communes à partager ce qu’elles ont appris."
    type = ActorType.ASSOCIATION

    class Meta:
        model = ActorPage

    @classmethod
    def _create_instance(cls, model_class, parent, kwargs):
        from tests.annuaire.build import complete_actor

        if "territories" not in kwargs:
            known = Territory.objects.filter(type="pays", code="FR").first()
            kwargs["territories"] = [known or TerritoryFactory(type="pays", code="FR", name="France")]
        return parent.add_child(instance=complete_actor(**{"live": True, **kwargs}))


class ExperiencePageFactory(PageFactory):
    """A complete experience, published, with a holder of its own unless the test gives one."""

    title = factory.Sequence(lambda number: f"Expérience fictive n° {number}")

    class Meta:
        model = ExperiencePage

    @classmethod
    def _create_instance(cls, model_class, parent, kwargs):
        from tests.ressources.experiences import complete_experience

        if "holder" not in kwargs:
            kwargs["holder"] = ActorPageFactory(parent=DirectoryPage.objects.first() or parent)
        return parent.add_child(instance=complete_experience(**{"live": True, **kwargs}))


class AuthorFactory(DjangoModelFactory):
    class Meta:
        model = Author

    name = factory.Sequence(lambda n: f"Autrice imaginaire {n}")


class ArticlePageFactory(PageFactory):
    """A complete focus, published."""

    title = factory.Sequence(lambda number: f"Focus d’exemple n° {number}")
    kind = "focus"

    class Meta:
        model = ArticlePage

    @classmethod
    def _create_instance(cls, model_class, parent, kwargs):
        from tests.blog.build import complete_article

        return parent.add_child(instance=complete_article(**{"live": True, **kwargs}))


class KitPageFactory(PageFactory):
    """A complete kit of one step, published."""

    title = factory.Sequence(lambda number: f"Kit fictif n° {number}")

    class Meta:
        model = KitPage

    @classmethod
    def _create_instance(cls, model_class, parent, kwargs):
        from tests.ressources.kits import complete_kit

        return parent.add_child(instance=complete_kit(**{"live": True, **kwargs}))


class TrainingPageFactory(PageFactory):
    """A complete training, published, of an actor in the directory."""

    title = factory.Sequence(lambda number: f"Formation fictive n° {number}")

    class Meta:
        model = TrainingPage

    @classmethod
    def _create_instance(cls, model_class, parent, kwargs):
        from tests.ressources.kits import complete_training

        if "organiser" not in kwargs:
            kwargs["organiser"] = ActorPageFactory(parent=DirectoryPage.objects.first())
        return parent.add_child(instance=complete_training(**{"live": True, **kwargs}))


class CallPageFactory(PageFactory):
    """A complete call, published and open: for the whole of France unless the test says where."""

    title = factory.Sequence(lambda number: f"Appel fictif n° {number}")

    class Meta:
        model = CallPage

    @classmethod
    def _create_instance(cls, model_class, parent, kwargs):
        from tests.agenda.build import complete_call

        if "territories" not in kwargs:
            known = Territory.objects.filter(type="pays", code="FR").first()
            kwargs["territories"] = [known or TerritoryFactory(type="pays", code="FR", name="France")]
        return parent.add_child(instance=complete_call(**{"live": True, **kwargs}))


class EventPageFactory(PageFactory):
    """A complete event, published, without session."""

    title = factory.Sequence(lambda number: f"Atelier fictif n° {number}")

    class Meta:
        model = EventPage

    @classmethod
    def _create_instance(cls, model_class, parent, kwargs):
        from tests.agenda.events import complete_event

        return parent.add_child(instance=complete_event(**{"live": True, **kwargs}))


def number_apart(process: int) -> None:
    """Names and codes made in one process of a run are not those of another: they may meet in the rows they share."""
    for made in [
        value for value in globals().values() if isinstance(value, type) and issubclass(value, DjangoModelFactory)
    ]:
        made.reset_sequence(process * 20_000, force=True)
