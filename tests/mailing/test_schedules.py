"""Times of the scheduled jobs, clock changes included."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires_en_commun.mailing.schedules import DailyAt, Every

PARIS = ZoneInfo("Europe/Paris")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "now", "expected"),
    [
        ("03:00", "2026-11-23 01:59:59", "2026-11-23 02:00"),  # winter: UTC+1
        ("03:00", "2026-11-23 02:00", "2026-11-24 02:00"),
        ("03:00", "2026-07-14 00:30", "2026-07-14 01:00"),  # summer: UTC+2
        ("23:59", "2026-12-31 23:30", "2027-01-01 22:59"),
        # 29 March 2026: 2:00 becomes 3:00, so that 2:30 does not exist and runs at 3:30 (1:30 UTC).
        ("02:30", "2026-03-28 12:00", "2026-03-29 01:30"),
        ("02:30", "2026-03-29 01:30", "2026-03-30 00:30"),
        ("03:00", "2026-03-28 12:00", "2026-03-29 01:00"),
        # 25 October 2026: 3:00 becomes 2:00, so that 2:30 comes twice (0:30 and 1:30 UTC) and runs once.
        ("02:30", "2026-10-24 12:00", "2026-10-25 00:30"),
        ("02:30", "2026-10-25 00:30", "2026-10-26 01:30"),
        ("02:30", "2026-10-25 01:00", "2026-10-26 01:30"),
        ("03:00", "2026-10-24 12:00", "2026-10-25 02:00"),
    ],
)
def test_daily_schedule_gives_the_next_time(at, now, expected):
    assert DailyAt.parse(at).after(utc(now)) == utc(expected)


@pytest.mark.parametrize("at", ["00:00", "01:59", "02:00", "02:30", "02:59", "03:00", "12:00", "23:59"])
def test_daily_schedule_runs_once_each_day_of_the_year(at):
    schedule = DailyAt.parse(at)
    moment = datetime(2026, 1, 1, tzinfo=PARIS) - timedelta(seconds=1)
    days = []
    while (moment := schedule.after(moment)) < datetime(2027, 1, 1, tzinfo=PARIS):
        days.append(moment.astimezone(PARIS).date())
    assert len(days) == len(set(days)) == 365


@given(
    now=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    at=st.times(),
)
def test_daily_schedule_comes_within_a_day(now, at):
    moment = DailyAt(at.replace(second=0, microsecond=0)).after(now)
    assert now < moment <= now + timedelta(hours=25)


@pytest.mark.parametrize("text", ["", "3:00", "24:00", "03:60", "03:00:00", "trois heures"])
def test_daily_schedule_refuses_a_bad_time(text):
    with pytest.raises(ValueError, match="Bad time of day"):
        DailyAt.parse(text)


def test_interval_counts_from_now_so_that_missed_times_are_caught_up_once():
    schedule = Every(timedelta(minutes=5))
    now = utc("2026-11-23 09:00")
    assert schedule.first(now) == now
    assert schedule.after(now) == utc("2026-11-23 09:05")


def test_interval_lasts_one_second_at_least():
    with pytest.raises(ValueError, match="one second"):
        Every(timedelta(0))


@pytest.mark.parametrize(
    ("schedule", "text"),
    [
        (Every(timedelta(seconds=10)), "toutes les 10 secondes"),
        (Every(timedelta(minutes=1)), "chaque minute"),
        (Every(timedelta(minutes=5)), "toutes les 5 minutes"),
        (Every(timedelta(hours=1)), "chaque heure"),
        (Every(timedelta(hours=36)), "toutes les 36 heures"),
        (Every(timedelta(days=1)), "chaque jour"),
        (Every(timedelta(days=2)), "tous les 2 jours"),
        (DailyAt.parse("03:05"), "chaque jour à 03:05"),
    ],
)
def test_schedule_is_written_in_french(schedule, text):
    assert str(schedule) == text
