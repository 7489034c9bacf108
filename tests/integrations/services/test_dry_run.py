"""The wizard's dry run promises what the sync then does: counted, carried out and compared on Radicale."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Member
from availability.models import BusySource
from bookings.models import Appointment, OwnItem, OwnItemKind
from bookings.queries.entries import Looking, entries_of
from bookings.services.add_own_item import add_own_item
from bookings.signals import item_changed
from config.embedded.radicale import RadicaleServer, start_radicale
from integrations.models import Connection, Direction, JournalEntry, PendingPush, RemoteCalendar, WhenDeleted
from integrations.ports import Credentials
from integrations.providers import registry
from integrations.providers.caldav.adapter import CalDAVProvider
from integrations.providers.transport.session import GuardedSession, Reply
from integrations.services.configure import CannotBeChosen, set_primary
from integrations.services.connect import connect
from integrations.services.dry_run import dry_run, needs_reading
from integrations.services.set_up import Plan, set_up
from integrations.services.sync_settings import SyncSettings
from integrations.sync.pull import pull
from integrations.sync.push import push
from tests.factories import NOW, CalendarFactory, ConnectionFactory, ContactFactory, MemberFactory
from tests.integrations.providers.remotes import MAKE_EVENT_CALENDAR, policy_for
from tests.integrations.sync.world import event
from tests.servers.other_client import OtherClient

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOGIN = ("ada", "secret")
SETTINGS = SyncSettings(
    direction=Direction.TWO_WAY,
    follows_moves=True,
    when_deleted=WhenDeleted.ASK,
    shows_events=True,
    shown_days_before=7,
    shown_days_after=90,
    pushed_kinds=("appointment", "activity"),
)


class CountingSession(GuardedSession):
    """``written``: addresses something was put to."""

    written: list[str] = []

    def request(self, method: str, url: str, **more: Any) -> Reply:
        if method == "PUT":
            CountingSession.written.append(url)
        return super().request(method, url, **more)


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RadicaleServer]:
    with start_radicale(tmp_path_factory.mktemp("radicale"), dict([LOGIN])) as server:
        yield server


@pytest.fixture
def desk(radicale: RadicaleServer) -> Iterator["Desk"]:
    def opened(credentials: Credentials, _kind: str) -> CalDAVProvider:
        return CalDAVProvider(credentials, CountingSession(credentials.server_url, policy_for(radicale.url)))

    CountingSession.written = []
    with registry.override(opened):
        yield Desk(radicale)


class Desk:
    """Somebody with a login at Radicale, with two calendars of their own."""

    def __init__(self, radicale: RadicaleServer) -> None:
        self.member: Member = MemberFactory()
        self.phone = OtherClient(radicale.url, *LOGIN)
        self.urls = {name: f"{radicale.url}ada/{uuid4().hex}/" for name in ("Practice", "Private")}
        for name, url in self.urls.items():
            self.phone.make_calendar(url, MAKE_EVENT_CALENDAR.format(name=name, kind="VEVENT"))
        self.connection = connect(
            self.member.user, provider="caldav", server_url=radicale.url, username="ada", password="secret", now=NOW
        )
        self.service = CalendarFactory(account=self.member.account)

    def put(self, name: str, *, start: datetime, end: datetime | None = None, lines: Sequence[str] = ()) -> None:
        uid = uuid4().hex
        self.phone.put(f"{self.urls[name]}{uid}.ics", event(uid=uid, start=start, end=end, lines=lines))

    def fill(self) -> int:
        """Events of all sorts; how many of them My Calendar shows from seven days back to ninety ahead."""
        self.put("Practice", start=NOW + DAY)
        self.put("Practice", start=NOW + 2 * DAY, lines=["TRANSP:TRANSPARENT"])
        self.put("Practice", start=NOW + 3 * DAY, lines=["STATUS:CANCELLED"])
        self.put("Practice", start=NOW - 20 * DAY)
        self.put("Practice", start=NOW - 8 * DAY, end=NOW - 5 * DAY)
        self.put("Practice", start=NOW + 200 * DAY)
        # fifteen Tuesdays, two of them beyond the range, and one left out
        excluded = f"EXDATE:{NOW + 15 * DAY:%Y%m%dT%H%M%SZ}"
        self.put("Private", start=NOW + DAY, lines=["RRULE:FREQ=WEEKLY;COUNT=15", excluded])
        return 1 + 1 + 1 + 12

    def remote(self, name: str) -> RemoteCalendar:
        return RemoteCalendar.objects.get(connection=self.connection, name=name, url__endswith=self.urls[name][-34:])

    def plan(self, linked: str | None = "Practice", **more: Any) -> Plan:
        connection = Connection.objects.select_related("user").get(pk=self.connection.pk)
        checked = tuple(self.remote(name) for name in self.urls if name != linked)
        facts = {"members": (self.member,), "settings": SETTINGS, **more}
        return Plan(connection=connection, linked=self.remote(linked) if linked else None, checked=checked, **facts)

    def book(self, starts_at: datetime) -> Appointment:
        appointment = Appointment.objects.create(
            calendar=self.service,
            contact=ContactFactory(account=self.member.account),
            host=self.member,
            customer_name="Ada Lovelace",
            starts_at=starts_at,
            ends_at=starts_at + HOUR,
            booked_at=NOW,
            changed_at=NOW,
            confirmed_at=NOW,
        )
        item_changed.send(Appointment, uid=appointment.uid, now=NOW)
        return appointment

    def add(self, kind: OwnItemKind, starts_at: datetime) -> OwnItem:
        stretch = {"starts_at": starts_at, "ends_at": starts_at + HOUR}
        return add_own_item(self.member.account, kind=kind, title="", assignees=[self.member], now=NOW, **stretch)

    def sync(self) -> None:
        connection = Connection.objects.select_related("user").get(pk=self.connection.pk)
        with closing(registry.provider_of(connection)) as provider:
            pull(connection, provider=provider, now=NOW)
            for _round in range(2):
                for pending in PendingPush.objects.due(NOW + DAY):
                    push(pending, provider=provider, now=NOW + DAY)

    def written(self) -> int:
        """How many objects were put since the last time."""
        count, CountingSession.written = len(CountingSession.written), []
        return count

    def shown(self) -> int:
        """How many events My Calendar shows."""
        account = self.member.account
        looking = Looking(
            reader=self.member,
            hosts=(self.member,),
            accounts={account.pk: account},
            managed=frozenset(),
            zone=ZoneInfo("Europe/Berlin"),
        )
        entries = entries_of(looking, start=NOW - 100 * DAY, end=NOW + 500 * DAY, now=NOW)
        return sum(entry.kind == "event" for entry in entries)


def promised(plan: Plan) -> tuple[int | None, int]:
    run = dry_run(plan, now=NOW)
    return run.brings, run.sends


def test_what_a_login_never_read_would_bring_in_and_send_is_what_the_sync_then_does(desk):
    visible = desk.fill()
    for starts_at in (NOW - 2 * DAY, NOW + DAY, NOW + 2 * DAY, NOW + 300 * DAY):
        desk.book(starts_at)
    for kind in (OwnItemKind.ACTIVITY, OwnItemKind.BLOCK, OwnItemKind.TASK):
        desk.add(kind, NOW + 4 * DAY)
    plan = desk.plan()
    assert needs_reading(plan)

    brings, sends = promised(plan)
    set_up(plan, now=NOW)
    desk.sync()

    assert (brings, sends) == (visible, 4)
    assert (desk.shown(), desk.written()) == (brings, sends)


def test_what_is_in_step_already_is_not_sent_again(desk):
    visible = desk.fill()
    desk.book(NOW + DAY)
    desk.add(OwnItemKind.ACTIVITY, NOW + 4 * DAY)
    desk.add(OwnItemKind.TASK, NOW + 5 * DAY)
    set_up(desk.plan(), now=NOW)
    desk.sync()
    desk.written()
    settings = replace(SETTINGS, pushed_kinds=("appointment", "activity", "task"), shown_days_after=365)
    plan = desk.plan(settings=settings)
    assert not needs_reading(plan)

    run = dry_run(plan, now=NOW)
    set_up(plan, now=NOW)
    desk.sync()

    assert (run.brings, run.sends, run.lies_there) == (visible + 1 + 2, 1, 2)
    assert (desk.shown(), desk.written()) == (run.brings, run.sends)


def test_a_change_of_the_linked_calendar_takes_along_what_is_coming(desk):
    desk.fill()
    desk.book(NOW + DAY)
    desk.book(NOW + 2 * DAY)
    set_up(desk.plan(), now=NOW)
    desk.sync()
    desk.written()
    plan = desk.plan("Private")

    run = dry_run(plan, now=NOW)
    set_up(plan, now=NOW)
    desk.sync()

    assert (run.sends, run.takes_away, run.lies_there) == (2, 2, 0)
    assert (desk.shown(), desk.written()) == (run.brings, run.sends)


def test_events_that_are_not_retrieved_are_not_shown_and_block_all_the_same(desk):
    desk.fill()
    plan = desk.plan(settings=replace(SETTINGS, shows_events=False))

    brings, sends = promised(plan)
    set_up(plan, now=NOW)
    desk.sync()

    assert (brings, sends) == (0, 0)
    assert desk.shown() == 0
    assert BusySource.objects.filter(blocking__member=desk.member, busy_times__blocks=True).exists()


def test_a_connection_that_is_only_read_sends_nothing(desk):
    visible = desk.fill()
    desk.book(NOW + DAY)
    plan = desk.plan(None)

    assert promised(plan) == (visible, 0)


def test_a_dry_run_leaves_nothing_behind(desk):
    desk.fill()
    desk.book(NOW + DAY)

    dry_run(desk.plan(), now=NOW)

    assert not PendingPush.objects.exists()
    assert not BusySource.objects.filter(is_own=False).exists()
    assert not JournalEntry.objects.exists()
    assert not desk.member.user.memberships.filter(calendar_configuration__isnull=False).exists()
    assert desk.written() == 0


def test_a_server_that_does_not_answer_leaves_the_events_uncounted(desk):
    desk.book(NOW + DAY)
    plan = desk.plan()
    Connection.objects.update(server_url="http://127.0.0.1:9/")
    plan.connection.refresh_from_db()

    assert promised(plan) == (None, 1)


def test_nothing_is_set_up_where_a_calendar_can_no_longer_be_chosen(desk):
    plan = desk.plan()
    RemoteCalendar.objects.filter(pk=plan.checked[0].pk).update(gone_at=NOW)
    stale = Plan(plan.connection, plan.linked, (desk.remote("Private"),), plan.members, plan.settings)

    with pytest.raises(CannotBeChosen):
        set_up(stale, now=NOW)
    with pytest.raises(CannotBeChosen):
        dry_run(stale, now=NOW)
    assert not BusySource.objects.filter(is_own=False).exists()


def test_it_counts_in_the_accounts_that_are_named_and_in_no_other(desk):
    second, third = MemberFactory(user=desk.member.user), MemberFactory(user=desk.member.user)
    set_up(desk.plan(members=(desk.member, third)), now=NOW)

    set_up(desk.plan(members=(second, third), shared=(desk.remote("Private"),)), now=NOW)

    written = {member: member.calendar_configuration.primary for member in (second, third)}
    assert set(written.values()) == {desk.remote("Practice")}
    former = Member.objects.get(pk=desk.member.pk).calendar_configuration
    assert (former.primary, former.conflicts.count(), former.member.blocking_sources.count()) == (None, 0, 0)
    assert set(BusySource.objects.filter(shares_titles=True).values_list("name", flat=True)) == {"Private"}


def test_calendars_of_other_connections_stay_as_they_are(desk):
    elsewhere = RemoteCalendar.objects.create(
        connection=ConnectionFactory(user=desk.member.user), key="/work/", url="https://x.example/", capability="write"
    )
    set_primary(desk.member, elsewhere, now=NOW)

    set_up(desk.plan(None), now=NOW)

    configuration = Member.objects.get(pk=desk.member.pk).calendar_configuration
    assert configuration.primary == elsewhere
    assert configuration.conflicts.count() == 2
