"""Send one mail at least once, and twice only if we die before we could write down that it went."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from time import monotonic, sleep

import structlog
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, connection

from accounts.models import OutgoingMail
from accounts.ports import MailOrder, compose
from accounts.services.mail_claims import drop, keep_claim, lease, mark_sent, put_back
from accounts.services.mail_pause import note_server_failure
from accounts.services.mail_trouble import failure_to_connect, failure_to_send
from accounts.services.message import message_of

log = structlog.get_logger(__name__)

SECONDS_BETWEEN_WRITES = 0.5


@contextmanager
def open_link() -> Iterator[BaseEmailBackend | None]:
    """A link to the mail server for a run of mails; None, and a pause for all mail, when there is none to be had."""
    link = get_connection()
    try:
        try:
            link.open()
        except OSError as error:
            note_server_failure(failure_to_connect(error))
            yield None
        else:
            yield link
    finally:
        with suppress(OSError):
            link.close()


def send_mail(mail: OutgoingMail, *, link: BaseEmailBackend, now: datetime) -> bool:
    """A mail that was claimed; whether the link is good for another one.

    No transaction is open while it goes. What the composer raises is passed on, and the mail stays claimed.
    """
    order = MailOrder(subject_uid=mail.subject_uid, kind=mail.kind, recipient=mail.recipient, sequence=mail.sequence)
    letter = compose(order, now)
    if letter is None:
        drop(mail)
        return True
    message = message_of(mail, letter, link=link, now=now)
    return not keep_claim(mail) or _hand_over(mail, message, link)


def _hand_over(mail: OutgoingMail, message: EmailMessage, link: BaseEmailBackend) -> bool:
    try:
        link.send_messages([message])
    except OSError as error:
        failure = failure_to_send(error)
        put_back(mail, failure)
        if failure.stops_all:
            note_server_failure(failure)
        return False
    _write_down(mail)
    return True


def _write_down(mail: OutgoingMail) -> None:
    """It went: a database that is away for a moment must not make us send it again."""
    until = monotonic() + lease().total_seconds()
    while True:
        try:
            if not mark_sent(mail):
                log.warning("mail_sent_after_its_lease", outgoing_mail=mail.pk)
        except (OperationalError, InterfaceError):
            if monotonic() > until:
                raise
            connection.close()
            sleep(SECONDS_BETWEEN_WRITES)
        else:
            return
