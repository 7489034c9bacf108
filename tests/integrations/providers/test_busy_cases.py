"""The busy time of every case, by the default policy: tentative and unanswered block, declined and free do not."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from integrations.ports import Occurrence
from integrations.providers.caldav.expanding import expand
from integrations.providers.caldav.reading import reduce_object
from tests.integrations.providers.busy_cases import marks, recurring, replacing, spelling, times, zones
from tests.integrations.providers.busy_cases.case import ADA, Case

CASES = [*times.CASES, *recurring.CASES, *replacing.CASES, *zones.CASES, *marks.CASES, *spelling.CASES]


def merged(found: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    stretches: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(found):
        if stretches and begin <= stretches[-1][1]:
            first, last = stretches.pop()
            stretches.append((first, max(last, end)))
        else:
            stretches.append((begin, end))
    return stretches


def blocks(occurrence: Occurrence) -> bool:
    return not occurrence.transparent and occurrence.status != "cancelled" and occurrence.answer != "declined"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_object_means_the_busy_time_the_rfc_says(case: Case) -> None:
    low, high = case.window

    reduced = reduce_object(case.content, addresses=ADA)
    found = expand(reduced.text, start=low, end=high, zone=ZoneInfo(case.zone))

    cut = [(max(low, one.start), min(high, one.end)) for one in found if blocks(one)]
    assert " ".join(f"{begin:%m%dT%H%M}-{end:%m%dT%H%M}" for begin, end in merged(cut)) == case.busy


def test_no_two_cases_share_a_name() -> None:
    names = [case.name for case in CASES]

    assert len(names) == len(set(names)) >= 125
