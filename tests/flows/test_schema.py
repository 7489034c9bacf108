"""The JSON interface keeps to its own description, whatever is sent: schemathesis makes the requests.

``HOLDFAST_EXAMPLES`` says how many each operation is tried with; ``--hypothesis-seed`` chooses others.
"""

import os
from collections import Counter
from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from config.wsgi import application
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
EXAMPLES = int(os.environ.get("HOLDFAST_EXAMPLES", "150"))
SLOTS = "/api/v1/calendars/{account}/{calendar}/slots"
APPOINTMENTS = "/api/v1/calendars/{account}/{calendar}/appointments"
OPERATIONS = [(SLOTS, "get", {200, 404, 422}), (APPOINTMENTS, "post", {201, 404, 409, 422, 429})]
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.unsupported_method,
]
MODES = list(schemathesis.GenerationMode)


@pytest.fixture
def description(transactional_db):
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def calendars(monkeypatch, limits_on):
    """One that takes bookings, and one with nobody; e-mail addresses meet their limit."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    del limits_on["book-address"], limits_on["book-account"]
    limits_on["book-email"] = (2, 86_400)
    return [CalendarMemberFactory().calendar, CalendarFactory()]


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method", "statuses"), OPERATIONS)
def test_every_answer_is_one_the_description_names(description, calendars, path, method, statuses, mode):
    operation, met = description[path][method], Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), place=st.sampled_from([*calendars, None]), data=st.data())
    def answers_as_described(case, place, data):
        if place:
            case.path_parameters = {"account": place.account.slug, "calendar": place.slug}
        case.headers["Accept-Encoding"] = "identity"
        if data.draw(st.booleans()):
            _ask_in_earnest(case, data)
        met[case.call_and_validate(checks=CHECKS).status_code] += 1

    answers_as_described()

    assert set(met) == statuses


def _ask_in_earnest(case, data):
    """What a well-meaning client sends, so that bookings, taken times, repeats and limits come up as well."""
    if case.method == "GET":
        days = data.draw(st.lists(st.dates(NOW.date(), NOW.date() + timedelta(days=40)), min_size=2, max_size=2))
        case.query = dict(zip(("start", "end"), map(str, sorted(days)), strict=True))
        return
    case.headers["Idempotency-Key"] = data.draw(st.uuids().map(str) | st.just("the same"))
    case.body = {
        "start": (NOW + data.draw(st.integers(2, 16)) * timedelta(minutes=30)).isoformat(),
        "name": "Ada",
        "email": data.draw(st.sampled_from(["ada@example.org", "ida@example.org", "eve@example.org"])),
    }
