"""Reminders of reviews: who is told, when, once; and what editors see once the day has come."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.text import slugify

from territoires_en_commun.base.jobs import send_review_reminders
from territoires_en_commun.base.models import BasePage, ReviewReminder, SiteSettings
from territoires_en_commun.base.reviews import remind_reviews
from territoires_en_commun.mailing.models import OutgoingMail
from tests.factories import UserFactory
from tests.pages.build import make_page

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def now(freeze):
    freeze("2026-11-24 06:30")


@pytest.fixture
def owner():
    return UserFactory(email="responsable@exemple.fr")


@pytest.fixture
def make(home, owner):
    """A published page to review on a given day."""

    def build(title, day, **values):
        page = make_page(home, title=title, slug=slugify(title), review_owner=owner)
        BasePage.objects.filter(pk=page.pk).update(**{"review_date": day, **values})
        return page

    return build


def mails() -> dict[str, str]:
    """Recipients and texts of the reminders."""
    return dict(OutgoingMail.objects.filter(purpose="review_reminder").values_list("recipient", "text"))


def test_reminders_leave_thirty_days_before_and_on_the_day(make):
    soon = make("Dans trente jours", TODAY + timedelta(days=30))
    due = make("Aujourd’hui", TODAY)
    for title, day in (("Trop tôt", 31), ("Entre les deux", 15), ("Ancienne", -8)):
        make(title, TODAY + timedelta(days=day))

    assert remind_reviews(TODAY) == (1, 2)

    mail = OutgoingMail.objects.get(recipient="responsable@exemple.fr")
    assert mail.subject == "2 contenus à revoir"
    lines = [line for line in mail.text.splitlines() if line.startswith(("À revoir", "- ", "  http"))]
    assert lines == [
        "À revoir dès maintenant",
        "- Aujourd’hui, à revoir le 24 novembre 2026",
        f"  http://testserver{reverse('wagtailadmin_pages:edit', args=[due.pk])}",
        "À revoir dans moins de trente jours",
        "- Dans trente jours, à revoir le 24 décembre 2026",
        f"  http://testserver{reverse('wagtailadmin_pages:edit', args=[soon.pk])}",
    ]
    assert reverse("wagtailadmin_pages:edit", args=[due.pk]) in mail.html


def test_reminder_of_one_page_says_so(make):
    make("Seule", TODAY)
    remind_reviews(TODAY)

    assert OutgoingMail.objects.get(purpose="review_reminder").subject == "Un contenu à revoir"


def test_reminder_leaves_once_whatever_the_number_of_runs(make):
    make("Une", TODAY)

    assert [remind_reviews(TODAY), remind_reviews(TODAY)] == [(1, 1), (0, 0)]
    assert remind_reviews(TODAY + timedelta(days=1)) == (0, 0)
    assert len(mails()) == 1


def test_person_gets_one_mail_a_day_and_the_rest_the_next_day(make):
    make("Première", TODAY)
    remind_reviews(TODAY)
    make("Arrivée après", TODAY)

    assert remind_reviews(TODAY) == (0, 0)
    assert remind_reviews(TODAY + timedelta(days=1)) == (1, 1)
    assert OutgoingMail.objects.filter(purpose="review_reminder").count() == 2


def test_reminder_missed_by_a_stopped_scheduler_leaves_within_a_week(make):
    make("Manquée", TODAY)

    assert remind_reviews(TODAY + timedelta(days=6)) == (1, 1)
    ReviewReminder.objects.all().delete()
    assert remind_reviews(TODAY + timedelta(days=7)) == (0, 0)


def test_new_date_is_reminded_of_again(make):
    page = make("Revue", TODAY)
    remind_reviews(TODAY)
    later = TODAY + timedelta(days=180)
    BasePage.objects.filter(pk=page.pk).update(review_date=later)

    assert remind_reviews(later - timedelta(days=30)) == (1, 1)
    assert remind_reviews(later) == (1, 1)
    assert ReviewReminder.objects.count() == 3


def test_drafts_are_not_reminded_of(make):
    make("Brouillon", TODAY, live=False)

    assert remind_reviews(TODAY) == (0, 0)


def test_page_whose_owner_left_is_told_to_those_who_publish_it(make, owner, editor, reviewer, superuser):
    for title in ("Délaissée", "Sans personne", "À elle"):
        make(title, TODAY)
    owner.is_active = False
    owner.save()
    BasePage.objects.filter(title="Sans personne").update(review_owner=None)
    BasePage.objects.filter(title="À elle").update(review_owner=editor)

    assert remind_reviews(TODAY) == (1, 3)
    text = mails()[editor.email]
    assert set(mails()) == {editor.email}
    assert text.index("À revoir dès maintenant") < text.index("À elle") < text.index("Sans responsable")
    assert text.index("Sans responsable") < text.index("Délaissée") < text.index("Sans personne")


def test_page_of_nobody_is_told_to_the_team(site):
    SiteSettings.objects.update_or_create(defaults={"contact_email": "equipe@exemple.fr"})
    page = make_page(BasePage.objects.get(depth=1), slug="perdue")  # where no role reaches
    BasePage.objects.filter(pk=page.pk).update(review_date=TODAY, review_owner=None)

    assert remind_reviews(TODAY) == (1, 1)
    assert set(mails()) == {"equipe@exemple.fr"}


def test_wrong_address_stops_nobody_else(make):
    wrong = UserFactory()
    type(wrong).objects.filter(pk=wrong.pk).update(email="pas une adresse")
    make("Perdue", TODAY, review_owner=wrong)
    make("Reçue", TODAY)

    assert remind_reviews(TODAY) == (1, 1)
    assert set(mails()) == {"responsable@exemple.fr"}


def test_reminders_cost_the_same_for_one_page_and_three(make, django_assert_num_queries):
    make("Une", TODAY)
    with django_assert_num_queries(14):
        remind_reviews(TODAY)
    for title in ("Deux", "Trois", "Quatre"):
        make(title, TODAY + timedelta(days=1))

    with django_assert_num_queries(14):
        remind_reviews(TODAY + timedelta(days=1))


def test_job_says_what_it_did(make):
    assert send_review_reminders() == ""
    make("Une", TODAY)
    assert send_review_reminders() == "Courriels de rappel : 1, pour 1 page(s)."


# In the editor


def banner(client, page) -> bool:
    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    return "Contenu à revoir depuis le 24 novembre 2026" in html


@pytest.mark.ignore_template_errors
def test_banner_is_for_editors_once_the_day_has_come(admin_client, client, make):
    page = make("Venue", TODAY)
    other = make("Plus tard", TODAY + timedelta(days=1))

    assert (banner(admin_client, page), banner(admin_client, other)) == (True, False)
    assert "à revoir" not in client.get(page.url).content.decode()


@pytest.mark.ignore_template_errors
def test_banner_goes_when_a_version_says_another_day_and_is_not_on_drafts(admin_client, make):
    page = make("Venue", TODAY)
    page.refresh_from_db()
    draft = make("Brouillon", TODAY, live=False)
    assert not banner(admin_client, draft)

    page.review_date = TODAY + timedelta(days=90)
    page.save_revision()
    assert not banner(admin_client, page)
