from datetime import timedelta

import pytest
from django.utils import timezone

from availability.models import Calendar, ClassSession, HostTime
from bookings.models import AppointmentChange, Who
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import staff
from bookings.services.reschedule import AlreadyClosed, reschedule_appointment
from bookings.views import manage_move
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.bookings.views.stages import REFUSED, all_rows, cancelled, terms_of, url
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

pytestmark = pytest.mark.usefixtures("at_now")
HALF_PAST = TEN + timedelta(minutes=30)


def _words(at) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _get(client, appointment, **query):
    return client.get(url(appointment, "manage-reschedule"), query)


def _post(client, appointment, start, **sent):
    return client.post(url(appointment, "manage-reschedule"), {"start": _words(start), **sent})


def _offers(response, start) -> bool:
    return f'name="start" value="{_words(start)}"' in response.content.decode()


def test_the_picker_shows_times_in_the_customers_zone_and_opens_a_question(client, appointment):
    page = _get(client, appointment)

    assert f'<form method="get" action="{url(appointment, "manage-reschedule")}">' in page.content.decode()
    assert '<option value="Europe/London" selected>' in page.content.decode()
    assert _offers(page, ELEVEN)
    assert "First visit is on Monday 23 November, 09:00." in page.content.decode()


def test_the_browser_and_the_cookie_do_not_decide_about_the_zone(client, appointment):
    client.cookies["time_zone"] = "America/New_York"

    page = _get(client, appointment).content.decode()

    assert '<option value="Europe/London" selected>' in page
    assert "data-detect" not in page


def test_another_zone_stays_chosen_from_page_to_page(client, appointment):
    page = _get(client, appointment, time_zone="America/New_York")

    assert '<option value="America/New_York" selected>' in page.content.decode()
    assert "?day=2026-11-24&amp;time_zone=America%2FNew_York" in page.content.decode()
    question = _get(client, appointment, start=_words(ELEVEN), time_zone="America/New_York").content.decode()
    assert "Move Monday 23 November, 04:00 to Monday 23 November, 05:00?" in question
    assert '<input type="hidden" name="time_zone" value="America/New_York"' in question


def test_a_calendar_that_shows_its_own_zone_alone_offers_no_other(client, appointment):
    Calendar.objects.update(time_zone_locked=True)

    page = _get(client, appointment, time_zone="America/New_York").content.decode()

    assert "<select" not in page
    assert "London time" in page


def test_its_own_time_is_looked_through_but_not_offered(client, db):
    calendar = CalendarFactory(duration=timedelta(hours=1), interval=timedelta(minutes=30))
    CalendarMemberFactory(calendar=calendar)
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    page = _get(client, appointment)

    assert _offers(page, HALF_PAST)
    assert not _offers(page, TEN)


def test_days_are_fetched_in_part(client, appointment):
    address = url(appointment, "manage-reschedule")

    part = client.get(address, {"day": "2026-11-25"}, headers={"hx-request": "true", "hx-target": "when"})

    assert part.content.decode().lstrip().startswith("<section")
    assert 'id="announce"' in part.content.decode()


def test_a_part_of_what_is_not_allowed_any_more_opens_the_page_again(client, appointment):
    cancel_appointment(appointment, now=NOW)

    part = client.get(url(appointment, "manage-reschedule"), headers={"hx-request": "true", "hx-target": "when"})

    assert part["HX-Refresh"] == "true"


def test_a_chosen_time_is_asked_about_first(client, appointment):
    before = all_rows(appointment)

    page = _get(client, appointment, start=_words(ELEVEN)).content.decode()

    assert "Move Monday 23 November, 09:00 to Monday 23 November, 10:00?" in page
    assert f"{appointment.host.user.name} is told at once, a message goes to ada@example.org" in page
    assert "confirmed again" not in page
    assert all_rows(appointment) == before


def test_where_bookings_need_approval_the_question_says_so_and_the_page_afterwards(client, appointment):
    terms_of(appointment.calendar, needs_approval=True)

    assert "has to be confirmed again" in _get(client, appointment, start=_words(ELEVEN)).content.decode()
    page = client.get(_post(client, appointment, ELEVEN)["Location"]).content.decode()

    assert "not yet confirmed" in page


def test_the_question_names_the_host_who_is_kept_and_nobody_where_somebody_else_will_be_there(client, appointment):
    other = CalendarMemberFactory(calendar=appointment.calendar).member
    assert f"<dd>{appointment.host.user.name}</dd>" in _get(client, appointment, start=_words(ELEVEN)).content.decode()

    book_appointment(appointment.calendar, starts_at=ELEVEN, customer=ADA, now=NOW, host=appointment.host)
    page = _get(client, appointment, start=_words(ELEVEN)).content.decode()
    _post(client, appointment, ELEVEN)

    assert "<dd>Anyone free</dd>" in page
    appointment.refresh_from_db()
    assert appointment.host == other


def test_sending_it_moves_the_appointment_with_the_reason(client, appointment):
    response = _post(client, appointment, ELEVEN, seen=_words(TEN), reason="The train")

    assert (response.status_code, response["Location"]) == (302, url(appointment))
    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.sequence) == (ELEVEN, 1)
    assert HostTime.objects.get().starts_at == ELEVEN
    step = AppointmentChange.objects.latest("pk")
    assert (step.kind, step.who, step.reason) == ("rescheduled", Who.CUSTOMER, "The train")


def test_the_zone_somebody_looked_in_is_not_kept(client, appointment):
    _post(client, appointment, ELEVEN, time_zone="America/New_York")

    appointment.refresh_from_db()
    assert str(appointment.time_zone) == "Europe/London"


def test_sending_it_again_leads_to_the_same_page_and_changes_nothing(client, appointment):
    first = _post(client, appointment, ELEVEN, seen=_words(TEN))
    before = all_rows(appointment)

    again = _post(client, appointment, ELEVEN, seen=_words(TEN))

    assert (again.status_code, again["Location"]) == (first.status_code, first["Location"])
    assert all_rows(appointment) == before


def test_sending_it_again_when_it_has_become_too_late_leads_to_the_same_page(client, appointment):
    _post(client, appointment, ELEVEN)
    terms_of(appointment.calendar, change_notice=timedelta(days=1))

    assert _post(client, appointment, ELEVEN)["Location"] == url(appointment)


def test_asking_about_the_time_it_has_shows_the_appointment(client, appointment):
    assert _get(client, appointment, start=_words(TEN))["Location"] == url(appointment)


def test_a_taken_time_is_refused_with_others_and_nothing_is_lost(client, appointment):
    book_appointment(appointment.calendar, starts_at=ELEVEN, customer=ADA, now=NOW)
    before = all_rows(appointment)

    response = _post(client, appointment, ELEVEN, seen=_words(TEN), reason="The <train>")

    page = response.content.decode()
    assert response.status_code == 409
    assert "That time has just been taken." in page
    assert "Your appointment is still yours, on Monday 23 November, 09:00." in page
    assert '<input type="hidden" name="reason" value="The &lt;train&gt;">' in page
    assert f'<form method="post" action="{url(appointment, "manage-reschedule")}">' in page
    assert _offers(response, ELEVEN + timedelta(minutes=30))
    assert not _offers(response, TEN)
    assert all_rows(appointment) == before


def test_a_time_of_the_refusal_moves_it_with_the_same_reason(client, appointment):
    sent = {"seen": _words(TEN), "reason": "The train", "time_zone": "Europe/London"}

    _post(client, appointment, ELEVEN + timedelta(minutes=30), **sent)

    assert AppointmentChange.objects.latest("pk").reason == "The train"


def test_asking_about_a_taken_time_leads_to_others_that_are_asked_about(client, appointment):
    book_appointment(appointment.calendar, starts_at=ELEVEN, customer=ADA, now=NOW)

    response = _get(client, appointment, start=_words(ELEVEN))

    assert response.status_code == 409
    assert f'<form method="get" action="{url(appointment, "manage-reschedule")}">' in response.content.decode()


@pytest.mark.parametrize("start", ["", "soon", "2026-11-23T10:00", "9999-12-31T23:59:59Z"])
def test_what_is_no_time_leads_to_the_times(client, appointment, start):
    before = all_rows(appointment)
    address = url(appointment, "manage-reschedule")

    for answer in (client.get(address, {"start": start}), client.post(address, {"start": start})):
        assert answer.status_code in (302, 409)

    assert all_rows(appointment) == before


@pytest.mark.parametrize(("arrange", "refusal"), REFUSED.items())
def test_where_it_is_not_allowed_the_page_says_why_and_sending_is_refused(client, place, arrange, refusal, monkeypatch):
    appointment, now = arrange(place.calendar)
    monkeypatch.setattr(timezone, "now", lambda: now)
    before, (sentence, status) = all_rows(appointment), refusal

    answers = [_get(client, appointment), _get(client, appointment, start=_words(ELEVEN))]
    sent = _post(client, appointment, ELEVEN)

    assert ([answer.status_code for answer in answers], sent.status_code) == ([200, 200], status)
    for answer in (*answers, sent):
        assert sentence in answer.content.decode()
    assert all_rows(appointment) == before


def test_what_is_cancelled_is_not_moved_and_another_can_be_booked(client, place):
    appointment, _now = cancelled(place.calendar)

    response = _post(client, appointment, ELEVEN)

    assert response.status_code == 409
    assert "This appointment is cancelled." in response.content.decode()
    assert "Book another time" in response.content.decode()
    assert not HostTime.objects.exists()


def test_while_nothing_can_be_booked_the_page_says_so_and_cancelling_stays_possible(client, appointment):
    Calendar.objects.update(paused_at=NOW)

    response = _post(client, appointment, ELEVEN)

    assert response.status_code == 409
    assert "Nothing can be booked here now." in response.content.decode()
    assert url(appointment, "manage-cancel") in response.content.decode()


def test_what_staff_moved_meanwhile_is_shown_before_it_is_moved_again(client, appointment):
    noon = TEN + timedelta(hours=2)
    reschedule_appointment(appointment, starts_at=noon, now=NOW, by=staff(appointment.host))
    before = all_rows(appointment)

    response = _post(client, appointment, ELEVEN, seen=_words(TEN), reason="The train")

    page = response.content.decode()
    assert response.status_code == 409
    assert "The appointment has been changed meanwhile." in page
    assert "Move Monday 23 November, 11:00 to Monday 23 November, 10:00?" in page
    assert f'name="seen" value="{_words(noon)}"' in page
    assert "The train</textarea>" in page
    assert all_rows(appointment) == before


def test_what_staff_cancelled_at_the_same_moment_is_said(client, appointment, monkeypatch):
    def cancel_first(given, **_options):
        cancel_appointment(appointment, now=NOW, by=staff(appointment.host))
        raise AlreadyClosed

    monkeypatch.setattr(manage_move, "reschedule_appointment", cancel_first)

    response = _post(client, appointment, ELEVEN)

    assert response.status_code == 409
    assert "This appointment is cancelled." in response.content.decode()


def test_a_reason_that_cannot_be_kept_is_said_and_nothing_changes(client, appointment):
    before = all_rows(appointment)

    response = _post(client, appointment, ELEVEN, reason="x" * 501)

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert all_rows(appointment) == before


def test_a_seat_moves_to_another_session(client, db):
    place = CalendarMemberFactory(calendar__type="class")
    ada, grace = (book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW) for _number in range(2))

    assert _get(client, ada, start=_words(ELEVEN)).status_code == 200
    _post(client, ada, ELEVEN)

    ada.refresh_from_db()
    assert ada.session_uid not in (None, grace.session_uid)
    assert ClassSession.objects.get(starts_at=TEN).seats_taken == 1


def test_a_collective_moves_by_half_its_length_with_everybody(client, db):
    calendar = CalendarFactory(type="collective", duration=timedelta(hours=1), interval=timedelta(minutes=30))
    names = [CalendarMemberFactory(calendar=calendar).member.user.name for _number in range(2)]
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    page = _get(client, appointment, start=_words(HALF_PAST)).content.decode()
    _post(client, appointment, HALF_PAST)

    assert f"{', '.join(names)} are told at once" in page
    assert {time.starts_at for time in HostTime.objects.all()} == {HALF_PAST}


@pytest.mark.parametrize("further", [1, 6])
def test_the_number_of_questions_does_not_grow_with_the_team(
    client, appointment, further, django_assert_max_num_queries
):
    for _number in range(further):
        CalendarMemberFactory(calendar=appointment.calendar)

    with django_assert_max_num_queries(8):
        _get(client, appointment)
