import pytest

from bookings.queries.team import hosts_of, team_of
from bookings.services.book import book_appointment
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

pytestmark = pytest.mark.django_db


def _join(calendar, **place):
    return CalendarMemberFactory(calendar=calendar, **place).member


def test_the_team_stands_in_its_order_without_those_who_left():
    calendar = CalendarFactory()
    second, first = _join(calendar, position=2), _join(calendar, position=1)
    gone = _join(calendar)
    gone.user.is_active = False
    gone.user.save()

    assert team_of(calendar).choice == (first, second)


@pytest.mark.parametrize("kind", ["simple", "class", "collective"])
def test_where_there_is_one_host_or_all_nobody_is_chosen(kind):
    calendar = CalendarFactory(type=kind)
    _join(calendar), _join(calendar)

    assert team_of(calendar).choice == ()


def test_a_fixed_host_always_takes_part_and_is_not_chosen():
    calendar = CalendarFactory(type="round_robin")
    fixed, one, other = _join(calendar, is_fixed=True), _join(calendar), _join(calendar)

    team = team_of(calendar)

    assert team.choice == (one, other)
    assert team.with_whom(None) == ((fixed,), True)
    assert team.with_whom(other) == ((other, fixed), False)


def test_one_host_is_there_for_certain():
    calendar = CalendarFactory()
    only = _join(calendar)

    assert team_of(calendar).with_whom(None) == ((only,), False)


def test_all_of_a_collective_take_part_the_lead_first():
    calendar = CalendarFactory(type="collective")
    one, lead = _join(calendar), _join(calendar, is_lead=True)

    team = team_of(calendar)
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    assert team.with_whom(None) == ((lead, one), False)
    assert hosts_of(appointment) == (lead, one)


def test_a_calendar_without_anybody_has_nobody():
    assert team_of(CalendarFactory()).with_whom(None) == ((), False)
