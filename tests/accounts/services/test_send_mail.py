"""Sending what is due: what is written down, what waits, and whom a failure stops."""

from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db.models.functions import Now

from accounts import tasks
from accounts.models import OutgoingMail, Tally
from accounts.services.mail_pause import is_mail_to_go, may_try_server, seconds_overdue
from tests.accounts.letters import LETTER, composing
from tests.factories import OutgoingMailFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class FailingBackend(locmem.EmailBackend):
    """Keeps mail in memory, unless a test says what goes wrong."""

    opening: OSError | None = None
    sending: list[OSError | None] = []

    def open(self):
        if self.opening:
            raise self.opening

    def send_messages(self, messages):
        error = self.sending.pop(0) if self.sending else None
        if error:
            raise error
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def trial_mails(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.FailingBackend"
    monkeypatch.setattr(FailingBackend, "sending", [])
    with composing():
        yield


def send_all():
    """What the thread of the task does; a thread of its own would not see this test's transaction."""
    tasks._send_all()


def test_what_is_due_is_sent_and_written_down():
    row = OutgoingMailFactory()
    OutgoingMailFactory(due_at=Now() + HOUR)

    send_all()

    [message] = mail.outbox
    row.refresh_from_db()
    assert (message.to, message.subject) == ([row.recipient], LETTER.subject)
    assert (row.sent_at is None, row.attempts, row.trouble, row.leased_until) == (False, 1, "", None)


def test_mail_nobody_needs_any_more_is_dropped():
    OutgoingMailFactory()

    with composing(lambda _order, _now: None):
        send_all()

    row = OutgoingMail.objects.get()
    assert mail.outbox == []
    assert (row.dropped_at is None, row.sent_at) == (False, None)


def test_a_composer_is_told_what_about_at_which_step_for_whom():
    row = OutgoingMailFactory(sequence=3)
    asked = []

    with composing(lambda order, now: asked.append((order, now))):
        send_all()

    [(order, now)] = asked
    assert (order.subject_uid, order.kind, order.recipient, order.sequence) == (
        row.subject_uid,
        "trial",
        row.recipient,
        3,
    )
    assert now.tzinfo is not None


def test_a_mail_that_cannot_be_written_waits_and_the_others_go():
    bad, good = OutgoingMailFactory(kind="nobody_writes_this"), OutgoingMailFactory()

    send_all()

    bad.refresh_from_db()
    assert [message.to for message in mail.outbox] == [[good.recipient]]
    assert (bad.trouble, bad.leased_until, bad.sent_at) == ("not_written KeyError", None, None)


def test_a_server_that_cannot_be_reached_is_left_in_peace_and_no_try_is_counted(monkeypatch):
    monkeypatch.setattr(FailingBackend, "opening", ConnectionRefusedError("10.0.0.1 says no to ada@example.org"))
    OutgoingMailFactory.create_batch(3)

    send_all()

    assert list(OutgoingMail.objects.order_by().values_list("attempts", "trouble").distinct()) == [
        (0, "unreachable ConnectionRefusedError")
    ]
    assert (is_mail_to_go(), may_try_server()) == (False, False)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (SMTPServerDisconnected("secret"), "link_broken SMTPServerDisconnected"),
        (TimeoutError("secret"), "link_broken TimeoutError"),
        (SMTPDataError(421, b"4.3.2 secret"), "content_refused 421 4.3.2"),
    ],
)
def test_a_failing_server_is_tried_with_one_mail(monkeypatch, error, trouble):
    monkeypatch.setattr(FailingBackend, "sending", [error])
    first, _second = OutgoingMailFactory(due_at=Now() - HOUR), OutgoingMailFactory()

    send_all()

    first.refresh_from_db()
    assert (mail.outbox, first.trouble) == ([], trouble)
    assert list(OutgoingMail.objects.order_by("attempts").values_list("attempts", flat=True)) == [0, 1]


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (SMTPRecipientsRefused({"a@b": (550, b"5.1.1 a@b is secret")}), "recipient_refused 550 5.1.1"),
        (SMTPDataError(554, b"spam, says secret"), "content_refused 554"),
    ],
)
def test_a_mail_that_is_refused_stops_no_other(monkeypatch, error, trouble):
    monkeypatch.setattr(FailingBackend, "sending", [error])
    refused, other = OutgoingMailFactory(due_at=Now() - HOUR), OutgoingMailFactory()

    send_all()

    refused.refresh_from_db()
    assert [message.to for message in mail.outbox] == [[other.recipient]]
    assert (refused.trouble, refused.sent_at) == (trouble, None)


def test_after_a_pause_one_worker_tries_and_a_success_ends_it():
    Tally.objects.create(what="mail_server", count=4, ends_at=Now() - HOUR)
    tries = (may_try_server(), may_try_server())
    Tally.objects.update(ends_at=Now() - HOUR)
    OutgoingMailFactory()

    send_all()

    assert tries == (True, False)
    assert (len(mail.outbox), Tally.objects.count(), may_try_server()) == (1, 0, True)


def test_a_mail_somebody_else_has_by_now_is_not_sent():
    OutgoingMailFactory()

    def overtaken(_order, _now):
        OutgoingMail.objects.update(fence=99)
        return LETTER

    with composing(overtaken):
        send_all()

    assert mail.outbox == []
    assert OutgoingMail.objects.get().sent_at is None


def test_overdue_mail_is_measured_from_the_oldest():
    before = seconds_overdue()
    OutgoingMailFactory(due_at=Now() - HOUR)
    OutgoingMailFactory(due_at=Now() + HOUR)

    assert (before, int(seconds_overdue()) // 60) == (0.0, 60)
