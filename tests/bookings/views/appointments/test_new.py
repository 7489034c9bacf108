from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from accounts.models import OutgoingMail
from accounts.roles import Role
from availability.models import Calendar, HostTime
from availability.services.release import release_time
from bookings.models import Appointment, BookingTerms, Contact, Question, Status
from bookings.services.book import book_appointment
from tests.availability.situations import busy
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.bookings.views.appointments.pages import ADA_AS_TYPED, iso, text, url, ways
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.usefixtures("at_now")


def _page(place):
    return url("appointment-new-on", place.calendar.pk)


def _book(client, place, start=TEN, **sent):
    return client.post(_page(place), {"start": iso(start)} | ADA_AS_TYPED | sent)


@pytest.fixture
def colleagues(place, manager):
    """Two more who serve the calendar; whoever signs in manages the account."""
    return [CalendarMemberFactory(calendar=place.calendar, position=number).member for number in (1, 2)]


def test_with_one_calendar_there_is_nothing_to_choose(client, host, place):
    assert client.get(url("appointment-new"))["Location"] == _page(place)


def test_staff_choose_among_the_open_calendars_they_serve(client, host, place):
    for name in ("Massage", "Paused"):
        CalendarMemberFactory(calendar__account=host.account, calendar__name=name, member=host)
    Calendar.objects.filter(name="Paused").update(paused_at=NOW)
    CalendarFactory(account=host.account, name="Of others")

    shown = text(client.get(url("appointment-new")))

    assert "First visit" in shown
    assert "Massage" in shown
    assert "Paused" not in shown
    assert "Of others" not in shown


def test_without_any_calendar_the_page_says_so(client, db):
    client.force_login(MemberFactory().user)

    assert "There is no open calendar you could book on." in text(client.get(url("appointment-new")))


def test_free_times_are_shown_and_lead_on(client, host, place):
    response = client.get(_page(place))

    assert "Berlin time, now 08:00" in text(response)
    assert f'name="start" value="{iso(TEN)}"' in response.content.decode()
    assert "Who comes?" in text(client.get(_page(place), {"start": iso(TEN)}))


def test_htmx_gets_the_times_of_a_day_alone(client, host, place):
    response = client.get(_page(place), {"day": "2026-11-24"}, headers={"HX-Request": "true", "HX-Target": "when"})

    assert "Tuesday" in text(response)
    assert "<html" not in response.content.decode()


def test_any_time_can_be_typed_by_the_clock_of_the_account(client, host, place):
    response = client.get(_page(place), {"on": "2026-11-28", "at": "20:07"})

    assert response["Location"] == f"{_page(place)}?start=2026-11-28T19%3A07%3A00Z&host={host.slug}"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"on": "", "at": "10:00"}, "The date is missing."),
        ({"on": "2026-02-30", "at": "10:00"}, "This is not a day we know."),
        ({"on": "2026-12-01", "at": "25:00"}, "This is not a time."),
        ({"on": "2027-03-28", "at": "02:30"}, "this time does not exist on that day"),
        ({"on": "9999-12-31", "at": "10:00"}, "This is not a day we know."),
    ],
)
def test_a_time_that_cannot_be_is_asked_for_again(client, host, place, typed, said):
    response = client.get(_page(place), typed)

    assert response.status_code == 422
    assert said in text(response)


@pytest.mark.parametrize(
    "start", ["", "x", "2026-11-23T09:00:00", iso(NOW - timedelta(minutes=30)), "9999-12-31T23:59Z"]
)
def test_a_start_that_cannot_be_leads_back_to_the_times(client, host, place, start):
    assert client.post(_page(place), {**ADA_AS_TYPED, "start": start})["Location"] == _page(place)
    assert not Appointment.objects.exists()


def test_what_staff_book_is_confirmed_at_once_and_told_to_the_customer_alone(client, host, place):
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)

    response = _book(client, place, phone="0451 1", note="By bus")

    made = Appointment.objects.get()
    assert response["Location"] == url("appointment", made.uid)
    assert (made.status, made.host, made.starts_at, made.is_overbooked) == (Status.CONFIRMED, host, TEN, False)
    assert (made.customer_phone, made.note, made.locale, str(made.time_zone)) == (
        "0451 1",
        "By bus",
        "de",
        "Europe/London",
    )
    assert made.changes.get().member == host
    assert list(OutgoingMail.objects.values_list("kind", "recipient")) == [("booked", "ada@example.org")]


def test_nothing_but_name_and_address_must_be_known(client, host, place):
    Calendar.objects.update(place_kind="ask")
    Question.objects.create(calendar=place.calendar, key="knee", label="Which knee?", is_required=True)

    _book(client, place)

    assert Appointment.objects.get().answers == []


def test_answers_to_the_questions_are_kept(client, host, place):
    Question.objects.create(calendar=place.calendar, key="knee", label="Which knee?")

    _book(client, place, **{"answer-knee": "The left one"})

    assert Appointment.objects.get().answers == [["Which knee?", "The left one"]]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": " "}, "The customer’s name is missing."),
        ({"email": ""}, "The customer’s e-mail address is missing."),
        ({"email": "ada"}, "There is no “@” in this address."),
        ({"time_zone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"locale": "xx"}, "xx"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_the_rest_is_kept(client, host, place, sent, said):
    response = _book(client, place, note="By bus", **sent)

    assert response.status_code == 422
    assert said in text(response)
    assert "By bus" in response.content.decode()
    assert not Appointment.objects.exists()


def test_the_same_form_twice_is_one_appointment(client, host, place):
    first, second = (_book(client, place)["Location"] for _number in range(2))

    assert first == second
    assert Appointment.objects.count() == 1


def test_a_form_that_has_booked_something_else_is_asked_for_again(client, host, place):
    _book(client, place)

    response = _book(client, place, ELEVEN)

    assert response.status_code == 409
    assert "This form has booked an appointment already." in text(response)
    key = response.context["form"]["key"].value()
    assert _book(client, place, ELEVEN, key=key).status_code == 302


def test_a_taken_time_shows_every_reason_and_books_nothing(client, host, place, appointment):
    busy(host, TEN, ELEVEN)

    response = _book(client, place)

    shown = text(response)
    assert response.status_code == 409
    assert "Monday 23 November, 10:00 is not free" in shown
    assert "An appointment on “First visit”, 10:00–10:30. BOOKED" in shown
    assert "Busy in Private, 10:00–11:00. EVENT" in shown
    assert "It then stands beside whatever else lies there" in shown
    assert Appointment.objects.count() == 1


def test_after_the_reasons_were_seen_it_can_be_booked_beside_the_other(client, host, place, appointment):
    (sent,) = ways(_book(client, place, note="By bus")).values()

    response = client.post(_page(place), sent)

    made = Appointment.objects.get(is_overbooked=True)
    assert response["Location"] == url("appointment", made.uid)
    assert (made.starts_at, made.note, made.customer_name) == (TEN, "By bus", "Ada Lovelace")
    assert sorted(HostTime.objects.values_list("exclusive", flat=True)) == [False, True]
    assert "Booked knowingly, whatever stood against it." in text(client.get(response["Location"]))


def test_nobody_overbooks_without_having_seen_the_reasons(client, host, place, appointment):
    response = _book(client, place, overbook="on")

    assert response.status_code == 409
    assert "is not what you saw" in text(response)
    assert Appointment.objects.count() == 1


def test_reasons_that_have_changed_are_shown_again(client, host, place, appointment):
    (sent,) = ways(_book(client, place)).values()
    busy(host, TEN, ELEVEN)

    response = client.post(_page(place), sent)

    assert "Busy in Private" in text(response)
    assert Appointment.objects.count() == 1
    (again,) = ways(response).values()
    assert client.post(_page(place), again).status_code == 302


def test_what_has_become_free_meanwhile_is_booked_without_overbooking(client, host, place, appointment):
    (sent,) = ways(_book(client, place)).values()
    release_time(appointment.uid, now=NOW)

    response = client.post(_page(place), sent)

    assert "Nothing stands against this time any more." in text(response)
    sent.pop("overbook")
    client.post(_page(place), sent)
    assert not Appointment.objects.get(changes__member=host).is_overbooked


def test_two_colleagues_who_overbook_the_same_time_at_once_do_not_miss_each_other(client, host, place, appointment):
    (sent,) = ways(_book(client, place)).values()
    client.post(_page(place), {**sent, "key": "of a colleague"})

    response = client.post(_page(place), sent)

    # the same reason at the same time, and yet one more appointment: the one who comes second sees both
    assert response.status_code == 409
    assert Appointment.objects.count() == 2


def test_staff_are_not_told_what_a_colleague_does_elsewhere(client, place):
    calendar = CalendarFactory(account=place.calendar.account, type="collective")
    CalendarMemberFactory(calendar=calendar, member=place.member)
    colleague = CalendarMemberFactory(calendar=calendar).member
    busy(colleague, TEN, ELEVEN)
    client.force_login(place.member.user)

    response = client.post(url("appointment-new-on", calendar.pk), {**ADA_AS_TYPED, "start": iso(TEN)})

    assert "Busy, 10:00–11:00. EVENT" in text(response)
    assert "Private" not in text(response)


def test_a_full_class_cannot_be_overbooked_and_says_so(client, db):
    place = CalendarMemberFactory(calendar__type="class", calendar__seats=1)
    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)
    client.force_login(place.member.user)

    response = _book(client, place)

    assert "This class is full." in text(response)
    assert ways(response) == {}
    assert _book(client, place, overbook="f" * 32).status_code == 409
    assert Appointment.objects.count() == 1


def test_a_calendar_that_nobody_serves_cannot_be_overbooked_and_says_so(client, place, manager):
    place.delete()
    client.force_login(manager.user)

    response = _book(client, place)

    assert "Nobody is left who could take it" in text(response)
    assert ways(response) == {}


def test_staff_book_with_themselves_alone(client, host, place, colleagues):
    assert client.get(_page(place), {"host": colleagues[0].slug}).status_code == 404

    _book(client, place)

    assert Appointment.objects.get().host == host


def test_managers_choose_with_whom(client, manager, place, colleagues):
    client.force_login(manager.user)
    assert "Anyone free" in text(client.get(_page(place)))

    _book(client, place, host=colleagues[1].slug)

    assert Appointment.objects.get().host == colleagues[1]


def test_where_nobody_is_free_each_host_can_be_overbooked_by_name(client, manager, place, colleagues):
    client.force_login(manager.user)
    for number in range(3):
        book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW, key=str(number))

    response = _book(client, place)
    found = ways(response)

    assert set(found) == {member.slug for member in (place.member, *colleagues)}
    assert client.post(_page(place), found[colleagues[0].slug]).status_code == 302
    assert Appointment.objects.get(is_overbooked=True).host == colleagues[0]


def test_all_members_of_a_collective_are_booked_together(client, place):
    calendar = CalendarFactory(account=place.calendar.account, type="collective")
    hosts = {CalendarMemberFactory(calendar=calendar, member=place.member).member}
    hosts.add(CalendarMemberFactory(calendar=calendar).member)
    client.force_login(place.member.user)

    client.post(url("appointment-new-on", calendar.pk), {**ADA_AS_TYPED, "start": iso(TEN)})

    made = Appointment.objects.get()
    assert {made.host, *made.further_hosts.all()} == hosts
    assert OutgoingMail.objects.filter(kind="host_booked").count() == 1


def test_booking_again_knows_the_customer(client, host, place, appointment):
    page = url("appointment-again", appointment.uid)
    assert "New appointment for Ada Lovelace" in text(client.get(page))

    form = client.get(page, {"start": iso(ELEVEN)}).context["form"]
    client.post(page, {name: form[name].value() or "" for name in form.fields})

    assert Appointment.objects.count() == 2
    assert Contact.objects.count() == 1
    assert Appointment.objects.get(starts_at=ELEVEN).customer_name == "Ada Lovelace"


def test_the_page_of_a_paused_calendar_is_not_there(client, host, place, appointment):
    Calendar.objects.update(paused_at=NOW)

    assert client.get(_page(place)).status_code == 404
    assert client.get(url("appointment-again", appointment.uid)).status_code == 404
    assert "Book again" not in text(client.get(url("appointment", appointment.uid)))


def test_who_works_in_two_accounts_books_in_either(client, host, place):
    elsewhere = MemberFactory(user=host.user, role=Role.OWNER)
    ScheduleFactory(member=elsewhere)
    there = CalendarMemberFactory(calendar__account=elsewhere.account, member=elsewhere)

    _book(client, there)

    assert Appointment.objects.get().changes.get().member == elsewhere


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_appointment(place):
    def click(_number):
        try:
            client = Client()
            client.force_login(place.member.user)
            return _book(client, place)["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as clicks:
        assert len(set(clicks.map(click, range(2)))) == 1

    assert Appointment.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_a_day_and_a_time_by_the_readers_clock_are_carried_on(client, host, place):
    host.user.time_zone = "Europe/London"
    host.user.save()
    page = url("appointment-new")

    assert client.get(page, {"on": "2026-11-24", "at": "10:00"})["Location"] == (
        f"{_page(place)}?start=2026-11-24T10%3A00%3A00Z"
    )
    assert client.get(page, {"on": "2026-11-24"})["Location"] == f"{_page(place)}?day=2026-11-24"
    assert client.get(page, {"on": "soon", "at": "x"})["Location"] == _page(place)
