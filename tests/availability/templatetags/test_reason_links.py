"""Every reason leads to what would change it, and nobody is sent to a page that is not there for them."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import resolve

from accounts.models import Account, Member
from accounts.roles import Role
from availability.core.rules import ReasonCode
from availability.queries.explanation_reasons import Distance, Told
from availability.queries.explanation_sources import Booking, Hours, Outside, Unread
from availability.templatetags.reason_links import change_of
from tests.availability.templatetags.test_reason_words import INES, SHOWN

UID = UUID("8d9b2a6e-6a80-4a3e-9a4e-3e1c3c0a4b11")
MANAGER = replace(SHOWN, reader=Member(role=Role.MANAGER, account=Account(slug="practice")))
STAFF = replace(SHOWN, reader=Member(role=Role.STAFF, account=Account(slug="practice")))
EMIL = replace(INES, slug="emil", is_reader=False, hours=Hours(pk=4))
BUFFER = Distance(timedelta(minutes=10), is_before=True, is_booked=False, of=Booking("First visit", UID))


def link(code, behind=None, *, shown=MANAGER, host=INES):
    change = change_of(Told(ReasonCode(code), host, None, behind), shown)
    return change.url if change else None


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("NOTICE", "id_minimum_notice"),
        ("HORIZON", "id_date_range"),
        ("DAY_LIMIT", "id_day_limit"),
        ("WEEK_LIMIT", "id_week_limit"),
        ("SEATS", "id_seats"),
        ("ROUND_ROBIN_LEAD", "id_lead_cap"),
        ("COLLECTIVE", "id_members"),
        ("NO_HOST", "id_members"),
        ("LOOK_BUSY", "id_look_busy"),
    ],
)
def test_rules_of_the_calendar_lead_to_their_field_for_managers_alone(code, part):
    assert link(code) == f"/settings/calendars/5/?account=practice#{part}"
    assert link(code, shown=STAFF) is None


@pytest.mark.parametrize(
    ("code", "part"),
    [("HOURS", ""), ("DURATION", ""), ("OVERRIDE", "#overrides-title"), ("HOST_LIMIT", "#limits-title")],
)
def test_hours_lead_to_the_schedule_of_the_host_for_whoever_may_change_it(code, part):
    assert link(code, shown=STAFF) == f"/settings/schedules/3/?account=practice{part}"
    assert link(code, shown=STAFF, host=EMIL) is None


def test_a_host_without_schedule_leads_to_where_one_is_made():
    host = replace(INES, hours=Hours(may_change=True))

    assert link("HOURS", host=host) == "/settings/schedules/?account=practice&member=ines"


@pytest.mark.parametrize(("code", "part"), [("CLOSED", ""), ("HOLIDAY", "#holidays")])
def test_closures_and_holidays_lead_to_their_page(code, part):
    assert link(code) == f"/settings/closures/?account=practice{part}"


def test_staff_can_change_whether_their_own_schedule_keeps_holidays():
    assert link("HOLIDAY", shown=STAFF) == "/settings/schedules/3/?account=practice#id_works_on_holidays"
    assert link("CLOSED", shown=STAFF) is None


def test_a_paused_calendar_leads_to_its_line_in_the_list():
    assert link("INACTIVE") == "/settings/calendars/?account=practice#calendar-5"
    assert link("INACTIVE", shown=STAFF) is None


@pytest.mark.parametrize("code", ["BOOKED", "HELD", "BUFFER"])
def test_what_may_not_be_opened_is_no_link(code):
    assert link(code, Booking("First visit")) is None


def test_an_appointment_and_a_session_lead_to_their_pages():
    assert link("BOOKED", Booking("First visit", UID)) == f"/calendar/appointments/{UID}/"
    assert link("BOOKED", Booking("Yoga", UID, is_session=True)) == f"/calendar/sessions/{UID}/"


def test_a_buffer_leads_to_the_calendars_or_where_that_of_the_appointment_decides_to_it():
    assert link("BUFFER", BUFFER) == "/settings/calendars/5/?account=practice#id_buffer_after"
    assert link("BUFFER", replace(BUFFER, is_before=False)).endswith("#id_buffer_before")
    assert link("BUFFER", replace(BUFFER, is_booked=True)) == f"/calendar/appointments/{UID}/"


def test_events_and_stale_sources_lead_to_the_owners_connection():
    assert link("EVENT", Outside(title="Team day", source="Practice", page_url="/connections/7/")) == "/connections/7/"
    assert link("STALE", Unread("Practice", "/connections/7/")) == "/connections/7/"
    assert link("EVENT", Outside()) is None
    assert link("STALE", Unread()) is None


def test_blocked_time_leads_to_the_day_in_my_calendar_of_its_owner():
    page = "/calendar/?account=practice&host=ines&day=2026-11-24"

    assert link("BLOCKED", Outside(is_own_item=True), shown=STAFF) == page
    assert link("BLOCKED", Outside(), host=EMIL) == page.replace("ines", "emil")
    assert link("BLOCKED", Outside(), shown=STAFF, host=EMIL) is None


def test_nothing_brings_back_a_time_that_is_over():
    assert link("PAST") is None


@pytest.mark.parametrize("code", ReasonCode)
def test_every_code_is_known_and_every_link_leads_somewhere(code):
    url = link(code)

    assert url is None or resolve(url.partition("?")[0])
