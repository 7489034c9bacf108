"""The home of a login: which calendars it lists, and what moved. One request where nothing did."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_noop

from availability.services.busy import lock_host
from availability.services.retry import durable
from availability.services.sources import mark_failing, rename_source
from integrations.models import Connection, Decision, PendingPush, RemoteCalendar
from integrations.models.calendars import CapabilityChoice
from integrations.ports import CalendarProvider, Gone, Home, ListedCalendar, NotACalendarServer
from integrations.sync.claims import keep_claim
from integrations.sync.journal import note
from integrations.sync.mirror import forget_events
from integrations.sync.writability import can_be_written_again, tell_not_writable

# a calendar the home leaves out is gone when a second listing, so much later, leaves it out too
CONFIRM_AFTER = timedelta(minutes=2)
# a server's own refusal outweighs for so long that it lists the calendar as writable
REFUSAL_HOLDS = timedelta(days=1)
_LISTS_NOTHING = gettext_noop("The server no longer lists any calendar.")
_GONE = gettext_noop("This calendar is no longer there.")
_READ_ONLY = gettext_noop("This calendar can now be read only.")
_NOT_READABLE = gettext_noop("This calendar can no longer be read: it is now a subscription or holds no events.")


def list_home(connection: Connection, *, provider: CalendarProvider) -> tuple[ListedCalendar, ...]:
    """What the home lists. A home that moved is looked for again; an empty one is not believed."""
    if not connection.home_url:
        _find_home(connection, provider)
    try:
        listed = provider.list_calendars(Home(connection.home_url))
    except Gone:
        _find_home(connection, provider)
        listed = provider.list_calendars(Home(connection.home_url))
    if not listed and connection.remote_calendars.filter(gone_at__isnull=True).exists():
        raise NotACalendarServer(_LISTS_NOTHING)
    return listed


def note_calendars(connection: Connection, listed: Collection[ListedCalendar], *, now: datetime) -> None:
    """Write down what the home lists; tokens are kept until what they announce has been read."""
    by_key = {calendar.key: calendar for calendar in listed}

    def keep() -> None:
        lock_host(connection.user_id)
        keep_claim(connection)
        known = connection.remote_calendars.select_related("source")
        for remote in known:
            calendar = by_key.pop(remote.key, None)
            if calendar is None:
                _note_unlisted(remote, now=now)
            else:
                _note_listed(remote, calendar, now=now)
        for calendar in by_key.values():
            RemoteCalendar.objects.create(connection=connection, key=calendar.key, **_facts(calendar))

    durable(keep)


def _find_home(connection: Connection, provider: CalendarProvider) -> None:
    former, home = connection.home_url, provider.find_home()
    connection.home_url, connection.addresses = home.url, list(home.addresses)

    def keep() -> None:
        keep_claim(connection)
        Connection.objects.filter(pk=connection.pk).update(home_url=home.url, addresses=connection.addresses)
        if former:
            _move_calendars(connection, former=_path(former), now_at=_path(home.url))

    durable(keep)


def _move_calendars(connection: Connection, *, former: str, now_at: str) -> None:
    """Known again by their places within the home, and read in full: nothing is dropped because a server moved."""
    if former == now_at:
        return
    there = connection.remote_calendars.filter(key__startswith=f"{former}/")
    for remote in there:
        key = now_at + remote.key.removeprefix(former)
        if not connection.remote_calendars.filter(key=key).exists():
            RemoteCalendar.objects.filter(pk=remote.pk).update(key=key, token="", cursor="", listed_in_full_at=None)


def _path(url: str) -> str:
    return unquote(urlsplit(url).path).rstrip("/")


def _facts(calendar: ListedCalendar) -> dict[str, str]:
    return {
        "url": calendar.url,
        "name": calendar.name[:200],
        "colour": calendar.colour[:20],
        "capability": str(calendar.capability),
    }


def _note_listed(remote: RemoteCalendar, calendar: ListedCalendar, *, now: datetime) -> None:
    facts: dict[str, object] = dict(_facts(calendar))
    refused = remote.write_refused_at
    if refused is not None and facts["capability"] == CapabilityChoice.WRITE and now - refused < REFUSAL_HOLDS:
        facts["capability"] = CapabilityChoice.READ_ONLY
    if remote.unlisted_at is not None:
        facts |= {"unlisted_at": None, "gone_at": None, "problem": ""}
    changed = {name: value for name, value in facts.items() if getattr(remote, name) != value}
    if not changed:
        return
    was_gone, could_be_written, could_be_read = remote.gone_at is not None, remote.can_be_written, remote.can_be_read
    for name, value in changed.items():
        setattr(remote, name, value)
    if could_be_read and not remote.can_be_read:
        remote.problem = _NOT_READABLE
    if remote.can_be_written:
        remote.write_refused_at = None
    remote.save(update_fields=[*facts, "problem", "write_refused_at"])
    _note_use(remote, was_gone=was_gone, could_be_read=could_be_read, could_be_written=could_be_written, now=now)
    if remote.source is not None and "name" in changed:
        rename_source(remote.source, remote.name)
    if remote.can_be_written and not could_be_written:
        _wake_pushes(remote, now=now)


def _note_use(
    remote: RemoteCalendar, *, was_gone: bool, could_be_read: bool, could_be_written: bool, now: datetime
) -> None:
    """What its owner can do with the calendar now, and could not before, or the other way round."""
    if remote.can_be_read and (was_gone or not could_be_read or remote.can_be_written > could_be_written):
        decision = Decision.MENDED
    elif could_be_read and (not remote.can_be_read or could_be_written > remote.can_be_written):
        decision = Decision.CALENDAR_FAILED
    else:
        return
    if could_be_written and not remote.can_be_written:
        tell_not_writable(remote, remote.problem or _READ_ONLY, now=now)
    facts: dict[str, Any] = {"reason": remote.problem, "capability": remote.capability}
    note(decision, now=now, connection=remote.connection, remote=remote, **facts)


def _note_unlisted(remote: RemoteCalendar, *, now: datetime) -> None:
    if remote.gone_at is not None:
        return
    if remote.unlisted_at is None:
        RemoteCalendar.objects.filter(pk=remote.pk).update(unlisted_at=now)
    elif now - remote.unlisted_at >= CONFIRM_AFTER:
        RemoteCalendar.objects.filter(pk=remote.pk).update(
            gone_at=now, problem=_GONE, token="", cursor="", listed_in_full_at=None
        )
        note(Decision.CALENDAR_GONE, now=now, connection=remote.connection, remote=remote)
        tell_not_writable(remote, _GONE, now=now)
        forget_events(remote, now=now)
        if remote.source is not None:
            mark_failing(remote.source, since=now)


def _wake_pushes(remote: RemoteCalendar, *, now: datetime) -> None:
    parked = PendingPush.objects.filter(remote_calendar=remote, parked_at__isnull=False)
    parked.update(parked_at=None, due_at=now, attempts=0, unfinished=0)
    can_be_written_again(remote, now=now)
