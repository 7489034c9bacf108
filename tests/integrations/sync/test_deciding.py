"""What a copy that was changed outside means: every case of the table, without rows or servers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.ports import SeenCopy
from integrations.sync.deciding import Decided, Reason, Situation, Span, Step, decide, stands_as

HOUR = timedelta(hours=1)
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
WANTED = Span(NINE, NINE + HOUR)
LATER = Span(NINE + 2 * HOUR, NINE + 3 * HOUR)
LATEST = Span(NINE + 4 * HOUR, NINE + 5 * HOUR)
PLAIN = SeenCopy(WANTED.starts_at, WANTED.ends_at, all_day=False, recurs=False, transparent=False, cancelled=False)


def seen(span: Span | None = WANTED, **marks: bool) -> SeenCopy:
    times = (span.starts_at, span.ends_at) if span else (None, None)
    return replace(PLAIN, starts_at=times[0], ends_at=times[1], **marks)


def situation(there: SeenCopy, **facts: Any) -> Situation:
    known = {"wanted": WANTED, "written": WANTED, "now": NINE - HOUR, "may_move": True}
    return Situation(seen=there, **{**known, **facts})


CASES = [
    ("as we wrote it", situation(seen()), Decided(Step.LEAVE)),
    ("moved by its host", situation(seen(LATER)), Decided(Step.MOVE, None, LATER)),
    ("moved, and one-way", situation(seen(LATER), may_move=False), Decided(Step.PUT_BACK, Reason.ONE_WAY, LATER)),
    (
        "moved by another than the lead",
        situation(seen(LATER), leads=False),
        Decided(Step.PUT_BACK, Reason.NOT_LEAD, LATER),
    ),
    ("a class moved", situation(seen(LATER), is_session=True), Decided(Step.PUT_BACK, Reason.CLASS, LATER)),
    (
        "lengthened",
        situation(seen(Span(NINE, NINE + 2 * HOUR))),
        Decided(Step.PUT_BACK, Reason.LENGTH, Span(NINE, NINE + 2 * HOUR)),
    ),
    ("moved here, not yet written", situation(seen(), wanted=LATER), Decided(Step.WRITE)),
    ("moved here and there alike", situation(seen(LATER), wanted=LATER), Decided(Step.LEAVE)),
    (
        "moved here and there apart",
        situation(seen(LATEST), wanted=LATER),
        Decided(Step.PUT_BACK, Reason.CHANGED_HERE, LATEST),
    ),
    ("moved, what we wrote is unknown", situation(seen(LATER), written=None), Decided(Step.MOVE, None, LATER)),
    (
        "other than wanted, what we wrote is unknown and a push waits",
        situation(seen(LATER), written=None, is_behind=True),
        Decided(Step.WRITE),
    ),
    (
        "as a try left it of which nobody knows how it ended",
        situation(seen(LATER), wanted=LATEST, tried=(LATER, LATEST)),
        Decided(Step.WRITE),
    ),
    ("as a try left it, ours back since", situation(seen(LATER), tried=(LATER,)), Decided(Step.WRITE)),
    (
        "as a try left it, free then",
        situation(seen(transparent=True), tried=(WANTED._replace(free=True),)),
        Decided(Step.WRITE),
    ),
    ("moved, and otherwise than we tried", situation(seen(LATEST), tried=(LATER,)), Decided(Step.MOVE, None, LATEST)),
    ("marked as cancelled", situation(seen(cancelled=True)), Decided(Step.DELETED)),
    ("moved and marked as cancelled", situation(seen(LATER, cancelled=True)), Decided(Step.DELETED)),
    ("made a series", situation(seen(recurs=True)), Decided(Step.PUT_BACK, Reason.REPEATS, WANTED)),
    (
        "made a whole day",
        situation(seen(LATER, all_day=True)),
        Decided(Step.PUT_BACK, Reason.ALL_DAY, LATER._replace(all_day=True)),
    ),
    (
        "marked as free",
        situation(seen(transparent=True)),
        Decided(Step.PUT_BACK, Reason.FREE, WANTED._replace(free=True)),
    ),
    ("not to be understood", situation(seen(None)), Decided(Step.PUT_BACK, Reason.CANNOT_BE_READ)),
    (
        "an own item lengthened",
        situation(seen(Span(NINE, NINE + 2 * HOUR)), is_own=True),
        Decided(Step.MOVE, None, Span(NINE, NINE + 2 * HOUR)),
    ),
    (
        "an own item of whole days, as we wrote it",
        situation(seen(all_day=True, transparent=True), wanted=WANTED._replace(free=True, all_day=True), is_own=True),
        Decided(Step.LEAVE),
    ),
    ("over, and moved", situation(seen(LATER), now=WANTED.ends_at), Decided(Step.LEAVE)),
    ("over, and marked as cancelled", situation(seen(cancelled=True), now=WANTED.ends_at), Decided(Step.LEAVE)),
    ("of an item that is no more", situation(seen(LATER), wanted=None), Decided(Step.REMOVE)),
]


@pytest.mark.parametrize(("there", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_copy(there: Situation, expected: Decided) -> None:
    assert decide(there) == expected


@pytest.mark.parametrize(
    ("there", "stands"),
    [
        (seen(), True),
        (seen(LATER), False),
        (seen(None), False),
        (seen(cancelled=True), False),
        (seen(transparent=True), False),
        (seen(recurs=True), False),
    ],
)
def test_a_copy_stands_as_written_when_nothing_we_own_was_changed(there: SeenCopy, *, stands: bool) -> None:
    assert stands_as(there, WANTED) is stands
