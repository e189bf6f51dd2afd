"""Where a call stands: at each of its days, at the last second, when clocks change, far from Paris."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agenda.calls.deadlines import (
    CLOSING_SOON,
    PARIS,
    closing_moment,
    countdown,
    day_in_france,
    opening_moment,
    status_on,
)
from agenda.calls.kinds import CallStatus

TODAY = date(2027, 3, 10)


def day(offset):
    return None if offset is None else TODAY + timedelta(days=offset)


@pytest.mark.parametrize(
    ("opens", "closes", "has_winners", "expected"),
    [
        (1, 90, False, CallStatus.UPCOMING),
        (1, None, False, CallStatus.UPCOMING),
        (0, 90, False, CallStatus.OPEN),
        (None, 90, False, CallStatus.OPEN),
        (None, None, False, CallStatus.OPEN),
        (-9, 22, False, CallStatus.OPEN),
        (-9, 21, False, CallStatus.CLOSING),
        (-9, 0, False, CallStatus.CLOSING),
        (0, 0, False, CallStatus.CLOSING),
        (1, 2, False, CallStatus.UPCOMING),
        (-9, -1, False, CallStatus.CLOSED),
        (-9, -1, True, CallStatus.AWARDED),
        (-9, 5, True, CallStatus.CLOSING),
    ],
)
def test_status_follows_the_dates(opens, closes, has_winners, expected):
    assert status_on(TODAY, opens_on=day(opens), closes_on=day(closes), has_winners=has_winners) == expected


def test_closing_is_near_three_weeks_before():
    assert timedelta(days=21) == CLOSING_SOON


@pytest.mark.parametrize(
    ("closes_on", "last_second"),
    [
        (date(2027, 3, 10), datetime(2027, 3, 10, 22, 59, 59, tzinfo=UTC)),  # winter time
        (date(2027, 3, 28), datetime(2027, 3, 28, 21, 59, 59, tzinfo=UTC)),  # the day when clocks go forward
        (date(2027, 7, 14), datetime(2027, 7, 14, 21, 59, 59, tzinfo=UTC)),  # summer time
        (date(2027, 10, 31), datetime(2027, 10, 31, 22, 59, 59, tzinfo=UTC)),  # the day when clocks go back
    ],
)
def test_call_closes_at_the_end_of_the_day_in_paris(closes_on, last_second):
    def status(now):
        return status_on(day_in_france(now), opens_on=None, closes_on=closes_on)

    assert closing_moment(closes_on) == last_second
    assert status(last_second) == CallStatus.CLOSING
    assert status(last_second + timedelta(milliseconds=999)) == CallStatus.CLOSING
    assert status(last_second + timedelta(seconds=1)) == CallStatus.CLOSED


def test_call_opens_at_midnight_in_paris():
    first_second = opening_moment(date(2027, 10, 31))
    assert first_second == datetime(2027, 10, 30, 22, tzinfo=UTC)
    assert status_on(day_in_france(first_second), opens_on=date(2027, 10, 31), closes_on=None) == CallStatus.OPEN
    before = first_second - timedelta(seconds=1)
    assert status_on(day_in_france(before), opens_on=date(2027, 10, 31), closes_on=None) == CallStatus.UPCOMING


@pytest.mark.parametrize("zone", ["Pacific/Noumea", "Indian/Reunion", "America/Cayenne", "Europe/Paris"])
def test_day_is_that_of_paris_wherever_one_is(zone):
    noon = datetime(2027, 3, 10, 12, tzinfo=PARIS)
    assert day_in_france(noon.astimezone(ZoneInfo(zone))) == TODAY


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (1, 40, "ouvre demain"),
        (12, 40, "ouvre dans 12\u00a0jours"),
        (-5, 0, "clôture aujourd’hui"),
        (None, 1, "clôture demain"),
        (None, 12, "clôture dans 12\u00a0jours"),
        (None, 1200, "clôture dans 1\u202f200\u00a0jours"),
        (None, None, "sans date limite"),
        (-5, None, "sans date limite"),
        (-90, -9, "clôturé le 1er\u00a0mars\u00a02027"),
    ],
)
def test_countdown_is_in_words(opens, closes, expected):
    assert countdown(TODAY, opens_on=day(opens), closes_on=day(closes)) == expected
