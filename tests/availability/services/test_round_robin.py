"""Who gets a booking (T4–T7): priorities, equal shares, named, kept and fixed hosts, and the record of it."""

from uuid import uuid4

import pytest

from availability.models import Assignment, CalendarMember, HostTime, Priority
from availability.services.release import release_time
from tests.availability.situations import (
    DAY,
    HALF_HOUR,
    HOUR,
    TEN,
    busy,
    change,
    hold,
    keep_free,
    offer,
    refusal,
    reserve,
    team,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def booked(place, *starts, **options):
    """Who got each of these, by their place in the team."""
    order = list(CalendarMember.objects.filter(calendar=place.calendar).values_list("member", flat=True))
    return [order.index(reserve(place, start, **options).member.pk) for start in starts]


def record(start=TEN):
    return Assignment.objects.get(uid=HostTime.objects.get(starts_at=start).uid)


# ── optimise for availability (T4) ───────────────────────────────────────────────────────────────────────────────────


def test_the_highest_priority_goes_first():
    low, high = team(2)
    CalendarMember.objects.filter(pk=high.pk).update(priority=Priority.HIGH)

    assert booked(low, TEN, TEN) == [1, 0]
    assert refusal(low) == ("BOOKED",)
    assert Assignment.objects.earliest("pk").rule == "priority"


def test_equals_are_taken_by_the_one_booked_least_recently():
    first, *_others = team(3)

    assert booked(first, TEN) == [0]
    assert booked(first, TEN + HALF_HOUR, now=NOW + HALF_HOUR) == [1]
    assert booked(first, TEN + HOUR, now=NOW + HALF_HOUR) == [2]
    reserve(first, TEN + 2 * HOUR, host=first.member, now=NOW + HOUR)
    assert booked(first, TEN + 3 * HOUR, now=NOW + HOUR) == [1]
    assert booked(first, TEN + 4 * HOUR, now=NOW + HOUR) == [2]
    assert [one.rule for one in Assignment.objects.order_by("pk")] == [
        *("team_order", "team_order", "least_recent", "named", "team_order", "least_recent")
    ]


def test_the_only_one_who_is_free_gets_it_whatever_their_priority():
    low, high = team(2)
    CalendarMember.objects.filter(pk=high.pk).update(priority=Priority.HIGH)
    busy(high.member, TEN, TEN + HOUR)

    assert booked(low, TEN) == [0]
    assert record().rule == "only_one"


def test_the_record_names_candidates_scores_and_what_stood_against_the_others():
    first, second, third = team(3)
    reserve(first, TEN + DAY, host=second.member)
    busy(third.member, TEN, TEN + HOUR)

    reserve(first)

    assert (record().rule, record().member, record().assigned_at) == ("least_recent", first.member, NOW)
    assert record().candidates == [
        {"member": first.member_id, "priority": 2, "last_booked_at": None, "booked": 0, "reasons": []},
        {
            "member": second.member_id,
            "priority": 2,
            "last_booked_at": int(NOW.timestamp()),
            "booked": 0,
            "reasons": [],
        },
        {"member": third.member_id, "booked": 0, "reasons": ["EVENT"]},
    ]


# ── equal distribution (T5) ──────────────────────────────────────────────────────────────────────────────────────────


def test_equal_shares_go_to_the_least_booked_then_by_team_order():
    first, *_others = team(3, assignment_mode="equal")

    assert booked(first, *(TEN + step * HALF_HOUR for step in range(4))) == [0, 1, 2, 0]
    assert [one.rule for one in Assignment.objects.order_by("pk")] == [
        "team_order",
        "team_order",
        "least_booked",
        "team_order",
    ]


def test_a_named_booking_counts():
    first, second = team(2, assignment_mode="equal")
    reserve(first, TEN + DAY, host=first.member)

    assert booked(first, TEN) == [1]
    assert [(one["member"], one["booked"]) for one in record().candidates] == [
        (second.member_id, 0),
        (first.member_id, 1),
    ]


def test_whoever_is_ahead_by_the_cap_is_not_offered_until_the_others_catch_up():
    first, second = team(2, assignment_mode="equal", lead_cap=2)
    for day in (1, 2):
        reserve(first, TEN + day * DAY, host=first.member)
    keep_free(second.member.user, TEN, TEN + HALF_HOUR)

    assert TEN not in offer(first.calendar)
    assert refusal(first) == ("ROUND_ROBIN_LEAD", "BLOCKED")
    reserve(first, TEN + HOUR)
    assert TEN in offer(first.calendar)


def test_a_customer_who_names_the_host_passes_the_cap_by():
    first, _second = team(2, assignment_mode="equal", lead_cap=1)
    reserve(first, TEN + DAY, host=first.member)

    assert TEN in offer(first.calendar, host=first.member)
    assert reserve(first, host=first.member).member == first.member
    assert record().rule == "named"


def test_who_cannot_be_booked_in_the_month_holds_nobody_back():
    first, second = team(2, assignment_mode="equal", lead_cap=1)
    reserve(first, TEN + DAY, host=first.member)
    keep_free(second.member.user, NOW, NOW + 8 * DAY)

    assert booked(first, TEN) == [0]


def test_a_new_month_begins_with_nothing():
    first, _second = team(2, assignment_mode="equal", lead_cap=1)
    reserve(first, TEN + DAY, host=first.member)

    assert booked(first, TEN + 14 * DAY) == [0]


def test_a_cancelled_booking_counts_no_longer():
    first, _second = team(2, assignment_mode="equal")
    uid = uuid4()
    reserve(first, uid=uid)
    release_time(uid, now=NOW)

    assert booked(first, TEN) == [0]


def test_what_was_booked_before_the_team_changed_counts_no_longer():
    first, _second = team(2, assignment_mode="equal", lead_cap=1)
    reserve(first, TEN + DAY, host=first.member)
    change(first.calendar, members_changed_at=NOW + HALF_HOUR)

    assert booked(first, TEN + HOUR, now=NOW + HOUR) == [0]


def test_the_record_tells_who_was_too_far_ahead():
    first, second = team(2, assignment_mode="equal", lead_cap=1)
    reserve(first, TEN + DAY, host=first.member)

    reserve(first)

    assert (record().rule, record().member) == ("only_one", second.member)
    assert record().candidates[1:] == [{"member": first.member_id, "booked": 1, "reasons": ["ROUND_ROBIN_LEAD"]}]


# ── fixed, kept, lost ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_fixed_host_takes_no_turn():
    fixed, *_others = team(3)
    CalendarMember.objects.filter(pk=fixed.pk).update(is_fixed=True)

    assert booked(fixed, TEN, TEN + HALF_HOUR) == [1, 2]
    assert HostTime.objects.filter(user=fixed.member.user).count() == 2


def test_moving_keeps_the_host_if_they_are_free():
    first, second = team(2)
    uid = uuid4()
    reserve(first, uid=uid, host=second.member)

    assert reserve(first, TEN + HOUR, uid=uid, prefer=second.member).member == second.member
    assert Assignment.objects.latest("pk").rule == "kept"


def test_moving_chooses_anew_if_they_are_not():
    first, second = team(2)
    uid = uuid4()
    reserve(first, uid=uid, host=second.member)
    busy(second.member, TEN + HOUR, TEN + 2 * HOUR)

    assert reserve(first, TEN + HOUR, uid=uid, prefer=second.member).member == first.member


def test_one_whose_time_is_held_gives_way_to_the_next():
    first, second = team(2)
    hold(first, host=first.member)

    assert booked(first, TEN) == [1]
    record = Assignment.objects.get()
    assert (record.member, record.rule) == (second.member, "only_one")
    assert record.candidates[1:] == [{"member": first.member_id, "booked": 0, "reasons": ["HELD"]}]
