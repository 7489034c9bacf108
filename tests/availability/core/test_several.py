"""Several hosts at once: exactly what they have open one by one, put together."""

from hypothesis import given
from hypothesis import strategies as st

from availability.core.rules import HostTimes
from availability.core.several import all_starts, any_starts

from .by_minutes import lengthened, lengthened_terms, lengths_of_a_minute, rules, situations, spans


@st.composite
def teams(draw: st.DrawFn) -> list[dict]:
    """Up to five hosts, most of whom share their hours with somebody: such hosts are looked at together."""
    shared = draw(situations)["windows"]
    team = draw(st.lists(situations, min_size=1, max_size=5))
    return [one | {"windows": shared} if draw(st.booleans()) else one for one in team]


def lay_out(team, rules, span, seconds):
    """The hosts, what to ask about them, and the starts of each alone."""
    hosts = [HostTimes(**lengthened(one, seconds)) for one in team]
    terms = lengthened_terms(rules, span, seconds)
    return hosts, terms, [set(host.open_starts(**terms)) for host in hosts]


@given(teams(), rules, spans, lengths_of_a_minute)
def test_starts_at_any_host_are_those_of_everybody_put_together(team, rules, span, seconds):
    hosts, terms, one_by_one = lay_out(team, rules, span, seconds)

    assert any_starts(hosts, **terms) == tuple(sorted(set.union(*one_by_one)))


@given(teams(), rules, spans, lengths_of_a_minute)
def test_starts_at_all_hosts_are_those_that_everybody_has(team, rules, span, seconds):
    hosts, terms, one_by_one = lay_out(team, rules, span, seconds)

    assert all_starts(hosts, **terms) == tuple(sorted(set.intersection(*one_by_one)))


@given(rules, spans)
def test_nobody_has_no_starts(rules, span):
    assert (any_starts([], rules=rules, span=span), all_starts([], rules=rules, span=span)) == ((), ())
