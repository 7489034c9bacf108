"""Who has a mail in hand: leases, fences, tries and deaths."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from accounts.models import OutgoingMail
from accounts.services import mail_claims
from accounts.services.mail_claims import (
    MOST_DEATHS,
    MOST_TRIES,
    claim_next_mail,
    drop,
    keep_claim,
    mark_sent,
    put_back,
    release_dead_mail_claims,
)
from accounts.services.mail_trouble import Failure, Trouble, in_words
from tests.factories import OutgoingMailFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
REFUSED = Failure(Trouble.RECIPIENT_REFUSED, "550 5.1.1")


def the_lease_ends(mail):
    OutgoingMail.objects.filter(pk=mail.pk).update(leased_until=Now() - HOUR, due_at=Now())


def test_the_mail_that_is_due_longest_comes_first_and_its_try_is_counted_before_it_is_made():
    OutgoingMailFactory()
    oldest = OutgoingMailFactory(due_at=Now() - HOUR)

    mail = claim_next_mail()

    assert mail == oldest
    mail.refresh_from_db()
    assert (mail.attempts, mail.fence) == (1, 1)
    assert mail.leased_until > mail.due_at > mail.created_at


def test_nobody_gets_a_mail_that_is_in_hand_or_not_yet_due_or_settled():
    OutgoingMailFactory(due_at=Now() + HOUR)
    OutgoingMailFactory(sent_at=Now())
    OutgoingMailFactory(dropped_at=Now())
    OutgoingMailFactory(parked_at=Now())
    OutgoingMailFactory()
    claim_next_mail()

    assert claim_next_mail() is None


def test_who_comes_after_the_lease_finds_the_fence_closed():
    OutgoingMailFactory()
    late = claim_next_mail()
    the_lease_ends(late)
    owner = claim_next_mail()

    put_back(late, REFUSED)
    drop(late)
    wrote = (keep_claim(late), mark_sent(late), keep_claim(owner), mark_sent(owner))

    assert owner == late
    assert wrote == (False, False, True, True)
    owner.refresh_from_db()
    assert (owner.dropped_at, owner.trouble, owner.leased_until) == (None, "", None)


def test_a_mail_that_is_sent_once_stays_sent():
    OutgoingMailFactory()
    mail = claim_next_mail()
    mark_sent(mail)

    assert not mark_sent(mail)


def test_a_mail_that_failed_waits_and_says_why():
    OutgoingMailFactory()
    mail = claim_next_mail()

    put_back(mail, REFUSED)

    mail.refresh_from_db()
    assert (mail.trouble, mail.leased_until, mail.parked_at) == ("recipient_refused 550 5.1.1", None, None)
    assert mail.due_at > mail.created_at
    assert in_words(mail.trouble) == "The mail server refused the recipient: 550 5.1.1"


def test_after_the_last_try_a_mail_is_given_up():
    OutgoingMailFactory(attempts=MOST_TRIES - 1)

    put_back(claim_next_mail(), REFUSED)

    assert OutgoingMail.objects.get().parked_at is not None


def test_a_mail_that_takes_every_worker_with_it_is_given_up_and_the_next_has_its_turn():
    OutgoingMailFactory(due_at=Now() - HOUR)
    for _life in range(MOST_DEATHS):
        mail = claim_next_mail()
        the_lease_ends(mail)
    other = OutgoingMailFactory()

    assert claim_next_mail() == other
    mail.refresh_from_db()
    assert mail.parked_at is not None
    assert in_words(mail.trouble) == "The worker that had the mail in hand ended"


def test_a_worker_that_came_to_an_end_with_the_mail_clears_it_of_the_deaths_before():
    OutgoingMailFactory()
    for _life in range(MOST_DEATHS):
        mail = claim_next_mail()
        put_back(mail, REFUSED)
        the_lease_ends(mail)
        the_lease_ends(claim_next_mail())

    assert claim_next_mail() == mail


def test_what_dead_workers_of_this_machine_had_in_hand_need_not_wait_for_the_lease():
    OutgoingMailFactory()
    mail = claim_next_mail()

    release_dead_mail_claims()

    mail.refresh_from_db()
    assert mail.leased_until is None


def test_what_other_machines_have_in_hand_is_left_alone(monkeypatch):
    OutgoingMailFactory()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(mail_claims, "gethostname", lambda: "elsewhere")
        mail = claim_next_mail()

    release_dead_mail_claims()

    mail.refresh_from_db()
    assert mail.leased_until is not None
