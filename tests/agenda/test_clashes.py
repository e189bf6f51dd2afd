"""Events near another: same theme, ten days, fifty kilometres or at a distance. A warning, never a refusal."""

import math
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from agenda.events.clashes import EARTH_RADIUS, clashes, kilometres
from agenda.events.kinds import EventMode, SessionStatus
from agenda.models import EventPage, EventSession
from tests.agenda.events import add_event_url, make_event, make_session, posted_event
from tests.factories import TerritoryFactory, ThemeFactory, UserFactory

NBSP = "\u00a0"
HERE = (46.0, 2.0)


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-10 10:00")


@pytest.fixture
def theme(home):
    return ThemeFactory(name="Eau")


def north(distance):
    """Latitude and longitude of a point at so many kilometres north of ours."""
    return HERE[0] + math.degrees(distance / EARTH_RADIUS), HERE[1]


def event(theme, title="Autre", point=HERE, days=30, **fields):
    latitude, longitude = point or (None, None)
    page = make_event(title=title, themes=[theme], latitude=latitude, longitude=longitude, **fields)
    return make_session(page, days=days)


def near(session):
    return [(clash.session.event.title, clash.where) for clash in clashes(session, timezone.now())]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((48.8566, 2.3522), (45.7640, 4.8357), 391.5),  # Paris, Lyon
        ((0, 179.5), (0, -179.5), 111.2),  # across the antimeridian
        ((90, 0), (-90, 0), 20015.1),
        ((46, 2), (46, 2), 0),
    ],
)
def test_distance_is_that_of_the_great_circle(one, other, expected):
    assert kilometres(one, other) == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize(
    ("distance", "expected"), [(49.9, [("Autre", f"à 50{NBSP}km")]), (50.1, []), (0, [("Autre", f"à 0{NBSP}km")])]
)
def test_fifty_kilometres_are_near(theme, distance, expected):
    session = event(theme, "Le nôtre")
    event(theme, point=north(distance))
    assert near(session) == expected


@pytest.mark.parametrize(("days", "is_near"), [(20, True), (19, False), (40, True), (41, False), (30, True)])
def test_ten_days_are_near(theme, days, is_near):
    session = event(theme, "Le nôtre", days=30)
    event(theme, days=days)
    assert bool(near(session)) is is_near


def test_days_are_counted_from_the_end_of_what_lasts(theme):
    session = event(theme, "Le nôtre", days=30)
    long = event(theme, "Long", days=15)
    EventSession.objects.filter(pk=long.pk).update(ends_at=timezone.now() + timedelta(days=20))
    assert near(session) == [("Long", f"à 0{NBSP}km")]


def test_without_point_the_departement_decides(theme, small_france):
    creuse = [small_france[key] for key in small_france if key.startswith("commune:23")]
    assert len(creuse) >= 2
    for commune in creuse:
        type(commune).objects.filter(pk=commune.pk).update(latitude=None, longitude=None)
    gueret, other = (type(creuse[0]).objects.get(pk=commune.pk) for commune in creuse[:2])
    nantes = small_france["commune:44109"]
    session = event(theme, "Le nôtre", point=None, commune=gueret)
    event(theme, "Creuse", point=None, commune=other)
    event(theme, "Creuse, avec un point", point=(46.1, 1.9), commune=other)
    event(theme, "Loire-Atlantique", point=None, commune=nantes)
    event(theme, "Sans département", point=None, commune=TerritoryFactory())
    where = "dans le même département"
    assert near(session) == [("Creuse", where), ("Creuse, avec un point", where)]


@pytest.mark.parametrize("mode", [EventMode.REMOTE, EventMode.HYBRID])
def test_what_is_followed_at_a_distance_is_near_everything(theme, mode):
    onsite = event(theme, "Sur place")
    remote = event(theme, "En ligne", point=north(700), mode=mode)
    assert near(onsite) == [("En ligne", "à distance")]
    assert near(remote) == [("Sur place", "à distance")]


def test_session_that_moved_online_is_near_everything(theme):
    session, other = event(theme, "Le nôtre"), event(theme, "Neige", point=north(700))
    assert near(session) == []
    EventSession.objects.filter(pk=other.pk).update(status=SessionStatus.MOVED_ONLINE, status_message="Neige.")
    assert near(session) == [("Neige", "à distance")]


def test_only_what_every_visitor_may_read_and_takes_place_is_told(theme):
    session = event(theme, "Le nôtre")
    event(theme, "Brouillon", live=False)
    hidden = event(theme, "Privé").event
    PageViewRestriction.objects.create(page=hidden.basepage_ptr, restriction_type="login")
    off = event(theme, "Annulé")
    EventSession.objects.filter(pk=off.pk).update(status=SessionStatus.CANCELLED, status_message="Neige.")
    event(ThemeFactory(name="Autre chose"), "Autre thème")
    event(theme, "Passé", days=-1)
    make_session(session.event, days=31)
    assert near(session) == []


def test_merged_theme_is_the_one_that_took_over(theme):
    old = ThemeFactory(name="Rivières", replaced_by=theme, is_active=False)
    session = event(theme, "Le nôtre")
    event(old, "Ancien thème")
    assert near(session) == [("Ancien thème", f"à 0{NBSP}km")]


def test_event_of_several_sessions_is_told_once_by_the_nearest(theme):
    session = event(theme, "Le nôtre", days=30)
    other = event(theme, days=25).event
    close = make_session(other, days=31)
    make_session(other, days=35)
    [clash] = clashes(session, timezone.now())
    assert clash.session == close


def test_session_that_is_over_has_none(theme):
    session = event(theme, "Le nôtre", days=-2)
    event(theme, days=1)
    assert near(session) == []


# What organisers read


@pytest.mark.ignore_template_errors
def test_form_of_a_session_warns_and_refuses_nothing(admin_client, theme):
    session = event(theme, "Le nôtre")
    edit = reverse("seances:edit", args=[session.pk])
    assert "Une occasion d’organiser ensemble" not in admin_client.get(edit).content.decode()
    other = event(theme, "Autre & <b>", point=north(12)).event
    html = admin_client.get(edit).content.decode()
    assert f'<a href="{other.url}">Autre &amp; &lt;b&gt;</a>' in html
    assert f"à 12{NBSP}km" in html
    add = reverse("seances:event", args=[session.event_id])
    data = {"starts_at": "2027-04-10 10:00", "ends_at": "2027-04-10 12:00", "interval": "1"}
    response = admin_client.post(add, data, follow=True)
    assert session.event.sessions.count() == 2
    assert "Autre &amp; &lt;b&gt;</a>" in response.content.decode()


@pytest.mark.ignore_template_errors
def test_draft_is_judged_by_its_latest_version(admin_client, theme):
    session = event(ThemeFactory(name="Ancien choix"), "Le nôtre", live=False)
    event(theme, "Autre")
    draft = session.event
    draft.themes = [theme]
    draft.save_revision()
    assert "Autre</a>" in admin_client.get(reverse("seances:edit", args=[session.pk])).content.decode()


@pytest.mark.ignore_template_errors
def test_who_publishes_an_event_is_told(admin_client, theme):
    session = event(theme, "Autre")
    themes = {"themes": [theme.pk]}
    response = admin_client.post(add_event_url(), posted_event() | themes | {"action-publish": "1"}, follow=True)
    assert "Autre</a>" not in response.content.decode()  # it has no session yet
    page = EventPage.objects.get(slug="webinaire")
    make_session(page, starts_at=session.starts_at)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = admin_client.post(edit, posted_event() | themes | {"action-publish": "1"}, follow=True)
    assert "Autre</a>" in response.content.decode()


@pytest.mark.ignore_template_errors
def test_who_organises_nothing_reads_no_warning(client, theme):
    session = event(theme, "Le nôtre")
    client.force_login(UserFactory())
    assert client.get(reverse("seances:edit", args=[session.pk])).status_code in (302, 403, 404)
