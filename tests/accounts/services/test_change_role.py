"""Who may give whom which role (X36)."""

from contextlib import suppress

import pytest

from accounts.models import Member, MemberChange
from accounts.roles import Role
from accounts.services.change_role import change_role
from accounts.services.member_changes import LastOwner, NotTheirs
from accounts.services.take_back import take_back
from tests.accounts.people import people
from tests.factories import NOW, AccountFactory, MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)
ALLOWED = {
    *(("owner", before, after) for before in Role.values for after in Role.values),
    *(("manager", before, after) for before in ("staff", "manager") for after in ("staff", "manager")),
}


@pytest.mark.parametrize("after", Role.values)
@pytest.mark.parametrize("before", Role.values)
@pytest.mark.parametrize("who", Role.values)
def test_a_role_is_changed_only_by_those_who_may(who, before, after):
    here = people()
    other = MemberFactory(account=here.account, role=before)

    if (who, before, after) in ALLOWED:
        change_role(other, Role(after), by=here.of(who), now=NOW)
    else:
        with pytest.raises(NotTheirs):
            change_role(other, Role(after), by=here.of(who), now=NOW)

    other.refresh_from_db()
    assert other.role == (after if (who, before, after) in ALLOWED else before)


@pytest.mark.parametrize("who", ["manager", "staff"])
@pytest.mark.parametrize("wanted", Role.values)
def test_nobody_lifts_themselves(who, wanted):
    here = people()

    with suppress(NotTheirs):
        change_role(here.of(who), Role(wanted), by=here.of(who), now=NOW)

    order = [Role.STAFF, Role.MANAGER, Role.OWNER]
    assert order.index(Member.objects.get(pk=here.of(who).pk).role) <= order.index(Role(who))


def test_the_last_owner_stays_one():
    here = people()

    with pytest.raises(LastOwner):
        change_role(here.owner, Role.MANAGER, by=here.owner, now=NOW)

    second = MemberFactory(account=here.account, role=Role.OWNER)
    change_role(here.owner, Role.MANAGER, by=here.owner, now=NOW)
    with pytest.raises(LastOwner):
        change_role(second, Role.STAFF, by=second, now=NOW)


def test_an_owner_who_left_or_cannot_sign_in_does_not_count():
    here = people()
    MemberFactory(account=here.account, role=Role.OWNER, left_at=NOW)
    MemberFactory(account=here.account, role=Role.OWNER, user__is_active=False)

    with pytest.raises(LastOwner):
        change_role(here.owner, Role.STAFF, by=here.owner, now=NOW)


def test_a_role_lost_since_the_page_was_opened_changes_nothing():
    here = people()
    Member.objects.filter(pk=here.manager.pk).update(role=Role.STAFF)

    with pytest.raises(NotTheirs):
        change_role(here.staff, Role.MANAGER, by=here.manager, now=NOW)


def test_who_has_left_changes_nothing():
    here = people()
    Member.objects.filter(pk=here.owner.pk).update(left_at=NOW)

    with pytest.raises(NotTheirs):
        change_role(here.staff, Role.MANAGER, by=here.owner, now=NOW)


def test_people_of_another_account_are_out_of_reach():
    here = people()
    foreign = MemberFactory(account=AccountFactory())

    with pytest.raises(Member.DoesNotExist):
        change_role(foreign, Role.MANAGER, by=here.owner, now=NOW)


def test_each_change_is_kept_once():
    here = people()

    change_role(here.staff, Role.MANAGER, by=here.owner, now=NOW)
    change_role(here.staff, Role.MANAGER, by=here.owner, now=NOW)

    kept = MemberChange.objects.get()
    assert (kept.kind, kept.email, kept.role_before, kept.role_after, kept.who, kept.at) == (
        "role",
        here.staff.user.email,
        "staff",
        "manager",
        here.owner,
        NOW,
    )


def test_who_is_taken_back_begins_as_staff():
    here = people()
    gone = MemberFactory(account=here.account, role=Role.OWNER, left_at=NOW)

    take_back(gone, by=here.manager, now=NOW)

    gone.refresh_from_db()
    kept = MemberChange.objects.get()
    assert (gone.role, gone.left_at) == ("staff", None)
    assert (kept.kind, kept.role_before, kept.role_after) == ("back", "owner", "staff")


def test_staff_take_nobody_back():
    here = people()
    gone = MemberFactory(account=here.account, left_at=NOW)

    with pytest.raises(NotTheirs):
        take_back(gone, by=here.staff, now=NOW)


def test_who_never_left_is_not_taken_back():
    here = people()

    with pytest.raises(Member.DoesNotExist):
        take_back(here.manager, by=here.owner, now=NOW)
