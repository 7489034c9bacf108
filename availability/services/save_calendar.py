"""Saving a calendar with its members: all of what the editor sent, or nothing of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts.models import Account, Member
from availability.models import Calendar, CalendarMember, CalendarType, ClassSession, Priority, Schedule
from availability.queries.calendars import coming_appointments
from availability.services.retry import durable
from availability.services.versions import change_epoch

_ONE_ADDRESS = "one_calendar_per_address"
_SHARE = "SELECT id FROM availability_schedule WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"


class EditedMeanwhile(Exception):
    """Somebody saved the calendar since the edition that was edited, or it is gone. Nothing was changed."""


class SlugTaken(Exception):
    """Another calendar of the account has this address. Nothing was changed."""


class HasComingAppointments(Exception):
    """The type cannot change while ``number`` appointments are still to come. Nothing was changed."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class MemberChoice:
    """A member who serves a calendar, and how. Without a schedule their default counts."""

    member: Member
    schedule: Schedule | None = None
    priority: int = Priority.MEDIUM
    is_fixed: bool = False
    is_lead: bool = False


def create_calendar(
    account: Account, *, settings: Mapping[str, object], team: Sequence[MemberChoice], now: datetime
) -> Calendar:
    """A new calendar; ``settings`` by the model's field names, ``team`` in team order. Raises SlugTaken."""
    return durable(lambda: add_calendar(account, settings=settings, team=team, now=now))


def save_calendar(
    calendar: Calendar,
    *,
    edition: int,
    settings: Mapping[str, object],
    team: Sequence[MemberChoice],
    now: datetime,
) -> None:
    """Write ``settings`` and ``team`` over ``edition``.

    Raises EditedMeanwhile if that is no longer the current one, SlugTaken and HasComingAppointments.
    """

    def save() -> None:
        current = Calendar.objects.filter(pk=calendar.pk, edition=edition)
        if not current.update(edition=F("edition") + 1):
            raise EditedMeanwhile
        write_calendar(calendar, settings=settings, team=team, now=now)

    durable(save)


def add_calendar(
    account: Account, *, settings: Mapping[str, object], team: Sequence[MemberChoice], now: datetime
) -> Calendar:
    """The same as create_calendar, within the caller's transaction."""
    calendar = Calendar(account=account, members_changed_at=now, **settings)
    try:
        with transaction.atomic():
            calendar.save(force_insert=True)
    except IntegrityError as error:
        _say_if_address(error)
        raise
    _set_team(calendar, team)
    change_epoch(calendar)
    return calendar


def write_calendar(
    calendar: Calendar, *, settings: Mapping[str, object], team: Sequence[MemberChoice], now: datetime
) -> None:
    """The same as save_calendar, within the caller's transaction and over whatever edition there is."""
    before = Calendar.objects.get(pk=calendar.pk)
    after = {**settings}
    if settings["type"] != before.type:
        _refuse_while_booked(before, now=now)
    if _members_changed(before, settings, team):
        after["members_changed_at"] = now
    try:
        with transaction.atomic():
            Calendar.objects.filter(pk=before.pk).update(**after)
    except IntegrityError as error:
        _say_if_address(error)
        raise
    _set_team(before, team)
    if settings["type"] == CalendarType.CLASS and "seats" in settings:
        sessions = ClassSession.objects.filter(calendar=before)
        sessions.update(seats=Greatest(settings["seats"], F("seats_taken")))
    change_epoch(before)


def _refuse_while_booked(calendar: Calendar, *, now: datetime) -> None:
    # bookings under way hold a share of this row, so that they are waited for and counted
    Calendar.objects.select_for_update().get(pk=calendar.pk)
    number = coming_appointments(calendar, now=now)
    if number:
        raise HasComingAppointments(number)


def _members_changed(before: Calendar, settings: Mapping[str, object], team: Sequence[MemberChoice]) -> bool:
    """Whether bookings are counted anew: other members, another fixed host or another mode (T5)."""
    served = set(before.calendar_members.values_list("member_id", "is_fixed"))
    serving = {(one.member.pk, one.is_fixed) for one in team}
    return served != serving or settings.get("assignment_mode", before.assignment_mode) != before.assignment_mode


def _set_team(calendar: Calendar, team: Sequence[MemberChoice]) -> None:
    CalendarMember.objects.filter(calendar=calendar).delete()
    there = _share({one.schedule.pk for one in team if one.schedule})
    CalendarMember.objects.bulk_create(
        CalendarMember(
            calendar=calendar,
            member=one.member,
            schedule=one.schedule if one.schedule and one.schedule.pk in there else None,
            priority=one.priority,
            position=position,
            is_fixed=one.is_fixed,
            is_lead=one.is_lead,
        )
        for position, one in enumerate(team)
    )


def _share(schedules: Collection[int]) -> set[int]:
    """Those that still are, kept so; for one just deleted the default counts, as if it were deleted afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [sorted(schedules)])
        return {pk for (pk,) in cursor.fetchall()}


def _say_if_address(error: IntegrityError) -> None:
    if _ONE_ADDRESS in str(error):
        raise SlugTaken from error
