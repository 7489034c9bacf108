import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from availability.models import BlockingSource, BusySource, BusyTime, Calendar, HostTime
from availability.services.store import store_slots
from bookings.models import Appointment, Contact, IdempotencyKey
from bookings.services.book import book_appointment
from bookings.tokens import manage_token
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import (
    NOW,
    AccountFactory,
    CalendarFactory,
    CalendarMemberFactory,
    MemberFactory,
    ScheduleFactory,
)

pytestmark = pytest.mark.usefixtures("at_now")
TEN_TEXT = "2026-11-23T09:00:00Z"
ANSWERS = {"start": TEN_TEXT, "name": "Ada", "email": "ada@example.org", "key": "form-1"}


def _url(calendar):
    return reverse("bookings:book", args=[calendar.account.slug, calendar.slug])


def _get(client, calendar, **query):
    return client.get(_url(calendar), query)


def _post(client, calendar, **answers):
    return client.post(_url(calendar), ANSWERS | answers)


def _starts(response):
    return re.findall(r'name="start" value="([^"]+)"', response.content.decode())


def _text(response):
    words = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", words)).split())


def _busy(member, start, end):
    source = BusySource.objects.create(user=member.user, name="Private", read_at=NOW)
    BlockingSource.objects.create(member=member, source=source)
    return BusyTime.objects.create(source=source, user=member.user, group="g", key="k", start=start, end=end)


# ── five weeks ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_begins_with_this_week_and_shows_the_first_free_day(client, place):
    response = _get(client, place.calendar)

    assert response.status_code == 200
    assert response.context["offer"].page.first == date(2026, 11, 23)
    assert response.context["offer"].day == date(2026, 11, 23)
    assert _starts(response)[0] == "2026-11-23T08:00:00Z"
    assert "The soonest is Monday 23 November, 09:00" in _text(response)


def test_days_with_free_times_are_links_with_their_number(client, place):
    page = _get(client, place.calendar).content.decode()

    assert 'aria-label="Tuesday 24 November, 16 times free"' in page
    assert page.count('class="day" data-free="many"') == 25


def test_a_day_can_be_chosen(client, place):
    response = _get(client, place.calendar, day="2026-11-25")

    assert _starts(response)[0] == "2026-11-25T08:00:00Z"
    assert len(_starts(response)) == 16


def test_later_weeks_can_be_turned_to(client, place):
    response = _get(client, place.calendar, **{"from": "2026-12-28"})

    assert response.context["offer"].page == (date(2026, 12, 28), date(2026, 11, 23), None)


@pytest.mark.parametrize("query", [{"day": "9999-12-31"}, {"from": "0001-01-01"}, {"day": "x"}, {"time_zone": "x\x07"}])
def test_nonsense_in_the_address_is_passed_over(client, place, query):
    assert _get(client, place.calendar, **query).status_code == 200


def test_a_day_without_free_times_says_so(client, place):
    assert "Nothing is free on this day." in _text(_get(client, place.calendar, day="2026-11-28"))


def test_when_nothing_is_free_the_next_free_time_is_named(client, place):
    _busy(place.member, NOW, datetime(2027, 1, 4, 8, 0, tzinfo=UTC))

    text = _text(_get(client, place.calendar))

    assert "Nothing is free in these five weeks. The next free time is Monday 4 January, 09:00." in text


def test_when_nothing_is_ever_free_the_page_says_so(client, place):
    place.delete()

    assert "Nothing is free at present." in _text(_get(client, place.calendar))


def test_looking_changes_nothing(client, place):
    _get(client, place.calendar, start=TEN_TEXT)

    assert [model.objects.count() for model in (Appointment, HostTime, Contact)] == [0, 0, 0]


@pytest.mark.parametrize("switched_off_at", [NOW, None])
def test_unknown_and_switched_off_calendars_are_not_there(client, place, switched_off_at):
    place.calendar.switched_off_at = switched_off_at
    place.calendar.save()
    slug = place.calendar.slug if switched_off_at else "unknown"

    assert client.get(f"/book/{place.calendar.account.slug}/{slug}/").status_code == 404


def test_a_fixed_range_begins_with_its_first_week_and_ends_with_its_last(client, place):
    _set(place, date_range="fixed", range_first=date(2027, 2, 3), range_last=date(2027, 2, 4))

    response = _get(client, place.calendar)

    assert response.context["offer"].page == (date(2027, 2, 1), None, None)
    assert response.context["offer"].day == date(2027, 2, 3)
    assert response.content.decode().count('class="day" data-free="many"') == 2


# ── what the calendar says (T10, A9) ─────────────────────────────────────────────────────────────────────────────────


def _set(served, **settings):
    Calendar.objects.filter(pk=served.calendar.pk).update(**settings)
    served.calendar.refresh_from_db()


def test_a_paused_calendar_keeps_its_page_and_says_that_nothing_can_be_booked(client, place):
    _set(place, paused_at=NOW)

    response = _get(client, place.calendar)

    assert response.status_code == 200
    assert "First visit" in _text(response)
    assert "Nothing can be booked here now." in _text(response)
    assert _starts(response) == []


def test_a_page_that_is_open_while_its_calendar_is_paused_is_loaded_anew(client, place):
    _set(place, paused_at=NOW)

    response = client.get(_url(place.calendar), headers={"hx-request": "true", "hx-target": "when"})

    assert response["HX-Refresh"] == "true"


@pytest.mark.parametrize("send", [lambda c, cal: _get(c, cal, start=TEN_TEXT), _post])
def test_a_time_of_a_paused_calendar_is_refused_with_the_reason(client, place, send):
    _set(place, paused_at=NOW)

    response = send(client, place.calendar)

    assert response.status_code == 409
    assert "This page takes no bookings at present." in _text(response)


def test_a_hidden_calendar_is_reached_by_its_link(client, place):
    _set(place, hidden_at=NOW)

    assert len(_starts(_get(client, place.calendar))) == 16


def test_a_link_to_a_time_that_looks_busy_books_it(client, place):
    everything = _starts(_get(client, place.calendar))
    _set(place, look_busy=50)
    shown = _starts(_get(client, place.calendar))
    hidden = min(set(everything) - set(shown))

    assert 0 < len(shown) < len(everything)
    assert _get(client, place.calendar, start=hidden).status_code == 200
    assert _post(client, place.calendar, start=hidden).status_code == 302


def test_the_same_times_look_busy_on_each_reload(client, place):
    _set(place, look_busy=50)

    assert _starts(_get(client, place.calendar)) == _starts(_get(client, place.calendar))


@pytest.mark.parametrize(("kind", "words"), [("we_call", "By phone: we call you"), ("ask", "Where you say")])
def test_the_page_says_where(client, place, kind, words):
    _set(place, place_kind=kind)

    assert words in _text(_get(client, place.calendar))


def test_a_link_to_meet_at_is_for_those_who_have_booked(client, place):
    _set(place, place_kind="link", place="https://meet.example.org/x")

    pages = [_get(client, place.calendar), _get(client, place.calendar, start=TEN_TEXT)]

    assert all(b"meet.example.org" not in page.content for page in pages)


# ── classes and collectives (T2, T8) ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("shows_seats", "words"), [(True, "09:00 1 seat left 09:30 2 seats left"), (False, "09:00 09:30")]
)
def test_a_class_shows_the_seats_left_if_it_says_so(client, db, shows_seats, words):
    yoga = CalendarMemberFactory(calendar__type="class", calendar__seats=2, calendar__shows_seats=shows_seats)
    book_appointment(yoga.calendar, starts_at=TEN - timedelta(hours=1), customer=ADA, now=NOW)

    assert words in _text(_get(client, yoga.calendar))


@pytest.mark.parametrize("send", [lambda c, cal: _get(c, cal, start=TEN_TEXT), _post])
def test_a_full_class_is_said_to_be_full(client, db, send):
    yoga = CalendarMemberFactory(calendar__type="class", calendar__seats=1)
    book_appointment(yoga.calendar, starts_at=TEN, customer=ADA, now=NOW)

    response = send(client, yoga.calendar)

    assert response.status_code == 409
    assert "This class is full. The last seat at that time has been taken." in _text(response)


def test_a_collective_names_everybody_on_its_page_and_its_form(client, db):
    calendar = CalendarFactory(type="collective")
    other = CalendarMemberFactory(calendar=calendar).member.user.name
    lead = CalendarMemberFactory(calendar=calendar, is_lead=True).member.user.name

    pages = [_get(client, calendar), _get(client, calendar, start=TEN_TEXT)]

    assert all(f"{lead}, {other}" in _text(page) for page in pages)
    assert "With whom?" not in _text(pages[0])


# ── the reader's zone (A7, A8) ───────────────────────────────────────────────────────────────────────────────────────


def test_times_are_shown_in_the_zone_of_the_account(client, place):
    assert _get(client, place.calendar).context["zone"] == ZoneInfo("Europe/Berlin")


def test_the_browsers_zone_goes_before_it_and_a_picked_one_before_that(client, place):
    client.cookies["time_zone"] = "America/New_York"
    assert "03:00" in _text(_get(client, place.calendar))

    response = _get(client, place.calendar, time_zone="Asia/Kathmandu")

    assert "13:45 14:15" in _text(response)
    assert response.cookies["time_zone"].value == "Asia/Kathmandu"


def test_a_locked_calendar_keeps_the_accounts_zone(client, place):
    place.calendar.time_zone_locked = True
    place.calendar.save()

    response = _get(client, place.calendar, time_zone="Asia/Kathmandu")

    assert response.context["zone"] == ZoneInfo("Europe/Berlin")
    assert "<select" not in response.content.decode()


def test_both_passes_of_a_doubled_hour_are_shown_with_their_offset(client, monkeypatch, db):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 10, 24, 8, 0, tzinfo=UTC))
    member = MemberFactory()
    ScheduleFactory(member=member, hours=[(6, 1 * 60, 4 * 60)])
    calendar = CalendarFactory(account=member.account)
    CalendarMemberFactory(calendar=calendar, member=member)

    text = _text(_get(client, calendar, day="2026-10-25"))

    assert "02:00 UTC+2 02:30 UTC+2 02:00 UTC+1 02:30 UTC+1 03:00 03:30" in text


# ── with whom ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_with_one_host_there_is_nothing_to_choose(client, place):
    assert "With whom?" not in _text(_get(client, place.calendar))


def test_a_colleague_can_be_chosen_and_only_their_times_are_shown(client, place):
    other = CalendarMemberFactory(calendar=place.calendar)
    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW, host=other.member)

    anyone = _get(client, place.calendar)
    theirs = _get(client, place.calendar, host=other.member.slug)

    assert f'value="{other.member.slug}"' in anyone.content.decode()
    assert TEN_TEXT in _starts(anyone)
    assert TEN_TEXT not in _starts(theirs)


def test_no_address_of_a_host_is_on_the_page(client, place):
    other = CalendarMemberFactory(calendar=place.calendar)
    page = _get(client, place.calendar).content.decode()

    assert other.member.user.name in page
    assert "@" not in page.replace(place.calendar.account.name, "")


# ── htmx ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_htmx_gets_the_times_and_out_of_band_the_month_and_a_sentence(client, place):
    response = client.get(
        _url(place.calendar), {"day": "2026-11-24"}, headers={"hx-request": "true", "hx-target": "when"}
    )

    page = response.content.decode()
    assert re.findall(r'<(?:section|p|main)[^>]* id="([^"]+)"', page) == ["when", "month", "announce"]
    assert 'id="month" aria-labelledby="month-name" hx-swap-oob="true"' in page
    assert '<p id="announce" hx-swap-oob="innerHTML">Tuesday 24 November, 16 times free</p>' in page
    assert "HX-Request" in response["Vary"]


# ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_choosing_a_time_opens_the_form_and_takes_nothing(client, place):
    response = _get(client, place.calendar, start=TEN_TEXT)

    assert response.status_code == 200
    assert "Book Monday 23 November, 10:00" in _text(response)
    assert response.context["form"]["key"].value()
    assert not HostTime.objects.exists()


def test_each_form_has_a_key_of_its_own(client, place):
    keys = [_get(client, place.calendar, start=TEN_TEXT).context["form"]["key"].value() for _ in range(2)]

    assert keys[0] != keys[1]


def test_choosing_a_time_that_is_gone_shows_others(client, place, appointment):
    response = _get(client, place.calendar, start=TEN_TEXT)

    assert response.status_code == 409
    assert "That time has just been taken." in _text(response)
    assert "2026-11-23T09:30:00Z" in _starts(response)


@pytest.mark.parametrize("start", ["x", "", "2026-11-23T10:00", "9999-12-31T23:59:59Z"])
def test_choosing_nonsense_leads_back_to_the_times(client, place, start):
    response = _get(client, place.calendar, start=start)

    assert (response.status_code, response["Location"]) == (302, _url(place.calendar))


def test_a_calendar_that_asks_for_the_place_has_a_field_for_it(client, place):
    _set(place, place_kind="ask")

    without = _post(client, place.calendar)
    booked = _post(client, place.calendar, place="At my house")

    assert (without.status_code, unescape(without.content.decode()).count("Say where.")) == (422, 2)
    assert booked.status_code == 302
    assert Appointment.objects.get().place == "At my house"


def test_other_calendars_ask_for_no_place(client, place):
    assert "Where?" not in _text(_get(client, place.calendar, start=TEN_TEXT))


def test_whoever_is_to_be_called_says_their_number(client, place):
    _set(place, place_kind="we_call")

    form = _get(client, place.calendar, start=TEN_TEXT)

    assert "Telephone We call you on this number." in _text(form)
    assert "Your telephone number is missing." in _text(_post(client, place.calendar))
    assert _post(client, place.calendar, phone="0451 1").status_code == 302


# ── booking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_booking_leads_to_the_confirmation(client, place):
    response = _post(client, place.calendar)

    appointment = Appointment.objects.get()
    assert (response.status_code, response["Location"]) == (
        302,
        reverse("bookings:manage", args=[manage_token(appointment)]),
    )
    assert (appointment.starts_at, appointment.customer_name) == (TEN, "Ada")


def test_htmx_is_sent_to_the_confirmation(client, place):
    response = client.post(_url(place.calendar), ANSWERS, headers={"hx-request": "true"})

    assert response["HX-Redirect"] == reverse("bookings:manage", args=[manage_token(Appointment.objects.get())])


def test_the_readers_zone_and_language_are_kept(client, place):
    client.post(
        _url(place.calendar), ANSWERS | {"time_zone": "Europe/Lisbon"}, headers={"accept-language": "de-AT,de;q=0.9"}
    )

    appointment = Appointment.objects.get()
    assert (str(appointment.time_zone), appointment.contact.locale) == ("Europe/Lisbon", "de")


def test_a_named_host_gets_the_appointment(client, place):
    other = CalendarMemberFactory(calendar=place.calendar)

    _post(client, place.calendar, host=other.member.slug)

    assert Appointment.objects.get().host == other.member


def test_sending_the_form_twice_is_one_appointment_and_the_same_confirmation(client, place):
    first, second = (_post(client, place.calendar)["Location"] for _ in range(2))

    assert first == second
    assert Appointment.objects.count() == 1


def test_going_back_and_changing_the_answers_is_asked_about(client, place):
    _post(client, place.calendar)

    response = _post(client, place.calendar, start="2026-11-23T10:00:00Z")

    assert response.status_code == 409
    assert "You have booked with this form already." in _text(response)
    assert response.context["form"]["key"].value() != "form-1"
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        ({"name": " "}, "name", "Your name is missing."),
        ({"email": "ada.example.org"}, "email", "There is no “@” in this address. Example: name@example.org"),
        ({"email": "ada@"}, "email", "This address does not look complete. Example: name@example.org"),
        ({"email": ""}, "email", "Your e-mail address is missing."),
    ],
)
def test_what_is_missing_is_said_next_to_the_field_and_nothing_is_lost(client, place, answers, field, sentence):
    response = _post(client, place.calendar, note="Left shoulder.", **answers)

    page = response.content.decode()
    assert response.status_code == 422
    assert unescape(page).count(sentence) == 2
    assert f'id="id_{field}_error"' in page
    assert "Left shoulder." in page
    assert 'value="form-1"' in page
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("start", ["", "x", "2026-11-23T10:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"])
def test_a_hand_made_start_that_is_none_is_refused(client, place, start):
    assert _post(client, place.calendar, start=start).status_code == 422


@pytest.mark.parametrize("answers", [{"host": "nobody"}, {"time_zone": "Mars/Olympus"}, {"name": "a\0b"}])
def test_other_hand_made_nonsense_is_refused(client, place, answers):
    assert _post(client, place.calendar, **answers).status_code == 422
    assert not Appointment.objects.exists()


# ── refused times (B3, B6) ───────────────────────────────────────────────────────────────────────────────────────────


def _refused(client, calendar, start, **answers):
    response = _post(client, calendar, start=start.strftime("%Y-%m-%dT%H:%M:%SZ"), **answers)
    assert response.status_code == 409
    assert not Appointment.objects.filter(contact__email="ada@example.org", customer_name="Ada").exists()
    return response


def test_a_lost_time_is_told_politely_with_other_times_that_book_with_the_same_answers(client, place, appointment):
    other = _refused(client, place.calendar, TEN, note="Left shoulder.")

    assert "That time has just been taken. Nothing was booked for you, and your answers are kept." in _text(other)
    assert '<input type="hidden" name="note" value="Left shoulder.">' in other.content.decode()
    assert '<input type="hidden" name="key" value="form-1">' in other.content.decode()
    again = _post(client, place.calendar, start=_starts(other)[0], note="Left shoulder.")
    assert again.status_code == 302
    assert Appointment.objects.get(customer_name="Ada").note == "Left shoulder."


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (NOW - timedelta(hours=1), "That time has already begun or passed."),
        (NOW + timedelta(hours=1), "That time is too soon to be booked on this page."),
        (NOW + timedelta(days=63), "That time is too far ahead to be booked yet."),
        (NOW + timedelta(hours=14), "That time is outside the hours on offer."),
    ],
)
def test_past_too_soon_too_far_and_out_of_hours_each_have_their_sentence(client, place, start, sentence):
    place.calendar.minimum_notice = timedelta(hours=2)
    place.calendar.save()

    response = _refused(client, place.calendar, start)

    assert sentence in _text(response)
    assert len(_starts(response)) > 0


def test_the_page_is_the_same_whatever_takes_the_hosts_time(client, place):
    """Nobody learns whether it is an appointment, an event, a buffer or a calendar that cannot be read (P4)."""

    def page():
        text = _text(_post(client, place.calendar, name="Grace", key=""))
        return text[text.index("10:00") : text.index("and your answers are kept")]

    event = _busy(place.member, TEN, TEN + timedelta(minutes=30))
    seen = [page()]
    event.delete()
    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)
    seen.append(page())
    place.calendar.buffer_after = timedelta(hours=2)
    place.calendar.save()
    BlockingSource.objects.update(when_stale="block")
    BusySource.objects.update(read_at=NOW - timedelta(days=1))
    seen.append(page())

    assert len(set(seen)) == 1


def test_a_colleague_who_is_free_is_proposed(client, place):
    other = CalendarMemberFactory(calendar=place.calendar)
    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW, host=place.member)

    response = _refused(client, place.calendar, TEN, host=place.member.slug, email="grace@example.org")

    text = _text(response)
    assert f"Same time, with a colleague Monday 23 November 10:00 {other.member.user.name}" in text


def test_when_nothing_is_free_at_all_the_page_says_so(client, place):
    _busy(place.member, NOW, NOW + timedelta(days=90))

    response = _refused(client, place.calendar, TEN)

    assert "Nothing else is free at present." in _text(response)


def test_a_refused_form_may_be_sent_again_for_another_time_with_the_same_key(client, place, appointment):
    _refused(client, place.calendar, TEN)

    assert _post(client, place.calendar, start="2026-11-23T10:00:00Z").status_code == 302
    assert IdempotencyKey.objects.get().appointment.starts_at == ELEVEN


# ── the group page ───────────────────────────────────────────────────────────────────────────────────────────────────


def _group(client, account):
    return client.get(reverse("bookings:group", args=[account.slug]))


def test_the_group_page_lists_what_can_be_booked_services_first(client, place):
    account = place.calendar.account
    CalendarFactory(account=account, name="A simple one", type="simple")
    CalendarFactory(account=account, name="Gone", switched_off_at=NOW)
    CalendarFactory(account=account, name="Hidden", hidden_at=NOW)
    CalendarFactory(name="Of somebody else")

    text = _text(_group(client, account))

    assert "First visit Obertrave 14 30 minutes More to book A simple one 30 minutes" in text
    assert not [name for name in ("Gone", "Hidden", "Of somebody else") if name in text]


def test_services_of_a_category_stand_together_with_length_price_and_place(client, place):
    account = place.calendar.account
    for name, category, price in (("Sports", "massage ", 75), ("Scalp", "Massage", None), ("Follow-up", "Therapy", 48)):
        CalendarFactory(account=account, name=name, category=category, price=price, place="Room 2")

    text = _text(_group(client, account))

    assert (
        "First visit Obertrave 14 30 minutes "
        "Massage Scalp Room 2 30 minutes Sports Room 2 30 minutes · €75 "
        "Therapy Follow-up Room 2 30 minutes · €48"
    ) in text


def test_a_paused_calendar_is_marked_on_the_group_page(client, place):
    _set(place, paused_at=NOW)

    assert "Takes no bookings at present" in _text(_group(client, place.calendar.account))


def test_the_group_page_of_an_account_without_calendars_says_so(client, db):
    response = client.get(reverse("bookings:group", args=[AccountFactory().slug]))

    assert "Nothing can be booked here at present." in _text(response)


def test_an_unknown_account_is_not_there(client, db):
    assert client.get("/book/nobody/").status_code == 404


# ── queries ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fill(calendar, hosts):
    for _number in range(hosts):
        member = CalendarMemberFactory(calendar=calendar).member
        _busy(member, NOW + timedelta(days=1), NOW + timedelta(days=1, hours=1))
        book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW, host=member)


@pytest.mark.parametrize("hosts", [1, 10])
def test_the_page_asks_the_same_number_of_questions_for_any_number_of_hosts(
    client, db, django_assert_num_queries, hosts
):
    calendar = CalendarFactory()
    _fill(calendar, hosts)

    with django_assert_num_queries(5):
        _get(client, calendar)


@pytest.mark.parametrize("hosts", [1, 10])
def test_it_asks_three_where_the_slots_are_stored(client, db, django_assert_num_queries, hosts):
    calendar = CalendarFactory()
    _fill(calendar, hosts)
    store_slots(calendar, now=NOW)

    with django_assert_num_queries(3):
        _get(client, calendar)


@pytest.mark.parametrize("hosts", [1, 10])
def test_a_page_without_anything_free_looks_once_more(client, db, django_assert_num_queries, hosts):
    calendar = CalendarFactory()
    for _number in range(hosts):
        CalendarMemberFactory(calendar=calendar, member=MemberFactory(account=calendar.account))

    with django_assert_num_queries(11):
        _get(client, calendar)


@pytest.mark.parametrize("calendars", [1, 30])
def test_the_group_page_asks_two_questions_for_any_number_of_calendars(
    client, db, django_assert_num_queries, calendars
):
    account = AccountFactory()
    for _number in range(calendars):
        CalendarFactory(account=account)

    with django_assert_num_queries(2):
        client.get(reverse("bookings:group", args=[account.slug]))
