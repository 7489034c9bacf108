"""What went wrong with a mail, in words of ours: what a server says may name people, and is not kept."""

import re
from dataclasses import dataclass
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.services.smtp import AnswerLost

_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?= )")
_CLOSING = 421


class Trouble(TextChoices):
    UNREACHABLE = "unreachable", _("The mail server could not be reached")
    LOGIN_REFUSED = "login_refused", _("The mail server refused the login")
    SENDER_REFUSED = "sender_refused", _("The mail server refused the sender")
    RECIPIENT_REFUSED = "recipient_refused", _("The mail server refused the recipient")
    CONTENT_REFUSED = "content_refused", _("The mail server refused the mail")
    LINK_BROKEN = "link_broken", _("The link to the mail server broke before it took the mail")
    ANSWER_LOST = "answer_lost", _("The mail was handed over, and the mail server's answer did not come")
    NOT_WRITTEN = "not_written", _("The mail could not be written")
    UNFINISHED = "unfinished", _("The worker that had the mail in hand ended")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a mail did not go out: a kind, and the codes the server named, or the class of the error.

    ``stops_all``: it is the server's failure rather than this mail's, and another mail would fare no better.
    """

    kind: Trouble
    detail: str = ""
    stops_all: bool = False

    def __str__(self) -> str:
        return f"{self.kind.value} {self.detail}".strip()


def failure_to_connect(error: OSError) -> Failure:
    kind = Trouble.LOGIN_REFUSED if isinstance(error, SMTPAuthenticationError) else Trouble.UNREACHABLE
    return Failure(kind, _detail(error), stops_all=True)


def failure_to_send(error: OSError) -> Failure:
    """What smtplib and sockets raise in the midst of a mail. The sender is the same for all mails."""
    match error:
        case AnswerLost():
            return Failure(Trouble.ANSWER_LOST, stops_all=True)
        case SMTPSenderRefused():
            return Failure(Trouble.SENDER_REFUSED, _detail(error), stops_all=True)
        case SMTPRecipientsRefused():
            code, said = next(iter(error.recipients.values()))
            return Failure(Trouble.RECIPIENT_REFUSED, _codes(code, said), stops_all=code == _CLOSING)
        case SMTPDataError():
            return Failure(Trouble.CONTENT_REFUSED, _detail(error), stops_all=error.smtp_code == _CLOSING)
    return Failure(Trouble.LINK_BROKEN, _detail(error), stops_all=True)


def in_words(trouble: str) -> str:
    """What operators read for what a mail's row says: a sentence, then the codes."""
    kind, _space, detail = trouble.partition(" ")
    if kind not in Trouble:
        return trouble
    label = str(Trouble(kind).label)
    return f"{label}: {detail}" if detail else label


def _detail(error: OSError) -> str:
    if isinstance(error, SMTPResponseException):
        return _codes(error.smtp_code, error.smtp_error)
    return type(error).__name__


def _codes(code: int, said: bytes | str) -> str:
    """The reply code and, where the answer begins with one, the enhanced code (RFC 3463)."""
    enhanced = _ENHANCED.match(said.encode() if isinstance(said, str) else said)
    return f"{code} {enhanced[0].decode()}" if enhanced else str(code)
