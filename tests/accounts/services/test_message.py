"""Mails as MIME: exact headers, readings of the same, and an invitation byte for byte."""

import email
from dataclasses import replace
from email.policy import SMTP
from email.utils import parsedate_to_datetime

import pytest
from django.core.mail import get_connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import OutgoingMail
from accounts.services.message import message_of
from tests.accounts.letters import LETTER
from tests.factories import NOW

ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Grüße, „Ada“\r\nEND:VCALENDAR\r\n".encode()
WORDS = st.text(max_size=300) | st.text(alphabet='\r\n\0\t:,;<>@"\\()=?_ aB\u202e\u2028é', max_size=60)


@pytest.fixture(autouse=True)
def sender(settings):
    settings.DEFAULT_FROM_EMAIL = "Holdfast <mail@holdfast.example>"


def sent(letter, *, recipient="ada@example.org"):
    """What arrives, parsed, and who the envelope names."""
    mail = OutgoingMail(recipient=recipient, message_id="<1@holdfast.example>")
    message = message_of(mail, letter, link=get_connection(), now=NOW)
    return email.message_from_bytes(message.message().as_bytes(linesep="\r\n"), policy=SMTP), message


def test_headers_say_who_writes_to_whom_and_that_a_machine_does():
    arrived, message = sent(replace(LETTER, reply_to="praxis@faehrhaus.example"))

    [by], [to], [reply] = (arrived[name].addresses for name in ("From", "To", "Reply-To"))
    assert (by.display_name, by.addr_spec) == ("Fährhaus Physio", "mail@holdfast.example")
    assert (to.display_name, to.addr_spec) == ("Ada Lovelace", "ada@example.org")
    assert reply.addr_spec == "praxis@faehrhaus.example"
    assert (message.from_email, message.recipients()) == ("mail@holdfast.example", ["ada@example.org"])
    assert parsedate_to_datetime(arrived["Date"]) == NOW
    assert arrived["Message-ID"] == "<1@holdfast.example>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Subject"] == "A trial"


def test_without_an_address_for_answers_there_is_no_reply_to():
    arrived, _message = sent(LETTER)

    assert arrived["Reply-To"] is None


def test_text_and_html_are_two_readings_of_the_same():
    arrived, _message = sent(LETTER)

    assert [part.get_content_type() for part in arrived.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert arrived.get_body(("plain",)).get_content() == "Grüße.\r\n"
    assert "<p>Grüße.</p>" in arrived.get_body(("html",)).get_content()


def test_an_invitation_is_a_third_reading_and_an_attachment_with_the_same_bytes():
    arrived, _message = sent(replace(LETTER, invitation=ICS, method="REQUEST"))

    assert [part.get_content_type() for part in arrived.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "text/calendar",
    ]
    reading, attached = (part for part in arrived.walk() if part.get_content_type() == "text/calendar")
    assert reading.get_payload(decode=True) == attached.get_payload(decode=True) == ICS
    assert (reading.get_filename(), attached.get_filename()) == (None, "appointment.ics")
    for part in (reading, attached):
        assert (part.get_param("method"), part.get_content_charset()) == ("REQUEST", "utf-8")


def test_a_domain_with_an_umlaut_is_written_in_ascii():
    arrived, _message = sent(LETTER, recipient="ada@fährhaus.example")

    assert arrived["To"].addresses[0].addr_spec == "ada@xn--fhrhaus-5wa.example"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada\r\nBcc: eve@example.org", "Ada Bcc: eve@example.org"),
        ("Ada\0Lovelace", "Ada Lovelace"),
        ("Lovelace, Ada <eve@example.org>", "Lovelace, Ada <eve@example.org>"),
        ('Ada "the first" \\ (x)', 'Ada "the first" \\ (x)'),
        ("=?utf-8?q?Eve?=", "=?utf-8?q?Eve?="),
        ("Ada \u202egro.elpmaxe@eve", "Ada gro.elpmaxe@eve"),
        ("a\u2028b", "a b"),
        ("عائشة", "عائشة"),
        ("x" * 10_000, "x" * 120),
        ("", ""),
    ],
)
def test_a_name_stays_a_name(name, shown):
    arrived, message = sent(replace(LETTER, recipient_name=name, subject=name))

    [to] = arrived["To"].addresses
    assert (to.display_name, to.addr_spec) == (shown, "ada@example.org")
    assert arrived["Bcc"] is None
    assert message.recipients() == ["ada@example.org"]


@given(name=WORDS, subject=WORDS, sender_name=WORDS)
def test_nothing_written_into_names_and_subjects_makes_a_header_or_a_recipient(name, subject, sender_name):
    plain, _message = sent(LETTER)
    arrived, message = sent(replace(LETTER, recipient_name=name, subject=subject, sender_name=sender_name))

    assert arrived.keys() == plain.keys()
    assert [address.addr_spec for address in arrived["To"].addresses] == ["ada@example.org"]
    assert [address.addr_spec for address in arrived["From"].addresses] == ["mail@holdfast.example"]
    assert message.recipients() == ["ada@example.org"]
    assert arrived.get_body(("plain",)).get_content() == "Grüße.\r\n"
    assert max(map(len, arrived.as_bytes().split(b"\r\n"))) < 998
