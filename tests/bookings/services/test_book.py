from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from availability.models import Calendar, HostTime
from bookings.models import Appointment, Contact, IdempotencyKey
from bookings.services import book
from bookings.services.book import Customer, KeyUsedDifferently, SlotTaken, book_appointment
from bookings.signals import item_changed
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, AccountFactory, CalendarFactory, CalendarMemberFactory, ContactFactory


def _book(place, *, starts_at=TEN, customer=ADA, **more):
    return book_appointment(place.calendar, starts_at=starts_at, customer=customer, now=NOW, **more)


def _with(**answers):
    known = {"name": ADA.name, "email": ADA.email, "time_zone": ADA.time_zone, "locale": ADA.locale}
    return Customer(**known | answers)


def test_booking_takes_the_hosts_time(place):
    appointment = _book(place)

    taken = HostTime.objects.get()
    assert (taken.uid, taken.user) == (appointment.uid, place.member.user)
    assert (taken.starts_at, taken.ends_at) == (appointment.starts_at, appointment.ends_at)


def test_an_appointment_keeps_what_was_said_and_where_it_is(place):
    customer = _with(phone="0451 1", note="Left shoulder.")

    appointment = Appointment.objects.get(pk=_book(place, customer=customer).pk)

    assert (appointment.starts_at, appointment.ends_at) == (TEN, TEN + timedelta(minutes=30))
    assert (appointment.customer_name, appointment.customer_phone) == ("Ada Lovelace", "0451 1")
    assert (appointment.note, appointment.place) == ("Left shoulder.", "Obertrave 14")
    assert str(appointment.time_zone) == "Europe/London"
    assert appointment.booked_at == appointment.changed_at == appointment.confirmed_at == NOW


def test_a_taken_time_is_refused_and_nothing_is_stored(place):
    _book(place)

    with pytest.raises(SlotTaken) as lost:
        _book(place, customer=_with(email="grace@example.org"), key="k")

    assert lost.value.codes == ("BOOKED",)
    assert Appointment.objects.count() == Contact.objects.count() == HostTime.objects.count() == 1
    assert not IdempotencyKey.objects.exists()


def test_the_news_is_sent_inside_the_transaction(place, django_capture_on_commit_callbacks):
    heard = []

    def hear(sender, uid, now, **rest):
        heard.append((Appointment.objects.get(uid=uid).uid, now, connections["default"].in_atomic_block))

    item_changed.connect(hear)
    try:
        appointment = _book(place)
    finally:
        item_changed.disconnect(hear)
    assert heard == [(appointment.uid, NOW, True)]


# ── several hosts, several customers (T2, T7, T8) ────────────────────────────────────────────────────────────────────


def test_a_collective_takes_the_time_of_all_and_the_lead_answers_for_it(db, news):
    calendar = CalendarFactory(type="collective")
    other = CalendarMemberFactory(calendar=calendar).member
    lead = CalendarMemberFactory(calendar=calendar, is_lead=True).member

    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    assert (appointment.host, list(appointment.further_hosts.all())) == (lead, [other])
    assert {time.user for time in HostTime.objects.filter(uid=appointment.uid)} == {lead.user, other.user}
    assert news == [(appointment.uid, NOW)]


def test_a_fixed_host_takes_part_beside_the_one_who_rotates(db):
    calendar = CalendarFactory(type="round_robin")
    fixed = CalendarMemberFactory(calendar=calendar, is_fixed=True).member
    CalendarMemberFactory(calendar=calendar, priority=3)
    named = CalendarMemberFactory(calendar=calendar, priority=1).member

    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW, host=named)

    assert (appointment.host, list(appointment.further_hosts.all())) == (named, [fixed])


def test_customers_of_a_class_share_a_session_and_the_news_is_of_the_session(db, news):
    place = CalendarMemberFactory(calendar__type="class", calendar__seats=2)

    seats = [_book(place, customer=_with(email=f"{number}@example.org")) for number in range(2)]

    (session,) = {seat.session_uid for seat in seats}
    assert HostTime.objects.get().uid == session
    assert news == [(session, NOW)] * 2
    with pytest.raises(SlotTaken) as lost:
        _book(place, customer=_with(email="late@example.org"))
    assert lost.value.codes == ("SEATS",)


def test_a_hidden_time_can_be_booked(place):
    Calendar.objects.update(look_busy=90)
    place.calendar.refresh_from_db()

    assert all(_book(place, starts_at=TEN + number * timedelta(minutes=30)) for number in range(4))


@pytest.mark.parametrize(("kind", "kept"), [("address", "Obertrave 14"), ("we_call", "0451 1"), ("ask", "At my house")])
def test_the_place_kept_is_the_calendars_or_what_the_customer_said(place, kind, kept):
    place.calendar.place_kind = kind
    place.calendar.save()

    assert _book(place, customer=_with(phone="0451 1", place="At my house")).place == kept


# ── contacts (P3) ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_customer_becomes_a_contact(place):
    _book(place, customer=_with(phone="0451 1"))

    contact = Contact.objects.get()
    assert (contact.account, contact.name, contact.email, contact.phone) == (
        place.calendar.account,
        "Ada Lovelace",
        "ada@example.org",
        "0451 1",
    )


def test_a_contact_is_found_again_however_the_address_is_spelled(place):
    known = ContactFactory(account=place.calendar.account, email="Ada@example.org")

    appointment = _book(place, customer=_with(email=" ADA@Example.org"))

    assert appointment.contact == known


def test_addresses_that_only_capitals_confuse_are_two_contacts(place):
    known = ContactFactory(account=place.calendar.account, email="ada@sails.example")

    appointment = _book(place, customer=_with(email="ada@ſailſ.example"))

    assert appointment.contact != known


def test_who_knows_an_address_cannot_rename_the_contact(place):
    known = ContactFactory(account=place.calendar.account, email=ADA.email, name="Ada King", phone="")

    appointment = _book(place, customer=_with(name="Mallory", phone="666"))

    known.refresh_from_db()
    assert (known.name, known.phone) == ("Ada King", "")
    assert (appointment.customer_name, appointment.customer_phone) == ("Mallory", "666")


def test_accounts_do_not_share_contacts(place):
    ContactFactory(account=AccountFactory(), email=ADA.email)

    assert _book(place).contact.account == place.calendar.account


# ── the same request twice (B5) ──────────────────────────────────────────────────────────────────────────────────────


def test_the_same_request_with_the_same_key_is_the_same_appointment(place):
    assert _book(place, key="k") == _book(place, key="k")
    assert Appointment.objects.count() == 1


def test_the_language_of_the_reader_does_not_make_a_request_another(place):
    assert _book(place, key="k") == _book(place, key="k", customer=_with(locale="de"))


@pytest.mark.parametrize(
    "change",
    [{"starts_at": ELEVEN}]
    + [{"customer": _with(**one)} for one in ({"name": "Grace"}, {"note": "!"}, {"place": "!"})],
)
def test_another_request_with_the_same_key_is_refused(place, change):
    _book(place, key="k")

    with pytest.raises(KeyUsedDifferently):
        _book(place, key="k", **change)
    assert Appointment.objects.count() == 1


def test_naming_a_host_makes_a_request_another(place):
    _book(place, key="k")

    with pytest.raises(KeyUsedDifferently):
        _book(place, key="k", host=place.member)


def test_without_a_key_the_same_request_is_a_second_one(place):
    _book(place)

    with pytest.raises(SlotTaken):
        _book(place)


def test_keys_of_two_calendars_have_nothing_to_do_with_each_other(place):
    other = CalendarMemberFactory()

    assert _book(place, key="k") != _book(other, key="k")


def test_a_key_whose_request_was_refused_may_be_used_for_another(place):
    _book(place)
    with pytest.raises(SlotTaken):
        _book(place, key="k")

    assert _book(place, key="k", starts_at=ELEVEN).starts_at == ELEVEN


def _at_once(number, act):
    barrier = Barrier(number)

    def one(index):
        barrier.wait()
        try:
            return act(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


@pytest.mark.django_db(transaction=True)
def test_one_key_in_many_requests_at_once_is_one_appointment():
    """Two hosts are free, so that the lock on a host's time alone would let a second one through."""
    calendar = CalendarFactory(type="round_robin")
    for _number in range(2):
        CalendarMemberFactory(calendar=calendar)

    made = _at_once(8, lambda _index: book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW, key="k").uid)

    assert len(set(made)) == 1
    assert Appointment.objects.count() == HostTime.objects.count() == IdempotencyKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_unique_key_is_what_makes_it_one(monkeypatch):
    """The positive control: without the claim, the same requests book every host."""
    calendar = CalendarFactory(type="round_robin")
    for _number in range(2):
        CalendarMemberFactory(calendar=calendar)
    monkeypatch.setattr(book, "_claim", lambda *_all: None)

    def act(_index):
        try:
            return book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW, key="k").uid
        except SlotTaken:
            return None

    made = _at_once(4, act)

    assert len(set(made) - {None}) == 2


@pytest.mark.django_db(transaction=True)
def test_one_new_customer_who_books_twice_at_once_is_one_contact():
    account = AccountFactory()
    places = [CalendarMemberFactory(calendar__account=account) for _number in range(4)]

    _at_once(4, lambda index: _book(places[index]).uid)

    assert Contact.objects.count() == 1
    assert Appointment.objects.count() == 4
