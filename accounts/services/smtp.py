"""SMTP with two patiences: short for commands, long for the answer to a mail that was handed over.

Who hangs up too early on a slow server sends mail twice: the server may well have taken it (RFC 5321, 4.5.3.2.6).
"""

import re
from smtplib import SMTP, SMTP_SSL, SMTPDataError, SMTPServerDisconnected

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend as DjangoEmailBackend

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")
_GO_ON = 354
_NOT_A_REPLY = -1


class AnswerLost(SMTPServerDisconnected):
    """The link broke after the mail was handed over: whether the server took it is not known."""


class _Patient(SMTP):
    def data(self, msg: bytes | str) -> tuple[int, bytes]:  # type: ignore[override]
        """As smtplib's own, with the longer wait once the mail itself is sent."""
        code, answer = self.docmd("DATA")
        if code != _GO_ON:
            raise SMTPDataError(code, answer)
        body = _LINE_END.sub(b"\r\n", msg.encode("ascii") if isinstance(msg, str) else msg)
        body = _LEADING_DOT.sub(b"..", body).removesuffix(b"\r\n")
        self._wait_up_to(settings.EMAIL_ANSWER_SECONDS)
        try:
            return self._hand_over(body + b"\r\n.\r\n")
        finally:
            self._wait_up_to(settings.EMAIL_TIMEOUT)

    def _hand_over(self, body: bytes) -> tuple[int, bytes]:
        try:
            self.send(body)
            code, answer = self.getreply()
        except OSError as error:
            self.close()
            raise AnswerLost from error
        if code == _NOT_A_REPLY:
            self.close()
            raise AnswerLost
        return code, answer

    def _wait_up_to(self, seconds: float) -> None:
        # None once the link is closed, whatever smtplib's annotations say
        if self.sock:
            self.sock.settimeout(seconds)


class _PatientTLS(_Patient, SMTP_SSL):
    """The same over TLS from the first byte."""


class EmailBackend(DjangoEmailBackend):
    """Django's, with our patience."""

    @property
    def connection_class(self) -> type[SMTP]:
        return _PatientTLS if self.use_ssl else _Patient
