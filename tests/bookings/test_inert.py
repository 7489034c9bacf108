"""Whatever customers type stays text: it is sent, shown and written without getting out of its place."""

import os
import re
from collections import Counter
from contextlib import contextmanager
from email import message_from_bytes, policy
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.core.mail import get_connection
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from accounts.models import OutgoingMail
from accounts.services.message import message_of
from bookings.core.plain_text import name_to_greet, one_line
from bookings.invitations import download
from bookings.models import Appointment, Question
from bookings.queries.wanted import wanted_item
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.tokens import manage_token
from integrations.ports import WantedEvent
from integrations.providers.caldav.composing import compose
from integrations.sync.ours import remote_uid_of
from tests.bookings.hostile import Elements, lines_of, names_in, storable, texts
from tests.bookings.mails.letters import composed
from tests.bookings.situations import TEN
from tests.factories import NOW, CalendarMemberFactory

pytestmark = [pytest.mark.flow, pytest.mark.usefixtures("at_now")]

EXAMPLES = int(os.environ.get("HOLDFAST_EXAMPLES", "60"))
hostile_settings = settings(
    max_examples=EXAMPLES,
    deadline=None,
    print_blob=True,
    # each try is a whole booking: what fails is told as it was found
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
customers = st.builds(
    SimpleNamespace, name=texts, phone=texts | st.just("0451 123"), place=texts, note=texts, answer=texts, reason=texts
)
OF_THE_OBJECT = {
    "BEGIN:VCALENDAR": 1,
    "END:VCALENDAR": 1,
    "BEGIN:VEVENT": 1,
    "END:VEVENT": 1,
    "VERSION": 1,
    "PRODID": 1,
}
OF_THE_EVENT = dict.fromkeys(("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY"), 1)
ALONE = dict.fromkeys(("METHOD", "ORGANIZER", "ATTENDEE"), 1)
PARTS = ["text/plain", "text/html", "text/calendar", "text/calendar"]
ONE_EVENT = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:x\r
BEGIN:VEVENT\r
UID:1@holdfast\r
DTSTAMP:20261123T090000Z\r
DTSTART:20261123T090000Z\r
DTEND:20261123T093000Z\r
SEQUENCE:0\r
STATUS:CONFIRMED\r
SUMMARY:x\r
END:VEVENT\r
END:VCALENDAR\r
"""
HEADERS = {"Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"}


@pytest.fixture
def asked(db, settings):
    """A calendar that asks for everything that can be asked for."""
    settings.RATE_LIMITS = {}
    settings.DEFAULT_FROM_EMAIL = "Holdfast <desk@book.example>"
    place = CalendarMemberFactory(calendar__name="First visit", calendar__place_kind="ask")
    Question.objects.create(calendar=place.calendar, key="why", kind="long_text", label="Why?")
    staff = Client()
    staff.force_login(place.member.user)
    return SimpleNamespace(calendar=place.calendar, staff=staff)


def test_the_checks_see_what_does_get_out():
    for page in ("<script>evil()</script>", "<img src=x onerror=evil()>", "<a href=' javascript:evil()'>x</a>"):
        assert Elements(page).dangers
    assert Elements(escape("<script>evil()</script>")).dangers == []
    with pytest.raises(AssertionError):
        _check_file(ONE_EVENT.replace(b"UID:", b"ATTENDEE:mailto:eve@evil.example\r\nUID:"), OF_THE_EVENT, set())
    with pytest.raises(AssertionError):
        _check_file(ONE_EVENT.replace(b"SUMMARY:", b"SUMMARY:\xe2\x80\xa8"), OF_THE_EVENT, set())
    _check_file(ONE_EVENT, OF_THE_EVENT, set())


@given(given=customers)
@hostile_settings
def test_what_customers_type_gets_out_of_no_field(asked, given):
    with _taken_back():
        appointment = _booked(asked, given)
        _check_pushed(wanted_item(appointment.uid))
        cancel_appointment(appointment, now=NOW, reason=storable(given.reason, 4000))

        mails = list(OutgoingMail.objects.filter(subject_uid=appointment.uid))
        assert len(mails) == 4
        for mail in mails:
            _check_mail(mail, appointment)
        _check_file(download(appointment), OF_THE_EVENT, {"URL", "LOCATION"})
        _check_pages(asked, appointment)


@contextmanager
def _taken_back():
    whole = transaction.atomic()
    # as Django's own TestCase marks its transactions: services may begin theirs, which are durable, within it
    whole._from_testcase = True
    with whole:
        yield
        transaction.set_rollback(True)


def _booked(asked, given):
    """From the page if it takes that; what the page refuses, as a program might hand it to the service."""
    response = _post(asked, given)
    assert response.status_code in {302, 422}
    booked = Appointment.objects.select_related("calendar__account", "contact", "host__user").first()
    assert (booked is not None) == (response.status_code == 302)
    if booked:
        return booked
    assert not OutgoingMail.objects.exists()
    assert Elements(response.content.decode()).dangers == []
    return book_appointment(asked.calendar, starts_at=TEN, customer=_customer(given), now=NOW)


def _post(asked, given):
    answers = {
        "start": TEN.isoformat(),
        "name": given.name,
        "email": "ada@example.org",
        "time_zone": "Europe/London",
        "phone": given.phone,
        "place": given.place,
        "note": given.note,
        "answer-why": given.answer,
    }
    page = reverse("bookings:book", args=[asked.calendar.account.slug, asked.calendar.slug])
    sent = urlencode(answers, errors="surrogatepass")
    return Client().post(page, sent, content_type="application/x-www-form-urlencoded")


def _customer(given):
    return Customer(
        name=storable(given.name, 120),
        email="ada@example.org",
        phone=storable(given.phone, 40),
        place=storable(given.place, 200),
        note=storable(given.note, 20_000),
        answers=(("Why?", storable(given.answer, 20_000)),),
        time_zone="Europe/London",
        locale="en-gb",
    )


def _check_mail(mail, appointment):
    letter = composed(mail)
    content = message_of(mail, letter, link=get_connection(), now=NOW).message().as_bytes()
    message = message_from_bytes(content, policy=policy.default)
    to_host = mail.kind.startswith("host_")
    name = appointment.host.user.name if to_host else name_to_greet(appointment.customer_name)

    assert Counter(message.keys()) == dict.fromkeys(HEADERS, 1)
    assert [(one.display_name, one.addr_spec) for one in message["To"].addresses] == [(name, mail.recipient)]
    assert [one.addr_spec for one in message["From"].addresses] == ["desk@book.example"]
    hour, end = ("10", ", First visit") if to_host else ("09", "")
    kind = mail.kind.removeprefix("host_").capitalize()
    assert message["Subject"] == f"{kind}: Monday 23 November, {hour}:00{end}"
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == PARTS
    _check_words(letter, appointment, to_host=to_host)
    _check_file(letter.invitation, OF_THE_EVENT | ALONE, {"LOCATION", *(() if to_host else ("URL",))})


def _check_words(letter, appointment, *, to_host):
    shown = Elements(letter.html)
    assert shown.dangers == []
    assert not {"script", "img", "svg"} & set(shown.counts)
    assert (shown.counts["title"], shown.counts["h1"]) == (1, 1)
    if not to_host:
        assert "evil" not in f"{letter.text}{letter.html}{letter.subject}"
        return
    assert f"\nCustomer: {one_line(appointment.customer_name)}\n" in letter.text
    for typed in (appointment.customer_name, appointment.customer_phone, appointment.note):
        assert all(one_line(line) in shown.text for line in typed.splitlines())


def _check_file(content, once, perhaps):
    found = names_in(content)
    assert {name: times for name, times in found.items() if name not in perhaps} == OF_THE_OBJECT | once
    assert all(found[name] <= 1 for name in perhaps)
    assert len(lines_of(content)) == found.total()
    assert not re.search("[\x00-\x1f\x7f-\x9f]", "".join(lines_of(content)))
    (event,) = Calendar.from_ical(content).subcomponents
    assert event.subcomponents == []
    assert event["UID"].endswith("@holdfast")


def _check_pushed(item):
    """The event in the host's own calendar."""
    content = compose(
        WantedEvent(
            uid=remote_uid_of(item.uid),
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            title=item.title,
            description=item.description,
            location=item.location,
            tentative=item.tentative,
            sequence=item.sequence,
            changed_at=item.changed_at,
        )
    )
    found = names_in(content)
    expected = OF_THE_OBJECT | OF_THE_EVENT | {"TRANSP": 1, "DESCRIPTION": 1}
    assert {name: times for name, times in found.items() if name != "LOCATION"} == expected
    assert found["LOCATION"] <= 1
    (event,) = Calendar.from_ical(content).subcomponents
    assert event.subcomponents == []
    assert str(event["DESCRIPTION"]).endswith(f"/calendar/appointments/{item.uid}/")


def _check_pages(asked, appointment):
    pages = (
        Client().get(reverse("bookings:manage", args=[manage_token(appointment)])),
        asked.staff.get(reverse("bookings:appointment", args=[appointment.uid])),
    )
    for response in pages:
        assert response.status_code == 200
        shown = Elements(response.content.decode())
        assert shown.dangers == []
        assert shown.counts["img"] == 0
        assert " ".join(appointment.customer_name.split()) in shown.text
