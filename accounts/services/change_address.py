"""Change the address somebody signs in with: asked for with the password, done only from a link sent to the new one."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import Account, User, UserManager
from accounts.services.limits import Use, spend
from accounts.services.outgoing import Addressed, queue_mail

ASK, TELL = "address_question", "address_changed"
GOOD_FOR = timedelta(days=1)
_SALT = "accounts.services.change_address"


class LinkUsedUp(Exception):
    """Used already, too old, made for somebody else, or the password was changed since."""


class AddressTaken(Exception):
    """Somebody else signs in with it."""


def ask_for_address(user: User, address: str, *, account: Account, now: datetime) -> None:
    """Send the link, unless somebody has the address: then nothing goes out, and nobody is told so. Raises TooMany."""
    wanted = UserManager.normalize_email(address)
    spend(Use("address-user", str(user.pk)), Use("invite-email", wanted))
    if User.objects.filter(email=wanted).exists():
        return
    with transaction.atomic(durable=True):
        _queue(ASK, wanted, user, account=account, now=now)


def link_for(user: User, address: str) -> str:
    """Signed, good once: it names the address and the password it was asked with."""
    return signing.dumps([user.pk, address, _state(user)], salt=_SALT)


def read_link(link: str, user: User) -> str:
    """The address ``user`` asked for. Raises ``LinkUsedUp``."""
    try:
        pk, address, state = signing.loads(link, salt=_SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError) as error:
        raise LinkUsedUp from error
    if pk != user.pk or not constant_time_compare(state, _state(user)):
        raise LinkUsedUp
    return str(address)


def change_address(user: User, link: str, *, account: Account, now: datetime) -> str:
    """The new address is in use, and the old one is told. Raises ``LinkUsedUp`` or ``AddressTaken``."""
    with transaction.atomic(durable=True):
        standing = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        before, standing.email = standing.email, read_link(link, standing)
        try:
            with transaction.atomic():
                standing.save(update_fields=["email"])
        except IntegrityError as taken:
            raise AddressTaken from taken
        _queue(TELL, before, standing, account=account, now=now)
        return standing.email


def _queue(kind: str, recipient: str, user: User, *, account: Account, now: datetime) -> None:
    """Asked again within the same minute it is the same mail."""
    minute = int(now.timestamp()) // 60
    mails = [Addressed(kind, recipient)]
    queue_mail(account, subject_uid=UUID(int=user.pk), sequence=minute, mails=mails, due_at=now)


def _state(user: User) -> str:
    return salted_hmac(_SALT, f"{user.email}\n{user.password}", algorithm="sha256").hexdigest()[:32]
