"""Which mails a decision about an appointment brings, as they are written when it is carried out."""

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import Member
from bookings.models import Appointment


@dataclass(frozen=True, slots=True)
class MailAhead:
    """``is_customer``: the other ones go to hosts."""

    recipient: str
    name: str
    is_customer: bool


def mails_of_cancelling(appointment: Appointment, *, doer: Member) -> tuple[MailAhead, ...]:
    return (_to_customer(appointment), *_to_hosts(_team(appointment), doer))


def mails_of_giving(appointment: Appointment, to: Member, *, doer: Member) -> tuple[MailAhead, ...]:
    """The customer, the new host, those who take part as before, and whoever does not any more."""
    return (_to_customer(appointment), *_to_hosts((to, *_team(appointment)), doer))


def _to_customer(appointment: Appointment) -> MailAhead:
    return MailAhead(appointment.contact.email, appointment.customer_name, is_customer=True)


def _to_hosts(hosts: tuple[Member, ...], doer: Member) -> Iterator[MailAhead]:
    """Whoever does it knows it already."""
    told = {host.user_id: host for host in hosts if host.user_id != doer.user_id and host.user.is_active}
    for host in told.values():
        yield MailAhead(host.user.email, str(host.user), is_customer=False)


def _team(appointment: Appointment) -> tuple[Member, ...]:
    return (appointment.host, *appointment.further_hosts.all())
