"""Somebody cannot come: their time is kept free, and each appointment goes the way that was decided."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import OutgoingMail
from availability.models import CalendarType, HostTime
from availability.queries.slots import open_slots
from bookings.models import AppointmentChange, OwnItem, Status
from bookings.queries.absence import (
    Alone,
    absence_between,
    appointments_of,
    with_colleagues,
)
from bookings.queries.absence_mails import mails_of_cancelling, mails_of_giving
from bookings.services.absence import Decision, Fate, Refusal, keep_absence, settle
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import staff
from bookings.services.reschedule import reschedule_appointment
from tests.bookings.mails.letters import letter_about
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory

BERLIN = ZoneInfo("Europe/Berlin")
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def calendar(db):
    return CalendarFactory(type=CalendarType.ROUND_ROBIN)


@pytest.fixture
def ill(calendar):
    return named(CalendarMemberFactory(calendar=calendar).member, "Ines Carstens")


@pytest.fixture
def colleague(calendar, ill):
    return named(CalendarMemberFactory(calendar=calendar).member, "Marek Novak")


@pytest.fixture
def desk(calendar):
    return MemberFactory(account=calendar.account, role="manager")


def named(member, name):
    member.user.name = name
    member.user.save()
    return member


def book(calendar, host, at=TEN):
    return book_appointment(calendar, starts_at=at, customer=ADA, now=NOW, host=host)


def today(now=NOW):
    return absence_between(date(2026, 11, 23), date(2026, 11, 23), zone=BERLIN, now=now)


def affected(ill, now=NOW):
    return with_colleagues(list(appointments_of(ill, now=now)), absent=ill, now=now)


def give(appointment, to):
    return Decision(appointment, Fate.GIVE, appointment.starts_at, to)


def cancel(appointment):
    return Decision(appointment, Fate.CANCEL, appointment.starts_at)


def done(decisions, ill, desk, now=LATER):
    return settle(decisions, absent=ill, by=staff(desk), message="Ines is ill.", now=now)


def test_today_begins_now_and_ends_at_midnight_of_the_members_zone():
    away = today()

    assert (away.starts_at, away.all_day) == (NOW, False)
    assert away.ends_at.isoformat() == "2026-11-24T00:00:00+01:00"


def test_days_to_come_are_absent_from_midnight_to_midnight():
    away = absence_between(date(2026, 11, 24), date(2026, 11, 25), zone=BERLIN, now=NOW)

    assert away.all_day
    assert (away.starts_at.isoformat(), away.ends_at.isoformat()) == (
        "2026-11-24T00:00:00+01:00",
        "2026-11-26T00:00:00+01:00",
    )


def test_nothing_new_is_booked_in_an_absence(calendar, ill):
    keep_absence(ill, absence=today(), title="Absent", now=NOW)

    assert open_slots(calendar, start=NOW, end=NOW + timedelta(hours=12), now=NOW) == ()


def test_an_absence_kept_twice_is_one_own_item(ill, news):
    keep_absence(ill, absence=today(), title="Absent", now=NOW)
    keep_absence(ill, absence=today(), title="Absent", now=LATER)

    item = OwnItem.objects.get()
    assert (item.title, item.blocks, list(item.assignees.all())) == ("Absent", True, [ill])
    assert news == [(item.uid, NOW)]


def test_whoever_is_free_is_proposed(calendar, ill, colleague):
    book(calendar, ill)

    (one,) = affected(ill)

    assert (one.colleagues, one.alone) == ((colleague,), None)


def test_whoever_is_not_free_is_not_proposed(calendar, ill, colleague):
    book(calendar, ill)
    book(calendar, colleague)

    (one,) = affected(ill)

    assert (one.colleagues, one.alone) == ((), Alone.NOBODY_FREE)


def test_notice_and_limits_do_not_keep_a_colleague_from_what_is_booked_already(calendar, ill, colleague, desk):
    appointment = book(calendar, ill)
    calendar.minimum_notice, calendar.day_limit = timedelta(days=2), 1
    calendar.save()
    appointment.refresh_from_db()
    (one,) = affected(ill)

    outcome = done([give(appointment, colleague)], ill, desk)

    appointment.refresh_from_db()
    assert one.colleagues == (colleague,)
    assert (len(outcome.given), appointment.host, appointment.starts_at) == (1, colleague, TEN)
    assert HostTime.objects.get().user == colleague.user


def test_several_appointments_are_proposed_to_colleagues_in_turn(calendar, ill, colleague):
    other = CalendarMemberFactory(calendar=calendar).member
    for number in range(3):
        book(calendar, ill, TEN + timedelta(hours=number))

    firsts = [one.colleagues[0] for one in affected(ill)]

    assert firsts == [colleague, other, colleague]


def test_nobody_can_stand_in_where_all_are_needed(calendar, ill, colleague):
    calendar.type = CalendarType.COLLECTIVE
    calendar.save()
    book(calendar, None)

    assert [one.alone for one in affected(ill)] == [Alone.NEEDED]


def test_nobody_can_stand_in_for_who_always_takes_part(calendar, ill, colleague):
    calendar.calendar_members.filter(member=ill).update(is_fixed=True)
    book(calendar, None)

    assert [one.alone for one in affected(ill)] == [Alone.NEEDED]


def test_a_calendar_of_one_has_no_colleague(calendar, ill):
    book(calendar, ill)

    assert [one.alone for one in affected(ill)] == [Alone.NO_COLLEAGUE]


def test_what_has_begun_is_not_given_away(calendar, ill, colleague):
    book(calendar, ill)

    (one,) = affected(ill, now=TEN + timedelta(minutes=5))

    assert one.alone == Alone.NOBODY_FREE


def test_who_has_left_gets_nothing(calendar, ill, colleague):
    book(calendar, ill)
    colleague.left_at = NOW
    colleague.save()

    (one,) = affected(ill)

    assert one.colleagues == ()


def test_the_number_of_queries_does_not_grow_with_the_appointments(calendar, ill, colleague, django_assert_num_queries):
    book(calendar, ill)
    with django_assert_num_queries(8):
        assert len(affected(ill)) == 1
    for number in range(1, 8):
        book(calendar, ill, TEN + timedelta(minutes=30 * number))
    with django_assert_num_queries(8):
        assert len(affected(ill)) == 8


def test_a_given_appointment_keeps_its_time_and_its_customer(calendar, ill, colleague, desk, news):
    appointment = book(calendar, ill)
    news.clear()

    outcome = done([give(appointment, colleague)], ill, desk)

    appointment.refresh_from_db()
    assert (appointment.host, appointment.starts_at, appointment.status) == (colleague, TEN, Status.CONFIRMED)
    assert [one.appointment for one in outcome.given] == [appointment]
    assert news == [(appointment.uid, LATER)]


def test_the_customer_reads_who_comes_instead(calendar, ill, colleague, desk):
    appointment = book(calendar, ill)
    done([give(appointment, colleague)], ill, desk)

    letter = letter_about(appointment, "rescheduled", now=LATER)

    assert letter.subject == "Now with Marek Novak: Monday 23 November, 09:00"
    assert "Marek Novak takes your appointment." in letter.text
    assert "Marek Novak is there instead of Ines Carstens" in " ".join(letter.text.split())
    assert "Ines is ill." in letter.text


def test_every_mail_that_goes_stood_in_the_preview(calendar, ill, colleague, desk):
    given, off = book(calendar, ill), book(calendar, ill, ELEVEN)
    OutgoingMail.objects.all().delete()
    ahead = (*mails_of_giving(given, colleague, doer=desk), *mails_of_cancelling(off, doer=desk))

    done([give(given, colleague), cancel(off)], ill, desk)

    sent = OutgoingMail.objects.exclude(kind__startswith="reminder").values_list("recipient", flat=True)
    assert sorted(one.recipient for one in ahead) == sorted(sent)


def test_whoever_says_so_of_themselves_gets_no_mail_about_it(calendar, ill, colleague):
    appointment = book(calendar, ill)

    ahead = mails_of_giving(appointment, colleague, doer=ill)

    assert [one.recipient for one in ahead] == ["ada@example.org", colleague.user.email]


def test_a_cancelled_one_is_cancelled_with_the_message(calendar, ill, desk):
    appointment = book(calendar, ill)

    done([cancel(appointment)], ill, desk)

    assert appointment.changes.last().reason == "Ines is ill."
    assert appointment.status == Status.CANCELLED


def test_left_ones_stay_and_nobody_is_told(calendar, ill, desk):
    appointment = book(calendar, ill)
    mails = OutgoingMail.objects.count()

    outcome = done([Decision(appointment, Fate.LEAVE, TEN)], ill, desk)

    assert (len(outcome.left), OutgoingMail.objects.count()) == (1, mails)


def test_done_twice_changes_nothing_and_tells_nobody_again(calendar, ill, colleague, desk):
    decisions = [give(book(calendar, ill), colleague), cancel(book(calendar, ill, ELEVEN))]
    done(decisions, ill, desk)
    changes, mails = AppointmentChange.objects.count(), OutgoingMail.objects.count()

    again = done(decisions, ill, desk, now=LATER + timedelta(minutes=1))

    assert (len(again.given), len(again.cancelled), again.refused) == (1, 1, [])
    assert (AppointmentChange.objects.count(), OutgoingMail.objects.count()) == (changes, mails)


def test_a_colleague_who_was_booked_meanwhile_keeps_none_of_the_others_from_it(calendar, ill, colleague, desk):
    first, second = book(calendar, ill), book(calendar, ill, ELEVEN)
    decisions = [give(first, colleague), give(second, colleague)]
    book(calendar, colleague)

    outcome = done(decisions, ill, desk)

    assert [(one.appointment, why) for one, why in outcome.refused] == [(first, Refusal.TAKEN)]
    assert [one.appointment for one in outcome.given] == [second]
    first.refresh_from_db()
    assert (first.host, first.starts_at) == (ill, TEN)


def test_a_colleague_who_is_absent_too_is_not_passed_over_their_own_absence(calendar, ill, colleague, desk):
    appointment = book(calendar, ill)
    calendar.minimum_notice = timedelta(days=2)
    calendar.save()
    keep_absence(colleague, absence=today(), title="Absent", now=NOW)

    outcome = done([give(appointment, colleague)], ill, desk)

    assert [why for _one, why in outcome.refused] == [Refusal.TAKEN]


def test_what_was_moved_meanwhile_is_left_alone(calendar, ill, colleague, desk):
    given, off = book(calendar, ill), book(calendar, ill, ELEVEN)
    decisions = [give(given, colleague), cancel(off)]
    for one in (given, off):
        reschedule_appointment(one, starts_at=one.starts_at + timedelta(hours=3), now=NOW)

    outcome = done(decisions, ill, desk)

    assert [why for _one, why in outcome.refused] == [Refusal.CHANGED, Refusal.CHANGED]


def test_what_a_colleague_took_over_meanwhile_is_not_cancelled(calendar, ill, colleague, desk):
    appointment = book(calendar, ill)
    decision = cancel(appointment)
    reschedule_appointment(appointment, starts_at=TEN, now=NOW, host=colleague, by=staff(colleague))

    outcome = done([decision], ill, desk)

    assert [why for _one, why in outcome.refused] == [Refusal.CHANGED]
    appointment.refresh_from_db()
    assert appointment.status == Status.CONFIRMED


def test_what_was_cancelled_meanwhile_is_not_given(calendar, ill, colleague, desk):
    appointment = book(calendar, ill)
    decision = give(appointment, colleague)
    cancel_appointment(appointment, now=NOW)

    assert [why for _one, why in done([decision], ill, desk).refused] == [Refusal.CLOSED]


def test_what_is_over_by_then_stays(calendar, ill, colleague, desk):
    appointment = book(calendar, ill)

    outcome = done([cancel(appointment)], ill, desk, now=ELEVEN)

    assert [why for _one, why in outcome.refused] == [Refusal.OVER]


def test_seats_of_a_class_are_settled_one_by_one(calendar, ill, desk):
    calendar.type, calendar.seats = CalendarType.CLASS, 3
    calendar.save()
    first = book(calendar, None)
    second = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    outcome = done([cancel(first)], ill, desk)

    second.refresh_from_db()
    assert (len(outcome.cancelled), second.status) == (1, Status.CONFIRMED)
