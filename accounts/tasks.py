"""Work of the queue. A row is the work, a task a nudge: losing or doubling any changes nothing.

The clock is read here, and it is the database's: two machines whose clocks differ agree on what is due.
"""

from datetime import timedelta

from django.core.mail.backends.base import BaseEmailBackend

from accounts.models import OutgoingMail
from accounts.queries import database_now
from accounts.services.crew import Crew, wait_for
from accounts.services.limits import forget_ended
from accounts.services.mail_claims import claim_next_mail, put_back
from accounts.services.mail_pause import is_mail_to_go, may_try_server, note_server_works
from accounts.services.mail_trouble import Failure, Trouble
from accounts.services.send_mail import open_link, send_mail
from accounts.services.unexpected import log_unexpected

# how long a task waits for what it handed over: the queue itself must stay quick
PATIENCE = timedelta(seconds=5)
# many servers take no more over one connection
MOST_PER_LINK = 100

_senders = Crew(1)


def send_due() -> None:
    """Send the mails whose time has come, in the one thread of this process that does."""
    wait_for([_senders.start_or_repeat("mail", _send_all)], within=PATIENCE)


def forget_tallies() -> int:
    """Hourly or oftener; how many counts of public limits had ended."""
    return forget_ended()


def _send_all() -> None:
    """The outermost call of the thread that sends."""
    try:
        while is_mail_to_go() and may_try_server():
            _send_over_one_link()
    except Exception as error:  # noqa: BLE001
        log_unexpected("mails_failed", error)


def _send_over_one_link() -> None:
    with open_link() as link:
        for sent in range(MOST_PER_LINK if link is not None else 0):
            mail = claim_next_mail()
            if mail is None or link is None or not _send(mail, link):
                return
            if not sent:
                note_server_works()


def _send(mail: OutgoingMail, link: BaseEmailBackend) -> bool:
    try:
        return send_mail(mail, link=link, now=database_now())
    except Exception as error:  # noqa: BLE001
        log_unexpected("mail_failed", error, outgoing_mail=mail.pk)
        put_back(mail, Failure(Trouble.NOT_WRITTEN, type(error).__name__))
        return False
