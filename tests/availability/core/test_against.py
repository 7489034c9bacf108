import pytest

from availability.core.against import fingerprint
from availability.core.explain import Verdict
from availability.core.intervals import Interval
from availability.core.rules import Reason, ReasonCode

BOOKED = Reason(ReasonCode.BOOKED, "one", Interval(0, 60))
AGAIN = Reason(ReasonCode.BOOKED, "another", Interval(0, 60))
EVENT = Reason(ReasonCode.EVENT, 7, Interval(0, 60))
NOTICE = Reason(ReasonCode.NOTICE)


def of(*reasons, hosts=None, keys=(1,)):
    return fingerprint(Verdict(0, reasons, hosts or {}, is_open=False), keys)


def test_the_order_of_the_reasons_does_not_matter():
    assert of(hosts={1: (BOOKED, EVENT)}) == of(hosts={1: (EVENT, BOOKED)})


def test_an_event_that_was_read_again_is_the_same_reason():
    assert of(hosts={1: (EVENT,)}) == of(hosts={1: (EVENT._replace(source=8),)})


@pytest.mark.parametrize(
    "other",
    [
        {},
        {1: (EVENT,)},
        {1: (BOOKED, AGAIN)},
        {1: (BOOKED._replace(interval=Interval(0, 61)),)},
    ],
)
def test_anything_else_is_another(other):
    assert of(hosts={1: (BOOKED,)}) != of(hosts=other)


def test_reasons_of_the_calendar_count():
    assert of(NOTICE) != of()


def test_what_stands_against_others_does_not_count():
    assert of(hosts={1: (BOOKED,), 2: (EVENT,)}) == of(hosts={1: (BOOKED,)})


def test_what_is_said_elsewhere_or_only_hides_does_not_count():
    lead = Reason(ReasonCode.ROUND_ROBIN_LEAD, 1)
    plain = of(hosts={1: (BOOKED,)})

    assert of(Reason(ReasonCode.COLLECTIVE, 2), Reason(ReasonCode.LOOK_BUSY), hosts={1: (BOOKED, lead)}) == plain
