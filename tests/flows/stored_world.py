"""Two accounts whose calendars of all types share hosts, and everything that can happen to their slots."""

import random
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q
from django.db.models.functions import Now

from availability.core.hours import DayHours, Opening
from availability.core.intervals import instant
from availability.models import (
    Calendar,
    CalendarMember,
    ClassSession,
    Closure,
    HostTime,
    Schedule,
    Seat,
    WhenStale,
)
from availability.queries.judge import judge
from availability.queries.public import public_calendar
from availability.queries.slots import Slot, open_slots
from availability.services import holidays
from availability.services.busy import Stretch, record_busy_times
from availability.services.calendar_state import pause_calendar, resume_calendar
from availability.services.closures import add_closure, remove_closure
from availability.services.own_source import own_source
from availability.services.release import release_expired_holds, release_time
from availability.services.reserve import hold_time, reserve_time
from availability.services.save_calendar import MemberChoice, save_calendar
from availability.services.save_override import save_override
from availability.services.save_schedule import ScheduleTerms, save_schedule
from availability.services.sources import mark_read, open_source, set_blocking_sources, set_staleness
from availability.services.store import forget_past_days, store_slots
from tests.factories import (
    AccountFactory,
    CalendarFactory,
    CalendarMemberFactory,
    MemberFactory,
    ScheduleFactory,
    UserFactory,
)

# a Thursday; the clocks of Berlin go back on Sunday, and the Saturday after that is a holiday in Kiel
BEGINNING = datetime(2026, 10, 22, 7, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALWAYS = [(day, 0, 0) for day in range(7)]
NIGHTS = [(day, 18 * 60, 2 * 60) for day in range(7)]
OFFICE = [(day, 9 * 60, 17 * 60) for day in range(5)]
HOURS = (ALWAYS, NIGHTS, OFFICE, [])
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu")
NUMBER_OF_CALENDARS = 6


class World:
    """What lies in the database, and the time. Everything is changed by the services alone.

    Calendars, schedules, users and the like are named by numbers that may be any: they are taken round and round.
    """

    def __init__(self) -> None:
        self.begin()
        here, there = AccountFactory(), AccountFactory(time_zone="America/New_York")
        self.users = [UserFactory(), UserFactory(), UserFactory()]
        ada, ben, cleo = (MemberFactory(account=here, user=user) for user in self.users)
        ada_there, ben_there = (MemberFactory(account=there, user=user) for user in self.users[:2])
        self.accounts = [here, there]
        self.members = [ada, ben, cleo, ada_there, ben_there]
        self.schedules = [ScheduleFactory(member=member, hours=ALWAYS) for member in self.members]
        self.sources = [open_source(user, name="Private", page_url="", now=self.now) for user in self.users]
        for number, member in enumerate(self.members):
            set_blocking_sources(member, [self.sources[number % 3]], now=self.now)
        self.read_sources()
        self.calendars = [
            _calendar(here, "simple", ada),
            _calendar(here, "class", ben, seats=2),
            _calendar(here, "round_robin", ada, ben, cleo),
            _calendar(here, "round_robin", ben, cleo, assignment_mode="equal", lead_cap=1),
            _calendar(here, "collective", ada, cleo),
            _calendar(there, "service", ada_there, ben_there, look_busy=50),
        ]

    def begin(self) -> None:
        """What is remembered of the database, for when that is as it was in the beginning."""
        self.now = BEGINNING
        self.takers: dict[UUID, int] = {}
        self.holds: dict[UUID, tuple[int, datetime]] = {}

    # ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────

    def calendar(self, number: int) -> Calendar:
        pk = self.calendars[number % len(self.calendars)].pk
        return Calendar.objects.select_related("account").get(pk=pk)

    def offer(self, calendar: Calendar, **options: object) -> Sequence[Slot]:
        start, end = self.now - DAY, self.now + 11 * DAY
        return open_slots(calendar, start=start, end=end, now=self.now, hidden=True, **options)

    def check(self, numbers: Collection[int], chance: random.Random) -> None:
        """Stored slots of these calendars are those that are computed now; what is on offer would be taken."""
        for number in numbers:
            calendar = self.calendar(number)
            on_offer = self.offer(calendar)
            assert on_offer == self.offer(calendar, besides=uuid4()), f"{calendar.type}: stored and computed differ"
            self._check_public(calendar)
        start = self.now + chance.randrange(-30, 200) * HOUR
        end = start + chance.randrange(1, 60) * HOUR
        within = tuple(slot for slot in on_offer if start <= slot.starts_at < end)
        assert open_slots(calendar, start=start, end=end, now=self.now, hidden=True) == within
        at = self.now.replace(minute=0) + chance.randrange(0, 200) * HOUR
        would_be_taken = calendar.is_open and judge(calendar, at, now=self.now).verdict.is_open
        assert would_be_taken == (at in {slot.starts_at for slot in on_offer})
        self._check_seats()

    def _check_public(self, calendar: Calendar) -> None:
        """What the public address answers is what is on offer, apart from what looks busy."""
        start, end = self.now - DAY, self.now + 11 * DAY
        shown = open_slots(calendar, start=start, end=end, now=self.now)
        found = public_calendar(calendar.account.slug, calendar.slug, first=start.date(), last=end.date(), now=self.now)
        times = found.open_times(start=start, end=end, now=self.now)
        assert list(times.starts) == [instant(slot.starts_at) for slot in shown]
        assert times.seats_left is None or list(times.seats_left) == [slot.seats_left for slot in shown]

    def _check_seats(self) -> None:
        counted = ClassSession.objects.annotate(number=Count("places"))
        assert not counted.exclude(number=F("seats_taken")).exists()
        assert not counted.filter(Q(number=0) | Q(number__gt=F("seats"))).exists()
        sessions = set(ClassSession.objects.values_list("uid", flat=True))
        assert sessions == set(HostTime.objects.filter(kind="session").values_list("uid", flat=True))

    # ── taking and giving back ───────────────────────────────────────────────────────────────────────────────────

    def book(self, number: int, at: int, *, named: bool) -> None:
        """Whatever is on offer can be booked, and is not refused."""
        calendar = self.calendar(number)
        if found := self.offer(calendar):
            slot = found[at % len(found)]
            host = self._member(slot.hosts[at % len(slot.hosts)]) if named else None
            uid = uuid4()
            reserve_time(calendar, starts_at=slot.starts_at, uid=uid, now=self.now, host=host)
            self.takers[uid] = number

    def move(self, which: int, at: int) -> None:
        if uid := _one_of(self.takers, which):
            calendar = self.calendar(self.takers[uid])
            if found := self.offer(calendar, besides=uid):
                reserve_time(calendar, starts_at=found[at % len(found)].starts_at, uid=uid, now=self.now)

    def release(self, which: int) -> None:
        if uid := _one_of(self.takers, which):
            release_time(uid, now=self.now)
            del self.takers[uid]

    def hold(self, number: int, at: int, uid: UUID | None = None) -> None:
        calendar = self.calendar(number)
        if found := self.offer(calendar, besides=uid):
            starts_at, uid = found[at % len(found)].starts_at, uid or uuid4()
            hold_time(calendar, starts_at=starts_at, uid=uid, now=self.now)
            self.holds[uid] = (number, starts_at)

    def hold_another(self, which: int, at: int) -> None:
        if held := _one_of(self.holds, which):
            self.hold(self.holds[held][0], at, held)

    def book_held(self, which: int) -> None:
        if held := _one_of(self.holds, which):
            number, starts_at = self.holds.pop(held)
            calendar = self.calendar(number)
            if starts_at in {slot.starts_at for slot in self.offer(calendar, hold=held)}:
                uid = uuid4()
                reserve_time(calendar, starts_at=starts_at, uid=uid, now=self.now, hold=held)
                self.takers[uid] = number
            else:
                release_time(held, now=self.now)

    def expire(self, which: int) -> None:
        if held := _one_of(self.holds, which):
            over = Now() - HOUR
            HostTime.objects.filter(uid=held).update(expires_at=over)
            Seat.objects.filter(uid=held).update(expires_at=over)
            del self.holds[held]

    def give_back_expired(self) -> None:
        release_expired_holds(now=self.now)

    # ── what others report ───────────────────────────────────────────────────────────────────────────────────────

    def report(self, user: int, group: str, stretches: Sequence[tuple[int, int, bool]], *, own: bool) -> None:
        """``stretches``: how many half hours after now they begin, how many they last, whether they block."""
        source = own_source(self.users[user % 3], now=self.now) if own else self.sources[user % 3]
        hour = self.now.replace(minute=0)
        occurrences = [
            Stretch(str(number), hour + start * HOUR / 2, hour + (start + length) * HOUR / 2, blocks)
            for number, (start, length, blocks) in enumerate(stretches)
        ]
        record_busy_times(source, {group: occurrences}, now=self.now)

    def choose_sources(self, member: int, *, chosen: bool) -> None:
        member %= len(self.members)
        set_blocking_sources(self.members[member], [self.sources[member % 3]] if chosen else [], now=self.now)

    def read_sources(self) -> None:
        for source in self.sources:
            mark_read(source, now=self.now)

    def distrust(self, member: int, *, when_stale: WhenStale) -> None:
        set_staleness(self.members[member % len(self.members)], stale_after=2 * HOUR, when_stale=when_stale)

    # ── what people edit ─────────────────────────────────────────────────────────────────────────────────────────

    def edit(self, number: int, changes: Mapping[str, object]) -> None:
        self._save(self.calendar(number), changes, None)

    def choose_team(self, number: int, chosen: Collection[int], *, fixed: int) -> None:
        """Members of the account; where one host is the rule the first of them alone."""
        calendar = self.calendar(number)
        able = [member for member in self.members if member.account_id == calendar.account_id]
        team = [able[one % len(able)] for one in dict.fromkeys(one % len(able) for one in chosen)]
        team = team[:1] if calendar.type in ("simple", "class") else team
        choices = [MemberChoice(one, is_fixed=place == fixed) for place, one in enumerate(team)]
        self._save(calendar, {}, choices)

    def _save(self, calendar: Calendar, changes: Mapping[str, object], team: list[MemberChoice] | None) -> None:
        if team is None:
            places = CalendarMember.objects.filter(calendar=calendar).select_related("member", "schedule")
            team = [MemberChoice(one.member, one.schedule, one.priority, one.is_fixed) for one in places]
        settings = {"type": calendar.type, "seats": calendar.seats, **changes}
        save_calendar(calendar, edition=calendar.edition, settings=settings, team=team, now=self.now)

    def pause(self, number: int, *, resume: bool) -> None:
        if resume:
            resume_calendar(self.calendar(number))
        else:
            pause_calendar(self.calendar(number), now=self.now)

    def set_hours(self, number: int, hours: int, zone: int, *, day_limit: int | None) -> None:
        schedule = self._schedule(number)
        terms = ScheduleTerms(schedule.name, ZoneInfo(ZONES[zone % 3]), day_limit=day_limit)
        weekly = [DayHours(*one) for one in HOURS[hours % 4]]
        save_schedule(schedule, edition=schedule.edition, terms=terms, hours=weekly)

    def override(self, number: int, day: int, openings: Sequence[Opening]) -> None:
        schedule = self._schedule(number)
        on = self._date(day)
        save_override(schedule, edition=schedule.edition, days=(on, on), openings=openings)

    def close(self, account: int, start: int, length: int) -> None:
        starts_at = self.now + start * HOUR
        add_closure(self.accounts[account % 2], name="", starts_at=starts_at, ends_at=starts_at + length * HOUR)

    def reopen(self, account: int) -> None:
        if closure := Closure.objects.filter(account=self.accounts[account % 2]).first():
            remove_closure(closure)

    def keep_holidays(self, account: int, *, kept: bool) -> None:
        if kept:
            holidays.keep_holidays(self.accounts[account % 2], country="DE", subdivision="SH")
        else:
            holidays.keep_no_holidays(self.accounts[account % 2])

    # ── what passes ──────────────────────────────────────────────────────────────────────────────────────────────

    def let_pass(self, length: timedelta) -> None:
        self.now += length

    def work(self, number: int) -> None:
        store_slots(self.calendar(number), now=self.now)

    def work_everywhere(self) -> None:
        for number in range(len(self.calendars)):
            self.work(number)

    def forget(self) -> None:
        forget_past_days(now=self.now)

    def _member(self, pk: int) -> object:
        return next(member for member in self.members if member.pk == pk)

    def _schedule(self, number: int) -> Schedule:
        return Schedule.objects.get(pk=self.schedules[number % len(self.schedules)].pk)

    def _date(self, day: int) -> date:
        return self.now.date() + day * DAY


def _calendar(account: object, kind: str, *members: object, **settings: object) -> Calendar:
    hours = {"duration": HOUR, "interval": HOUR, "horizon_days": 4}
    calendar = CalendarFactory(account=account, type=kind, members_changed_at=BEGINNING, **{**hours, **settings})
    for position, member in enumerate(members):
        CalendarMemberFactory(calendar=calendar, member=member, position=position)
    return calendar


def _one_of(known: Mapping[UUID, object], which: int) -> UUID | None:
    return list(known)[which % len(known)] if known else None
