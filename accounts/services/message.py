"""A letter as MIME. Whatever a name or a subject holds, headers say exactly what we mean and addresses stay alone."""

import unicodedata
from datetime import datetime
from email.encoders import encode_base64
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.utils import format_datetime, formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.encoding import punycode

from accounts.models import OutgoingMail
from accounts.ports import Letter

LONGEST_NAME = 120
LONGEST_SUBJECT = 250
_NO_TEXT = frozenset(("Cc", "Cs", "Zl", "Zp"))
# they turn the direction of what follows, also of what is not theirs
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class _Mail(EmailMultiAlternatives):
    """Text, HTML and, for clients that show appointments, the invitation as a third reading of the same."""

    invitation: MIMEBase | None = None

    def message(self) -> Message:  # type: ignore[override]
        message: Message = super().message()
        if self.invitation is not None:
            readings = next(part for part in message.walk() if part.get_content_type() == "multipart/alternative")
            readings.attach(self.invitation)
        return message


def message_of(mail: OutgoingMail, letter: Letter, *, link: BaseEmailBackend, now: datetime) -> EmailMultiAlternatives:
    """The recipient stands bare in the envelope; ValueError for an address that is none."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    message = _Mail(
        subject=_encoded(line(letter.subject, LONGEST_SUBJECT)),
        body=letter.text,
        from_email=sender,
        to=[mail.recipient],
        reply_to=[letter.reply_to] if letter.reply_to else [],
        headers={
            "From": _named(letter.sender_name, sender),
            "To": _named(letter.recipient_name, mail.recipient),
            "Date": format_datetime(now),
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
        },
        connection=link,
    )
    message.attach_alternative(letter.html, "text/html")
    if letter.invitation:
        message.invitation = _calendar(letter)
        message.attach(_calendar(letter, file_name="appointment.ics"))
    return message


def _named(name: str, address: str) -> str:
    """A name and an address as one header value, in ASCII; the name is quoted or encoded, never trusted."""
    local, _at, domain = address.rpartition("@")
    bare = f"{local}@{punycode(domain)}"
    shown = line(name, LONGEST_NAME)
    encoded = _encoded(shown)
    return formataddr((shown, bare)) if encoded == shown else f"{encoded} <{bare}>"


def _encoded(line: str) -> str:
    """As it is where that is ASCII and cannot be taken for an encoded word; else encoded words (RFC 2047)."""
    if line.isascii() and "=?" not in line:
        return line
    return Header(line, "utf-8").encode(linesep="")


def line(text: str, longest: int) -> str:
    """One line of text: what is no text becomes a space, what turns its direction goes."""
    kept = "".join(
        " " if unicodedata.category(sign) in _NO_TEXT else sign for sign in text[: 2 * longest] if sign not in _TURNING
    )
    return " ".join(kept.split())[:longest]


def _calendar(letter: Letter, *, file_name: str = "") -> MIMEBase:
    """The iCalendar object byte for byte; METHOD stands outside too (RFC 6047, 2.4)."""
    part = MIMEBase("text", "calendar", charset="utf-8", method=letter.method)
    part.set_payload(letter.invitation)
    encode_base64(part)
    if file_name:
        part.add_header("Content-Disposition", "attachment", filename=file_name)
    return part
