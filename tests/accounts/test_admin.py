"""Operators see mail that does not get through, and give it another chance."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse_lazy

from accounts.models import OutgoingMail
from tests.factories import OutgoingMailFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = reverse_lazy("admin:accounts_outgoingmail_changelist")


@pytest.fixture
def operator(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def send_again(operator, *mails):
    form = {"action": "send_again", "_selected_action": [mail.pk for mail in mails]}
    return operator.post(LIST, form, follow=True).content.decode()


def test_the_list_says_in_words_what_went_wrong(operator):
    OutgoingMailFactory(parked_at=Now(), trouble="recipient_refused 550 5.1.1")

    assert "The mail server refused the recipient: 550 5.1.1" in operator.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("state", "found"), [("waiting", 1), ("parked", 2), ("sent", 3), ("dropped", 4), ("", 10), ("nonsense", 10)]
)
def test_mails_are_found_by_state(operator, state, found):
    OutgoingMailFactory()
    OutgoingMailFactory.create_batch(2, parked_at=Now())
    OutgoingMailFactory.create_batch(3, sent_at=Now())
    OutgoingMailFactory.create_batch(4, dropped_at=Now())

    answer = operator.get(LIST, {"state": state} if state else {})

    assert answer.context["cl"].result_count == found


def test_mail_that_was_given_up_is_sent_again(operator):
    mail = OutgoingMailFactory(parked_at=Now(), attempts=80, trouble="content_refused 554")

    page = send_again(operator, mail)

    mail.refresh_from_db()
    assert "1 mail is due now." in page
    assert (mail.parked_at, mail.attempts, mail.trouble) == (None, 0, "")
    assert OutgoingMail.objects.due(Now()).get() == mail


def test_mail_that_was_sent_or_is_not_needed_is_not_sent_again(operator):
    mails = [OutgoingMailFactory(sent_at=Now()), OutgoingMailFactory(dropped_at=Now())]

    page = send_again(operator, *mails)

    assert "0 mails are due now." in page
    assert not OutgoingMail.objects.waiting().exists()


def test_mail_a_worker_has_in_hand_is_left_to_it(operator):
    mail = OutgoingMailFactory(leased_until=Now() + timedelta(minutes=5), fence=1, attempts=1)

    page = send_again(operator, mail)

    mail.refresh_from_db()
    assert "0 mails are due now." in page
    assert (mail.attempts, mail.fence) == (1, 1)


def test_the_list_takes_as_many_queries_with_thirty_mails_as_with_one(operator):
    OutgoingMailFactory()
    with CaptureQueriesContext(connection) as one:
        operator.get(LIST)
    OutgoingMailFactory.create_batch(29, account=OutgoingMail.objects.get().account)
    with CaptureQueriesContext(connection) as thirty:
        operator.get(LIST)

    assert len(thirty) == len(one)
