"""Links to booking pages, for the people who pass them on."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from accounts.models import Account, Member
from availability.models import Calendar


@dataclass(frozen=True, slots=True)
class Links:
    """``page`` opens the booking page, ``embedded`` is its twin for other websites."""

    page: str
    embedded: str


def calendar_shared_by(member: Member, pk: int) -> Calendar | None:
    """One of the account's for managers, else one the member serves; None equals that there is none."""
    found = Calendar.objects.filter(account=member.account, pk=pk).select_related("account")
    if not member.manages:
        found = found.filter(calendar_members__member=member)
    return found.first()


def links_to(calendar: Calendar, host: Member | None = None) -> Links:
    """``host`` is chosen beforehand; whoever opens the page can choose another."""
    names = [calendar.account.slug, calendar.slug]
    query = f"?{urlencode({'host': host.slug})}" if host else ""
    return Links(_whole("bookings:book", names, query), _whole("bookings:embed", names, query))


def links_to_group(account: Account) -> Links:
    return Links(_whole("bookings:group", [account.slug]), _whole("bookings:embed-group", [account.slug]))


def _whole(name: str, names: list[str], query: str = "") -> str:
    return f"{settings.PUBLIC_BASE_URL}{reverse(name, args=names)}{query}"
