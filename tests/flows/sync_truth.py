"""What must hold after any trial of the sync, whatever happened on the way."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from accounts.models import OutgoingMail
from availability.models import BusyTime
from availability.queries.conflicts import conflicts_of
from bookings.models import Appointment, AppointmentChange, ChangeKind, Who
from integrations.models import (
    Decision,
    JournalEntry,
    OpenQuestion,
    QuestionKind,
    RemoteCopy,
    WhenDeleted,
)
from tests.flows.sync_ledger import Booking, Edit, Kind, Ledger, Span, item_of
from tests.flows.sync_phone import span_of
from tests.flows.sync_world import Host, SyncWorld
from tests.servers.fault_caldav import Calendar

# the site settles these by itself at most so often, then it asks
_PUT_BACKS = 3
_MANY = 3
_DELETION = (Decision.ASKED, Decision.CANCELLED, Decision.WRITTEN_BACK, Decision.LEFT_OUT)


class Watch:
    """While a trial goes on: what was read once, and is to be read, and has not changed, is never forgotten."""

    def __init__(self, world: SyncWorld, ledger: Ledger) -> None:
        self._world, self._ledger = world, ledger
        self._known: dict[str, int] = {}

    def look(self, now: datetime) -> None:
        stored = stored_busy_times()
        read = tuple(calendar.path for calendar in _calendars(self._world) if self._world.is_read(calendar))
        for path, version in list(self._known.items()):
            event = self._ledger.events.get(path)
            if event is None or event.version != version or not path.startswith(read):
                del self._known[path]
            else:
                assert stored.get(path) == event.busy, f"{path} is forgotten although nobody touched it"
        events = self._ledger.events.items()
        self._known |= {path: event.version for path, event in events if event.busy and stored.get(path) == event.busy}


def demand_truth(world: SyncWorld, ledger: Ledger, *, now: datetime, is_calm: bool) -> None:
    """Raises AssertionError for the first promise that is broken."""
    active = {one.uid: one for one in Appointment.objects.active().prefetch_related("further_hosts")}
    _demand_no_double_booking(active)
    _demand_bookings_kept(ledger, active)
    _demand_own_events_untouched(world, ledger)
    _demand_busy_times(world, ledger)
    _demand_conflicts_asked(world, now)
    for host in world.hosts:
        _demand_copies(world, ledger, host, active)
    _demand_deletions_believed_rightly(ledger)
    _demand_nothing_told_twice(ledger)
    if is_calm:
        _demand_brake(world, ledger)
    _demand_few_writes(world, ledger)


def stored_busy_times() -> dict[str, frozenset[Span]]:
    """By the path of the event that blocks."""
    found: dict[str, set[Span]] = defaultdict(set)
    for group, start, end in BusyTime.objects.filter(blocks=True).values_list("group", "start", "end"):
        found[group].add((start, end))
    return {group: frozenset(spans) for group, spans in found.items()}


def hosts_of(appointment: Appointment) -> set[int]:
    return {appointment.host_id, *(one.pk for one in appointment.further_hosts.all())}


def _demand_no_double_booking(active: dict[UUID, Appointment]) -> None:
    taken: dict[int, list[Appointment]] = defaultdict(list)
    for appointment in sorted(active.values(), key=lambda one: one.starts_at):
        for host in hosts_of(appointment):
            before = taken[host][-1] if taken[host] else None
            assert before is None or before.ends_at <= appointment.starts_at, f"{before} and {appointment} overlap"
            taken[host].append(appointment)


def _demand_bookings_kept(ledger: Ledger, active: dict[UUID, Appointment]) -> None:
    there = dict(Appointment.objects.values_list("uid", "starts_at"))
    outside = AppointmentChange.objects.filter(who=Who.OUTSIDE)
    cancelled = set(outside.filter(kind=ChangeKind.CANCELLED).values_list("appointment__uid", flat=True))
    for uid, booking in ledger.bookings.items():
        assert uid in there, f"{uid} was acknowledged and is not there"
        removed = any(edit.kind is Kind.REMOVED for edit in booking.edits)
        if uid not in active:
            assert booking.is_cancelled or (uid in cancelled and removed), f"{uid} is closed, and nobody wanted that"
        moves = {edit.span[0] for edit in booking.edits if edit.span is not None}
        if uid in active and booking.times and not moves:
            assert there[uid] in booking.times[-2:], f"{uid} stands at {there[uid]}, where nobody put it"
        assert not booking.times or there[uid] in {*booking.times, *moves}, f"{uid} stands where nobody put it"


def _demand_own_events_untouched(world: SyncWorld, ledger: Ledger) -> None:
    there = {
        calendar.path + name: stored.text.decode()
        for calendar in _calendars(world)
        for name, stored in calendar.objects.items()
        if item_of(stored.uid) is None
    }
    assert there == {path: event.text for path, event in ledger.events.items()}, "somebody touched a foreign event"


def _demand_busy_times(world: SyncWorld, ledger: Ledger) -> None:
    read = tuple(calendar.path for calendar in _calendars(world) if world.is_read(calendar))
    expected = {path: event.busy for path, event in ledger.events.items() if event.busy and path.startswith(read)}
    stored = stored_busy_times()
    assert stored == expected, f"blocked: {stored}, expected: {expected}"


def _demand_conflicts_asked(world: SyncWorld, now: datetime) -> None:
    duplicates = set(JournalEntry.objects.filter(decision=Decision.DUPLICATE).values_list("item_uid", flat=True))
    asked = OpenQuestion.objects.filter(kind=QuestionKind.CONFLICT)
    for host in world.hosts:
        about = set(asked.open().filter(user=host.member.user_id).values_list("item_uid", flat=True))
        for conflict in conflicts_of(host.member.user, now=now):
            known = conflict.item_uid in about | duplicates
            assert known, f"{conflict.item_uid} lies on {conflict.group}, and nobody is asked"


def _demand_copies(world: SyncWorld, ledger: Ledger, host: Host, active: dict[UUID, Appointment]) -> None:
    lying = list(_copies(host))
    for calendar, name, uid in lying:
        wanted = uid in active and host.member.pk in hosts_of(active[uid])
        # nobody reads where its owner hid it
        assert wanted or not world.is_read(calendar), f"a ghost of {uid} lies at {calendar.path}{name}"
    for uid, appointment in active.items():
        if host.member.pk in hosts_of(appointment):
            mine = [(calendar, name) for calendar, name, item in lying if item == uid]
            booking = ledger.bookings.get(uid, Booking([]))
            _demand_one_copy(world, ledger, host, appointment, mine, booking)


def _demand_one_copy(
    world: SyncWorld,
    ledger: Ledger,
    host: Host,
    appointment: Appointment,
    mine: list[tuple[Calendar, str]],
    booking: Booking,
) -> None:
    uid, index = appointment.uid, world.hosts.index(host)
    edits = booking.edits_of(index)
    most = 1 + _carried_unseen(uid, host, edits)
    assert len(mine) <= most, f"{uid} lies there more than once: {[calendar.path + name for calendar, name in mine]}"
    if not mine:
        removed = any(edit.kind is Kind.REMOVED for edit in edits)
        assert removed, f"{uid} has no copy, and nobody removed it"
        assert _stands_without_copy(uid, host), f"{uid} has no copy, and nobody is asked"
        return
    if len(mine) > 1:
        return
    [(calendar, name)] = mine
    carried = [edit.into for edit in edits if edit.kind is Kind.CARRIED]
    assert any(calendar is one for one in (host.primary, *carried)), f"{uid} lies in {calendar.slug}"
    text = calendar.objects[name].text.decode()
    is_followed = world.is_read(calendar)
    if span_of(text) != (appointment.starts_at, appointment.ends_at) and is_followed:
        assert _is_restless(uid, edits), f"{uid} lies there at {span_of(text)} and stands at {appointment.starts_at}"
    _demand_notes(uid, edits, text)
    if is_followed:
        _demand_moves_answered(uid, edits, appointment)
        _demand_deletion_asked(ledger, host, uid, edits)


def _carried_unseen(uid: UUID, host: Host, edits: list[Edit]) -> int:
    """Carried off before we knew that it lies there, or when it was to leave for another primary before we had
    followed: it is written once more, and the one carried off is its owner's until the appointment goes.
    """
    carried = [edit for edit in edits if edit.kind is Kind.CARRIED]
    unknown = sum(not edit.known for edit in carried)
    if not any(edit.kind is Kind.ANEW for edit in edits):
        return unknown
    mine = JournalEntry.objects.filter(connection__user=host.member.user_id, item_uid=uid)
    return max(unknown, len(carried) - mine.filter(decision=Decision.ELSEWHERE).count())


def _demand_notes(uid: UUID, edits: list[Edit], text: str) -> None:
    """What was added to the copy since it was last removed."""
    if any(edit.kind is Kind.ANEW for edit in edits):
        return
    fresh = (number + 1 for number, edit in enumerate(edits) if edit.kind is Kind.REMOVED)
    for edit in edits[max(fresh, default=0) :]:
        assert edit.note in text, f"{edit.note} is lost from the copy of {uid}"


def _demand_moves_answered(uid: UUID, edits: list[Edit], appointment: Appointment) -> None:
    """Followed, put back and told, or overtaken by what was done to the copy later."""
    journal = JournalEntry.objects.filter(item_uid=uid)
    followed = {facts["starts_at"] for facts in journal.filter(decision=Decision.MOVED).values_list("facts", flat=True)}
    put_back = {
        facts.get("there_starts_at")
        for facts in journal.filter(decision=Decision.PUT_BACK).values_list("facts", flat=True)
    }
    if any(edit.kind is Kind.ANEW for edit in edits):
        # written into another calendar: what was done to the former copy meanwhile goes with it
        return
    changing = [edit for edit in edits if edit.kind is not Kind.NOTED]
    for edit in changing[-1:]:
        # what was moved before we knew that it lies there is written over
        if edit.span is None or not edit.known or edit.span == (appointment.starts_at, appointment.ends_at):
            continue
        assert edit.span[0].isoformat() in followed | put_back, f"the move of {uid} to {edit.span[0]} was overwritten"


def _demand_deletion_asked(ledger: Ledger, host: Host, uid: UUID, edits: list[Edit]) -> None:
    """Where the owner is to be asked, a copy that was removed for certain does not come back by itself."""
    policies = {account.connection.on_deletion for account in host.accounts}
    if policies != {WhenDeleted.ASK} or uid in ledger.late_creations or not edits:
        return
    assert edits[-1].kind is not Kind.REMOVED or not edits[-1].known, f"{uid} was removed, and written again unasked"


def _demand_deletions_believed_rightly(ledger: Ledger) -> None:
    believed = JournalEntry.objects.filter(decision__in=_DELETION).values_list("item_uid", "decision")
    for uid, decision in believed:
        edits = ledger.bookings.get(uid, Booking([])).edits if uid else []
        removed = any(edit.kind is Kind.REMOVED for edit in edits)
        assert removed, f"{uid} was taken for deleted ({decision}), and nobody did"


def _demand_nothing_told_twice(ledger: Ledger) -> None:
    mails = Counter(OutgoingMail.objects.values_list("subject_uid", "kind", "recipient", "sequence"))
    assert not mails or max(mails.values()) == 1
    for uid, booking in ledger.bookings.items():
        told = Counter(OutgoingMail.objects.filter(subject_uid=uid).values_list("kind", "recipient"))
        moves = len(booking.times) + sum(edit.kind is Kind.MOVED for edit in booking.edits)
        for (kind, recipient), number in told.items():
            most = moves if kind.endswith("rescheduled") else 1 + (moves if kind.startswith("host_") else 0)
            assert number <= most, f"{recipient} got {number} × {kind} about {uid}"
        asked = Counter(OpenQuestion.objects.filter(item_uid=uid).values_list("kind", "user"))
        for (kind, _user), number in asked.items():
            if kind in {QuestionKind.DELETED, QuestionKind.PUT_BACK}:
                assert number <= len(booking.edits), f"asked {number} times {kind} about {uid}"


def _demand_brake(world: SyncWorld, ledger: Ledger) -> None:
    outside = AppointmentChange.objects.filter(who=Who.OUTSIDE, kind=ChangeKind.CANCELLED)
    cancelled = set(outside.values_list("appointment__uid", flat=True)) & ledger.mass_removal
    assert len(cancelled) <= _MANY, f"{len(cancelled)} appointments were cancelled at once"


def _demand_few_writes(world: SyncWorld, ledger: Ledger) -> None:
    puts, most = len(world.server.puts), 3 * ledger.changes + 2 * ledger.trouble + 3
    assert puts <= most, f"{puts} writes for {ledger.changes} changes and {ledger.trouble} troubles"


def _calendars(world: SyncWorld) -> Iterator[Calendar]:
    for account in world.accounts:
        for calendar, _remote in account.folders:
            yield calendar


def _copies(host: Host) -> Iterator[tuple[Calendar, str, UUID]]:
    for account in host.accounts:
        for calendar, _remote in account.folders:
            for name, stored in calendar.objects.items():
                uid = item_of(stored.uid)
                if uid is not None:
                    yield calendar, name, uid


def _stands_without_copy(uid: UUID, host: Host) -> bool:
    """Its owner is asked, or has said so."""
    mine = OpenQuestion.objects.open().filter(user=host.member.user_id)
    asked = mine.filter(kind=QuestionKind.DELETED, item_uid=uid) | mine.filter(kind=QuestionKind.BRAKE)
    left_out = RemoteCopy.objects.filter(uid=uid, left_out_at__isnull=False)
    return asked.exists() or left_out.exists()


def _is_restless(uid: UUID, edits: list[Edit]) -> bool:
    moved = sum(edit.kind is Kind.MOVED for edit in edits)
    return moved > _PUT_BACKS and OpenQuestion.objects.open().filter(item_uid=uid, kind=QuestionKind.PUT_BACK).exists()
