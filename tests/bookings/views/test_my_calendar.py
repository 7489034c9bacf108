from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from availability.models import BlockingSource
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from tests.bookings.my_calendar import event, page, source, text
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.usefixtures("at_now")
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def manager(place):
    return MemberFactory(account=place.calendar.account, role=Role.MANAGER)


def test_whoever_is_not_signed_in_is_asked_to(client, db):
    response = client.get(reverse("bookings:my-calendar"))

    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/calendar/")


def test_this_week_is_shown_with_todays_line_and_a_way_to_calendar_sync(client, place):
    response = page(client, place.member.user)

    assert response.status_code == 200
    said = text(response)
    assert "23 – 29 November 2026 Week 48" in said
    assert "Now, 08:00" in said
    assert 'href="/settings/profile/integrations/?account=' in response.content.decode()


def test_an_appointment_stands_where_the_clock_says(client, place, appointment):
    html = page(client, place.member.user).content.decode()

    assert 'class="entry" data-from="10:00" data-to="10:30" data-kind="appointment"' in html
    assert f'data-move="{reverse("bookings:entry-move", args=[appointment.uid])}"' in html
    assert 'data-start="2026-11-23T10:00+01:00" data-end="2026-11-23T10:30+01:00"' in html
    assert reverse("bookings:appointment", args=[appointment.uid]) in html
    assert "Ada Lovelace" in html


def test_weeks_can_be_turned_by_any_of_their_days(client, place, appointment):
    response = page(client, place.member.user, day="2026-12-03")

    assert "30 November – 6 December 2026" in text(response)
    assert "Ada Lovelace" not in text(response)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "x", "2026-02-30"])
def test_a_day_out_of_reach_does_no_harm(client, place, day):
    assert page(client, place.member.user, day=day).status_code == 200


def test_appointments_of_all_accounts_of_the_reader_are_shown(client, place, appointment):
    member = MemberFactory(user=place.member.user)
    ScheduleFactory(member=member)
    calendar = CalendarFactory(account=member.account, name="Yoga")
    CalendarMemberFactory(calendar=calendar, member=member)
    grace = Customer(name="Grace Hopper", email="g@example.org", time_zone="UTC", locale="en-gb")
    book_appointment(calendar, starts_at=ELEVEN, customer=grace, now=NOW)

    said = text(page(client, place.member.user, account=place.calendar.account.slug))

    assert "Ada Lovelace First visit" in said
    assert "Grace Hopper Yoga · " in said


def test_an_appointment_of_several_stands_in_the_week_of_each_of_them(client, db):
    calendar = CalendarFactory(type="collective", name="Board")
    hosts = [CalendarMemberFactory(calendar=calendar).member for _number in range(2)]
    book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    for host in hosts:
        assert text(page(client, host.user)).count("Ada Lovelace Board") == 1


def test_a_class_session_stands_there_once_with_the_number_of_its_customers(client, db):
    yoga = CalendarMemberFactory(calendar__type="class", calendar__name="Yoga")
    gone, *_others = (book_appointment(yoga.calendar, starts_at=TEN, customer=ADA, now=NOW) for _number in range(3))
    cancel_appointment(gone, now=NOW)

    response = page(client, yoga.member.user)

    assert text(response).count("Appointment: Yoga 2 customers") == 1
    assert reverse("bookings:session", args=[gone.session_uid]) in response.content.decode()
    assert "Ada" not in text(response)


def test_a_session_that_everybody_cancelled_is_cancelled(client, db):
    yoga = CalendarMemberFactory(calendar__type="class", calendar__name="Yoga")
    cancel_appointment(book_appointment(yoga.calendar, starts_at=TEN, customer=ADA, now=NOW), now=NOW)

    assert "Cancelled appointment: Yoga 0 customers" in text(page(client, yoga.member.user))


def test_appointments_of_a_colleague_are_not_ones_own(client, place, appointment):
    assert "Ada" not in text(page(client, MemberFactory(account=place.calendar.account).user))


def test_own_events_are_shown_with_title_and_calendar_and_free_ones_lighter(client, place):
    private = source(place.member)
    event(private, TEN, TEN + HALF_AN_HOUR, label="Dentist")
    event(private, ELEVEN, ELEVEN + HALF_AN_HOUR, label="Market", blocks=False)
    event(private, ELEVEN, ELEVEN + HALF_AN_HOUR)

    response = page(client, place.member.user)

    said = text(response)
    assert "From outside: Dentist Private" in said
    assert "From outside, free: Market Private" in said
    assert "From outside: Busy Private" in said
    assert 'data-from="11:00" data-to="11:30" data-lane="1/2" data-kind="event" data-busy="free"' in (
        response.content.decode()
    )


def test_an_event_that_counts_in_two_accounts_is_shown_once(client, place):
    private = source(place.member)
    BlockingSource.objects.create(member=MemberFactory(user=place.member.user), source=private)
    event(private, TEN, TEN + HALF_AN_HOUR, label="Dentist")

    assert text(page(client, place.member.user)).count("Dentist") == 1


def test_events_of_sources_that_do_not_count_are_not_shown(client, place):
    private = source(place.member)
    event(private, TEN, TEN + HALF_AN_HOUR, label="Dentist")
    BlockingSource.objects.all().delete()

    assert "Dentist" not in text(page(client, place.member.user))


def test_all_day_events_stand_above_the_hours(client, place):
    midnight = NOW - timedelta(hours=8)
    event(source(place.member), midnight, midnight + timedelta(days=2), all_day=True, label="Fair")

    response = page(client, place.member.user)

    assert text(response).count("From outside, all day: Fair") == 2
    assert [len(day.all_day) for day in response.context["week"].columns] == [1, 1, 0, 0, 0, 0, 0]


def test_the_hours_are_widened_to_hold_every_entry(client, place):
    event(source(place.member), NOW - timedelta(hours=3), NOW - timedelta(hours=2, minutes=30))

    html = page(client, place.member.user).content.decode()

    assert 'class="week-grid axis" data-from="05:00" data-to="18:00"' in html


def test_time_outside_the_schedule_is_shaded(client, place):
    week = page(client, place.member.user).context["week"]

    assert week.columns[0].closed == [("08:00", "09:00"), ("17:00", "18:00")]
    assert week.columns[5].closed == [("08:00", "18:00")]


def test_cancelled_appointments_are_crossed_out(client, place, appointment):
    cancel_appointment(appointment, now=NOW)

    html = page(client, place.member.user).content.decode()

    assert 'data-to="10:30" data-kind="appointment" data-state="cancelled"' in html
    assert "data-move" not in html


def test_what_no_lane_is_left_for_is_listed_below(client, place):
    private = source(place.member)
    for number in range(5):
        event(private, TEN, TEN + HALF_AN_HOUR, label=f"Event {number}")

    said = text(page(client, place.member.user))

    assert "+2 more" in said
    assert "Also on Monday 23 November 10:00 –10:30 From outside: Event 3" in said


def test_the_clock_is_the_readers_own(client, place, appointment):
    user = place.member.user
    user.time_zone = "Asia/Kathmandu"
    user.save()

    html = page(client, user).content.decode()

    assert 'data-from="14:45" data-to="15:15"' in html
    assert "Kathmandu time." in html


# ── colleagues (P2, P4) ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_manager_sees_a_colleagues_appointments_and_that_they_are_busy(client, place, manager, appointment):
    private = source(place.member)
    event(private, ELEVEN, ELEVEN + HALF_AN_HOUR, label="Dentist")
    event(private, ELEVEN, ELEVEN + HALF_AN_HOUR, label="Market", blocks=False)

    said = text(page(client, manager.user, host=place.member.slug))

    assert "Appointment: Ada Lovelace First visit" in said
    assert said.count("From outside: Busy") == 1
    assert "Dentist" not in said
    assert "Market" not in said
    assert "Private" not in said


def test_what_a_colleague_does_in_another_account_is_only_busy(client, place, manager):
    member = MemberFactory(user=place.member.user)
    ScheduleFactory(member=member)
    elsewhere = CalendarMemberFactory(calendar__account=member.account, calendar__name="Yoga", member=member)
    book_appointment(elsewhere.calendar, starts_at=TEN, customer=ADA, now=NOW)

    said = text(page(client, manager.user, host=place.member.slug))

    assert "From outside: Busy" in said
    assert "Ada" not in said
    assert "Yoga" not in said


def test_staff_do_not_see_colleagues_and_cannot_tell_whether_they_exist(client, place):
    staff = MemberFactory(account=place.calendar.account)

    answers = [page(client, staff.user, host=slug) for slug in (place.member.slug, "nobody")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_manager_of_another_account_sees_nobody_here(client, place):
    stranger = MemberFactory(role=Role.OWNER)

    assert page(client, stranger.user, host=place.member.slug).status_code == 404
    assert page(client, stranger.user, account=place.calendar.account.slug).status_code == 404
