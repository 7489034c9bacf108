"""Operators see mail that does not get through and give it another chance; invitations and changes they look at."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy

from accounts.models import Invitation, Member, MemberChange, OutgoingMail
from accounts.services.invitation_link import seal
from tests.factories import NOW, AccountFactory, MemberFactory, OutgoingMailFactory, UserFactory

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


def test_an_invitation_is_shown_without_anything_of_its_link_and_is_not_altered(operator):
    by = MemberFactory(role="owner")
    invitation = Invitation(account=by.account, email="nora@example.org", invited_by=by, expires_at=NOW)
    seal(invitation)
    invitation.save()
    page = reverse("admin:accounts_invitation_change", args=[invitation.pk])

    shown = operator.get(reverse("admin:accounts_invitation_changelist")).content + operator.get(page).content

    assert b"nora@example.org" in shown
    assert invitation.token.encode() not in shown
    assert operator.post(page, {"role": "owner"}).status_code == 403


def test_a_role_an_operator_gives_is_kept_as_a_change_without_a_name(operator):
    member = MemberFactory()
    form = {"role": "manager", "slug": member.slug}

    operator.post(reverse("admin:accounts_member_change", args=[member.pk]), form)
    operator.post(reverse("admin:accounts_member_change", args=[member.pk]), form)

    kept = MemberChange.objects.get()
    assert Member.objects.get(pk=member.pk).role == "manager"
    assert (kept.kind, kept.email, kept.role_before, kept.role_after, kept.who) == (
        "role",
        member.user.email,
        "staff",
        "manager",
        None,
    )
    assert operator.get(reverse("admin:accounts_memberchange_changelist")).status_code == 200


def test_what_was_changed_cannot_be_wiped_out(operator):
    change = MemberChange.objects.create(account=MemberFactory().account, kind="role", email="a@example.org", at=NOW)

    assert operator.post(reverse("admin:accounts_memberchange_delete", args=[change.pk])).status_code == 403


def test_whom_an_operator_adds_is_kept_as_joined(operator):
    account, user = AccountFactory(), UserFactory()
    form = {
        "name": account.name,
        "slug": account.slug,
        "time_zone": "Europe/Berlin",
        "locale": "de",
        "accent": "plum",
        "members-TOTAL_FORMS": 1,
        "members-INITIAL_FORMS": 0,
        "members-0-user": user.pk,
        "members-0-role": "staff",
        "members-0-slug": "ada",
    }

    answer = operator.post(reverse("admin:accounts_account_change", args=[account.pk]), form)

    kept = MemberChange.objects.get()
    assert answer.status_code == 302
    assert (kept.kind, kept.account, kept.email, kept.role_after) == ("joined", account, user.email, "staff")
