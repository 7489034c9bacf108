"""One factory per model, each giving a row that stands on its own."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import factory
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from accounts.models import Account, Member, OutgoingMail, User
from accounts.roles import Role
from availability.models import Calendar, CalendarMember, Schedule, WeeklyHours
from bookings.models import Contact, Question
from integrations.models import CalendarConfiguration, Connection, Provider, RemoteCalendar

# a Monday, 08:00 in Berlin
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    time_zone = "Europe/Berlin"

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        self.password = hashed(extracted or PASSWORD)
        if create:
            self.save()


@cache
def hashed(password: str) -> str:
    """Hashing is slow on purpose; the same password of hundreds of people need not be hashed each time."""
    return make_password(password)


class AccountFactory(DjangoModelFactory[Account]):
    class Meta:
        model = Account

    name = factory.Sequence(lambda n: f"Business {n}")
    slug = factory.Sequence(lambda n: f"business-{n}")
    time_zone = "Europe/Berlin"


class MemberFactory(DjangoModelFactory[Member]):
    class Meta:
        model = Member

    account = factory.SubFactory(AccountFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.STAFF
    slug = factory.Sequence(lambda n: f"person-{n}")


class OutgoingMailFactory(DjangoModelFactory[OutgoingMail]):
    """A mail that is due; its kind is one that only tests write."""

    class Meta:
        model = OutgoingMail

    account = factory.SubFactory(AccountFactory)
    subject_uid = factory.LazyFunction(uuid4)
    kind = "trial"
    recipient = factory.Sequence(lambda n: f"customer{n}@example.org")
    message_id = factory.Sequence(lambda n: f"<mail{n}@holdfast.example>")


class ScheduleFactory(DjangoModelFactory[Schedule]):
    """The member's default: Monday to Friday, 9 to 17, Berlin; ``hours`` says otherwise."""

    class Meta:
        model = Schedule
        skip_postgeneration_save = True

    member = factory.SubFactory(MemberFactory)
    name = factory.Sequence(lambda n: f"Hours {n}")
    time_zone = "Europe/Berlin"
    is_default = True

    @factory.post_generation
    def hours(self, create: bool, extracted: list[tuple[int, int, int]] | None, **kwargs: Any) -> None:
        openings = [(day, 9 * 60, 17 * 60) for day in range(5)] if extracted is None else extracted
        for weekday, opens, closes in openings:
            WeeklyHours.objects.create(schedule=self, weekday=weekday, opens_minute=opens, closes_minute=closes)


class CalendarFactory(DjangoModelFactory[Calendar]):
    """A service of half an hour that can be booked at once, for sixty days."""

    class Meta:
        model = Calendar

    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda n: f"Calendar {n}")
    slug = factory.Sequence(lambda n: f"calendar-{n}")
    minimum_notice = timedelta()


class CalendarMemberFactory(DjangoModelFactory[CalendarMember]):
    """A member with default hours who serves the calendar; both belong to one account."""

    class Meta:
        model = CalendarMember

    calendar = factory.SubFactory(CalendarFactory)
    member = factory.LazyAttribute(lambda place: _member_with_hours(place.calendar.account))


class ContactFactory(DjangoModelFactory[Contact]):
    class Meta:
        model = Contact

    account = factory.SubFactory(AccountFactory)
    name = "Ada Lovelace"
    email = factory.Sequence(lambda n: f"ada{n}@example.org")


class QuestionFactory(DjangoModelFactory[Question]):
    """A line of text that need not be answered."""

    class Meta:
        model = Question

    calendar = factory.SubFactory(CalendarFactory)
    key = factory.Sequence(lambda n: f"question-{n}")
    label = factory.Sequence(lambda n: f"Question {n}?")
    position = factory.Sequence(lambda n: n)


class ConnectionFactory(DjangoModelFactory[Connection]):
    class Meta:
        model = Connection
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    provider = Provider.CALDAV
    server_url = "https://dav.example.org/"
    username = factory.Sequence(lambda n: f"login{n}")
    home_url = "https://dav.example.org/home/"
    connected_at = NOW
    next_look_at = NOW

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        self.seal(extracted or "app-password")
        if create:
            self.save()


class RemoteCalendarFactory(DjangoModelFactory[RemoteCalendar]):
    class Meta:
        model = RemoteCalendar

    connection = factory.SubFactory(ConnectionFactory)
    key = factory.Sequence(lambda n: f"/home/calendar{n}/")
    url = factory.LazyAttribute(lambda calendar: f"https://dav.example.org{calendar.key}")
    name = factory.Sequence(lambda n: f"Remote {n}")
    capability = "write"


class ConfigurationFactory(DjangoModelFactory[CalendarConfiguration]):
    class Meta:
        model = CalendarConfiguration

    member = factory.SubFactory(MemberFactory)


def _member_with_hours(account: Account) -> Member:
    member = MemberFactory(account=account)
    ScheduleFactory(member=member)
    return member
