"""Who gets an appointment and why, in words."""

from dataclasses import replace

import pytest
from django.utils import translation

from availability.core.assignment import DecidingRule
from availability.core.rules import ReasonCode
from availability.queries.explanation import Free
from availability.templatetags.assignment_words import free_words, in_the_way, priority_words, rule_words
from tests.availability.templatetags.test_reason_words import COLLEAGUE, EMIL, INES

ALONE = Free(hosts=(INES,), out_of=1, gets=INES, rule=DecidingRule.ONLY_ONE)
BOTH = Free(hosts=(INES, EMIL), out_of=3, gets=INES, rule=DecidingRule.PRIORITY)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en-gb"):
        yield


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        (None, ""),
        (ALONE, ""),
        (replace(ALONE, seats_left=1), "1 seat is left."),
        (replace(ALONE, seats_left=8), "8 seats are left."),
        (replace(ALONE, fixed=(EMIL,)), "Takes part as well: Emil."),
        (BOTH, "2 of 3 are free: Ines, Emil. Ines would get it: the highest priority."),
        (replace(ALONE, out_of=2), "1 of 2 is free: Ines. Ines would get it."),
        (
            replace(BOTH, hosts=(INES,) * 6, out_of=9, rule=DecidingRule.LEAST_BOOKED),
            "6 of 9 are free. Ines would get it: booked least this month.",
        ),
        (replace(BOTH, hosts=(INES, COLLEAGUE)), "Ines would get it: the highest priority."),
        (replace(BOTH, hosts=(INES, COLLEAGUE), gets=COLLEAGUE), ""),
        (Free(hosts=(INES, EMIL), out_of=2, gets=None, rule=DecidingRule.EVERYBODY), "Everybody is free."),
        (Free(hosts=(INES,), out_of=1, gets=None, rule=DecidingRule.EVERYBODY), ""),
    ],
)
def test_what_is_offered_says_who_is_free_and_who_would_get_it(free, expected):
    assert free_words(free) == expected


@pytest.mark.parametrize("rule", DecidingRule)
@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_every_rule_has_its_sentence(rule, language):
    with translation.override(language):
        assert rule_words(rule.value)
        assert "Ines" in free_words(replace(BOTH, rule=rule))


@pytest.mark.parametrize("code", ReasonCode)
def test_every_code_has_a_few_words(code):
    assert in_the_way([code.value])


def test_codes_are_put_in_a_row():
    assert in_the_way(["BOOKED", "HOURS"]) == "booked already, outside the hours"


def test_what_nobody_knows_any_more_is_left_unsaid():
    assert rule_words("by lot") == ""
    assert in_the_way(["ECLIPSE", "BOOKED"]) == "booked already"
    assert [priority_words(number) for number in (3, 2, 1, 0)] == [
        "High priority",
        "Medium priority",
        "Low priority",
        "",
    ]
