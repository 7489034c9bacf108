"""Operators see what availability rests on; what they change of it reaches the slots."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from lxml import html

from availability.models import (
    Assignment,
    BlockingSource,
    BusyTime,
    Calendar,
    CalendarMember,
    ClassSession,
    Closure,
    DateOverride,
    HostDay,
    HostTime,
    HostTimeKind,
    PublicHolidays,
    Schedule,
    Seat,
    StoredDay,
    WeeklyHours,
)
from availability.services.own_source import own_source
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory, UserFactory

pytestmark = pytest.mark.django_db
MODELS = list(apps.get_app_config("availability").get_models())
EDITED = {Calendar, CalendarMember, Schedule, WeeklyHours, DateOverride, Closure, PublicHolidays}
HALF_HOUR = timedelta(minutes=30)


def name_of(model):
    return model.__name__


@pytest.fixture(autouse=True)
def operator(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))


@pytest.fixture
def place():
    """A calendar with a host, and one row of every model."""
    place = CalendarMemberFactory(calendar__name="First visit")
    calendar, user = place.calendar, place.member.user
    source = own_source(user, now=NOW)
    session = ClassSession.objects.create(
        calendar=calendar, user=user, starts_at=NOW, ends_at=NOW + HALF_HOUR, seats=5, seats_taken=1
    )
    Seat.objects.create(session=session, uid=uuid4())
    HostTime.objects.create(
        user=user,
        calendar=calendar,
        uid=session.uid,
        kind=HostTimeKind.SESSION,
        starts_at=NOW,
        ends_at=NOW + HALF_HOUR,
    )
    DateOverride.objects.create(schedule=place.member.schedules.get(), date=date(2026, 12, 24))
    Closure.objects.create(account=calendar.account, starts_at=NOW, ends_at=NOW + HALF_HOUR)
    PublicHolidays.objects.create(account=calendar.account, country="DE")
    BusyTime.objects.create(source=source, user=user, group="g", key="k", start=NOW, end=NOW, label="Dentist")
    BlockingSource.objects.create(source=source, member=place.member)
    Assignment.objects.create(calendar=calendar, member=place.member, uid=uuid4(), assigned_at=NOW, rule="only_one")
    HostDay.objects.create(user=user, day=date(2026, 11, 23))
    StoredDay.objects.create(calendar=calendar, day=date(2026, 11, 23), epoch=1, versions=1, starts=b"\x00")
    return place


def page_of(model, page, *arguments):
    return reverse(f"admin:availability_{model._meta.model_name}_{page}", args=arguments)


def epoch(calendar):
    return Calendar.objects.get(pk=calendar.pk).epoch


def sent(client, page):
    """What the browser sends if nothing of the form is touched."""
    document = html.fromstring(client.get(page).content)
    (form,) = [one for one in document.forms if one.get("id", "").endswith("_form")]
    return dict(form.form_values())


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_every_list_shows_its_rows(client, place, model):
    response = client.get(page_of(model, "changelist"))

    assert response.status_code == 200
    assert len(response.context["cl"].result_list) == model.objects.count() > 0


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_every_row_can_be_opened(client, place, model):
    assert client.get(page_of(model, "change", model.objects.first().pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_only_what_slots_are_made_from_can_be_added_by_hand(client, model):
    assert client.get(page_of(model, "add")).status_code == (200 if model in EDITED else 403)


@pytest.mark.parametrize("model", [model for model in MODELS if model not in EDITED], ids=name_of)
def test_what_services_write_is_neither_edited_nor_deleted(client, place, model, rf):
    row = model.objects.first()

    assert client.post(page_of(model, "change", row.pk), {}).status_code == 403
    assert client.post(page_of(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_the_title_of_a_busy_time_is_not_shown(client, place):
    for page in (
        page_of(BusyTime, "changelist"),
        page_of(BusyTime, "change", BusyTime.objects.get().pk),
    ):
        assert "Dentist" not in client.get(page).content.decode()


def test_the_form_of_a_calendar_holds_every_setting(client, place):
    form = admin.site.get_model_admin(Calendar)
    shown = {name for _title, options in form.fieldsets for row in options["fields"] for name in _names(row)}

    settings = {field.name for field in Calendar._meta.get_fields() if not field.auto_created and field.name != "epoch"}
    assert shown == settings


def _names(row):
    return (row,) if isinstance(row, str) else row


# ── what a change does ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("model", sorted(EDITED, key=name_of), ids=name_of)
def test_saving_changes_the_epoch(client, place, model):
    before = epoch(place.calendar)
    page = page_of(model, "change", model.objects.first().pk)

    response = client.post(page, sent(client, page))

    assert response.status_code == 302, response.context["adminform"].form.errors
    assert epoch(place.calendar) != before


@pytest.mark.parametrize("model", sorted(EDITED - {Calendar}, key=name_of), ids=name_of)
def test_deleting_changes_the_epoch(client, place, model):
    before = epoch(place.calendar)

    client.post(page_of(model, "delete", model.objects.first().pk), {"post": "yes"})

    assert epoch(place.calendar) != before


@pytest.mark.parametrize("model", sorted(EDITED - {Calendar}, key=name_of), ids=name_of)
def test_deleting_from_the_list_changes_the_epoch(client, place, model):
    before = epoch(place.calendar)
    chosen = {"action": "delete_selected", "_selected_action": [model.objects.first().pk], "post": "yes"}

    client.post(page_of(model, "changelist"), chosen)

    assert epoch(place.calendar) != before


def test_a_calendar_can_be_deleted():
    calendar = CalendarFactory()
    form = admin.site.get_model_admin(Calendar)

    form.delete_model(None, calendar)

    assert not Calendar.objects.exists()


def test_a_new_closure_changes_the_epoch_of_its_account_alone(client, place):
    other = CalendarFactory()
    before = epoch(place.calendar), epoch(other)
    asked = {
        "account": place.calendar.account.pk,
        "starts_at_0": "2026-12-24",
        "starts_at_1": "00:00",
        "ends_at_0": "2026-12-27",
        "ends_at_1": "00:00",
    }

    client.post(page_of(Closure, "add"), asked)

    assert Closure.objects.count() == 2
    assert (epoch(place.calendar) != before[0], epoch(other)) == (True, before[1])


def test_a_closure_that_moves_to_another_account_reaches_both(client, place):
    other = CalendarFactory()
    before = epoch(place.calendar), epoch(other)
    page = page_of(Closure, "change", Closure.objects.get().pk)

    client.post(page, sent(client, page) | {"account": other.account.pk})

    assert epoch(place.calendar) != before[0]
    assert epoch(other) != before[1]


def test_hours_added_within_a_schedule_change_the_epoch(client, place):
    before = epoch(place.calendar)
    schedule = place.member.schedules.get()
    page = page_of(Schedule, "change", schedule.pk)
    asked = sent(client, page)
    new = f"weekly_hours-{WeeklyHours.objects.count()}"

    client.post(
        page,
        asked | {f"{new}-weekday": 5, f"{new}-opens_minute": 540, f"{new}-closes_minute": 720},
    )

    assert schedule.weekly_hours.filter(weekday=5).exists()
    assert epoch(place.calendar) != before


@pytest.mark.parametrize("model", [Calendar, CalendarMember], ids=name_of)
def test_saving_raises_the_edition_of_the_calendar(client, place, model):
    page = page_of(model, "change", model.objects.get().pk)

    client.post(page, sent(client, page))

    assert Calendar.objects.get().edition == 2


@pytest.mark.parametrize("model", [Schedule, WeeklyHours, DateOverride], ids=name_of)
def test_saving_raises_the_edition_of_the_schedule(client, place, model):
    page = page_of(model, "change", model.objects.first().pk)

    client.post(page, sent(client, page))

    assert Schedule.objects.get().edition == 2


def test_bookings_are_counted_anew_after_a_change_of_members_or_mode_alone(client, place):
    Calendar.objects.update(members_changed_at=NOW)
    page = page_of(Calendar, "change", place.calendar.pk)

    def counted_since_now(**change):
        client.post(page, sent(client, page) | change)
        return Calendar.objects.get().members_changed_at == NOW

    colleague = MemberFactory(account=place.calendar.account)
    ScheduleFactory(member=colleague)
    assert counted_since_now(name="Another name", **{"calendar_members-0-priority": 3})
    assert not counted_since_now(assignment_mode="equal")
    Calendar.objects.update(members_changed_at=NOW)
    assert not counted_since_now(**{"calendar_members-1-member": colleague.pk})


def test_a_member_who_is_taken_out_has_bookings_counted_anew(client, place):
    Calendar.objects.update(members_changed_at=NOW)

    client.post(page_of(CalendarMember, "delete", place.pk), {"post": "yes"})

    assert Calendar.objects.get().members_changed_at != NOW


@pytest.mark.parametrize(("subdivision", "status"), [("BY", 302), ("", 302), ("XX", 200)])
def test_only_regions_of_the_country_are_kept(client, place, subdivision, status):
    page = page_of(PublicHolidays, "change", PublicHolidays.objects.get().pk)

    response = client.post(page, sent(client, page) | {"subdivision": subdivision})

    assert response.status_code == status
