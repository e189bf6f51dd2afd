"""A submission from its first step to its oblivion: states, effects that happen once, mails, purge."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ressources import submission_services as services
from ressources.experience_sections import SECTIONS
from ressources.jobs import forget_submissions
from ressources.models import ExperiencePage, ExperienceSubmission, SubmissionState
from territoires_en_commun.base.models import SiteSettings
from territoires_en_commun.base.publication import publication_gaps
from territoires_en_commun.mailing.models import OutgoingMail
from tests.factories import ActorPageFactory, DirectoryPage, UserFactory
from tests.ressources.submissions import (
    EMAIL,
    answers_of,
    fresh,
    is_state,
    make_draft,
    make_returned,
    make_sent,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def france(home, small_france):
    SiteSettings.objects.update_or_create(defaults={"contact_email": "equipe@exemple.fr"})
    return small_france


@pytest.fixture
def moderator(home):
    return UserFactory(first_name="Dominique", last_name="Le Goff", groups=["Relecteurs"])


def purposes():
    return list(OutgoingMail.objects.order_by("pk").values_list("purpose", "recipient"))


def accept(submission, user):
    return services.accept_submission(submission=submission, user=user, version=submission.sendings)


def publish(page, user):
    page.review_owner, page.review_date = user, date(2030, 1, 1)
    page.holder = page.holder or ActorPageFactory(parent=DirectoryPage.objects.get())
    page.save_revision().publish()


# The author


def test_first_step_is_kept_once_and_its_link_is_mailed():
    first = services.start_submission(answers=answers_of("vous"), email=EMAIL, identity="a" * 32)
    again = services.start_submission(answers=answers_of("vous", name="Camille D."), email=EMAIL, identity="a" * 32)
    assert (first.pk, again.data["vous"]["name"], again.step) == (again.pk, ["Camille D."], "projet")
    assert purposes() == [("submission_link", EMAIL)]


def test_corrected_address_receives_the_link_too():
    draft = make_draft()
    services.save_step(
        submission=draft, step="vous", answers=answers_of("vous"), resume_at="projet", email="autre@exemple.fr"
    )
    assert fresh(draft).email == "autre@exemple.fr"
    assert purposes() == [("submission_link", EMAIL), ("submission_link", "autre@exemple.fr")]


def test_complete_draft_is_sent_once():
    draft = make_draft()
    for _ in range(2):
        sent = services.send_submission(submission=draft, relay=True)
    assert (sent.state, sent.sendings, sent.data["envoi"]) == ("envoye", 1, {"licence": ["on"], "relay": ["on"]})
    assert purposes()[1:] == [("submission_received", EMAIL), ("submission_to_review", "equipe@exemple.fr")]


@pytest.mark.parametrize(
    "changes",
    [
        {"vous": {"place": "nulle part"}},
        {"projet": {"themes": []}},
        {"projet": {"ended_on": ""}},
        {"recit": {"context": ""}},
        {"recit": {"context_unknown": "on"}},
        {"recit": {"etape_2_title": "Sans date"}},
        {"bilan": {"cost": "", "cost_unknown": "False"}},
        {"bilan": {"cost_unknown": "on"}},
        {"bilan": {"indicateur_2_value": "12"}},
    ],
    ids=str,
)
def test_draft_with_gaps_is_kept_and_not_sent(changes):
    draft = make_draft(**changes)
    with pytest.raises(ValidationError, match="complétez les étapes"):
        services.send_submission(submission=draft, relay=False)
    assert is_state(draft, SubmissionState.DRAFT)


def test_theme_retired_meanwhile_is_asked_again():
    draft = make_draft()
    theme = draft.data["projet"]["themes"][0]
    services.BasePage.themes.rel.model.objects.filter(pk=theme).update(is_active=False)
    with pytest.raises(ValidationError):
        services.send_submission(submission=draft, relay=False)


def test_sent_submission_is_changed_by_nobody(moderator):
    sent, returned = make_sent(), make_returned(moderator)
    for submission, said in ((sent, services.ALREADY_SENT), (returned, services.NOT_REOPENED)):
        with pytest.raises(ValidationError) as refusal:
            services.save_step(submission=submission, step="recit", answers={}, resume_at="bilan")
        assert refusal.value.messages == [said]
    with pytest.raises(ValidationError, match="reprenez-la"):
        services.send_submission(submission=returned, relay=True)
    with pytest.raises(ValidationError, match="ne peut pas être reprise"):
        services.reopen_submission(submission=sent)


def test_returned_submission_is_reopened_corrected_and_sent_again(moderator):
    returned = make_returned(moderator, wants_completion=True)
    for _ in range(2):
        reopened = services.reopen_submission(submission=returned)
    assert (reopened.state, reopened.uuid, reopened.data) == ("brouillon", returned.uuid, returned.data)
    again = services.send_submission(submission=reopened, relay=False)
    assert (again.state, again.sendings) == ("envoye", 2)
    mail = OutgoingMail.objects.filter(purpose="submission_to_review").latest("pk")
    assert mail.subject == "Une expérience corrigée est à examiner"


def test_deleted_submission_leaves_nothing(moderator):
    sent = make_sent()
    page = accept(sent, moderator)
    assert page.contact_email == EMAIL
    services.delete_submission(submission=sent)
    page = ExperiencePage.objects.get(pk=page.pk)
    assert not ExperienceSubmission.objects.exists()
    assert (page.contact_email, page.get_latest_revision_as_object().contact_email) == ("", "")
    states = set(OutgoingMail.objects.filter(recipient=EMAIL).values_list("state", flat=True))
    assert states == {"cancelled"}


def test_deletion_leaves_the_address_that_editors_chose(moderator):
    sent = make_sent()
    page = accept(sent, moderator)
    page.contact_email = "autre@exemple.fr"
    page.save_revision()
    ExperiencePage.objects.filter(pk=page.pk).update(contact_email="autre@exemple.fr")
    services.delete_submission(submission=sent)
    page = ExperiencePage.objects.get(pk=page.pk)
    assert page.get_latest_revision_as_object().contact_email == page.contact_email == "autre@exemple.fr"
    assert EMAIL not in json.dumps(list(page.revisions.values_list("content", flat=True)))


def test_links_are_sent_to_who_has_some_and_to_nobody_else():
    make_draft()
    make_draft(email=EMAIL.upper())
    make_draft(email="autre@exemple.fr")
    OutgoingMail.objects.all().delete()
    services.send_links(email=EMAIL, identity="a" * 32)
    services.send_links(email=EMAIL, identity="a" * 32)
    services.send_links(email="inconnue@exemple.fr", identity="b" * 32)
    assert purposes() == [("submission_links", EMAIL)]
    assert OutgoingMail.objects.get().text.count("Ouvrir : ") == 2


# The moderators


def test_accepted_submission_becomes_a_draft_that_tells_everything(moderator, france):
    holder = ActorPageFactory(parent=DirectoryPage.objects.get(), title="Commune fictive")
    sent = make_sent()
    page = ExperiencePage.objects.get(pk=accept(sent, moderator).pk)
    assert {
        "live": page.live,
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "holder": page.holder,
        "place": page.place,
        "territories": list(page.territories.all()),
        "themes": [theme.name for theme in page.themes.all()],
        "period": (page.project_status, page.started_on, page.ended_on),
        "cost": (page.cost, page.cost_unknown, page.fte, page.fte_unknown),
        "contact_email": page.contact_email,
        "licence": page.licence,
        "owner": page.owner,
        "steps": list(page.steps.values_list("date", "month_only", "title", "text")),
        "indicators": list(page.indicators.values_list("label", "value", "unit", "date", "source")),
    } == {
        "live": False,
        "title": "Un marché de nuit (récit fictif)",
        "slug": "un-marche-de-nuit-recit-fictif",
        "summary": "Une commune fictive anime sa place.",
        "holder": holder,
        "place": france["commune:23096"],
        "territories": [france["commune:23096"]],
        "themes": ["Commerce de proximité"],
        "period": ("acheve", date(2024, 3, 1), date(2025, 6, 30)),
        "cost": (Decimal("12500.50"), False, None, True),
        "contact_email": EMAIL,
        "licence": "etalab-2.0",
        "owner": moderator,
        "steps": [(date(2024, 3, 12), False, "Première réunion", "Quarante personnes.")],
        "indicators": [
            ("habitants par soirée", Decimal(1250), "personnes", date(2025, 6, 30), "Comptage de la mairie")
        ],
    }
    assert {section.name: getattr(page, section.name) for section in SECTIONS} == {
        "context": "<p>Une commune fictive.</p>\n\n<p>La place était vide.</p>",
        "problem": "<p>Les commerces fermaient.</p>",
        "approach": "",
        "results": "<p>Du monde.</p>",
        "difficulties": "<p>Le bruit.</p>",
        "to_redo": "<p>Prévenir les riverains.</p>",
    }
    found = fresh(sent)
    assert (found.state, found.page, page.submission, found.decided_by) == ("accepte", page, found, moderator)
    assert {gap.field for gap in publication_gaps(page)} == {"review_date", "review_owner"}


def test_unknown_organisation_and_refused_relay_leave_gaps(moderator):
    page = accept(make_sent(relay=False), moderator)
    assert (page.holder, page.contact_email) == (None, "")
    assert "holder" in {gap.field for gap in publication_gaps(page)}


def test_what_was_typed_is_never_markup(moderator):
    hostile = "<b>Camille</b> <script>alert(1)</script> 😀 \u202eabc مرحبا"
    page = accept(make_sent(projet={"title": hostile}, recit={"context": hostile}), moderator)
    assert page.title == hostile
    assert page.context == (
        "<p>&lt;b&gt;Camille&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt; 😀 \u202eabc مرحبا</p>"
    )


def test_title_without_a_letter_has_an_address(moderator):
    sent = make_sent(projet={"title": "😀 مرحبا"})
    assert accept(sent, moderator).slug == f"experience-{sent.uuid.hex[:8]}"


def test_same_title_twice_makes_two_pages(moderator):
    slugs = [accept(make_sent(), moderator).slug for _ in range(2)]
    assert slugs == ["un-marche-de-nuit-recit-fictif", "un-marche-de-nuit-recit-fictif-2"]


def test_second_moderator_is_told(moderator):
    sent = make_sent()
    accept(sent, moderator)
    with pytest.raises(ValidationError) as refusal:
        services.return_submission(
            submission=sent, user=moderator, version=1, wants_completion=False, reasons=["obscur"], message=""
        )
    assert refusal.value.messages == [f"{moderator} a déjà examiné cette proposition : acceptée."]
    assert ExperiencePage.objects.count() == 1
    assert is_state(sent, SubmissionState.ACCEPTED)


def test_moderator_decides_on_what_was_read(moderator):
    returned = make_returned(moderator)
    with pytest.raises(ValidationError, match="refusée"):
        accept(returned, moderator)
    services.reopen_submission(submission=returned)
    with pytest.raises(ValidationError, match="son auteur la corrige"):
        services.accept_submission(submission=returned, user=moderator, version=1)
    services.send_submission(submission=returned, relay=True)
    with pytest.raises(ValidationError, match="nouvelle version"):
        services.accept_submission(submission=returned, user=moderator, version=1)
    assert not ExperiencePage.objects.exists()
    services.accept_submission(submission=returned, user=moderator, version=2)
    assert ExperiencePage.objects.count() == 1


def test_deleted_submission_is_not_decided(moderator):
    sent = make_sent()
    services.delete_submission(submission=fresh(sent))
    with pytest.raises(ExperienceSubmission.DoesNotExist):
        accept(sent, moderator)
    assert not ExperiencePage.objects.exists()


def test_author_is_told_once_of_the_publication(moderator):
    sent = make_sent()
    page = accept(sent, moderator)
    publish(page, moderator)
    page = ExperiencePage.objects.get(pk=page.pk)
    page.unpublish()
    page.save_revision().publish()
    assert [purpose for purpose, _ in purposes()].count("submission_published") == 1
    mail = OutgoingMail.objects.get(purpose="submission_published")
    assert f"http://testserver{page.url}" in mail.text
    assert fresh(sent).published_at is not None


@pytest.mark.parametrize(
    "values", [{"page_id": "page"}, {"state": "envoye"}, {"state": "refuse"}, {"email": ""}], ids=str
)
def test_database_has_the_last_word(moderator, values):
    draft = make_draft()
    if "page_id" in values:
        values = {"page_id": accept(make_sent(email="autre@exemple.fr"), moderator).pk}
        ExperienceSubmission.objects.filter(page_id=values["page_id"]).update(page=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExperienceSubmission.objects.filter(pk=draft.pk).update(**values)


# Time


def aged(submission, **dates):
    ExperienceSubmission.objects.filter(pk=submission.pk).update(**dates)
    return submission


def test_what_is_left_or_refused_is_deleted_in_time(moderator):
    day = timedelta(days=1)
    kept = [
        aged(make_draft(), changed_at=NOW - 30 * day),
        aged(make_sent(), sent_at=NOW - 365 * day, changed_at=NOW - 365 * day, warned_at=NOW - 30 * day),
        aged(make_sent(), sent_at=NOW - 366 * day, warned_at=NOW - 29 * day),
        aged(make_sent(), sent_at=NOW - 366 * day),
        aged(make_returned(moderator), decided_at=NOW - 90 * day, changed_at=NOW - 365 * day),
    ]
    aged(make_draft(), changed_at=NOW - 31 * day)
    aged(make_sent(), sent_at=NOW - 366 * day, warned_at=NOW - 30 * day)
    aged(make_returned(moderator), decided_at=NOW - 91 * day)
    assert services.forget_submissions(NOW) == (3, 0)
    assert set(ExperienceSubmission.objects.all()) == set(kept)
    assert services.forget_submissions(NOW) == (0, 0)


def test_team_is_warned_once_before_what_it_leaves_is_forgotten(moderator):
    day = timedelta(days=1)
    aged(make_sent(), sent_at=NOW - 335 * day)
    aged(make_returned(moderator), sent_at=NOW - 400 * day)
    left = aged(make_sent(), sent_at=NOW - 336 * day)
    assert [services.warn_of_oblivion(NOW) for _ in range(2)] == [1, 0]
    mail = OutgoingMail.objects.get(purpose="submission_last_call")
    assert (mail.recipient, mail.subject) == (
        "equipe@exemple.fr",
        "Une expérience proposée sera effacée le 24 décembre 2026",
    )
    for part in (mail.text, mail.html):
        assert (f"/admin/experiences-proposees/{left.pk}/" in part, "marché" in part, EMAIL in part) == (
            True,
            False,
            False,
        )
    assert services.forget_submissions(NOW + 29 * day) == (0, 0)
    assert services.forget_submissions(NOW + 30 * day) == (1, 0)
    assert not ExperienceSubmission.objects.filter(pk=left.pk).exists()


def test_author_is_told_that_nobody_examined_the_experience():
    sent = aged(make_sent(), sent_at=NOW - timedelta(days=366), warned_at=NOW - timedelta(days=31))
    services.forget_submissions(NOW)
    mail = OutgoingMail.objects.get(purpose="submission_forgotten")
    assert (mail.recipient, mail.state) == (EMAIL, "pending")
    assert "envoyé le 23 novembre 2025. Il est effacé" in mail.text
    assert "http://testserver/experiences/partager/" in mail.text
    assert str(sent.uuid) not in mail.text
    assert set(OutgoingMail.objects.exclude(pk=mail.pk).values_list("state", flat=True)) == {"cancelled"}


def test_sending_again_gives_the_team_another_year(moderator):
    sent = aged(make_sent(), warned_at=NOW)
    services.return_submission(
        submission=fresh(sent), user=moderator, version=1, wants_completion=True, reasons=["obscur"], message=""
    )
    again = services.reopen_submission(submission=sent)
    assert services.send_submission(submission=again, relay=True).warned_at is None


def test_author_of_an_accepted_submission_is_erased_a_year_after_publication(moderator):
    day = timedelta(days=1)
    published, recent, never = make_sent(), make_sent(), make_sent()
    page = accept(published, moderator)
    accept(recent, moderator)
    accept(never, moderator)
    aged(published, decided_at=NOW - 500 * day, published_at=NOW - 366 * day)
    aged(recent, decided_at=NOW - 500 * day, published_at=NOW - 365 * day)
    aged(never, decided_at=NOW - 366 * day)
    assert services.forget_submissions(NOW) == (0, 2)
    assert services.forget_submissions(NOW) == (0, 0)
    found = fresh(published)
    assert (found.email, found.data, found.page_id, found.erased_at) == ("", {}, page.pk, NOW)
    assert (fresh(never).email, fresh(recent).email) == ("", EMAIL)


def test_job_says_what_it_erased(freeze):
    freeze("2026-11-24 10:00")
    make_draft()
    freeze("2026-12-25 10:00")
    assert forget_submissions() == "Expériences proposées supprimées : 1 ; auteurs effacés : 0."
