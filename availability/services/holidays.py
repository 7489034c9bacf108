"""Which public holidays an account keeps, if any."""

from accounts.models import Account
from availability.models import PublicHolidays
from availability.services.retry import durable
from availability.services.versions import change_epochs_of_account


def keep_holidays(account: Account, *, country: str, subdivision: str) -> None:
    """On these public holidays nothing is offered from now on, but by schedules that work on holidays."""

    def keep() -> None:
        PublicHolidays.objects.update_or_create(
            account=account, defaults={"country": country, "subdivision": subdivision}
        )
        change_epochs_of_account(account)

    durable(keep)


def keep_no_holidays(account: Account) -> None:
    def stop() -> None:
        PublicHolidays.objects.filter(account=account).delete()
        change_epochs_of_account(account)

    durable(stop)
