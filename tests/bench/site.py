"""A business whose first host has W1's month ahead of them, and as many other appointments as one likes."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accounts.models import Account, Member, User
from accounts.roles import Role
from availability.models import (
    BlockingSource,
    BusySource,
    BusyTime,
    Calendar,
    CalendarMember,
    HostTime,
    HostTimeKind,
    Schedule,
    WeeklyHours,
)
from tests.speed.heavy import DAYS, FIRST, heavy_workloads
from tests.speed.workloads import BERLIN, DAY, Source, Stretch, at

HOSTS = 10
_FAR = timedelta(days=20)


class Site(NamedTuple):
    """The calendar that is asked about, on the days from ``first`` on, and the address at which it is."""

    calendar: Calendar
    host: Member
    first: datetime
    path: str
    query: str


def build(*, now: datetime) -> Site:
    """Ten hosts with two hundred busy stretches each; the first has the calendar in question."""
    first = _next_monday(now)
    account = Account.objects.create(name="Speed", slug="speed", time_zone=BERLIN)
    with transaction.atomic():
        hosts = [_host(account, number, now) for number in range(HOSTS)]
        calendar = Calendar.objects.create(
            account=account,
            name="Half an hour",
            slug="half-an-hour",
            interval=timedelta(minutes=15),
            minimum_notice=timedelta(),
        )
        CalendarMember.objects.create(calendar=calendar, member=hosts[0])
        for host in hosts:
            _fill(calendar, host, first)
    last = first + (DAYS - 1) * DAY
    return Site(
        calendar=calendar,
        host=hosts[0],
        first=first,
        path=f"/api/v1/calendars/{account.slug}/{calendar.slug}/slots",
        query=f"start={first:%Y-%m-%d}&end={last:%Y-%m-%d}",
    )


def grow(site: Site, times: int) -> None:
    """So many times the appointments: half of the new ones other people's on the same days, half on other days."""
    of_one_host = HostTime.objects.filter(user=site.host.user).count()
    with transaction.atomic():
        people = User.objects.bulk_create(
            User(email=f"more{number}@example.org", name="More") for number in range((times - 1) * HOSTS // 2)
        )
        _copy_diary(site, [person.pk for person in people])
        _fill_other_days(site, (times - 1) * of_one_host // 2)
    tidy()


def tidy() -> None:
    """What autovacuum would have done by then."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _next_monday(now: datetime) -> datetime:
    day = now.astimezone(ZoneInfo(BERLIN)).date()
    return datetime.fromtimestamp(at(day + (7 - day.weekday()) * DAY, "00:00", BERLIN), ZoneInfo(BERLIN))


def _host(account: Account, number: int, now: datetime) -> Member:
    user = User.objects.create(email=f"host{number}@example.org", name=f"Host {number}", time_zone=BERLIN)
    member = Member.objects.create(account=account, user=user, role=Role.STAFF, slug=f"host-{number}")
    schedule = Schedule.objects.create(member=member, name="Office", time_zone=BERLIN, is_default=True)
    for weekday in range(5):
        WeeklyHours.objects.create(schedule=schedule, weekday=weekday, opens_minute=9 * 60, closes_minute=17 * 60)
    source = BusySource.objects.create(user=user, name="Outside", read_at=now)
    BlockingSource.objects.create(member=member, source=source)
    return member


def _fill(calendar: Calendar, host: Member, first: datetime) -> None:
    """W1's month, moved to ``first``. Its appointments overlap, as none of ours do: so they are not exclusive."""
    (w1,) = (one for one in heavy_workloads() if one.name == "W1")
    moved = list(_moved(w1.taken, first))
    source = BusySource.objects.get(user=host.user)
    HostTime.objects.bulk_create(
        HostTime(
            user=host.user,
            calendar=calendar,
            uid=uuid4(),
            kind=HostTimeKind.APPOINTMENT,
            starts_at=start,
            ends_at=end,
            exclusive=False,
        )
        for what, start, end in moved
        if what is Source.APPOINTMENT
    )
    BusyTime.objects.bulk_create(
        BusyTime(source=source, user=host.user, group=str(number), key="", start=start, end=end)
        for number, (what, start, end) in enumerate(moved)
        if what is Source.EVENT
    )


def _moved(stretches: Iterable[Stretch], first: datetime) -> Iterator[tuple[Source, datetime, datetime]]:
    by = int(first.timestamp()) - at(FIRST, "00:00", BERLIN)
    for one in stretches:
        yield one.source, *(datetime.fromtimestamp(when + by, UTC) for when in (one.start, one.end))


def _copy_diary(site: Site, people: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO availability_hosttime (user_id, calendar_id, uid, kind, starts_at, ends_at, exclusive,"
            " buffer_before, buffer_after)"
            " SELECT person, calendar_id, gen_random_uuid(), kind, starts_at, ends_at, exclusive, buffer_before,"
            " buffer_after FROM availability_hosttime, unnest(%s::bigint[]) person WHERE user_id = %s",
            [people, site.host.user_id],
        )
        cursor.execute(
            "WITH source AS (INSERT INTO availability_busysource (user_id, name, page_url, is_own, is_shown,"
            "   shares_titles)"
            "  SELECT person, 'Outside', '', false, true, false FROM unnest(%s::bigint[]) person RETURNING id, user_id)"
            ' INSERT INTO availability_busytime (source_id, user_id, "group", key, start, "end", blocks, all_day,'
            " label)"
            ' SELECT source.id, source.user_id, "group", key, start, "end", blocks, all_day, label'
            " FROM availability_busytime one, source WHERE one.user_id = %s",
            [people, site.host.user_id],
        )


def _fill_other_days(site: Site, each: int) -> None:
    """Half hours one after the other, before and after the days that are asked about."""
    places = {"each": each, "before": site.first - _FAR, "after": site.first + DAYS * DAY + _FAR}
    moments = (
        "CASE number %% 2 WHEN 0 THEN %(before)s - number * interval '25 minutes'"
        " ELSE %(after)s + number * interval '25 minutes' END"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO availability_hosttime (user_id, calendar_id, uid, kind, starts_at, ends_at, exclusive,"
            " buffer_before, buffer_after)"
            " SELECT user_id, %(calendar)s, gen_random_uuid(), 'appointment', begun, begun + interval '30 minutes',"
            " true, interval '0', interval '0'"
            f" FROM (SELECT member.user_id, {moments} AS begun FROM accounts_member member,"
            " generate_series(1, %(each)s) number) rows",
            places | {"calendar": site.calendar.pk},
        )
        cursor.execute(
            'INSERT INTO availability_busytime (source_id, user_id, "group", key, start, "end", blocks, all_day,'
            " label)"
            " SELECT id, user_id, 'other' || number, '', begun, begun + interval '30 minutes', true, false, ''"
            f" FROM (SELECT source.id, source.user_id, number, {moments} AS begun FROM availability_busysource source,"
            " generate_series(1, %(each)s) number WHERE source.user_id IN (SELECT user_id FROM accounts_member)) rows",
            places,
        )
