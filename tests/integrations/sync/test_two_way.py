"""Our copies changed outside (Y9, Y10, S36–S42): followed, put back, asked about; told once, and never in a loop."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import OutgoingMail
from availability.models import Calendar
from availability.services.sources import set_blocking_sources
from bookings.models import Appointment, ChangeKind, OwnItem, OwnItemKind, Who
from bookings.services.add_own_item import add_own_item
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.reschedule import reschedule_appointment
from integrations.models import (
    Connection,
    Decision,
    Direction,
    JournalEntry,
    OpenQuestion,
    PendingPush,
    QuestionKind,
    RemoteCalendar,
    RemoteCopy,
    WhenDeleted,
)
from integrations.ports import TemporarilyUnavailable
from integrations.services.configure import set_primary
from integrations.sync.deletions import MANY
from integrations.sync.ours import remote_uid_of
from integrations.sync.settling import MOST_PUT_BACKS
from integrations.sync.standing import leave_out, write_again
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, ScheduleFactory
from tests.integrations.sync.world import HOUR, MINUTE, NINE, World, event

ADA = Customer(name="Ada Lovelace", email="ada@example.org", time_zone="UTC", locale="en-gb")
LATER = NINE + 2 * HOUR
NIGHT = NINE + 13 * HOUR


@pytest.fixture
def home(world: World) -> RemoteCalendar:
    ScheduleFactory(member=world.member)
    return world.add_calendar("Home", primary=True)


@pytest.fixture
def visit(world: World, home: RemoteCalendar) -> Calendar:
    calendar = CalendarFactory(account=world.member.account, name="First visit")
    CalendarMemberFactory(calendar=calendar, member=world.member)
    return calendar


@pytest.fixture
def appointment(world: World, visit: Calendar) -> Appointment:
    """Booked, written and read back."""
    booked = book_appointment(visit, starts_at=NINE, customer=ADA, now=NOW)
    world.push_all()
    world.pull(now=NOW + MINUTE)
    return booked


def _stamp(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%SZ")


class Phone:
    """The host's own hand on the calendar."""

    def __init__(self, world: World, remote: RemoteCalendar) -> None:
        self.server, self.remote = world.server, remote

    @property
    def url(self) -> str:
        [url] = [url for url, text in self.server.objects(self.remote.url).items() if "@holdfast" in text]
        return url

    @property
    def text(self) -> str:
        return self.server.objects(self.remote.url)[self.url]

    def edit(self, change: Callable[[str], str]) -> None:
        url = self.url
        self.server.put(self.remote.url, change(self.text), name=url.rpartition("/")[2])

    def move(self, starts_at: datetime, *, length: timedelta = HOUR / 2) -> None:
        def moved(text: str) -> str:
            text = re.sub(r"DTSTART[^\r\n]*", f"DTSTART:{_stamp(starts_at)}", text)
            return re.sub(r"DTEND[^\r\n]*", f"DTEND:{_stamp(starts_at + length)}", text)

        self.edit(moved)

    def add(self, line: str) -> None:
        self.edit(lambda text: text.replace("END:VEVENT", f"{line}\r\nEND:VEVENT"))

    def remove(self) -> None:
        self.server.remove(self.url)

    def carry(self, other: RemoteCalendar) -> None:
        text = self.text
        self.remove()
        self.server.put(other.url, text, name="carried.ics")


@pytest.fixture
def phone(world: World, home: RemoteCalendar) -> Phone:
    return Phone(world, home)


def _rounds(world: World, *, start: datetime, number: int = 8) -> datetime:
    """Honest looks and pushes, a minute apart; the time after the last."""
    now = start
    for _round in range(number):
        world.pull(now=now)
        world.push_all(now=now)
        now += MINUTE
    return now


def _questions() -> list[tuple[str, dict[str, object]]]:
    return list(OpenQuestion.objects.open().order_by("pk").values_list("kind", "facts"))


def _set(world: World, **facts: object) -> None:
    Connection.objects.filter(pk=world.connection.pk).update(**facts)


def _decisions() -> set[str]:
    return set(JournalEntry.objects.values_list("decision", flat=True))


def _mails(kind: str) -> int:
    return OutgoingMail.objects.filter(kind=kind).count()


def test_a_copy_moved_to_an_open_time_reschedules_the_appointment_and_tells_the_customer(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    phone.move(LATER)

    _rounds(world, start=NOW + 5 * MINUTE)

    appointment.refresh_from_db()
    change = appointment.changes.get(kind=ChangeKind.RESCHEDULED)
    assert (appointment.starts_at, change.who, change.member) == (LATER, Who.OUTSIDE, world.member)
    assert (_mails("rescheduled"), _mails("host_rescheduled"), _questions()) == (1, 0, [])
    assert f"DTSTART:{_stamp(LATER)}" in phone.text
    assert Decision.MOVED in _decisions()


def test_a_followed_move_costs_one_write(world: World, appointment: Appointment, phone: Phone) -> None:
    phone.move(LATER)
    before = world.provider.calls["replace"]

    _rounds(world, start=NOW + 5 * MINUTE)

    assert world.provider.calls["replace"] == before + 1
    assert PendingPush.objects.count() == 0


def test_a_copy_moved_where_nothing_is_open_is_put_back_and_its_host_told_once(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    phone.move(NIGHT)

    _rounds(world, start=NOW + 5 * MINUTE)

    appointment.refresh_from_db()
    [(kind, facts)] = _questions()
    assert (appointment.starts_at, kind, facts["reason"]) == (NINE, QuestionKind.PUT_BACK, "not_allowed")
    assert facts["reasons"] == ["HOURS"]
    assert facts["there_starts_at"] == NIGHT.isoformat()
    assert f"DTSTART:{_stamp(NINE)}" in phone.text
    assert (_mails("question_put_back"), _mails("rescheduled")) == (1, 0)


def test_a_copy_moved_onto_another_appointment_is_put_back(
    world: World, appointment: Appointment, visit: Calendar, phone: Phone
) -> None:
    book_appointment(visit, starts_at=LATER, customer=ADA, now=NOW)
    phone.move(LATER)

    world.pull(now=NOW + 5 * MINUTE)
    world.push_all(now=NOW + 5 * MINUTE)

    appointment.refresh_from_db()
    [(_kind, facts)] = _questions()
    assert (appointment.starts_at, facts["reasons"]) == (NINE, ["BOOKED"])


def test_a_lengthened_copy_is_put_back_and_its_host_told(world: World, appointment: Appointment, phone: Phone) -> None:
    phone.move(NINE, length=2 * HOUR)

    _rounds(world, start=NOW + 5 * MINUTE)

    [(_kind, facts)] = _questions()
    assert facts["reason"] == "length"
    assert f"DTEND:{_stamp(NINE + HOUR / 2)}" in phone.text


@pytest.mark.parametrize(
    ("line", "reason"), [("RRULE:FREQ=DAILY", "repeats"), ("TRANSP:TRANSPARENT", "free")], ids=["repeats", "free"]
)
def test_what_no_appointment_can_be_is_put_back(
    world: World, appointment: Appointment, phone: Phone, line: str, reason: str
) -> None:
    phone.edit(lambda text: text.replace("TRANSP:OPAQUE\r\n", ""))
    phone.add(line)

    _rounds(world, start=NOW + 5 * MINUTE)

    [(_kind, facts)] = _questions()
    assert facts["reason"] == reason
    assert line not in phone.text


def test_in_one_direction_only_a_move_is_put_back(world: World, appointment: Appointment, phone: Phone) -> None:
    _set(world, direction=Direction.ONE_WAY)
    phone.move(LATER)

    _rounds(world, start=NOW + 5 * MINUTE)

    appointment.refresh_from_db()
    [(_kind, facts)] = _questions()
    assert (appointment.starts_at, facts["reason"]) == (NINE, "one_way")
    assert f"DTSTART:{_stamp(NINE)}" in phone.text


def test_notes_alarms_and_titles_of_the_host_are_kept_through_later_pushes(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    phone.edit(lambda text: text.replace("DESCRIPTION:", "DESCRIPTION:Bring the keys\\n"))
    phone.add("COLOR:red")
    phone.add("BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:Soon\r\nEND:VALARM")
    world.pull(now=NOW + 5 * MINUTE)

    reschedule_appointment(appointment, starts_at=LATER, now=NOW + 6 * MINUTE)
    _rounds(world, start=NOW + 6 * MINUTE)

    assert f"DTSTART:{_stamp(LATER)}" in phone.text
    assert all(words in phone.text for words in ("Bring the keys", "COLOR:red", "TRIGGER:-PT15M"))
    assert (_questions(), Decision.NOTES_KEPT in _decisions()) == ([], True)


def test_a_move_here_and_another_there_keeps_ours_and_tells_the_host(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    phone.move(LATER)
    reschedule_appointment(appointment, starts_at=NINE + HOUR, now=NOW + 5 * MINUTE)

    world.push_all(now=NOW + 5 * MINUTE)
    _rounds(world, start=NOW + 6 * MINUTE)

    appointment.refresh_from_db()
    [(_kind, facts)] = _questions()
    assert (appointment.starts_at, facts["reason"]) == (NINE + HOUR, "changed_here")
    assert f"DTSTART:{_stamp(NINE + HOUR)}" in phone.text


def test_a_copy_that_is_moved_again_and_again_is_left_alone_in_the_end(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    _set(world, direction=Direction.ONE_WAY)
    before = world.provider.calls["replace"]

    now = NOW + 5 * MINUTE
    for round_ in range(10):
        phone.move(LATER + round_ * HOUR)
        now = _rounds(world, start=now, number=2)

    assert world.provider.calls["replace"] - before == MOST_PUT_BACKS
    [(_kind, facts)] = _questions()
    assert facts["reason"] == "restless"
    assert _mails("question_put_back") == 1


def test_a_deletion_is_believed_after_two_answers_two_minutes_apart(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    phone.remove()

    world.pull(now=NOW + 5 * MINUTE)
    once = _questions()
    world.pull(now=NOW + 6 * MINUTE)
    soon = _questions()
    world.pull(now=NOW + 7 * MINUTE)

    assert (once, soon) == ([], [])
    [(kind, facts)] = _questions()
    assert (kind, facts["starts_at"]) == (QuestionKind.DELETED, NINE.isoformat())
    assert {Decision.MISSING, Decision.ASKED} <= _decisions()


def test_a_deletion_right_after_our_own_write_is_doubted_longer(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    reschedule_appointment(appointment, starts_at=LATER, now=NOW + 4 * MINUTE)
    world.push_all(now=NOW + 5 * MINUTE)
    phone.remove()

    world.pull(now=NOW + 5 * MINUTE)

    [copy] = RemoteCopy.objects.all()
    assert (copy.missing_since, copy.check_at) == (None, NOW + 7 * MINUTE)


def test_a_copy_asked_about_is_not_written_again_by_a_later_change(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    phone.remove()
    _rounds(world, start=NOW + 5 * MINUTE)

    reschedule_appointment(appointment, starts_at=LATER, now=NOW + 20 * MINUTE)
    _rounds(world, start=NOW + 20 * MINUTE)

    assert world.server.objects(phone.remote.url) == {}
    assert PendingPush.objects.count() == 0


def test_a_push_that_finds_nothing_looks_for_it_before_it_writes(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    phone.remove()
    reschedule_appointment(appointment, starts_at=LATER, now=NOW + 5 * MINUTE)

    world.push_all(now=NOW + 5 * MINUTE)
    assert world.server.objects(phone.remote.url) == {}
    _rounds(world, start=NOW + 5 * MINUTE)

    assert world.server.objects(phone.remote.url) == {}
    assert [kind for kind, _facts in _questions()] == [QuestionKind.DELETED]


def test_written_again_it_lies_where_it_lay(world: World, appointment: Appointment, phone: Phone) -> None:
    url = phone.url
    phone.remove()
    now = _rounds(world, start=NOW + 5 * MINUTE)

    write_again(appointment.uid, phone.remote, now=now)
    _rounds(world, start=now)

    assert phone.url == url


def test_left_out_it_stays_out(world: World, appointment: Appointment, phone: Phone) -> None:
    phone.remove()
    now = _rounds(world, start=NOW + 5 * MINUTE)

    leave_out(appointment.uid, phone.remote, now=now)
    reschedule_appointment(appointment, starts_at=LATER, now=now)
    now = _rounds(world, start=now)
    cancel_appointment(appointment, now=now)
    _rounds(world, start=now)

    assert world.server.objects(phone.remote.url) == {}
    assert (RemoteCopy.objects.count(), PendingPush.objects.count()) == (0, 0)


def test_a_copy_that_comes_back_is_ours_again_and_nobody_is_asked(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    url, text = phone.url, phone.text
    phone.remove()
    now = _rounds(world, start=NOW + 5 * MINUTE)

    world.server.put(phone.remote.url, text, name=url.rpartition("/")[2])
    now = _rounds(world, start=now)
    reschedule_appointment(appointment, starts_at=LATER, now=now)
    _rounds(world, start=now)

    assert _questions() == []
    assert f"DTSTART:{_stamp(LATER)}" in phone.text
    assert Decision.FOUND_AGAIN in _decisions()


@pytest.mark.parametrize(
    ("policy", "cancelled", "there", "decision"),
    [
        (WhenDeleted.CANCEL, True, 0, Decision.CANCELLED),
        (WhenDeleted.RECREATE, False, 1, Decision.WRITTEN_BACK),
        (WhenDeleted.IGNORE, False, 0, Decision.LEFT_OUT),
    ],
)
def test_a_deletion_by_policy(
    world: World,
    appointment: Appointment,
    phone: Phone,
    policy: WhenDeleted,
    cancelled: bool,
    there: int,
    decision: Decision,
) -> None:
    _set(world, direction=Direction.CUSTOM, when_deleted=policy)
    phone.remove()

    _rounds(world, start=NOW + 5 * MINUTE)

    appointment.refresh_from_db()
    assert (appointment.cancelled_at is not None) == cancelled
    assert len(world.server.objects(phone.remote.url)) == there
    assert (_questions(), _mails("cancelled")) == ([], int(cancelled))
    assert decision in _decisions()


def test_in_one_direction_only_a_deletion_is_written_again_and_told(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    _set(world, direction=Direction.ONE_WAY)
    phone.remove()

    _rounds(world, start=NOW + 5 * MINUTE)

    [(_kind, facts)] = _questions()
    assert (facts["reason"], facts["deleted"]) == ("one_way", True)
    assert phone.url


def test_a_copy_marked_as_cancelled_is_a_deletion(world: World, appointment: Appointment, phone: Phone) -> None:
    _set(world, direction=Direction.CUSTOM, when_deleted=WhenDeleted.CANCEL)
    phone.edit(lambda text: text.replace("STATUS:CONFIRMED", "STATUS:CANCELLED"))

    _rounds(world, start=NOW + 5 * MINUTE)

    appointment.refresh_from_db()
    assert appointment.cancelled_at
    assert world.server.objects(phone.remote.url) == {}


def test_many_deletions_at_once_stop_and_ask_once(
    world: World, appointment: Appointment, visit: Calendar, phone: Phone
) -> None:
    _set(world, direction=Direction.CUSTOM, when_deleted=WhenDeleted.CANCEL)
    for number in range(1, 7):
        book_appointment(visit, starts_at=NINE + number * HOUR, customer=ADA, now=NOW)
    world.push_all()
    world.pull(now=NOW + MINUTE)
    for url in list(world.server.objects(phone.remote.url))[: MANY + 1]:
        world.server.remove(url)

    _rounds(world, start=NOW + 5 * MINUTE)

    assert Appointment.objects.filter(cancelled_at__isnull=False).count() == 0
    [(kind, facts)] = _questions()
    assert (kind, facts) == (QuestionKind.BRAKE, {"count": MANY + 1, "of": 7})
    assert _mails("question_brake") == 1


def test_a_copy_moved_into_another_calendar_is_followed(world: World, appointment: Appointment, phone: Phone) -> None:
    work = world.add_calendar("Work")
    text = phone.text
    phone.remove()
    world.server.put(work.url, text, name="random.ics")

    now = _rounds(world, start=NOW + 5 * MINUTE)
    reschedule_appointment(appointment, starts_at=LATER, now=now)
    _rounds(world, start=now)

    [there] = world.server.objects(work.url).values()
    assert (f"DTSTART:{_stamp(LATER)}" in there, world.server.objects(phone.remote.url)) == (True, {})
    assert (_questions(), RemoteCopy.objects.get().remote_calendar) == ([], work)


def test_a_copy_moved_into_a_calendar_nobody_reads_is_found_there(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    private = world.add_calendar("Private")
    world.configuration.conflicts.remove(private)
    RemoteCalendar.objects.filter(pk=private.pk).update(source=None)
    text = phone.text
    phone.remove()
    world.server.put(private.url, text, name="random.ics")

    now = _rounds(world, start=NOW + 5 * MINUTE)
    cancel_appointment(appointment, now=now)
    _rounds(world, start=now)

    assert (_questions(), world.server.objects(private.url)) == ([], {})


def test_a_copy_carried_off_is_found_by_the_time_it_was_written_for(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    """It lies there as it was, days away from where the appointment has been moved since."""
    private = world.add_calendar("Private")
    world.configuration.conflicts.remove(private)
    RemoteCalendar.objects.filter(pk=private.pk).update(source=None)
    text = phone.text
    phone.remove()
    world.server.put(private.url, text, name="random.ics")
    reschedule_appointment(appointment, starts_at=NINE + timedelta(days=28), now=NOW + 2 * MINUTE)

    _rounds(world, start=NOW + 5 * MINUTE)

    assert (_questions(), len(world.server.objects(private.url))) == ([], 1)
    assert RemoteCopy.objects.get(uid=appointment.uid).remote_calendar == private


def test_another_primary_calendar_brings_a_moved_copy_along(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    work, third = world.add_calendar("Work"), world.add_calendar("Third")
    text = phone.text
    phone.remove()
    world.server.put(work.url, text, name="random.ics")
    now = _rounds(world, start=NOW + 5 * MINUTE)

    world.choose_primary(third)
    reschedule_appointment(appointment, starts_at=LATER, now=now)
    _rounds(world, start=now)

    assert [len(world.server.objects(remote.url)) for remote in (phone.remote, work, third)] == [0, 0, 1]


def test_the_hosts_own_duplicate_blocks_and_is_no_conflict(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    duplicate = re.sub(r"UID:[^\r\n]*", "UID:copied", phone.text)
    world.server.put(phone.remote.url, duplicate, name="copied.ics")
    set_blocking_sources(world.member, [phone.remote.source], now=NOW)

    now = _rounds(world, start=NOW + 5 * MINUTE)
    cancel_appointment(appointment, now=now)
    _rounds(world, start=now)

    assert (_questions(), list(world.server.objects(phone.remote.url).values())) == ([], [duplicate])
    assert world.blocked() == [(NINE, NINE + HOUR / 2)]


def test_an_event_that_comes_to_lie_on_an_appointment_is_asked_about_once(
    world: World, appointment: Appointment, home: RemoteCalendar
) -> None:
    set_blocking_sources(world.member, [home.source], now=NOW)
    world.server.put(home.url, event(start=NINE), name="dentist.ics")

    now = _rounds(world, start=NOW + 5 * MINUTE)
    [(kind, facts)] = _questions()
    world.server.put(home.url, event(start=NINE + 5 * HOUR), name="dentist.ics")
    _rounds(world, start=now)

    assert (kind, facts["event_starts_at"]) == (QuestionKind.CONFLICT, NINE.isoformat())
    assert (_questions(), _mails("question_conflict")) == ([], 1)


def test_a_copy_of_what_was_cancelled_that_comes_back_is_taken_away(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    text = phone.text
    cancel_appointment(appointment, now=NOW + 2 * MINUTE)
    now = _rounds(world, start=NOW + 5 * MINUTE)

    world.server.put(phone.remote.url, text, name="undone.ics")
    _rounds(world, start=now)

    assert (world.server.objects(phone.remote.url), _questions()) == ({}, [])


def test_what_is_done_to_a_copy_after_the_appointment_changes_nothing(
    world: World, appointment: Appointment, phone: Phone
) -> None:
    phone.remove()

    _rounds(world, start=NINE + 2 * HOUR)

    assert (_questions(), RemoteCopy.objects.count()) == ([], 0)


def test_an_object_the_server_rewrote_is_left_as_it_is(world: World, appointment: Appointment, phone: Phone) -> None:
    before = world.provider.calls["replace"]
    start = f"DTSTART;TZID=Europe/Berlin:{(NINE + HOUR):%Y%m%dT%H%M%S}"
    phone.edit(lambda text: text.replace(f"DTSTART:{_stamp(NINE)}", start).replace("TRANSP:OPAQUE\r\n", ""))

    _rounds(world, start=NOW + 5 * MINUTE)

    assert world.provider.calls["replace"] == before
    assert (start in phone.text, _questions()) == (True, [])


def test_servers_without_etags_are_settled_alike(world: World, home: RemoteCalendar, visit: Calendar) -> None:
    world.server.tells_etags = False
    booked = book_appointment(visit, starts_at=NINE, customer=ADA, now=NOW)
    world.push_all()
    now = _rounds(world, start=NOW + MINUTE, number=5)
    writes = world.provider.calls["replace"]
    phone = Phone(world, home)
    phone.move(LATER)

    _rounds(world, start=now)

    booked.refresh_from_db()
    assert (booked.starts_at, world.provider.calls["replace"] - writes) == (LATER, 1)


@pytest.fixture
def call(world: World, home: RemoteCalendar) -> OwnItem:
    """An own item, written and read back."""
    item = add_own_item(
        world.member.account,
        kind=OwnItemKind.SERVICE_CALL,
        title="Boiler at Berger's",
        starts_at=NINE,
        ends_at=NINE + HOUR,
        assignees=[world.member],
        now=NOW,
    )
    world.push_all()
    world.pull(now=NOW + MINUTE)
    return item


def test_an_own_item_is_written_and_blocks_once(world: World, call: OwnItem, phone: Phone) -> None:
    assert "SUMMARY:Boiler at Berger's" in phone.text
    assert world.blocked() == [(NINE, NINE + HOUR)]


def test_an_own_item_goes_where_it_is_moved_and_as_long_as_it_is_made(
    world: World, call: OwnItem, phone: Phone
) -> None:
    phone.move(NIGHT, length=2 * HOUR)

    _rounds(world, start=NOW + 5 * MINUTE)

    call.refresh_from_db()
    assert (call.starts_at, call.ends_at, _questions()) == (NIGHT, NIGHT + 2 * HOUR, [])
    assert world.blocked() == [(NIGHT, NIGHT + 2 * HOUR)]


def test_an_own_item_deleted_outside_is_removed(world: World, call: OwnItem, phone: Phone) -> None:
    phone.remove()

    _rounds(world, start=NOW + 5 * MINUTE)

    call.refresh_from_db()
    assert (call.removed_at is not None, _questions(), RemoteCopy.objects.count()) == (True, [], 0)


@pytest.mark.parametrize(("kinds", "there"), [([], 0), (["block"], 1)])
def test_blocked_time_is_written_only_if_its_owner_says_so(
    world: World, home: RemoteCalendar, kinds: list[str], there: int
) -> None:
    _set(world, pushed_kinds=kinds)
    add_own_item(
        world.member.account,
        kind=OwnItemKind.BLOCK,
        title="",
        starts_at=NINE,
        ends_at=NINE + HOUR,
        assignees=[world.member],
        now=NOW,
    )

    _rounds(world, start=NOW)

    assert len(world.server.objects(home.url)) == there


def test_a_date_without_a_time_is_a_free_event_of_the_whole_day(world: World, home: RemoteCalendar) -> None:
    _set(world, pushed_kinds=["to_do"])
    midnight = datetime(2026, 11, 24, tzinfo=ZoneInfo(str(world.member.user.time_zone)))
    add_own_item(
        world.member.account,
        kind=OwnItemKind.TO_DO,
        title="Tax",
        starts_at=midnight,
        ends_at=midnight + timedelta(days=1),
        all_day=True,
        assignees=[world.member],
        now=NOW,
    )
    writes = world.provider.calls["replace"]

    _rounds(world, start=NOW)

    [text] = world.server.objects(home.url).values()
    lines = ("DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261125", "TRANSP:TRANSPARENT")
    assert all(line in text for line in lines)
    assert (world.provider.calls["replace"], _questions(), world.blocked()) == (writes, [], [])


def _lose_answer(world: World, method: str) -> None:
    world.provider.fail(method, TemporarilyUnavailable("The answer was cut off."), applied=True)


@pytest.mark.parametrize("looked_first", [True, False])
@pytest.mark.parametrize("then", [LATER + HOUR, NINE], ids=["on", "back"])
def test_a_write_whose_answer_was_lost_is_not_taken_for_a_move_of_the_host(
    world: World, appointment: Appointment, phone: Phone, then: datetime, *, looked_first: bool
) -> None:
    _lose_answer(world, "replace")
    reschedule_appointment(appointment, starts_at=LATER, now=NOW + 2 * MINUTE)
    world.push_all(now=NOW + 2 * MINUTE)
    appointment.refresh_from_db()
    reschedule_appointment(appointment, starts_at=then, now=NOW + 3 * MINUTE)

    if not looked_first:
        world.push_all(now=NOW + 20 * MINUTE)
    _rounds(world, start=NOW + 20 * MINUTE)

    appointment.refresh_from_db()
    assert (appointment.starts_at, _questions()) == (then, [])
    assert f"DTSTART:{_stamp(then)}" in phone.text
    assert not PendingPush.objects.exists()


def test_without_etags_a_write_whose_answer_was_lost_is_not_fought_over(
    world: World, home: RemoteCalendar, visit: Calendar, phone: Phone
) -> None:
    world.server.tells_etags = False
    booked = book_appointment(visit, starts_at=NINE, customer=ADA, now=NOW)
    world.push_all()
    _lose_answer(world, "replace")
    reschedule_appointment(booked, starts_at=LATER, now=NOW + 2 * MINUTE)
    world.push_all(now=NOW + 2 * MINUTE)
    reschedule_appointment(booked, starts_at=LATER + HOUR, now=NOW + 3 * MINUTE)

    world.push_all(now=NOW + 20 * MINUTE)

    assert f"DTSTART:{_stamp(LATER + HOUR)}" in phone.text
    assert (PendingPush.objects.exists(), _questions()) == (False, [])


def test_a_copy_found_after_a_lost_answer_and_then_moved_is_followed(
    world: World, home: RemoteCalendar, visit: Calendar, phone: Phone
) -> None:
    _lose_answer(world, "create")
    booked = book_appointment(visit, starts_at=NINE, customer=ADA, now=NOW)
    world.push_all()
    world.pull(now=NOW)
    phone.move(LATER)

    world.push_all(now=NOW + 10 * MINUTE)
    _rounds(world, start=NOW + 11 * MINUTE)

    booked.refresh_from_db()
    assert (booked.starts_at, _questions()) == (LATER, [])


def test_a_copy_found_after_a_lost_answer_moved_here_and_there_keeps_ours_and_tells_the_host(
    world: World, home: RemoteCalendar, visit: Calendar, phone: Phone
) -> None:
    _lose_answer(world, "create")
    booked = book_appointment(visit, starts_at=NINE, customer=ADA, now=NOW)
    world.push_all()
    reschedule_appointment(booked, starts_at=LATER, now=NOW)
    world.pull(now=NOW)
    phone.move(LATER + HOUR)

    world.push_all(now=NOW + 10 * MINUTE)
    _rounds(world, start=NOW + 11 * MINUTE)

    booked.refresh_from_db()
    [(kind, facts)] = _questions()
    assert (booked.starts_at, kind, facts["reason"]) == (LATER, QuestionKind.PUT_BACK, "changed_here")


def test_a_copy_carried_off_before_it_was_known_goes_with_its_appointment(
    world: World, home: RemoteCalendar, visit: Calendar, phone: Phone
) -> None:
    other = world.add_calendar("Other")
    world.pull()
    _lose_answer(world, "create")
    booked = book_appointment(visit, starts_at=NINE, customer=ADA, now=NOW)
    world.push_all()
    phone.carry(other)
    now = _rounds(world, start=NOW + 11 * MINUTE)

    cancel_appointment(booked, now=now)
    _rounds(world, start=now)

    assert (world.server.objects(home.url), world.server.objects(other.url)) == ({}, {})


def test_a_copy_carried_off_while_another_primary_was_chosen_leaves_no_ghost(
    world: World, appointment: Appointment, home: RemoteCalendar, phone: Phone
) -> None:
    other, third = world.add_calendar("Other"), world.add_calendar("Third")
    world.pull(now=NOW + 2 * MINUTE)
    set_primary(world.member, third, now=NOW + 3 * MINUTE)
    phone.carry(other)
    now = _rounds(world, start=NOW + 11 * MINUTE)
    assert len(world.server.objects(third.url)) == 1

    cancel_appointment(appointment, now=now)
    _rounds(world, start=now)

    assert [world.server.objects(one.url) for one in (home, other, third)] == [{}, {}, {}]


def test_a_write_that_arrives_after_its_place_was_given_up_is_taken_away(
    world: World, home: RemoteCalendar, visit: Calendar
) -> None:
    """Nobody knew how it ended, and it was not there yet when the former primary was cleared."""
    third = world.add_calendar("Third")
    world.pull()
    world.provider.fail("create", TemporarilyUnavailable("The answer was cut off."))
    booked = book_appointment(visit, starts_at=NINE, customer=ADA, now=NOW)
    world.push_all()
    set_primary(world.member, third, now=NOW + MINUTE)
    world.push_all(now=NOW + MINUTE)

    uid = remote_uid_of(booked.uid)
    world.server.put(home.url, event(uid=uid, end=NINE + HOUR / 2), name=f"{uid}.ics")
    _rounds(world, start=NOW + 11 * MINUTE)

    assert (world.server.objects(home.url), len(world.server.objects(third.url))) == ({}, 1)
