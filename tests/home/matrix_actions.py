"""What each row of the matrix of rights tries, through real requests in the editing space.

Each function takes a signed-in client (with its ``user``) and the scene; it says whether the thing was done.
"""

from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Site, Workflow, WorkflowState
from wagtail.test.utils.form_data import nested_form_data

from blog.models import ArticleIndexPage, PartnerSpace
from blog.services import open_partner_space
from territoires_en_commun.base.models import (
    BasePage,
    CustomDocument,
    CustomImage,
    ErrorReport,
    Partner,
    ProgrammeTerritory,
    Theme,
)
from territoires_en_commun.home.models import HomePage, LegalPage, StandardPage
from territoires_en_commun.imports.models import ImportJob
from territoires_en_commun.users.models import User
from tests.factories import (
    DocumentFactory,
    ImageFactory,
    PartnerFactory,
    ProgrammeTerritoryFactory,
    StandardPageFactory,
    TerritoryFactory,
    ThemeFactory,
    UserFactory,
)

FORMSET = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
EMPTY = dict.fromkeys(("comments", "links", "signatures", "interviewees", "pictures", "contacts", "offers"), FORMSET)
PAGE = {"title": "Essai", "slug": "essai", "summary": "Un résumé.", "licence": "etalab-2.0", "headline": "Bonjour"}


@dataclass
class Scene:
    """What there is to act on; ``space`` is that of the partner whose contributor is one of the roles."""

    home: HomePage
    space: PartnerSpace
    other_space: PartnerSpace
    draft: StandardPage
    live: StandardPage
    parent: StandardPage


def make_scene(home) -> Scene:
    parent = StandardPageFactory(parent=home, title="Page avec sous-page")
    StandardPageFactory(parent=parent, title="Sous-page")
    draft = StandardPageFactory(parent=home, title="Brouillon d’un autre", live=False)
    draft.save_revision(user=UserFactory())
    return Scene(
        home=home,
        space=open_partner_space(partner=PartnerFactory(name="Les ponts")),
        other_space=open_partner_space(partner=PartnerFactory(name="Les routes")),
        draft=draft,
        live=StandardPageFactory(parent=home, title="Page publiée d’un autre"),
        parent=parent,
    )


def page_url(name: str, *args) -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=args)


def opens(client, url: str) -> bool:
    """Whether a screen is shown, rather than refused or redirected."""
    return client.get(url).status_code == 200


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def form(**fields) -> dict:
    return nested_form_data({**PAGE, "body-count": 0, "questions-count": 0, **EMPTY, **fields})


def own_draft(client, scene) -> StandardPage:
    """A page of text that the person wrote, where they may write: contributors of partners have none."""
    page = StandardPageFactory(parent=scene.home, title="Son brouillon", live=False, owner=client.user)
    page.save_revision(user=client.user)
    return page


# Pages


def creates(client, parent, kind: str, **fields) -> bool:
    app, model = kind.split(".")
    client.post(page_url("add", app, model, parent.pk), form(**fields))
    return BasePage.objects.filter(slug="essai").exists()


def create_text(client, scene):
    return creates(client, scene.home, "home.standardpage")


def create_and_publish(client, scene):
    creates(client, scene.home, "home.standardpage", **{"action-publish": "1"})
    return BasePage.objects.filter(slug="essai", live=True).exists()


def create_actor(client, scene):
    directory = BasePage.objects.get(content_type__model="directorypage")
    return creates(client, directory, "annuaire.actorpage", type="association", territories=TerritoryFactory().pk)


def create_article(client, scene):
    return creates(client, ArticleIndexPage.objects.get(), "blog.articlepage")


def create_article_in_section(client, scene):
    return creates(client, scene.space.section, "blog.articlepage")


def create_article_in_other_section(client, scene):
    return creates(client, scene.other_space.section, "blog.articlepage")


def create_legal(client, scene):
    before = LegalPage.objects.count()
    creates(client, scene.home, "home.legalpage")
    return LegalPage.objects.count() > before


def saves(client, page) -> bool:
    """Whether a change is kept as a draft."""
    client.post(page_url("edit", page.pk), form(title=page.title, slug=page.slug, summary="Changé."))
    return fresh(page).get_latest_revision_as_object().summary == "Changé."


def edit_own(client, scene):
    return saves(client, own_draft(client, scene))


def edit_other(client, scene):
    return saves(client, scene.draft)


def edit_home(client, scene):
    return saves(client, scene.home)


def edit_legal(client, scene):
    return saves(client, LegalPage.objects.first())


def edit_section(client, scene):
    return saves(client, scene.space.section)


def preview_other(client, scene):
    return opens(client, page_url("view_draft", scene.draft.pk))


def history_of_other(client, scene):
    return opens(client, page_url("history", scene.draft.pk))


def publish_other(client, scene):
    data = form(title=scene.draft.title, slug=scene.draft.slug, **{"action-publish": "1"})
    client.post(page_url("edit", scene.draft.pk), data)
    return fresh(scene.draft).live


def bulk_publish(client, scene):
    url = reverse("wagtail_bulk_action", args=["base", "basepage", "publish"])
    client.post(f"{url}?id={scene.draft.pk}")
    return fresh(scene.draft).live


def unpublish(client, scene):
    client.post(page_url("unpublish", scene.live.pk))
    return not fresh(scene.live).live


def deletes(client, page) -> bool:
    client.post(page_url("delete", page.pk))
    return not BasePage.objects.filter(pk=page.pk).exists()


def delete_own(client, scene):
    return deletes(client, own_draft(client, scene))


def delete_other(client, scene):
    return deletes(client, scene.draft)


def delete_live(client, scene):
    return deletes(client, scene.live)


def delete_tree(client, scene):
    return deletes(client, scene.parent)


def moves(client, page, scene) -> bool:
    client.post(page_url("move_confirm", page.pk, scene.parent.pk))
    return BasePage.objects.get(pk=page.pk).get_parent().pk == scene.parent.pk


def move_own(client, scene):
    return moves(client, own_draft(client, scene), scene)


def move_live(client, scene):
    return moves(client, scene.live, scene)


def lock(client, scene):
    client.post(page_url("lock", scene.live.pk))
    return fresh(scene.live).locked


def unlock_other(client, scene):
    locked = {"locked": True, "locked_by": UserFactory(), "locked_at": timezone.now()}
    StandardPage.objects.filter(pk=scene.live.pk).update(**locked)
    client.post(page_url("unlock", scene.live.pk))
    return not fresh(scene.live).locked


def restrict(client, scene):
    client.post(page_url("set_privacy", scene.live.pk), {"restriction_type": "login"})
    return fresh(scene.live).view_restrictions.exists()


def submit_own(client, scene):
    page = own_draft(client, scene)
    client.post(page_url("edit", page.pk), form(title=page.title, slug=page.slug, **{"action-submit": "1"}))
    return WorkflowState.objects.filter(object_id=str(page.pk)).exists()


def approve_other(client, scene):
    state = scene.draft.get_workflow().start(scene.draft, scene.draft.latest_revision.user)
    client.post(page_url("workflow_action", scene.draft.pk, "approve", state.current_task_state.pk))
    return fresh(scene.draft).live


def approve_own(client, scene):
    page = own_draft(client, scene)
    state = page.get_workflow().start(page, client.user)
    client.post(page_url("workflow_action", page.pk, "approve", state.current_task_state.pk))
    return fresh(page).live


# Images, documents, collections


def uploads(client, kind: str, model) -> bool:
    if kind == "images":
        file = SimpleUploadedFile("essai.png", get_test_image_file().file.getvalue(), content_type="image/png")
    else:
        file = SimpleUploadedFile("essai.txt", b"Une note.", content_type="text/plain")
    root = Collection.get_first_root_node()
    data = {"title": "Essai", "file": file, "collection": root.pk, "language": "fr"}
    client.post(reverse(f"wagtail{kind}:add"), data)
    return model.objects.filter(title="Essai").exists()


def add_image(client, scene):
    return uploads(client, "images", CustomImage)


def add_document(client, scene):
    return uploads(client, "docs", CustomDocument)


def renames_file(client, kind: str, item) -> bool:
    data = {"title": "Renommé", "collection": item.collection_id, "language": "fr", "credit": ""}
    client.post(reverse(f"wagtail{kind}:edit", args=[item.pk]), data)
    return fresh(item).title == "Renommé"


def edit_own_image(client, scene):
    return renames_file(client, "images", an_image(uploaded_by_user=client.user))


def edit_other_image(client, scene):
    return renames_file(client, "images", an_image())


def edit_other_document(client, scene):
    return renames_file(client, "docs", a_document())


def an_image(**fields) -> CustomImage:
    return ImageFactory(collection=Collection.get_first_root_node(), **fields)


def a_document() -> CustomDocument:
    return DocumentFactory(collection=Collection.get_first_root_node(), file=ContentFile(b"...", "note.txt"))


def deletes_file(client, kind: str, item) -> bool:
    client.post(reverse(f"wagtail{kind}:delete", args=[item.pk]))
    return not type(item).objects.filter(pk=item.pk).exists()


def delete_other_image(client, scene):
    return deletes_file(client, "images", an_image())


def delete_other_document(client, scene):
    return deletes_file(client, "docs", a_document())


def choose_image(client, scene):
    image = an_image()
    chosen = client.get(reverse("wagtailimages_chooser:chosen", args=[image.pk]))
    return chosen.status_code == 200 and chosen.json()["result"]["title"] == image.title


def create_collection(client, scene):
    root = Collection.get_first_root_node()
    client.post(reverse("wagtailadmin_collections:add"), {"name": "Essai", "parent": root.pk})
    return Collection.objects.filter(name="Essai").exists()


# Governed lists, spaces


def add_theme(client, scene):
    data = {"name": "Essai", "parent": "", "synonyms": "", "description": ""}
    client.post(reverse("wagtailsnippets_base_theme:add"), data)
    return Theme.objects.filter(name="Essai").exists()


def retire_theme(client, scene):
    theme = ThemeFactory()
    client.post(reverse("wagtailsnippets_base_theme:state", args=[theme.pk]))
    return not fresh(theme).is_active


def delete_theme(client, scene):
    theme = ThemeFactory()
    client.post(reverse("wagtailsnippets_base_theme:delete", args=[theme.pk]))
    return not Theme.objects.filter(pk=theme.pk).exists()


def add_programme(client, scene):
    return opens(client, reverse("wagtailsnippets_base_programme:add"))


def add_territory_of_programme(client, scene):
    return opens(client, reverse("wagtailsnippets_base_programmeterritory:add"))


def delete_territory_of_programme(client, scene):
    coverage = ProgrammeTerritoryFactory(territory=TerritoryFactory())
    client.post(reverse("wagtailsnippets_base_programmeterritory:delete", args=[coverage.pk]))
    return not ProgrammeTerritory.objects.filter(pk=coverage.pk).exists()


def add_audience(client, scene):
    return opens(client, reverse("wagtailsnippets_base_audience:add"))


def add_author(client, scene):
    return opens(client, reverse("wagtailsnippets_blog_author:add"))


def merge_partners(client, scene):
    source, target = PartnerFactory(), PartnerFactory()
    client.post(reverse("wagtailsnippets_base_partner:merge", args=[source.pk]), {"target": target.pk})
    return Partner.objects.get(pk=source.pk).replaced_by_id == target.pk


def open_space(client, scene):
    partner = PartnerFactory()
    client.post(reverse("espaces_partenaires:open", args=[partner.pk]))
    return PartnerSpace.objects.filter(partner=partner).exists()


def invite(client, scene):
    client.post(reverse("espaces_partenaires:space", args=[scene.space.pk]), {"email": "essai@exemple.fr"})
    return User.objects.filter(email="essai@exemple.fr").exists()


# Everything else


def answer_report(client, scene):
    report = ErrorReport.objects.create(page=scene.live, page_title=scene.live.title, message="Une erreur.")
    client.post(reverse("signalements:close", args=[report.pk]), {"reply": "Corrigé."})
    return not fresh(report).is_open


def start_import(client, scene):
    file = SimpleUploadedFile("acteurs.csv", b"nom;type\nEssai;association\n", content_type="text/csv")
    client.post(reverse("imports:upload", args=["acteurs"]), {"file": file})
    return ImportJob.objects.exists()


def read_mails(client, scene):
    return opens(client, reverse("courriels:index"))


def create_account(client, scene):
    password = "motdepasse-de-test-2026"
    data = {"email": "essai@exemple.fr", "first_name": "Essai", "last_name": "Essai", "is_active": "on"}
    client.post(reverse("wagtailusers_users:add"), data | {"password1": password, "password2": password})
    return User.objects.filter(email="essai@exemple.fr").exists()


def govern_groups(client, scene):
    return opens(client, reverse("wagtailusers_groups:add"))


def edit_settings(client, scene):
    answer = client.get(reverse("wagtailsettings:edit", args=["base", "sitesettings"]), follow=True)
    return answer.request["PATH_INFO"].startswith("/admin/settings/")


def edit_site(client, scene):
    return opens(client, reverse("wagtailsites:edit", args=[Site.objects.get().pk]))


def edit_workflow(client, scene):
    return opens(client, reverse("wagtailadmin_workflows:edit", args=[Workflow.objects.get().pk]))


def add_redirect(client, scene):
    data = {"old_path": "/essai/", "redirect_link": "https://exemple.fr/", "is_permanent": "on"}
    client.post(reverse("wagtailredirects:add"), data)
    return Redirect.objects.filter(old_path="/essai").exists()


def add_audit(client, scene):
    return opens(client, reverse("wagtailsnippets_base_accessibilityaudit:add"))


def read_site_history(client, scene):
    return opens(client, reverse("wagtailadmin_reports:site_history"))


def read_locked_pages(client, scene):
    return opens(client, reverse("wagtailadmin_reports:locked_pages"))
