"""Connects the demo's staff to a CalDAV server, the way they would themselves, and says what is connected."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from config.demo.kept import Kept
from config.demo.month import PRACTICE, PRIVATE
from config.demo.people import CONNECTED, Person
from config.demo.report import CaldavEntry
from integrations.models import Connection, Provider, RemoteCalendar
from integrations.ports import Capability
from integrations.services.configure import set_conflicts, set_primary
from integrations.services.connect import connect


class NothingToWriteTo(RuntimeError):
    """The login has no calendar that can be written."""


@dataclass(frozen=True, slots=True)
class CaldavAccess:
    """One login at a CalDAV server."""

    url: str
    username: str
    password: str = field(repr=False)


def connect_once(person: Person, access: CaldavAccess, *, now: datetime) -> None:
    """Connect and configure this person, unless they have a connection already: then it is theirs."""
    if not Connection.objects.filter(user__email=person.email).exists():
        connect_person(person, access, now=now, order=(PRACTICE, PRIVATE))


def connect_person(person: Person, access: CaldavAccess, *, now: datetime, order: Sequence[str] = ()) -> CaldavEntry:
    """Connect this person to that server; their first writable calendar is primary, the second for conflicts.

    First in the order of these names, otherwise in the server's. Raises what `connect` raises and NothingToWriteTo.
    """
    user = User.objects.get(email=person.email)
    connection = connect(
        user,
        provider=Provider.CALDAV,
        server_url=access.url,
        username=access.username,
        password=access.password,
        now=now,
    )
    listed = connection.remote_calendars.order_by("pk")
    usable = sorted((one for one in listed if one.can_be_written), key=lambda one: _place(one, order))
    if not usable:
        raise NothingToWriteTo(f"{access.username} has no calendar there that can be written.")
    for member in user.memberships.all():
        set_primary(member, usable[0], now=now)
        set_conflicts(member, usable[1:2], now=now)
    return describe_connection(connection, access.password)


def describe_connected(kept: Kept) -> list[CaldavEntry]:
    """What is connected to the demo's own server now, by the people it was made for."""
    entries = []
    for person in CONNECTED:
        connections = Connection.objects.filter(user__email=person.email, username=person.username)
        entries += [describe_connection(one, kept.caldav_password(person.username)) for one in connections]
    return entries


def describe_connection(connection: Connection, password: str) -> CaldavEntry:
    member = connection.user.memberships.earliest("pk")
    here = connection.remote_calendars.filter(gone_at__isnull=True).order_by("pk")
    primary = here.filter(primary_for__member=member).first()
    return {
        "owner": connection.user.email,
        "host": member.slug,
        "url": connection.server_url,
        "username": connection.username,
        "password": password,
        "primary": primary.url if primary else "",
        "conflict": [one.url for one in here.filter(checked_for__member=member)],
        "read_only": [one.url for one in here.filter(capability=Capability.READ_ONLY.value)],
    }


def _place(remote: RemoteCalendar, order: Sequence[str]) -> int:
    name = remote.key.strip("/").rpartition("/")[2]
    return order.index(name) if name in order else len(order)
