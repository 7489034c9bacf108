"""Closures of an account: added, changed, removed. What is already booked in them stays."""

from datetime import datetime

from accounts.models import Account
from availability.models import Closure
from availability.services.retry import durable
from availability.services.versions import change_epochs_of_account


def add_closure(account: Account, *, name: str, starts_at: datetime, ends_at: datetime) -> Closure:
    """Nothing is offered in ``[starts_at, ends_at)`` from now on; closures may overlap."""

    def add() -> Closure:
        closure = Closure.objects.create(account=account, name=name, starts_at=starts_at, ends_at=ends_at)
        change_epochs_of_account(account)
        return closure

    return durable(add)


def change_closure(closure: Closure, *, name: str, starts_at: datetime, ends_at: datetime) -> None:
    """Raises Closure.DoesNotExist where somebody removed it meanwhile."""

    def change() -> None:
        if not Closure.objects.filter(pk=closure.pk).update(name=name, starts_at=starts_at, ends_at=ends_at):
            raise Closure.DoesNotExist
        change_epochs_of_account(closure.account)

    durable(change)


def remove_closure(closure: Closure) -> None:
    """Removing it again changes nothing."""

    def remove() -> None:
        Closure.objects.filter(pk=closure.pk).delete()
        change_epochs_of_account(closure.account)

    durable(remove)
