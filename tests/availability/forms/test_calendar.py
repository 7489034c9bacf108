"""The calendar editor: what is refused, with which sentence, at which field."""

from datetime import date, timedelta

import pytest

from availability.models import Calendar
from tests.availability.calendar_answers import answers, editor_with
from tests.factories import NOW, AccountFactory, CalendarFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
TYPES = ("simple", "class", "round_robin", "collective", "service")


@pytest.fixture
def account():
    return AccountFactory()


@pytest.fixture
def ines(account):
    return MemberFactory(account=account, user__name="Ines")


@pytest.fixture
def calendar(account):
    return CalendarFactory(account=account, slug="first-visit", type="service")


def errors(calendar, sent):
    return {name: list(said) for name, said in editor_with(calendar, sent).errors.items()}


@pytest.mark.parametrize("kind", TYPES)
def test_a_calendar_of_each_type_can_be_made(account, ines, kind):
    editor = editor_with(Calendar(account=account), answers(kind, ines))

    assert editor.is_valid(), editor.errors


BETWEEN = "Between one minute and one day."
BUFFER = "A buffer lasts between nothing and seven days."
PRICE = "Please write an amount such as 68 or 68.50."
CURRENCY = "We do not know this currency. Write its three letters, such as EUR, CHF or GBP."
BRACES = "Only {calendar} and {customer} are filled in. Take out the other braces."
SEATS = "A whole number from 1 to 9,999."
LEAD_CAP = "A whole number from 1 to 100."
LIMIT = "A whole number from 1 to 32,767, or nothing for any number."
BAD = [
    ("service", {"name": "  "}, "name", "The name is missing."),
    ("service", {"name": "x" * 121}, "name", "A name has 120 letters at most."),
    ("service", {"slug": ""}, "slug", "The address is missing."),
    (
        "service",
        {"slug": "not a slug"},
        "slug",
        "Letters a to z, digits, hyphens and underscores alone. Example: first-visit",
    ),
    ("service", {"slug": "x" * 61}, "slug", "An address has 60 letters at most."),
    ("service", {"duration": "0"}, "duration", BETWEEN),
    ("service", {"duration": "25", "duration_unit": "hours"}, "duration", BETWEEN),
    ("service", {"interval": "2", "interval_unit": "days"}, "interval", BETWEEN),
    ("service", {"interval": "0"}, "interval", BETWEEN),
    ("service", {"duration": "soon"}, "duration", "Please write a number, such as 30."),
    ("service", {"buffer_before": "8", "buffer_before_unit": "days"}, "buffer_before", BUFFER),
    ("service", {"buffer_after": "169", "buffer_after_unit": "hours"}, "buffer_after", BUFFER),
    (
        "service",
        {"minimum_notice": "731", "minimum_notice_unit": "days"},
        "minimum_notice",
        "Between nothing and 730 days.",
    ),
    ("service", {"horizon_days": "0"}, "horizon_days", "A whole number from 1 to 730."),
    ("service", {"horizon_days": "731"}, "horizon_days", "A whole number from 1 to 730."),
    ("service", {"horizon_days": ""}, "horizon_days", "How many days ahead can be booked? Example: 60"),
    (
        "service",
        {"date_range": "fixed", "range_first": "2026-12-24", "range_last": "2026-12-01"},
        "range_last",
        "The last day is before the first.",
    ),
    (
        "service",
        {"date_range": "fixed", "range_last": "2026-12-01"},
        "range_first",
        "A fixed range has a first and a last day.",
    ),
    (
        "service",
        {"date_range": "fixed", "range_first": "2026-12-01", "range_last": "9999-12-31"},
        "range_last",
        "This is more than two years away. Choose a day before that.",
    ),
    (
        "service",
        {"date_range": "fixed", "range_first": "tomorrow", "range_last": "2026-12-01"},
        "range_first",
        "Please choose a date. Example: 2026-11-24",
    ),
    ("service", {"day_limit": "0"}, "day_limit", LIMIT),
    ("service", {"week_limit": "99999"}, "week_limit", LIMIT),
    ("service", {"look_busy": "91"}, "look_busy", "A whole number from 0 to 90."),
    ("class", {"seats": "0"}, "seats", SEATS),
    ("class", {"seats": "10000"}, "seats", SEATS),
    ("round_robin", {"lead_cap": "0"}, "lead_cap", LEAD_CAP),
    ("round_robin", {"lead_cap": "many"}, "lead_cap", LEAD_CAP),
    ("service", {"price": "sixty"}, "price", PRICE),
    ("service", {"price": "1234567.00"}, "price", PRICE),
    ("service", {"price": "-1"}, "price", "A price is not below 0."),
    ("service", {"currency": "XYZ"}, "currency", CURRENCY),
    ("service", {"currency": "€"}, "currency", CURRENCY),
    ("service", {"currency": "EURO"}, "currency", "A currency has three letters, such as EUR."),
    ("service", {"title_template": "{calendar} {phone}"}, "title_template", BRACES),
    ("service", {"title_template": "{}"}, "title_template", BRACES),
    ("service", {"title_template": "{calendar.account}"}, "title_template", BRACES),
    ("service", {"title_template": "{customer!r:>99}"}, "title_template", BRACES),
    (
        "service",
        {"title_template": "{calendar"},
        "title_template",
        "A brace is missing. Write {calendar} or {customer}.",
    ),
    (
        "service",
        {"place_kind": "link", "place": "over there"},
        "place",
        "This is not a whole link. Example: https://meet.example.org/practice",
    ),
    (
        "service",
        {"place_kind": "link", "place": "javascript:alert(1)"},
        "place",
        "This is not a whole link. Example: https://meet.example.org/practice",
    ),
    (
        "service",
        {"place_kind": "they_call", "place": ""},
        "place",
        "Which number do customers call? Please write it here.",
    ),
    ("service", {"edition": None}, "edition", "This page is not complete any more. Load it again."),
    ("service", {"members": []}, "members", "Choose at least one member. Without a host nothing can be booked."),
    ("collective", {"lead": None}, "lead", "Choose who leads: the one host who answers for the appointment."),
]


@pytest.mark.parametrize(("kind", "changes", "field", "said"), BAD)
def test_bad_input_is_refused_at_its_field(account, ines, kind, changes, field, said):
    calendar = CalendarFactory(account=account, slug="first-visit", type=kind)

    assert errors(calendar, answers(kind, ines, **changes)) == {field: [said]}


def test_an_address_somebody_else_in_the_account_has_is_refused(account, calendar, ines):
    CalendarFactory(account=account, slug="taken")
    CalendarFactory(slug="elsewhere")

    assert errors(calendar, answers("service", ines, slug="taken")) == {
        "slug": ["Another calendar of this account has the address “taken”. Choose another."]
    }
    assert errors(calendar, answers("service", ines, slug="elsewhere")) == {}


def test_a_new_calendar_without_an_address_gets_one_from_its_name(account, ines):
    editor = editor_with(Calendar(account=account), answers("service", ines, name="Rückenkurs für alle", slug=""))

    assert editor.is_valid()
    assert editor.values()[0]["slug"] == "ruckenkurs-fur-alle"


def test_a_name_that_gives_no_address_asks_for_one(account, ines):
    assert errors(Calendar(account=account), answers("service", ines, name="瑜伽", slug="")) == {
        "slug": ["We could not make an address from the name. Please write one."]
    }


def test_a_type_that_does_not_exist_is_refused(calendar, ines):
    assert errors(calendar, {**answers("service", ines), "type": "event"}) == {
        "type": ["There is no such type of calendar."]
    }


def test_what_the_type_does_not_use_is_not_among_the_settings(calendar, ines):
    editor = editor_with(calendar, answers("service", ines, seats="0", lead_cap="nonsense"))

    assert editor.is_valid()
    assert {"seats", "lead_cap", "assignment_mode", "keeps_host"}.isdisjoint(editor.values()[0])


def test_a_fixed_range_needs_no_number_of_days(calendar, ines):
    fixed = {"date_range": "fixed", "range_first": "2026-12-01", "range_last": "2026-12-24", "horizon_days": ""}

    editor = editor_with(calendar, answers("service", ines, **fixed))

    assert editor.is_valid()
    assert editor.values()[0]["horizon_days"] == calendar.horizon_days
    assert editor.values()[0]["range_last"] == date(2026, 12, 24)


def test_hiding_remembers_since_when(calendar, ines):
    earlier = NOW - timedelta(days=3)

    def hidden_at(**changes):
        editor = editor_with(calendar, answers("service", ines, **changes))
        assert editor.is_valid()
        return editor.values()[0]["hidden_at"]

    assert (hidden_at(), hidden_at(hidden="on")) == (None, NOW)
    calendar.hidden_at = earlier
    assert hidden_at(hidden="on") == earlier


# ── members ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def team_of(account, *names):
    return [MemberFactory(account=account, user__name=name) for name in names]


@pytest.mark.parametrize("kind", ["simple", "class"])
def test_simple_and_class_have_exactly_one_host(account, kind):
    team = team_of(account, "Ines", "Tomasz")
    calendar = CalendarFactory(account=account, slug="first-visit", type=kind)

    assert errors(calendar, answers(kind, *team)) == {
        "members": ["This type of calendar has exactly one host. Choose one of them."]
    }


def test_a_member_of_another_account_is_refused(calendar, ines):
    stranger = MemberFactory()

    assert errors(calendar, answers("service", ines, stranger)) == {
        "members": ["Somebody you chose is not a member of this account."]
    }


@pytest.mark.parametrize("leads", [2, "stranger", "not ticked"])
def test_a_collective_has_one_lead_among_its_hosts(account, leads):
    ines, tomasz, ruth = team_of(account, "Ines", "Tomasz", "Ruth")
    calendar = CalendarFactory(account=account, slug="first-visit", type="collective")
    lead, said = {
        2: ([ines.pk, tomasz.pk], "A collective calendar has exactly one lead. Choose one of them."),
        "stranger": ([MemberFactory().pk], "Somebody you chose is not a member of this account."),
        "not ticked": ([ruth.pk], "The lead must be one of those who serve the calendar."),
    }[leads]

    assert errors(calendar, answers("collective", ines, tomasz, lead=lead)) == {"lead": [said]}


def test_round_robin_needs_somebody_who_rotates(account):
    ines, tomasz = team_of(account, "Ines", "Tomasz")
    calendar = CalendarFactory(account=account, slug="first-visit", type="round_robin")
    both = {f"fixed_{ines.pk}": "on", f"fixed_{tomasz.pk}": "on"}

    refused = errors(calendar, answers("round_robin", ines, tomasz, **both))
    allowed = errors(calendar, answers("round_robin", ines, tomasz, **{f"fixed_{ines.pk}": "on"}))

    said = "All of them always take part, so nobody is left to rotate. Untick it for one of them."
    assert (refused, allowed) == ({"members": [said]}, {})


def test_a_schedule_of_somebody_else_is_refused_at_its_member(account, calendar, ines):
    theirs = ScheduleFactory(member=MemberFactory(account=account))

    assert errors(calendar, answers("service", ines, **{f"schedule_{ines.pk}": str(theirs.pk)})) == {
        f"schedule_{ines.pk}": ["This schedule belongs to somebody else. Choose one of their own."]
    }


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("position", "0", "A number from 1 to 999."),
        ("position", "first", "A number from 1 to 999."),
        ("priority", "9", "Choose low, medium or high."),
    ],
)
def test_bad_answers_about_a_member_are_refused_only_for_those_who_serve(account, calendar, ines, name, value, said):
    oskar = MemberFactory(account=account)
    sent = {f"{name}_{ines.pk}": value, f"{name}_{oskar.pk}": value}

    assert errors(calendar, answers("service", ines, **sent)) == {f"{name}_{ines.pk}": [said]}


def test_the_team_is_in_the_order_that_was_typed(account, calendar):
    ines, tomasz, ruth = team_of(account, "Ines", "Tomasz", "Ruth")
    places = {f"position_{ines.pk}": "3", f"position_{tomasz.pk}": "1", f"position_{ruth.pk}": ""}

    editor = editor_with(calendar, answers("service", ines, tomasz, ruth, **places))

    assert editor.is_valid()
    assert [choice.member for choice in editor.values()[1]] == [tomasz, ines, ruth]


def test_what_a_member_does_is_read(account, calendar, ines):
    evenings = ScheduleFactory(member=ines, is_default=False)
    sent = {f"schedule_{ines.pk}": str(evenings.pk), f"priority_{ines.pk}": "3"}

    editor = editor_with(calendar, answers("service", ines, **sent))

    assert editor.is_valid()
    (choice,) = editor.values()[1]
    assert (choice.schedule, choice.priority, choice.is_fixed, choice.is_lead) == (evenings, 3, False, False)


def test_what_another_type_says_of_a_member_stays(account, calendar, ines):
    calendar.calendar_members.create(member=ines, is_lead=True, is_fixed=True, priority=3)

    editor = editor_with(calendar, answers("simple", ines))

    assert editor.is_valid()
    (choice,) = editor.values()[1]
    assert (choice.is_lead, choice.is_fixed, choice.priority) == (True, True, 3)
