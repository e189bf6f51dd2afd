"""Sessions that come again keep the hours of the clocks where they take place."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from agenda.sessions.series import Dates, Frequency, Repetition, dates_of_series, on_clocks

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")


def first(text, hours=2, zone=PARIS):
    start = datetime.fromisoformat(text).replace(tzinfo=zone)
    return Dates(start.astimezone(UTC), start.replace(hour=start.hour + hours).astimezone(UTC))


def told(dates, zone=PARIS):
    return [f"{one.starts_at.astimezone(zone):%Y-%m-%d %H:%M}" for one in dates]


@pytest.mark.parametrize(
    ("repetition", "expected"),
    [
        (Repetition(frequency=Frequency.DAILY, count=3), ["2027-03-26", "2027-03-27", "2027-03-28"]),
        (Repetition(frequency=Frequency.WEEKLY, interval=2, count=2), ["2027-03-26", "2027-04-09"]),
        (Repetition(frequency=Frequency.WEEKLY, until=date(2027, 4, 9)), ["2027-03-26", "2027-04-02", "2027-04-09"]),
        (Repetition(frequency=Frequency.MONTHLY, count=3), ["2027-03-26", "2027-04-23", "2027-05-28"]),
        (Repetition(frequency=Frequency.MONTH_DAY, count=2), ["2027-03-26", "2027-04-26"]),
    ],
)
def test_dates_keep_their_hour_across_the_change_of_time(repetition, expected):
    found = dates_of_series(first("2027-03-26 14:00"), repetition, PARIS)
    assert told(found) == [f"{day} 14:00" for day in expected]
    assert {one.ends_at - one.starts_at for one in found} == {found[0].ends_at - found[0].starts_at}


def test_dates_overseas_do_not_change():
    found = dates_of_series(
        first("2027-03-26 14:00", zone=REUNION), Repetition(frequency=Frequency.WEEKLY, count=2), REUNION
    )
    assert [one.starts_at.hour for one in found] == [10, 10]


@pytest.mark.parametrize(
    ("repetition", "said"),
    [
        (Repetition(frequency=Frequency.DAILY), "combien de séances"),
        (Repetition(frequency=Frequency.DAILY, count=61), "60 séances au plus"),
        (Repetition(frequency=Frequency.DAILY, count=10**9), "60 séances au plus"),
        (Repetition(frequency=Frequency.DAILY, until=date(2029, 1, 1)), "60 séances au plus"),
        (Repetition(frequency=Frequency.MONTH_DAY, interval=12, count=5), "trop loin"),
        (Repetition(frequency=Frequency.WEEKLY, until=date(2027, 3, 1)), "trop loin"),
    ],
)
def test_impossible_series_say_why(repetition, said):
    with pytest.raises(ValidationError) as raised:
        dates_of_series(first("2027-03-26 14:00"), repetition, PARIS)
    assert said in raised.value.messages[0]


def test_hour_that_does_not_exist_is_refused():
    with pytest.raises(ValidationError, match="n’existe pas"):
        on_clocks(datetime(2027, 3, 28, 2, 30), PARIS)  # noqa: DTZ001 - read on clocks
    with pytest.raises(ValidationError, match="28/03/2027"):
        dates_of_series(first("2027-03-27 02:30", hours=1), Repetition(frequency=Frequency.DAILY, count=2), PARIS)
    assert on_clocks(datetime(2027, 10, 31, 2, 30), PARIS).hour == 0  # noqa: DTZ001 - the first of the two
