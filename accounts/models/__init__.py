"""Who we are, what we write to people, and how often somebody may ask."""

from accounts.models.invitation import Invitation, MemberChange, MemberChangeKind, digest_of
from accounts.models.outgoing_mail import OutgoingMail
from accounts.models.people import Accent, Account, Member, User, UserManager, initials_of, refuse_reserved
from accounts.models.tally import Tally

__all__ = [
    "Accent",
    "Account",
    "Invitation",
    "Member",
    "MemberChange",
    "MemberChangeKind",
    "OutgoingMail",
    "Tally",
    "User",
    "UserManager",
    "digest_of",
    "initials_of",
    "refuse_reserved",
]
