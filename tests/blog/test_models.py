"""What an article needs to be published, by kind; whose it is; when it is old."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from blog import rules
from blog.models import ArticleIndexPage, ArticlePage, Author, Interviewee, PartnerSectionPage, Signature
from blog.services import forget_unused_authors
from territoires_en_commun.base.html_blocks import new_block
from territoires_en_commun.base.publication import INCOMPLETE_BLOCKS, Gap, PublicationRefused
from territoires_en_commun.base.services import TermInUse, merge_term
from tests.blog.build import KINDS, complete_article, library_image, make_article, picture, question
from tests.factories import AuthorFactory, PartnerFactory, PartnerSectionPageFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def gaps(kind, **fields):
    return list(complete_article(kind, **fields).content_gaps())


@pytest.fixture
def blog(home):
    return ArticleIndexPage.objects.get()


@pytest.fixture
def section(blog):
    return PartnerSectionPageFactory(parent=blog, partner=PartnerFactory(name="Réseau d’exemple"))


@pytest.mark.parametrize("kind", KINDS)
def test_complete_article_lacks_nothing(kind):
    assert gaps(kind) == []


def test_article_needs_a_kind():
    assert gaps("") == [Gap("kind", rules.MISSING_KIND)]


@pytest.mark.parametrize("kind", ["actualite", "reportage", "focus"])
def test_article_needs_a_body(kind):
    assert gaps(kind, body=[]) == [Gap("body", rules.MISSING_BODY)]


def test_interview_can_do_without_introduction():
    assert gaps("entretien", body=[]) == []


@pytest.mark.parametrize(
    ("kind", "fields", "gap"),
    [
        ("actualite", {"partner": None}, Gap("partner", rules.MISSING_PARTNER)),
        ("focus", {"authors": []}, Gap("signatures", rules.MISSING_SIGNATURE)),
        ("reportage", {"pictures": []}, Gap("pictures", rules.MISSING_PICTURE)),
        ("entretien", {"questions": []}, Gap("questions", rules.MISSING_QUESTION)),
        ("entretien", {"interviewees": []}, Gap("interviewees", rules.MISSING_INTERVIEWEE)),
        (
            "entretien",
            {"interviewees": [Interviewee(name=" ")]},
            Gap("interviewees", "Personne 1 : il manque le nom."),
        ),
        ("focus", {"interviewees": [Interviewee(name="Lina")]}, Gap("interviewees", rules.NOT_AN_INTERVIEW)),
        ("focus", {"questions": [question()]}, Gap("questions", rules.NOT_AN_INTERVIEW)),
    ],
)
def test_article_says_what_it_lacks(kind, fields, gap):
    assert gaps(kind, **fields) == [gap]


def test_news_needs_no_author_but_its_partner():
    assert gaps("actualite", authors=[]) == []


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"alt": " "}, "le texte alternatif"),
        ({"caption": ""}, "la légende"),
        ({"alt": "", "caption": ""}, "le texte alternatif, la légende"),
    ],
)
def test_each_picture_of_a_report_is_described_and_captioned(fields, missing):
    told = gaps("reportage", pictures=[picture(), picture(**fields)])
    assert told == [Gap("pictures", f"Photo 2 : il manque {missing}.")]


@pytest.mark.parametrize(("own", "library", "complete"), [("", "", False), ("", "Z", True), ("Y", "", True)])
def test_picture_is_credited_by_the_article_or_by_the_library(own, library, complete):
    told = gaps("reportage", pictures=[picture(own_credit=own, image=library_image(credit=library))])
    assert told == ([] if complete else [Gap("pictures", "Photo 1 : il manque le crédit.")])


def test_only_a_report_has_a_gallery():
    assert gaps("focus", pictures=[picture()]) == [Gap("pictures", rules.NOT_A_REPORT)]


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"text": " "}, "la question"),
        ({"answer": ""}, "la réponse"),
        ({"text": "", "answer": ""}, "la question, la réponse"),
    ],
)
def test_each_question_has_its_answer(fields, missing):
    told = gaps("entretien", questions=[question(), question(**fields)])
    assert told == [Gap("questions", f"Question 2 : il manque {missing}.")]


def test_incomplete_block_is_refused_by_roads_that_have_no_form(blog):
    video = new_block("video", {"title": "Un film", "url": "https://vimeo.com/12345678", "transcript": ""})
    draft = make_article(live=False, body=[video])
    with pytest.raises(PublicationRefused) as refused:
        draft.get_latest_revision().publish()
    assert refused.value.gaps == [Gap("body", INCOMPLETE_BLOCKS)]


# Dates


def test_date_shown_is_that_of_the_first_publication(blog, freeze):
    freeze("2026-03-10 23:30")
    article = make_article()
    assert article.published_on == date(2026, 3, 10)
    assert article.published_at == datetime(2026, 3, 10, 23, 30, tzinfo=PARIS)
    freeze("2026-05-01 09:00")
    article.save_revision().publish()
    assert ArticlePage.objects.get().published_on == date(2026, 3, 10)


def test_date_shown_can_be_set(blog):
    article = make_article(published_on=date(2022, 2, 3))
    assert article.published_at == datetime(2022, 2, 3, 12, tzinfo=PARIS)


def test_date_to_come_is_refused_unless_the_publication_is_scheduled_then(freeze):
    freeze("2026-03-10 10:00")
    tomorrow = {"published_on": date(2026, 3, 11)}
    assert gaps("focus", **tomorrow) == [Gap("published_on", rules.FUTURE_DATE)]
    assert gaps("focus", **tomorrow, go_live_at=datetime(2026, 3, 11, 8, tzinfo=PARIS)) == []
    assert gaps("focus", published_on=date(2026, 3, 10)) == []


def test_dates_are_those_of_paris_whatever_the_clock_of_the_editor(blog, freeze):
    freeze("2026-03-10 15:00")
    with timezone.override("Pacific/Noumea"):  # the 11th already
        assert make_article(title="Vu de Nouméa").published_on == date(2026, 3, 10)
        assert gaps("focus", published_on=date(2026, 3, 11)) == [Gap("published_on", rules.FUTURE_DATE)]


@pytest.mark.parametrize(
    ("shown", "today", "is_old"),
    [
        (date(2024, 3, 10), date(2026, 3, 10), False),
        (date(2024, 3, 10), date(2026, 3, 11), True),
        (date(2024, 2, 29), date(2026, 2, 28), False),
        (date(2024, 2, 29), date(2026, 3, 1), True),
        (date(2020, 12, 31), date(2022, 12, 31), False),
        (date(2020, 12, 31), date(2023, 1, 1), True),
    ],
)
def test_article_is_old_after_two_years(shown, today, is_old):
    assert ArticlePage(published_on=shown).is_old(today) == is_old
    assert not ArticlePage(published_on=shown, is_timeless=True).is_old(today)


def test_scheduled_article_takes_the_date_of_its_day(blog, freeze):
    freeze("2026-03-10 10:00")
    draft = make_article(live=False, go_live_at=datetime(2026, 3, 12, 8, tzinfo=PARIS))
    draft.get_latest_revision().publish()
    freeze("2026-03-12 08:01")
    call_command("publish_scheduled")
    article = ArticlePage.objects.get()
    assert (article.live, article.published_on) == (True, date(2026, 3, 12))


def test_copy_of_an_article_is_not_dated_yet(blog):
    article = make_article(published_on=date(2022, 2, 3))
    copy = article.copy(update_attrs={"title": "Copie", "slug": "copie"}, keep_live=False)
    assert ArticlePage.objects.get(pk=copy.pk).published_on is None


# Partner


def test_article_of_a_section_is_its_partner_s(section):
    other = PartnerFactory()
    assert make_article("actualite", parent=section, partner=other).partner == section.partner
    assert make_article("focus", parent=section, title="Autre", live=False).partner == section.partner


def test_article_moved_into_a_section_becomes_its_partner_s(section):
    article = make_article("actualite")
    article.move(section, pos="last-child")
    assert ArticlePage.objects.get().partner == section.partner


def test_version_of_before_does_not_bring_another_partner_back(section):
    article = make_article("actualite")
    before = article.get_latest_revision()
    article.move(section, pos="last-child")
    type(before).objects.get(pk=before.pk).publish()
    assert ArticlePage.objects.get().partner == section.partner


def test_section_is_opened_by_a_service_only(blog):
    assert ArticleIndexPage.creatable_subpage_models() == [ArticlePage]
    assert ArticleIndexPage.allowed_subpage_models() == [ArticlePage, PartnerSectionPage]
    PartnerSectionPageFactory.create_batch(2, parent=blog)


# Authors


def test_author_who_signs_cannot_be_deleted_even_from_an_older_version(blog):
    author = AuthorFactory()
    article = make_article(authors=[author])
    with pytest.raises(TermInUse):
        author.delete()
    article.signatures = [Signature(author=AuthorFactory())]
    article.save_revision().publish()
    assert not Signature.objects.filter(author=author).exists()
    with pytest.raises(TermInUse):
        author.delete()


def test_merged_author_signs_nothing_any_more_in_any_version(blog):
    double, kept = AuthorFactory(name="M. Delafiction"), AuthorFactory(name="Maya Delafiction")
    article = make_article(authors=[double])
    merge_term(source=double, target=kept)
    assert [s.author for s in article.signatures.all()] == [kept]
    assert [s.author for s in article.get_latest_revision_as_object().signatures.all()] == [kept]


def test_author_who_signs_nothing_is_forgotten_after_a_year(blog):
    signing, unused, recent = AuthorFactory.create_batch(3)
    make_article(authors=[signing])
    long_ago = timezone.now() - timedelta(days=366)
    Author.objects.filter(pk__in=[signing.pk, unused.pk]).update(created_at=long_ago)
    assert forget_unused_authors(timezone.now()) == 1
    assert set(Author.objects.all()) == {signing, recent}
