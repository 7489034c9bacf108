from datetime import date, timedelta

import pytest

from accounts.roles import Role
from availability.models import CalendarMember
from bookings.queries.fairness import Period, fairness_of, lines_of, round_robins_of
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import OPERATOR
from bookings.services.reschedule import reschedule_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
HALF_AN_HOUR = timedelta(minutes=30)


def round_robin(*names, **more):
    """A calendar of these hosts, in this order; counting began long ago."""
    calendar = CalendarFactory(
        **{"type": "round_robin", "assignment_mode": "equal", "members_changed_at": NOW - timedelta(days=99), **more}
    )
    for position, name in enumerate(names):
        member = MemberFactory(account=calendar.account, user__name=name)
        ScheduleFactory(member=member)
        CalendarMemberFactory(calendar=calendar, member=member, position=position)
    return calendar


def book(calendar, at=TEN, **more):
    return book_appointment(calendar, starts_at=at, customer=ADA, now=NOW, **more)


def figures(calendar, period=NOVEMBER):
    hosts = fairness_of(calendar, period).hosts
    return {one.name: (one.share.booked, round(one.share.even, 2)) for one in hosts}


@pytest.fixture
def equal(db):
    return round_robin("Ines", "Mareike", "Emil")


def test_in_equal_distribution_everybody_who_serves_has_an_even_part(equal):
    for number in range(4):
        book(equal, TEN + number * HALF_AN_HOUR)

    assert figures(equal) == {"Ines": (2, 1.33), "Mareike": (1, 1.33), "Emil": (1, 1.33)}


def test_who_was_not_free_still_has_a_part_and_is_counted_as_passed_over(equal):
    first, second, third = (book(equal) for _number in range(3))
    assert [one.host.user.name for one in (first, second, third)] == ["Ines", "Mareike", "Emil"]

    hosts = {one.name: one.share for one in fairness_of(equal, NOVEMBER).hosts}

    assert {name: share.passed_over for name, share in hosts.items()} == {"Ines": 2, "Mareike": 1, "Emil": 0}
    assert {round(share.even, 2) for share in hosts.values()} == {1.0}


def test_who_was_too_far_ahead_is_told_apart(db):
    calendar = round_robin("Ines", "Mareike", lead_cap=1)
    book(calendar)
    book(calendar, ELEVEN)

    hosts = {one.name: one.share for one in fairness_of(calendar, NOVEMBER).hosts}

    assert (hosts["Ines"].passed_over, hosts["Ines"].ahead) == (1, 1)


def test_by_availability_only_the_free_with_the_highest_priority_share(db):
    calendar = round_robin("Ines", "Mareike", "Emil", assignment_mode="availability")
    CalendarMember.objects.filter(member__user__name="Emil").update(priority=1)
    book(calendar)
    book(calendar)
    book(calendar)

    assert figures(calendar) == {"Ines": (1, 0.5), "Mareike": (1, 1.5), "Emil": (1, 1.0)}


def test_who_joined_later_has_no_part_in_what_was_booked_before(equal):
    book(equal)
    book(equal, ELEVEN)
    member = MemberFactory(account=equal.account, user__name="Nele")
    CalendarMemberFactory(calendar=equal, member=member, position=9)

    assert figures(equal)["Nele"] == (0, 0)


def test_who_left_the_team_keeps_their_bookings_and_is_marked(equal):
    book(equal)
    CalendarMember.objects.filter(member__user__name="Ines").delete()

    assert [(one.name, one.serves) for one in fairness_of(equal, NOVEMBER).hosts] == [
        ("Mareike", True),
        ("Emil", True),
        ("Ines", False),
    ]


def test_who_was_asked_for_by_name_weighs_on_nobody_else(equal):
    ines = CalendarMember.objects.get(member__user__name="Ines").member
    book(equal, host=ines)

    assert figures(equal) == {"Ines": (1, 1), "Mareike": (0, 0), "Emil": (0, 0)}


def test_what_was_called_off_is_on_record_and_counts_for_nobody(equal):
    off = book(equal)
    cancel_appointment(off, now=NOW, by=OPERATOR)

    report = fairness_of(equal, NOVEMBER)

    assert (report.total, report.called_off) == (0, 1)
    assert figures(equal) == {"Ines": (0, 0), "Mareike": (0, 0), "Emil": (0, 0)}
    assert {one.name: one.cancelled for one in report.hosts}["Ines"] == 1


def test_what_was_moved_counts_once_where_it_is_now(equal):
    moved = book(equal)
    reschedule_appointment(moved, starts_at=ELEVEN, now=NOW, by=OPERATOR)

    report = fairness_of(equal, NOVEMBER)

    assert report.total == 1
    assert [line.record.rule for line in lines_of(report.booked)] == ["kept"]


def test_the_period_is_of_days_of_the_account_both_included(equal):
    book(equal)

    assert fairness_of(equal, Period(date(2026, 11, 23), date(2026, 11, 23))).total == 1
    assert fairness_of(equal, Period(date(2026, 11, 24), date(2026, 11, 30))).total == 0
    assert fairness_of(equal, Period(date(2026, 11, 1), date(2026, 11, 22))).total == 0


def test_a_booking_without_record_counts_for_its_host(equal):
    from availability.models import Assignment

    book(equal)
    Assignment.objects.all().delete()

    assert figures(equal)["Ines"] == (1, 1)


def test_hosts_who_always_take_part_share_nothing(equal):
    CalendarMember.objects.filter(member__user__name="Emil").update(is_fixed=True)
    book(equal)

    assert figures(equal) == {"Ines": (1, 0.5), "Mareike": (0, 0.5)}


def test_only_managers_have_a_report_and_only_of_round_robins(equal):
    CalendarFactory(account=equal.account)
    staff = CalendarMember.objects.first().member
    owner = MemberFactory(account=equal.account, role=Role.OWNER)

    assert (round_robins_of(staff), round_robins_of(owner)) == ([], [equal])
