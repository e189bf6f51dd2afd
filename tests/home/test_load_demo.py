"""The demonstration content: there once, fictitious, and never over what people wrote."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import TestCase

from ressources.models import ExperiencePage
from territoires_en_commun.base.blocks import ContentBlock
from territoires_en_commun.base.models import BasePage, CustomImage, Partner
from territoires_en_commun.home.models import HomePage, StandardPage
from territoires_en_commun.home.setup import demo

pytestmark = pytest.mark.any_database  # PostgreSQL is filled twice by .ci/fill-from-empty


def load_demo() -> str:
    output = StringIO()
    call_command("load_demo", stdout=output)
    return output.getvalue()


class TestLoadDemo(TestCase):
    """A class for the sake of its data: the command runs once, on a site that nobody prepared, and each test rolls
    back to it."""

    @classmethod
    def setUpTestData(cls):
        load_demo()

    def test_load_demo_run_twice_changes_nothing(self):
        before = list(BasePage.objects.order_by("pk").values_list("pk", "path", "latest_revision"))
        counts = (Partner.objects.count(), CustomImage.objects.count())
        assert load_demo() == "Le contenu de démonstration est déjà là : rien n’a été changé.\n"
        assert list(BasePage.objects.order_by("pk").values_list("pk", "path", "latest_revision")) == before
        assert (Partner.objects.count(), CustomImage.objects.count()) == counts == (3, 7)

    def test_load_demo_prepares_the_site_when_nobody_did(self):
        assert HomePage.objects.count() == 1
        assert StandardPage.objects.count() == 7
        assert ExperiencePage.objects.count() == 0  # they happen somewhere, and there is no map

    def test_load_demo_says_that_it_is_fictitious(self):
        pages = StandardPage.objects.all()
        assert {page.external_ref[:5] for page in pages} == {"demo:"}
        for page in pages:
            page.full_clean()
            assert "Contenu de démonstration" in self.client.get(page.url).content.decode()
        assert all(partner.website.endswith(".exemple.fr") for partner in Partner.objects.all())

    def test_load_demo_page_shows_every_block(self):
        page = StandardPage.objects.get(slug="exemple-de-mise-en-page")
        kinds = {block.block_type for block in page.body}
        assert kinds == set(ContentBlock().child_blocks) - {"document"}
        assert self.client.get(page.url).status_code == 200

    def test_load_demo_pictures_are_light(self):
        for image in CustomImage.objects.all():
            assert image.file_size < 60_000
            assert (image.width, image.height) == (1200, 675)

    def test_load_demo_pages_pass_the_rules_of_publication(self):
        pages = [page for page in BasePage.objects.filter(depth__gt=1).specific() if hasattr(page, "body")]
        cleaned = [len(ContentBlock().clean(page.body)) for page in pages]

        assert {type(page).__name__ for page in pages} >= {"HomePage", "StandardPage", "LegalPage"}
        assert cleaned == [len(page.body) for page in pages]


def test_load_demo_leaves_an_edited_home_alone(site):
    home = site.root_page.specific
    home.body = []
    home.save_revision().publish()
    assert "Accueil complété." not in list(demo.load_demo())
    home.refresh_from_db()
    assert len(home.body) == 0
