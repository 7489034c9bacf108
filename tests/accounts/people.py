"""A business with somebody in each role, for tests about who may do what."""

import re
from dataclasses import dataclass
from datetime import datetime

from accounts.mails.composing import compose_invitation
from accounts.models import Account, Invitation, Member, OutgoingMail
from accounts.ports import Letter, MailOrder
from accounts.roles import Role
from accounts.services.invite import MAIL, invite
from tests.factories import AccountFactory, MemberFactory


@dataclass(frozen=True)
class People:
    account: Account
    owner: Member
    manager: Member
    staff: Member

    def of(self, role: str) -> Member:
        found: Member = getattr(self, role)
        return found


def people() -> People:
    account = AccountFactory(name="Fährhaus Physio", slug="faehrhaus")
    return People(
        account, *(MemberFactory(account=account, role=role) for role in (Role.OWNER, Role.MANAGER, Role.STAFF))
    )


def letter_to(address: str, *, now: datetime) -> Letter | None:
    """What the newest invitation mail to this address says when it goes out at ``now``."""
    mail = OutgoingMail.objects.filter(kind=MAIL, recipient=address).latest("pk")
    order = MailOrder(subject_uid=mail.subject_uid, kind=mail.kind, recipient=address, sequence=mail.sequence)
    return compose_invitation(order, now)


def path_in(letter: Letter | None) -> str:
    """The link in a letter, without the site's own address."""
    assert letter is not None
    return re.search(r"https?://[^/]+(/\S+)", letter.text)[1]  # type: ignore[index]


def open_invitation(by: Member, *, now: datetime, **fields: object) -> Invitation:
    said = {"email": "nora@example.org", "name": "Nora Lind", "role": Role.STAFF} | fields
    return invite(**said, by=by, now=now)  # type: ignore[arg-type]
