"""What each step may come to, by the reference model."""

import copy
from collections.abc import Sequence

from tests.flows.booking_model import ANSWERED_WITHIN, Model, Op, Outcome, Visit

_NO_CHANGE = Outcome()


def explanations(model: Model, steps: Sequence[tuple[Op, Outcome]]) -> list[Model]:
    """The model after these steps, taken at once: one for each order of them that explains what came out."""
    at_once = len(steps) > 1
    found = []
    for order in [steps, steps[::-1]] if at_once else [steps]:
        after = copy.deepcopy(model)
        if all(_may_be(after, op, outcome, model if at_once else None) for op, outcome in order):
            found.append(after)
    return found


def _may_be(model: Model, op: Op, outcome: Outcome, before: Model | None) -> bool:
    """Whether ``op`` may come to this; if so it is kept. ``before``: how it was before the steps taken at once."""
    return _RULES[op.kind](model, op, outcome, before)


def _book(model: Model, op: Op, outcome: Outcome, before: Model | None) -> bool:
    page = model.pages[op.page]
    besides = {op.hold} if op.hold else set()
    if outcome.error:
        return outcome.error == "SlotTaken" and _may_refuse(model, op, besides, before)
    if not _may_take(model, op, outcome, besides):
        return False
    model.free(*besides)
    pending = page.approval and not op.by_staff
    expires = min(model.now + ANSWERED_WITHIN, op.start) if pending else None
    visit = Visit(op.page, op.start, outcome.hosts, "pending" if pending else "confirmed", expires)
    model.visits[op.label] = visit
    model.give(op.label, op.page, op.start, outcome.hosts)
    model.note(visit, "requested" if pending else "booked", op)
    return True


def _hold(model: Model, op: Op, outcome: Outcome, before: Model | None) -> bool:
    if outcome.error:
        return outcome.error == "SlotTaken" and _may_refuse(model, op, set(), before)
    if not outcome.kept:
        # holds take their share of that day already
        return True
    if not _may_take(model, op, outcome, set()):
        return False
    model.holds[op.label] = (op.page, op.start)
    model.give(op.label, op.page, op.start, outcome.hosts)
    return True


def _give_up(model: Model, op: Op, outcome: Outcome, before: Model | None) -> bool:
    model.free(op.label)
    return not outcome.error


def _overbook(model: Model, op: Op, outcome: Outcome, before: Model | None) -> bool:
    if not _may_overbook(model, op, outcome):
        return False
    if not outcome.error:
        visit = Visit(op.page, op.start, outcome.hosts, "confirmed", None)
        model.visits[op.label] = visit
        model.give(op.label, op.page, op.start, outcome.hosts)
        model.note(visit, "booked", op)
    return True


def _reschedule(model: Model, op: Op, outcome: Outcome, before: Model | None) -> bool:
    visit = model.visits[op.label]
    if closed := _closed(model, visit):
        return outcome.error == closed
    if op.start == visit.start and op.host in (None, visit.hosts[0]):
        return outcome == _NO_CHANGE._replace(hosts=visit.hosts)
    if op.kind == "overbook_move":
        allowed = _may_overbook(model, op._replace(host=visit.hosts[0] if op.host is None else op.host), outcome)
    elif outcome.error:
        allowed = outcome.error == "SlotTaken" and _may_refuse(model, op, {op.label}, before)
    else:
        allowed = _may_take(model, op, outcome, {op.label})
    if allowed and not outcome.error:
        _move(model, op, visit, outcome)
    return allowed


def _move(model: Model, op: Op, visit: Visit, outcome: Outcome) -> None:
    former = visit.hosts
    model.free(op.label)
    visit.start, visit.hosts = op.start, outcome.hosts
    model.give(op.label, visit.page, op.start, visit.hosts)
    visit.sequence += 1
    asked = model.pages[visit.page].approval and not op.by_staff
    visit.status = "pending" if asked or visit.is_pending else "confirmed"
    visit.expires = min(model.now + ANSWERED_WITHIN, op.start) if visit.is_pending else None
    model.note(visit, "rescheduled", op, former)


def _cancel(model: Model, op: Op, outcome: Outcome, before: Model | None) -> bool:
    visit = model.visits[op.label]
    if visit.status == "cancelled":
        return not outcome.error
    if closed := _closed(model, visit):
        return outcome.error == closed
    _close(model, op, "cancelled")
    return not outcome.error


def _confirm(model: Model, op: Op, outcome: Outcome, before: Model | None) -> bool:
    visit = model.visits[op.label]
    if visit.is_active and not visit.is_pending:
        return not outcome.error
    if closed := _closed(model, visit) or _run_out(model, visit):
        return outcome.error == closed
    visit.status, visit.expires = "confirmed", None
    visit.sequence += 1
    model.note(visit, "confirmed", op)
    return not outcome.error


def _decline(model: Model, op: Op, outcome: Outcome, before: Model | None) -> bool:
    visit = model.visits[op.label]
    if visit.status == "declined":
        return not outcome.error
    not_pending = "" if visit.is_pending else "NotPending"
    if closed := _closed(model, visit) or not_pending or _run_out(model, visit):
        return outcome.error == closed
    _close(model, op, "declined")
    return not outcome.error


def _expire(model: Model, op: Op, outcome: Outcome, before: Model | None) -> bool:
    for label, visit in model.visits.items():
        if visit.is_pending and _run_out(model, visit):
            _close(model, op._replace(label=label), "expired")
    return not outcome.error


def _attend(model: Model, op: Op, outcome: Outcome, before: Model | None) -> bool:
    visit = model.visits[op.label]
    if not visit.is_active or visit.is_pending:
        return outcome.error == ("NotConfirmed" if visit.is_pending else "AlreadyClosed")
    if model.now < visit.start:
        return outcome.error == "NotBegun"
    mark = {True: "showed", False: "no_show", None: "confirmed"}[op.came]
    if mark != visit.status:
        visit.status = mark
        visit.steps.append((mark if op.came is not None else "attendance_open", visit.sequence))
    return not outcome.error


def _close(model: Model, op: Op, how: str) -> None:
    visit = model.visits[op.label]
    visit.status = how
    visit.sequence += 1
    model.free(op.label)
    model.note(visit, how, op)


def _closed(model: Model, visit: Visit) -> str:
    if not visit.is_active:
        return "AlreadyClosed"
    return "AlreadyOver" if visit.start + model.pages[visit.page].minutes <= model.now else ""


def _run_out(model: Model, visit: Visit) -> str:
    return "AlreadyClosed" if visit.expires is not None and visit.expires <= model.now else ""


def _may_take(model: Model, op: Op, outcome: Outcome, besides: set[str]) -> bool:
    page = model.pages[op.page]
    right = set(outcome.hosts) == set(page.hosts) if page.takes_all else len(outcome.hosts) == 1
    named = op.host is None or outcome.hosts == (op.host,)
    free = all(model.is_free(op.page, host, op.start, besides) for host in outcome.hosts)
    return right and named and free and set(outcome.hosts) <= set(page.hosts) and op.start >= model.now


def _may_refuse(model: Model, op: Op, besides: set[str], before: Model | None) -> bool:
    """Nobody was free, each before or after what happened at once: who looks at one looks away from the other."""
    page = model.pages[op.page]
    if op.start < model.now:
        return True
    asked = page.hosts if op.host is None else (op.host,)
    states = [model] if before is None else [model, before]
    busy = [any(not state.is_free(op.page, host, op.start, besides) for state in states) for host in asked]
    return any(busy) if page.takes_all else all(busy)


def _may_overbook(model: Model, op: Op, outcome: Outcome) -> bool:
    """Always, but for a class: its seats are counted, and no session begins within another's time."""
    page = model.pages[op.page]
    if not page.seats:
        expected = set(page.hosts) if page.takes_all else {page.hosts[0] if op.host is None else op.host}
        return not outcome.error and set(outcome.hosts) == expected
    (host,) = page.hosts
    session = model.seats.get((op.page, op.start), frozenset()) - {op.label}
    wanted = model.stretch(op.page, host, op.start)
    clash = any(one.exclusive and one.overlaps(wanted) for one in model.taken(host, {op.label}))
    possible = len(session) < page.seats if session else not clash
    return outcome.error == ("" if possible else "SlotTaken")


_RULES = {
    "book": _book,
    "hold": _hold,
    "release": _give_up,
    "lapse": _give_up,
    "overbook": _overbook,
    "reschedule": _reschedule,
    "overbook_move": _reschedule,
    "cancel": _cancel,
    "confirm": _confirm,
    "decline": _decline,
    "expire": _expire,
    "attend": _attend,
}
