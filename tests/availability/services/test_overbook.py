from datetime import timedelta
from uuid import uuid4

import pytest

from availability.core.against import fingerprint
from availability.models import Assignment, ClassSession, HostDay, HostTime, Seat
from availability.queries.judge import judge
from availability.services.overbook import ReasonsChanged, overbook_time
from availability.services.release import release_time
from availability.services.reserve import SlotTaken
from tests.availability.situations import HALF_HOUR, HOUR, MINUTE, TEN, busy, codes, hold, refusal, reserve, team
from tests.factories import NOW, CalendarMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return CalendarMemberFactory()


def overbook(place, starts_at=TEN, **options):
    return overbook_time(place.calendar, **({"starts_at": starts_at, "uid": uuid4(), "now": NOW} | options))


def seen(place, starts_at=TEN):
    """What somebody was shown who looked just now."""
    return fingerprint(judge(place.calendar, starts_at, now=NOW).verdict, [place.member_id])


def rows(*fields):
    return list(HostTime.objects.order_by("starts_at", "booked_at", "pk").values_list(*fields))


def test_time_that_is_free_is_taken_as_by_anybody():
    place = CalendarMemberFactory()

    reserved = overbook(place)

    assert (reserved.member, reserved.starts_at, reserved.ends_at) == (place.member, TEN, TEN + HALF_HOUR)
    assert rows("starts_at", "exclusive") == [(TEN, True)]


def test_beside_another_appointment_the_row_is_not_exclusive(place):
    reserve(place)

    overbook(place, TEN + 10 * MINUTE)

    assert rows("starts_at", "exclusive") == [(TEN, True), (TEN + 10 * MINUTE, False)]


def test_what_was_overbooked_keeps_everybody_else_away_also_when_the_first_has_gone(place):
    first = uuid4()
    reserve(place, uid=first)
    overbook(place)

    release_time(first, now=NOW)

    assert refusal(place) == ("BOOKED",)


def test_it_may_begin_outside_the_hours_and_between_two_points_of_the_grid(place):
    evening = TEN + 10 * HOUR + 7 * MINUTE

    overbook(place, evening)

    assert rows("starts_at", "ends_at", "exclusive") == [(evening, evening + HALF_HOUR, True)]


def test_busy_time_and_holds_of_others_do_not_stop_it(place):
    busy(place.member, TEN, TEN + HOUR)
    hold(place, TEN + 2 * HOUR)

    overbook(place)
    overbook(place, TEN + 2 * HOUR)

    assert rows("starts_at", "kind", "exclusive") == [
        (TEN, "appointment", True),
        (TEN + 2 * HOUR, "hold", True),
        (TEN + 2 * HOUR, "appointment", False),
    ]


def test_whoever_held_the_time_learns_that_it_is_gone(place):
    held = hold(place)
    overbook(place)

    assert refusal(place, hold=held) == ("BOOKED",)


def test_the_named_host_is_taken_and_nobody_else():
    first, second = team(2)

    assert overbook(first, host=second.member).members == (second.member,)


def test_without_a_name_the_first_who_may_sign_in_is_taken():
    first, second = team(2)
    first.member.user.is_active = False
    first.member.user.save()

    assert overbook(first).member == second.member


def test_fixed_hosts_join_where_one_of_them_is_taken_too():
    fixed, rotating = team(2)
    fixed.is_fixed = True
    fixed.save()
    other = CalendarMemberFactory(member=fixed.member, calendar__account=fixed.member.account)
    reserve(other)

    reserved = overbook(rotating, host=rotating.member)

    assert reserved.members == (rotating.member, fixed.member)
    assert sorted(rows("user", "exclusive")) == sorted(
        [(fixed.member.user_id, True), (fixed.member.user_id, False), (rotating.member.user_id, True)]
    )


def test_a_collective_takes_all_its_hosts_the_lead_first():
    other, lead = team(2, type="collective")
    lead.is_lead = True
    lead.save()
    reserve(CalendarMemberFactory(member=other.member, calendar__account=other.member.account))

    reserved = overbook(other)

    assert reserved.members == (lead.member, other.member)
    assert HostTime.objects.filter(exclusive=False).get().user == other.member.user


def test_nobody_who_serves_means_that_nobody_can_be_overbooked(place):
    calendar = place.calendar
    place.delete()

    with pytest.raises(SlotTaken) as refused:
        overbook_time(calendar, starts_at=TEN, uid=uuid4(), now=NOW)

    assert refused.value.codes == ("NO_HOST",)


def test_who_must_join_and_may_not_sign_in_any_more_cannot_be_overbooked():
    gone, _other = team(2, type="collective")
    gone.member.user.is_active = False
    gone.member.user.save()

    with pytest.raises(SlotTaken) as refused:
        overbook(gone)

    assert refused.value.codes == ("NO_HOST",)
    assert not HostTime.objects.exists()


def test_a_full_class_has_no_seat_that_could_be_given_twice():
    place = CalendarMemberFactory(calendar__type="class", calendar__seats=1)
    reserve(place)

    with pytest.raises(SlotTaken) as refused:
        overbook(place)

    assert refused.value.codes == ("SEATS",)
    assert (ClassSession.objects.get().seats_taken, Seat.objects.count()) == (1, 1)


def test_a_class_with_a_seat_left_gives_it_knowingly():
    place = CalendarMemberFactory(calendar__type="class", calendar__seats=2, calendar__day_limit=1)
    reserve(place)

    reserved = overbook(place)

    assert reserved.session_uid == ClassSession.objects.get().uid
    assert ClassSession.objects.get().seats_taken == 2


def test_a_class_does_not_begin_beside_another_appointment():
    place = CalendarMemberFactory(calendar__type="class")
    reserve(CalendarMemberFactory(member=place.member, calendar__account=place.calendar.account))

    with pytest.raises(SlotTaken) as refused:
        overbook(place)

    assert refused.value.codes == ("BOOKED",)
    assert not ClassSession.objects.exists()


def test_the_versions_of_the_day_are_raised(place):
    reserve(place)
    before = HostDay.objects.get(user=place.member.user).version

    overbook(place)

    assert HostDay.objects.get(user=place.member.user).version > before


def test_moving_by_it_gives_the_old_time_back(place):
    uid = uuid4()
    reserve(place, uid=uid)
    reserve(place, TEN + HOUR)

    overbook(place, TEN + HOUR, uid=uid)

    assert rows("starts_at", "exclusive") == [(TEN + HOUR, True), (TEN + HOUR, False)]
    assert codes(place.calendar) == set()


def test_the_record_says_what_stood_against_those_who_take_part():
    first, second = team(2)
    reserve(first, host=first.member)
    reserve(first, host=second.member)

    overbook(first, host=first.member)

    record = Assignment.objects.order_by("pk").last()
    assert (record.rule, record.member) == ("overbooked", first.member)
    assert record.candidates == [{"member": first.member_id, "reasons": ["BOOKED"]}]


def test_the_reasons_that_were_seen_let_it_through(place):
    reserve(place)

    overbook(place, seen=seen(place))

    assert HostTime.objects.count() == 2


def test_other_reasons_than_were_seen_stop_it(place):
    reserve(place)
    shown = seen(place)
    overbook(place, TEN + 10 * MINUTE)

    with pytest.raises(ReasonsChanged) as refused:
        overbook(place, seen=shown)

    assert refused.value.codes == ("BOOKED",)
    assert HostTime.objects.count() == 2


def test_reasons_that_have_gone_stop_it_too(place):
    first = uuid4()
    reserve(place, uid=first)
    shown = seen(place)
    release_time(first, now=NOW)

    with pytest.raises(ReasonsChanged):
        overbook(place, seen=shown)


def test_what_has_begun_can_still_be_booked_knowingly(place):
    overbook(place, NOW - timedelta(minutes=10))

    assert rows("starts_at") == [(NOW - timedelta(minutes=10),)]
