"""Two partners, one of whom must learn nothing of the other; every address of the editing space, aimed at it."""

from dataclasses import dataclass
from itertools import product

from django.core.files.base import ContentFile
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import GroupPagePermission, Revision, Site, TaskState, Workflow, WorkflowState

from agenda.events.kinds import TeamRole
from agenda.models import EventQuestion, EventTeamMember, Registration
from blog.models import PartnerSpace
from blog.services import open_partner_space
from ressources.kit_services import count_download
from ressources.models import Download, KitPage
from territoires_en_commun.base.models import BasePage, CustomDocument, CustomImage, ErrorReport
from territoires_en_commun.imports.csv_files import Encoding, Separator
from territoires_en_commun.imports.models import ImportJob
from territoires_en_commun.mailing.models import OutgoingMail
from territoires_en_commun.mailing.services import queue_mail
from territoires_en_commun.users.models import User
from tests.agenda.events import enrol, make_event, make_session
from tests.factories import DocumentFactory, ImageFactory, PartnerFactory, UserFactory
from tests.pages.build import make_page
from tests.ressources.kits import file_piece, make_kit

# In everything that is the rival's, tags aside: they are a vocabulary that all share. A search never echoes it whole.
CANARY = "canarisecret7391"
SEARCH = "canari"


@dataclass
class Rivals:
    """``user`` writes for a partner; everything else but ``own_page`` is the other partner's."""

    user: User
    own_page: BasePage
    rival: User
    space: PartnerSpace
    draft: BasePage
    reworked: BasePage
    review: WorkflowState
    image: CustomImage
    document: CustomDocument
    kit: KitPage
    registration: Registration
    redirect: Redirect
    report: ErrorReport
    job: ImportJob
    mail: OutgoingMail


def make_rivals(home) -> Rivals:
    """Two open spaces; the rival's holds a draft under review, a picture and a document.

    The rival wrote a kit too, withdrawn since it was downloaded, rewrites a page that every visitor reads, and
    organises an event where somebody is registered.
    """
    own, other = (open_partner_space(partner=PartnerFactory(name=name)) for name in ("Les ponts", "Les routes"))
    user, rival = UserFactory(), UserFactory(first_name=CANARY, email=f"{CANARY}@routes.exemple.fr")
    own.group.user_set.add(user)
    other.group.user_set.add(rival)
    for row in (other.group, other.collection):
        row.name = f"{row.name} {CANARY}"
        row.save()
    draft = make_page(
        other.section, live=False, title=f"Projet {CANARY}", slug=CANARY, review_owner=rival, owner=rival
    )
    draft.save_revision(user=rival)
    reworked = make_page(other.section, title="Page publique", slug="publique", review_owner=rival, owner=rival)
    reworked.title = f"Page publique {CANARY}"
    reworked.save_revision(user=rival)
    image = ImageFactory(
        title=f"Photo {CANARY}", collection=other.collection, file__filename=f"{CANARY}.jpg", uploaded_by_user=rival
    )
    document = DocumentFactory(
        title=f"Note {CANARY}", collection=other.collection, file=ContentFile(b"...", f"{CANARY}.txt")
    )
    kit = make_kit(
        live=False,
        title=f"Kit {CANARY}",
        partner=other.partner,
        review_owner=rival,
        owner=rival,
        pieces=[file_piece(document)],
    )
    count_download(kit=kit, document=document, day=timezone.localdate())
    return Rivals(
        user=user,
        own_page=make_page(own.section, live=False, title="Notre projet", review_owner=user, owner=user),
        rival=rival,
        space=other,
        draft=draft,
        reworked=reworked,
        review=draft.get_workflow().start(draft, rival),
        image=image,
        document=document,
        kit=kit,
        registration=organised_by(rival),
        redirect=Redirect.objects.create(old_path=f"/{CANARY}", redirect_page=draft),
        report=ErrorReport.objects.create(page=draft, page_title=draft.title, message=CANARY),
        job=ImportJob.objects.create(
            kind="acteurs",
            file_name=f"{CANARY}.csv",
            content=b"a;b",
            size=3,
            encoding=Encoding.UTF_8,
            separator=Separator.SEMICOLON,
        ),
        mail=queue_mail(key="rivals", to=rival.email, to_name=CANARY, template="relay_test", context={}),
    )


def organised_by(rival: User) -> Registration:
    """Somebody who is registered for a public event; its team is the rival's."""
    event = make_event(title="Atelier public", review_owner=rival, owner=rival)
    EventTeamMember.objects.create(event=event, user=rival, role=TeamRole.ORGANISER)
    EventQuestion.objects.create(event=event, label="Votre question ?")
    return enrol(make_session(event), CANARY, last_name=CANARY, organisation=CANARY)


def state_of(rivals: Rivals) -> dict:
    """What no request of the user may change."""
    page = BasePage.objects.get(pk=rivals.draft.pk)
    return {
        "page": BasePage.objects.filter(pk=page.pk).values().get(),
        "pages": list(BasePage.objects.order_by("path").values_list("pk", "path", "title", "live", "locked")),
        "revisions": list(Revision.objects.order_by("pk").values_list("pk", "content", "approved_go_live_at")),
        "review": list(WorkflowState.objects.values_list("pk", "status", "current_task_state")),
        "tasks": list(TaskState.objects.values_list("pk", "status", "comment")),
        "images": list(CustomImage.objects.order_by("pk").values()),
        "documents": list(CustomDocument.objects.order_by("pk").values()),
        "registrations": list(Registration.objects.values()),
        "teams": list(EventTeamMember.objects.values()),
        "questions": list(EventQuestion.objects.values()),
        "spaces": list(PartnerSpace.objects.order_by("pk").values()),
        "rights": list(GroupPagePermission.objects.order_by("pk").values_list("group", "page", "permission")),
        "members": list(rivals.space.group.user_set.values_list("pk", flat=True)),
        "partner": str(rivals.space.partner),
        "rival": User.objects.filter(pk=rivals.rival.pk).values("email", "password", "first_name", "is_active").get(),
        "others": [
            model.objects.count()
            for model in (Redirect, ErrorReport, ImportJob, OutgoingMail, Site, Workflow, Download)
        ],
    }


# Addresses


def routes(resolver=None, namespaces=(), prefix="") -> list[tuple[str, frozenset[str]]]:
    """The names of the routes of the editing space, each with the names of its parameters."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            found += routes(pattern, inner, route)
        elif route.startswith("admin/") and pattern.name:
            names = frozenset(pattern.pattern.converters) | frozenset(pattern.pattern.regex.groupindex)
            found.append((":".join((*namespaces, pattern.name)), names))
    return found


def values(rivals: Rivals, name: str) -> dict[str, list]:
    """What each parameter of a route can be, when it speaks of what is the rival's."""
    draft, image, document, task_state = rivals.draft, rivals.image, rivals.document, TaskState.objects.get()
    revision = Revision.objects.filter(object_id=str(draft.pk)).latest("pk")
    session, event = rivals.registration.session, rivals.registration.session.event
    own_kind = {
        "seances": session,
        "pointage": session,
        "inscriptions": rivals.registration,
        "event_team_role": event.team.get(),
        "event_team_remove": event.team.get(),
        "event_question_edit": event.questions.get(),
        "event_question_delete": event.questions.get(),
        "adapt_kit": rivals.kit,
        "wagtailadmin_api:images": image,
        "wagtailadmin_api:documents": document,
        "wagtailadmin_collections": rivals.space.collection,
        "wagtailadmin_workflows": rivals.review.workflow,
        "wagtailimages_chooser": image,
        "wagtaildocs_chooser": document,
        "wagtailusers_users": rivals.rival,
        "wagtailusers_groups": rivals.space.group,
        "wagtailsnippets_base_partner": rivals.space.partner,
        "wagtailsnippetchoosers_base_partner": rivals.space.partner,
        "espaces_partenaires": rivals.space,
        "signalements": rivals.report,
        "imports": rivals.job,
        "courriels": rivals.mail,
    }
    pages, kinds = (
        [draft.pk, rivals.reworked.pk],
        [("base", "basepage"), ("base", "customimage"), ("base", "customdocument")],
    )
    apps, models = [app for app, _ in kinds], [model for _, model in kinds]
    known = {
        "page_id": pages,
        "page_pk": pages,
        "event": [event.pk],
        "parent_page_id": [*pages, rivals.space.section_id],
        "page_to_move_id": pages,
        "destination_id": [rivals.space.section_id, rivals.own_page.pk],
        "revision_id": [revision.pk],
        "revision_id_a": ["earliest"],
        "revision_id_b": ["latest"],
        "workflow_state_id": [rivals.review.pk],
        "workflow_pk": [rivals.review.workflow_id],
        "task_state_id": [task_state.pk],
        "task_id": [task_state.task_id],
        "image_id": [image.pk],
        "document_id": [document.pk],
        "doc_id": [document.pk],
        "uploaded_file_id": [1],
        "collection_id": [rivals.space.collection_id],
        "redirect_id": [rivals.redirect.pk],
        "object_id": [draft.pk, image.pk],
        "session_id": [1],
        "member": [rivals.rival.pk],
        "action_name": ["approve", "publish", "delete", "copy", "unpublish", "create_alias"],
        "action": ["publish", "unpublish", "delete", "move", "verify", "add_tags", "add_to_collection"],
        "content_type_app_name": ["test_pages"],
        "content_type_model_name": ["contentpage"],
        "app_label": apps,
        "app_name": apps,
        "model_name": models,
        "kind": ["acteurs"],
        "verb": ["annuler", "confirmer", "approuver"],
        "what": ["rapport"],
        "filter_spec": ["width-100"],
        "uidb64": ["MQ"],
        "token": ["faux"],
    }
    kind = name.rpartition(":")[0] or name
    return known | {"pk": [own_kind.get(kind, draft).pk]}


def own_values(rivals: Rivals) -> dict[str, list]:
    """What the parameters are when a route speaks of what is the user's own: lists and filters could name others."""
    page, section = [rivals.own_page.pk], [rivals.own_page.get_parent().pk]
    return {"page_id": page, "pk": page, "page_to_move_id": page, "parent_page_id": section, "object_id": page}


def addresses(rivals: Rivals, name: str, parameters: frozenset[str], *, own: bool = False) -> list[str]:
    """Every address of a route that speaks of what is the rival's, or of what is the user's own."""
    known = values(rivals, name) | (own_values(rivals) if own else {})
    names = sorted(parameters)
    return [
        reverse(name, kwargs=dict(zip(names, chosen, strict=True)))
        for chosen in product(*(known[parameter] for parameter in names))
    ]
