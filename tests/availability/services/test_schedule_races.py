"""Two people save the same schedule at the same moment, tried with real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from availability.core.hours import DayHours
from availability.models import Schedule
from availability.queries.schedules import hours_of
from availability.services.delete_schedule import IsDefault, delete_schedule
from availability.services.make_default import make_default
from availability.services.save_schedule import ScheduleTerms, create_schedule, save_schedule
from availability.services.schedule_rows import ChangedMeanwhile
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8


def at_once(acts):
    """What each act returned, or the class of what it raised."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except (ChangedMeanwhile, IsDefault) as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_many_who_save_at_once_one_is_saved_and_the_others_are_told():
    schedule = ScheduleFactory()
    for _number in range(3):
        CalendarMemberFactory(calendar=CalendarFactory(account=schedule.member.account), member=schedule.member)

    def save(number):
        terms = ScheduleTerms(f"Of {number}", ZoneInfo("UTC"))
        hours = [DayHours(day, number, 1000 + number) for day in range(7)]
        return lambda: save_schedule(schedule, edition=1, terms=terms, hours=hours)

    outcomes = at_once([save(number) for number in range(PEOPLE)])

    winner = outcomes.index(None)
    assert outcomes.count(ChangedMeanwhile) == PEOPLE - 1
    stored = Schedule.objects.get()
    assert (stored.name, stored.edition) == (f"Of {winner}", 2)
    assert hours_of(stored) == tuple(DayHours(day, winner, 1000 + winner) for day in range(7))


def test_however_defaults_are_chosen_made_and_deleted_at_once_there_is_exactly_one():
    member = MemberFactory()
    first, second, third = (ScheduleFactory(member=member, is_default=number == 0) for number in range(3))
    new = ScheduleTerms("New", ZoneInfo("UTC"))

    at_once(
        [
            lambda: make_default(second),
            lambda: make_default(third),
            lambda: delete_schedule(first),
            lambda: delete_schedule(second),
            lambda: create_schedule(member, terms=new, hours=[]),
        ]
    )

    assert Schedule.objects.filter(member=member, is_default=True).count() == 1


def test_a_first_schedule_made_twice_at_once_gives_one_default():
    member = MemberFactory()

    at_once(
        [
            lambda number=number: create_schedule(
                member, terms=ScheduleTerms(f"Of {number}", ZoneInfo("UTC")), hours=[]
            )
            for number in range(PEOPLE)
        ]
    )

    assert Schedule.objects.filter(member=member).count() == PEOPLE
    assert Schedule.objects.filter(member=member, is_default=True).count() == 1
