"""Another address to sign in with: only from a link sent to it, and only for the one who asked."""

from datetime import timedelta

import pytest

from accounts.mails.composing import compose_news, compose_question
from accounts.models import OutgoingMail, User
from accounts.ports import MailOrder
from accounts.services.change_address import ASK, TELL, LinkUsedUp, ask_for_address, change_address
from accounts.services.limits import TooMany
from tests.factories import NOW, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "new@example.org"


@pytest.fixture
def ines():
    return MemberFactory(user__email="old@example.org", user__name="Ines Carstens")


def _letter(compose, kind):
    mail = OutgoingMail.objects.get(kind=kind)
    order = MailOrder(subject_uid=mail.subject_uid, kind=kind, recipient=mail.recipient, sequence=mail.sequence)
    return compose(order, NOW)


def _link():
    return _letter(compose_question, ASK).text.split("/settings/profile/address/")[1].split("/")[0]


def _ask(member, address=NEW):
    ask_for_address(member.user, address, account=member.account, now=NOW)


def test_the_link_goes_to_the_new_address_and_changes_nothing_by_itself(ines):
    _ask(ines, " NEW@example.org")

    assert OutgoingMail.objects.get().recipient == NEW
    assert "Ines Carstens wants to sign in with it" in " ".join(_letter(compose_question, ASK).text.split())
    assert User.objects.get(pk=ines.user_id).email == "old@example.org"


def test_used_it_changes_the_address_and_tells_the_old_one(ines):
    _ask(ines)

    change_address(ines.user, _link(), account=ines.account, now=NOW)

    assert User.objects.get(pk=ines.user_id).email == NEW
    told = OutgoingMail.objects.get(kind=TELL)
    assert told.recipient == "old@example.org"
    assert NEW not in _letter(compose_news, TELL).text


def test_the_link_is_good_once(ines):
    _ask(ines)
    link = _link()
    change_address(ines.user, link, account=ines.account, now=NOW)

    with pytest.raises(LinkUsedUp):
        change_address(User.objects.get(pk=ines.user_id), link, account=ines.account, now=NOW)


def test_the_link_is_good_for_nobody_else(ines):
    _ask(ines)
    stranger = MemberFactory()

    with pytest.raises(LinkUsedUp):
        change_address(stranger.user, _link(), account=stranger.account, now=NOW)


def test_a_new_password_ends_the_link(ines):
    _ask(ines)
    link = _link()
    ines.user.set_password("quite another one")
    ines.user.save()

    with pytest.raises(LinkUsedUp):
        change_address(ines.user, link, account=ines.account, now=NOW)


@pytest.mark.parametrize("link", ["", "nonsense", "a:b:c", "WyIxIl0:1:x"])
def test_what_nobody_signed_is_no_link(ines, link):
    with pytest.raises(LinkUsedUp):
        change_address(ines.user, link, account=ines.account, now=NOW)


def test_an_address_somebody_has_gets_no_mail_and_nobody_learns_of_it(ines):
    UserFactory(email=NEW)

    _ask(ines)

    assert not OutgoingMail.objects.exists()


def test_a_question_that_is_answered_is_not_sent_any_more(ines):
    _ask(ines)
    User.objects.filter(pk=ines.user_id).update(email=NEW)

    assert _letter(compose_question, ASK) is None


def test_one_user_asks_only_so_often(ines, limits_on):
    limits_on["address-user"] = (1, 86_400)
    _ask(ines)

    with pytest.raises(TooMany):
        ask_for_address(ines.user, "third@example.org", account=ines.account, now=NOW + timedelta(minutes=1))
