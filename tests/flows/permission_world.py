"""Who may open what: each page by its name in the URL table, and a practice with one of everything pages are about."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.roles import Role
from availability.models import CalendarType, Closure
from availability.services.sources import open_source
from bookings.models import BookingTerms, OwnItemKind
from bookings.services.add_own_item import add_own_item
from bookings.services.book import Customer, book_appointment
from integrations.models import OpenQuestion, QuestionKind
from tests.factories import (
    CalendarFactory,
    CalendarMemberFactory,
    ConnectionFactory,
    MemberFactory,
    QuestionFactory,
    RemoteCalendarFactory,
    ScheduleFactory,
    UserFactory,
)

# what describes itself, or guards itself by other means
OTHERS = ("admin", "api")


class For(Enum):
    """Whom a page is there for. For everybody else it is as if it were not (404), or they are asked to sign in."""

    ANYBODY = "anybody"
    SIGNED_IN = "whoever is signed in"
    MEMBERS = "members"
    MANAGERS = "managers and owners of the account"
    OWNERS = "owners of the account"
    THEMSELVES = "whose it is, and nobody else"
    THEM_OR_MANAGERS = "whose it is, and who manages the account"


class Cast:
    """Ines works here, beside Kolja; Mara manages, Otto owns; Sven manages another business; Nora is in none."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.ines = MemberFactory(slug="ines")
        account = self.ines.account
        self.account = account
        self.kolja = MemberFactory(account=account)
        self.mara = MemberFactory(account=account, role=Role.MANAGER)
        self.otto = MemberFactory(account=account, role=Role.OWNER)
        self.sven = MemberFactory(role=Role.MANAGER)
        self.nora = UserFactory()
        self.schedule = ScheduleFactory(member=self.ines)
        # a working day, more than a day ahead
        monday = (self.now + timedelta(days=7 - self.now.weekday() + 7)).astimezone(UTC)
        self._ten = monday.replace(hour=10, minute=0, second=0, microsecond=0)
        self.calendar = self._calendar(CalendarType.SERVICE)
        self._class = self._calendar(CalendarType.CLASS)
        CalendarFactory(account=self.account, type=CalendarType.ROUND_ROBIN)
        self.question = QuestionFactory(calendar=self.calendar)
        BookingTerms.objects.create(calendar=self.calendar, needs_approval=True)
        self.appointment = self._booked(self.calendar, self._ten)
        self.session_uid = self._booked(self._class, self._ten + timedelta(hours=2)).session_uid
        self.item = self._own_item()
        self.closure = Closure.objects.create(
            account=account, starts_at=self._ten + timedelta(days=9), ends_at=self._ten + timedelta(days=10)
        )
        self.connection = ConnectionFactory(user=self.ines.user)
        source = open_source(self.ines.user, name="Remote", page_url="", now=self.now)
        self.remote = RemoteCalendarFactory(connection=self.connection, source=source)
        self.open_question = OpenQuestion.objects.create(
            user=self.ines.user,
            member=self.ines,
            kind=QuestionKind.DELETED,
            subject="asked",
            item_uid=self.appointment.uid,
            remote_calendar=self.remote,
            asked_at=self.now,
        )
        self.left = MemberFactory(account=account, left_at=self.now)
        self.invitation = Invitation.objects.create(
            account=account, email="new@example.org", token="0" * 64, expires_at=self.now + timedelta(days=1)
        )

    def readers(self) -> Mapping[str, User]:
        people = {"ines": self.ines, "kolja": self.kolja, "mara": self.mara, "otto": self.otto, "sven": self.sven}
        return {name: member.user for name, member in people.items()} | {"nora": self.nora}

    def _calendar(self, kind: CalendarType) -> Any:
        calendar = CalendarFactory(account=self.account, type=kind, seats=3 if kind == CalendarType.CLASS else 1)
        CalendarMemberFactory(calendar=calendar, member=self.ines, schedule=self.schedule)
        return calendar

    def _booked(self, calendar: Any, starts_at: datetime) -> Any:
        customer = Customer(name="Ada", email="ada@example.org", time_zone="UTC", locale="en-gb")
        return book_appointment(calendar, starts_at=starts_at, customer=customer, now=self.now)

    def _own_item(self) -> Any:
        return add_own_item(
            self.account,
            kind=OwnItemKind.ACTIVITY,
            title="Own",
            starts_at=self._ten + timedelta(days=1),
            ends_at=self._ten + timedelta(days=1, hours=1),
            assignees=[self.ines],
            now=self.now,
        )

    def there(self, name: str) -> dict[str, Any]:
        """What the page's address needs, for what is Ines's or her account's."""
        subject = PAGES[name][1:]
        return SUBJECTS[subject[0]](self) if subject else {}

    def absent(self, name: str) -> dict[str, Any]:
        """The same, for what does not exist; what only says which step it is stays."""
        unlike = {int: 987_654_321, UUID: UUID(int=7)}
        return {key: unlike.get(type(value), value) for key, value in self.there(name).items()}


def pages() -> Iterator[str]:
    """The full names of all pages."""
    yield from _names(get_resolver().url_patterns, "")


def _names(patterns: Any, namespace: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (namespace, pattern.namespace)))
            if pattern.namespace not in OTHERS:
                yield from _names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join(filter(None, (namespace, pattern.name)))


def expect(name: str, reader: str) -> bool:
    """Whether the page is there for this reader; if it is about something, about what is Ines's."""
    rule, *about = PAGES[name]
    if rule is For.MANAGERS and not about and reader == "sven":
        # that of his own business
        return True
    return reader in _READERS[rule]


_HERE = {"ines", "kolja", "mara", "otto"}
_READERS: Mapping[For, set[str]] = {
    For.ANYBODY: {*_HERE, "sven", "nora"},
    For.SIGNED_IN: {*_HERE, "sven", "nora"},
    For.MEMBERS: {*_HERE, "sven"},
    For.MANAGERS: {"mara", "otto"},
    For.OWNERS: {"otto"},
    For.THEMSELVES: {"ines"},
    For.THEM_OR_MANAGERS: {"ines", "mara", "otto"},
}

SUBJECTS: Mapping[str, Callable[[Cast], dict[str, Any]]] = {
    "account": lambda cast: {"account": cast.account.slug},
    "public calendar": lambda cast: {"account": cast.account.slug, "slug": cast.calendar.slug},
    "link": lambda cast: {"link": "nobody-knows-this-one"},
    "manage link": lambda cast: {"token": "nobody-knows-this-one"},
    "reset link": lambda cast: {"uidb64": "MQ", "token": "nobody-knows-this-one"},
    "calendar": lambda cast: {"pk": cast.calendar.pk},
    "question": lambda cast: {"pk": cast.calendar.pk, "question_pk": cast.question.pk},
    "schedule": lambda cast: {"pk": cast.schedule.pk},
    "closure": lambda cast: {"pk": cast.closure.pk},
    "appointment": lambda cast: {"uid": cast.appointment.uid},
    "session": lambda cast: {"uid": cast.session_uid},
    "item": lambda cast: {"uid": cast.item.uid},
    "contact": lambda cast: {"pk": cast.appointment.contact_id},
    "member": lambda cast: {"pk": cast.ines.pk},
    "former member": lambda cast: {"pk": cast.left.pk},
    "invitation": lambda cast: {"pk": cast.invitation.pk},
    "connection": lambda cast: {"pk": cast.connection.pk},
    "remote calendar": lambda cast: {"pk": cast.remote.pk},
    "step": lambda cast: {"pk": cast.connection.pk, "name": "options"},
    "open question": lambda cast: {"uid": cast.open_question.uid},
}

# nobody knows the links of the trial, and some pages are empty: that there is nothing is the same for everybody
MAY_BE_EMPTY = frozenset(
    {
        "accounts:address-confirm",
        "accounts:password-reset-confirm",
        "accounts:invitation",
        # of a business that has chosen no colour of its own
        "accounts:theme",
        # of a business without a round robin
        "bookings:fairness-export",
        "bookings:manage",
        "bookings:manage-reschedule",
        "bookings:manage-cancel",
        "bookings:manage-ics",
    }
)

# without it there is nothing to do, for nobody
SENT: Mapping[str, dict[str, str]] = {
    "availability:calendar-state": {"change": "pause"},
    "bookings:question-move": {"to": "up"},
    "integrations:answer": {"answer": "keep"},
}

# each page by its name: for whom it is there, and what it is about, if about one thing
PAGES: Mapping[str, tuple[For] | tuple[For, str]] = {
    "healthz": (For.ANYBODY,),
    "readyz": (For.ANYBODY,),
    "set_language": (For.ANYBODY,),
    "accounts:front-door": (For.ANYBODY,),
    "accounts:sign-in": (For.ANYBODY,),
    "accounts:sign-out": (For.ANYBODY,),
    "accounts:password-reset": (For.ANYBODY,),
    "accounts:password-reset-done": (For.ANYBODY,),
    "accounts:password-reset-confirm": (For.ANYBODY, "reset link"),
    "accounts:password-reset-complete": (For.ANYBODY,),
    "accounts:invitation": (For.ANYBODY, "link"),
    "accounts:theme": (For.ANYBODY, "account"),
    "accounts:no-account": (For.SIGNED_IN,),
    "accounts:password-change": (For.SIGNED_IN,),
    "accounts:password-change-done": (For.SIGNED_IN,),
    "accounts:address-confirm": (For.SIGNED_IN, "link"),
    "accounts:profile": (For.MEMBERS,),
    "accounts:address": (For.MEMBERS,),
    "accounts:account": (For.MANAGERS,),
    "accounts:public-address": (For.OWNERS,),
    "accounts:look": (For.MANAGERS,),
    "accounts:members": (For.MANAGERS,),
    "accounts:member-role": (For.MANAGERS, "member"),
    "accounts:member-back": (For.MANAGERS, "former member"),
    "accounts:invite": (For.MANAGERS,),
    "accounts:invitation-again": (For.MANAGERS, "invitation"),
    "accounts:invitation-withdraw": (For.MANAGERS, "invitation"),
    "availability:calendars": (For.MEMBERS,),
    "availability:calendar-new": (For.MANAGERS,),
    "availability:calendar": (For.MANAGERS, "calendar"),
    "availability:calendar-type": (For.MANAGERS, "calendar"),
    "availability:calendar-state": (For.MANAGERS, "calendar"),
    "availability:calendar-duplicate": (For.MANAGERS, "calendar"),
    "availability:calendar-delete": (For.MANAGERS, "calendar"),
    "availability:schedules": (For.MEMBERS,),
    "availability:schedule-new": (For.MEMBERS,),
    "availability:schedule": (For.THEM_OR_MANAGERS, "schedule"),
    "availability:schedule-days": (For.THEM_OR_MANAGERS, "schedule"),
    "availability:schedule-default": (For.THEM_OR_MANAGERS, "schedule"),
    "availability:schedule-duplicate": (For.THEM_OR_MANAGERS, "schedule"),
    "availability:schedule-delete": (For.THEM_OR_MANAGERS, "schedule"),
    "availability:closures": (For.MANAGERS,),
    "availability:closure-add": (For.MANAGERS,),
    "availability:closure-change": (For.MANAGERS, "closure"),
    "availability:closure-remove": (For.MANAGERS, "closure"),
    "availability:closures-booked": (For.MANAGERS,),
    "availability:closures-holidays": (For.MANAGERS,),
    "availability:troubleshooter": (For.MEMBERS,),
    "bookings:manage": (For.ANYBODY, "manage link"),
    "bookings:manage-reschedule": (For.ANYBODY, "manage link"),
    "bookings:manage-cancel": (For.ANYBODY, "manage link"),
    "bookings:manage-ics": (For.ANYBODY, "manage link"),
    "bookings:group": (For.ANYBODY, "account"),
    "bookings:book": (For.ANYBODY, "public calendar"),
    "bookings:hold": (For.ANYBODY, "public calendar"),
    "bookings:release": (For.ANYBODY, "public calendar"),
    "bookings:embed-group": (For.ANYBODY, "account"),
    "bookings:embed": (For.ANYBODY, "public calendar"),
    "bookings:first-steps": (For.MEMBERS,),
    "bookings:first-steps-hours": (For.MEMBERS,),
    "bookings:first-steps-calendar": (For.MANAGERS,),
    "bookings:first-steps-hide": (For.MEMBERS,),
    "bookings:share-group": (For.MEMBERS,),
    "bookings:share-group-qr": (For.MEMBERS,),
    "bookings:share-link": (For.MEMBERS,),
    "bookings:share-websites": (For.MANAGERS,),
    "bookings:share": (For.THEM_OR_MANAGERS, "calendar"),
    "bookings:share-qr": (For.THEM_OR_MANAGERS, "calendar"),
    "bookings:calendar-preview-new": (For.MANAGERS,),
    "bookings:calendar-preview": (For.MANAGERS, "calendar"),
    "bookings:booking-form": (For.MANAGERS, "calendar"),
    "bookings:question-new": (For.MANAGERS, "calendar"),
    "bookings:question": (For.MANAGERS, "question"),
    "bookings:question-move": (For.MANAGERS, "question"),
    "bookings:question-remove": (For.MANAGERS, "question"),
    "bookings:fairness": (For.MANAGERS,),
    "bookings:fairness-export": (For.MANAGERS,),
    "bookings:contacts": (For.MEMBERS,),
    "bookings:contacts-export": (For.MEMBERS,),
    "bookings:contact": (For.THEM_OR_MANAGERS, "contact"),
    "bookings:contact-edit": (For.THEM_OR_MANAGERS, "contact"),
    "bookings:contact-forget": (For.MANAGERS, "contact"),
    "bookings:member-leave": (For.MANAGERS, "member"),
    "bookings:absence": (For.MEMBERS,),
    "bookings:my-calendar": (For.MEMBERS,),
    "bookings:requests": (For.MEMBERS,),
    "bookings:appointment-new": (For.MEMBERS,),
    "bookings:appointment-new-on": (For.THEM_OR_MANAGERS, "calendar"),
    "bookings:appointment": (For.THEM_OR_MANAGERS, "appointment"),
    "bookings:appointment-again": (For.THEM_OR_MANAGERS, "appointment"),
    "bookings:attendance": (For.THEM_OR_MANAGERS, "appointment"),
    "bookings:cancel": (For.THEM_OR_MANAGERS, "appointment"),
    "bookings:confirm": (For.THEM_OR_MANAGERS, "appointment"),
    "bookings:decline": (For.THEM_OR_MANAGERS, "appointment"),
    "bookings:move": (For.THEM_OR_MANAGERS, "appointment"),
    "bookings:entry-move": (For.THEM_OR_MANAGERS, "appointment"),
    "bookings:entry-panel": (For.THEM_OR_MANAGERS, "appointment"),
    "bookings:entry-undo": (For.THEM_OR_MANAGERS, "item"),
    "bookings:own-item-new": (For.MEMBERS,),
    "bookings:own-item": (For.THEM_OR_MANAGERS, "item"),
    "bookings:own-item-remove": (For.THEM_OR_MANAGERS, "item"),
    "bookings:own-item-restore": (For.THEM_OR_MANAGERS, "item"),
    "bookings:session": (For.THEM_OR_MANAGERS, "session"),
    "integrations:connections": (For.ANYBODY,),
    "integrations:attention": (For.MEMBERS,),
    "integrations:answer": (For.THEMSELVES, "open question"),
    "integrations:integrations": (For.MEMBERS,),
    "integrations:connect-icloud": (For.MEMBERS,),
    "integrations:connect-caldav": (For.MEMBERS,),
    "integrations:connection": (For.THEMSELVES, "connection"),
    "integrations:connection-freshness": (For.THEMSELVES, "connection"),
    "integrations:connection-active": (For.THEMSELVES, "connection"),
    "integrations:connection-off": (For.THEMSELVES, "connection"),
    "integrations:connection-progress": (For.THEMSELVES, "connection"),
    "integrations:set-up-trial": (For.THEMSELVES, "connection"),
    "integrations:set-up": (For.THEMSELVES, "step"),
    "integrations:connection-settings": (For.THEMSELVES, "connection"),
    "integrations:connection-sync": (For.THEMSELVES, "connection"),
    "integrations:connection-password": (For.THEMSELVES, "connection"),
    "integrations:connection-delete": (For.THEMSELVES, "connection"),
    "integrations:calendar-configuration": (For.MEMBERS,),
    "integrations:calendar-blocking": (For.THEMSELVES, "remote calendar"),
    "integrations:journal": (For.MEMBERS,),
    "integrations:journal-export": (For.MEMBERS,),
}
