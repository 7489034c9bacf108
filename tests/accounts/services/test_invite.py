"""Asking an address to join: who may, what is kept, what goes out."""

from datetime import timedelta

import pytest

from accounts.models import Invitation, MemberChange, OutgoingMail, Tally
from accounts.roles import Role
from accounts.services.invite import AlreadyInvited, AlreadyMember, invite_again, withdraw
from accounts.services.limits import TooMany
from accounts.services.member_changes import NotTheirs
from tests.accounts.people import letter_to, open_invitation, path_in, people
from tests.factories import NOW, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)
NORA = "nora@example.org"


@pytest.fixture
def here():
    return people()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("who", Role.values)
def test_owners_invite_anybody_and_managers_all_but_owners(here, who, role):
    may = who == "owner" or (who == "manager" and role != Role.OWNER)

    if may:
        open_invitation(here.of(who), now=NOW, role=role)
    else:
        with pytest.raises(NotTheirs):
            open_invitation(here.of(who), now=NOW, role=role)

    assert Invitation.objects.count() == OutgoingMail.objects.count() == (1 if may else 0)


def test_the_table_keeps_nothing_that_opens_the_invitation(here):
    invitation = open_invitation(here.owner, now=NOW)
    link = path_in(letter_to(NORA, now=NOW)).split("/")[2]

    kept = " ".join(str(value) for value in Invitation.objects.filter(pk=invitation.pk).values_list().get())
    assert len(link) == 43
    assert link not in kept
    assert link not in " ".join(str(value) for value in OutgoingMail.objects.values_list().get())


def test_the_mail_says_the_same_whether_or_not_somebody_has_the_address(here):
    open_invitation(here.owner, now=NOW, email="new@example.org")
    UserFactory(email="known@example.org")
    open_invitation(here.owner, now=NOW, email="known@example.org")

    new, known = (letter_to(address, now=NOW) for address in ("new@example.org", "known@example.org"))

    assert new.text.replace(path_in(new), "") == known.text.replace(path_in(known), "")
    assert new.subject == known.subject == "Invitation to Fährhaus Physio"


def test_the_mail_is_written_in_the_language_and_the_colour_of_the_account(here):
    here.account.own_colour, here.account.time_zone = "#1c569e", "Asia/Kathmandu"
    here.account.save()
    open_invitation(here.owner, now=NOW)

    letter = letter_to(NORA, now=NOW)

    assert "color:#1c569e" in letter.html
    # seven days after 07:00 UTC, in Kathmandu
    assert "Monday 30 November, 12:45" in letter.text


def test_a_name_cannot_write_lines_into_the_mail(here):
    here.owner.user.name = "Ines\n\nYour account is locked"
    here.owner.user.save()
    open_invitation(here.owner, now=NOW)

    assert "Ines Your account is locked" in " ".join(letter_to(NORA, now=NOW).text.split())
    assert "\nYour account" not in letter_to(NORA, now=NOW).text


def test_a_member_is_not_invited(here):
    with pytest.raises(AlreadyMember):
        open_invitation(here.owner, now=NOW, email=here.staff.user.email.upper())


def test_who_has_left_can_be_invited(here):
    gone = MemberFactory(account=here.account, left_at=NOW)

    assert open_invitation(here.owner, now=NOW, email=gone.user.email).pk


def test_an_open_invitation_is_not_given_twice_and_one_that_ran_out_makes_room(here):
    open_invitation(here.owner, now=NOW)

    with pytest.raises(AlreadyInvited):
        open_invitation(here.owner, now=LATER)
    again = open_invitation(here.owner, now=NOW + timedelta(days=7))

    assert list(Invitation.objects.open(NOW + timedelta(days=7))) == [again]


def test_sent_again_it_has_another_link_and_another_week(here):
    invitation = open_invitation(here.owner, now=NOW)
    first = path_in(letter_to(NORA, now=NOW))

    invite_again(invitation, by=here.manager, now=LATER)

    invitation.refresh_from_db()
    assert path_in(letter_to(NORA, now=LATER)) != first
    assert (invitation.expires_at, invitation.invited_by) == (LATER + timedelta(days=7), here.manager)


def test_a_mail_whose_invitation_is_withdrawn_does_not_go_out(here):
    invitation = open_invitation(here.owner, now=NOW)

    withdraw(invitation, by=here.manager, now=LATER)

    assert letter_to(NORA, now=LATER) is None


@pytest.mark.parametrize("step", [invite_again, withdraw])
def test_managers_leave_an_invitation_of_an_owner_alone(here, step):
    invitation = open_invitation(here.owner, now=NOW, role=Role.OWNER)

    with pytest.raises(NotTheirs):
        step(invitation, by=here.manager, now=LATER)


@pytest.mark.parametrize("step", [invite_again, withdraw])
def test_an_invitation_of_another_account_is_not_there(here, step):
    invitation = open_invitation(here.owner, now=NOW)

    with pytest.raises(Invitation.DoesNotExist):
        step(invitation, by=MemberFactory(role=Role.OWNER), now=LATER)


def test_what_happened_is_kept(here):
    withdraw(open_invitation(here.owner, now=NOW), by=here.manager, now=LATER)

    kept = MemberChange.objects.values_list("kind", "email", "role_after", "who", "at")
    assert list(kept) == [
        ("withdrawn", NORA, "staff", here.manager.pk, LATER),
        ("invited", NORA, "staff", here.owner.pk, NOW),
    ]


def test_an_account_sends_only_so_many_and_an_address_gets_only_so_many(here, limits_on):
    limits_on["invite-account"], limits_on["invite-email"] = (3, 86_400), (2, 86_400)
    invitation = open_invitation(here.owner, now=NOW)
    invite_again(invitation, by=here.owner, now=LATER)

    with pytest.raises(TooMany):
        invite_again(invitation, by=here.owner, now=LATER)
    open_invitation(here.owner, now=NOW, email="other@example.org")
    with pytest.raises(TooMany):
        open_invitation(here.owner, now=NOW, email="third@example.org")

    assert Tally.objects.count() == 3
