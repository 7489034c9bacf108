"""Who and what the demo shows. All of it is invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal

from django.utils.text import slugify

from accounts.models import Accent
from accounts.roles import Role
from availability.models import AssignmentMode, CalendarType, PlaceKind, Priority

ZONE = "Europe/Berlin"
WEEKDAYS = range(5)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a login. The first part of the address is also their user name at the CalDAV server."""

    name: str
    email: str

    @property
    def slug(self) -> str:
        return slugify(self.name)

    @property
    def username(self) -> str:
        return self.email.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Opening:
    """The same hours on several weekdays (Monday is 0)."""

    weekdays: Sequence[int]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place in a business."""

    person: Person
    role: Role
    hours: Sequence[Opening]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a calendar's form; with ``choices`` one of them is the answer."""

    key: str
    label: str
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """One calendar: what can be booked, and with whom. ``lead``: of a collective."""

    slug: str
    name: str
    type: CalendarType
    hosts: Sequence[tuple[Person, Priority]]
    duration: timedelta
    description: str
    place: str
    price: Decimal | None = None
    buffer_after: timedelta = timedelta()
    category: str = ""
    mode: AssignmentMode = AssignmentMode.AVAILABILITY
    seats: int = 10
    lead: Person | None = None
    place_kind: PlaceKind = PlaceKind.ADDRESS
    questions: Sequence[Asked] = ()
    needs_approval: bool = False
    change_notice: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment somebody has made: the first free time from ``clock`` on, ``in_days`` days from today.

    Without a host the calendar chooses one.
    """

    offer: str
    host: Person | None
    customer: str
    email: str
    in_days: int
    clock: time
    phone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Business:
    name: str
    slug: str
    accent: Accent
    email: str
    phone: str
    places: Sequence[Place]
    offers: Sequence[Offer]
    visits: Sequence[Visit]


MARIT = Person("Marit Ahrens", "marit@faehrhaus.example")
OSKAR = Person("Oskar Lind", "oskar@faehrhaus.example")
INES = Person("Ines Carstens", "ines@faehrhaus.example")
TOMASZ = Person("Tomasz Wilk", "tomasz@faehrhaus.example")
RUTH = Person("Ruth Okafor", "ruth@faehrhaus.example")
RUNA = Person("Runa Thomsen", "runa@yogaamkai.example")
OPERATOR = Person("Site operator", "operator@holdfast.example")

# these find their calendars connected; the owner has a login at the CalDAV server too, and connects it by hand
CONNECTED = (INES, TOMASZ, RUTH)
NOT_CONNECTED_YET = MARIT
# whom `seed_demo --caldav-url` connects: a member of one account alone
CONNECTED_ON_REQUEST = TOMASZ

_PRACTICE = "Obertrave 14, 23552 Lübeck, first floor, lift"
_STUDIO = "Am Kai 3, 23552 Lübeck"
_FULL_WEEK = (Opening(WEEKDAYS, time(8), time(12)), Opening(WEEKDAYS, time(13), time(17, 30)))
_EARLY_WEEK = (Opening(WEEKDAYS, time(7, 30), time(15, 30)),)
_LATE_WEEK = (Opening(range(4), time(11), time(19)), Opening((4,), time(9), time(14)))
_OFFICE = (Opening(WEEKDAYS, time(9), time(16)),)
_STUDIO_HOURS = (Opening((0, 2), time(17), time(21)), Opening((5,), time(9), time(13)))

FAEHRHAUS = Business(
    name="Fährhaus Physio",
    slug="faehrhaus",
    accent=Accent.KELP,
    email="praxis@faehrhaus.example",
    phone="+49 451 555 0100",
    places=(
        Place(MARIT, Role.OWNER, _FULL_WEEK),
        Place(OSKAR, Role.MANAGER, _OFFICE),
        Place(INES, Role.STAFF, _FULL_WEEK),
        Place(TOMASZ, Role.STAFF, _EARLY_WEEK),
        Place(RUTH, Role.STAFF, _LATE_WEEK),
    ),
    offers=(
        Offer(
            slug="follow-up",
            name="Follow-up",
            type=CalendarType.SERVICE,
            hosts=((INES, Priority.MEDIUM), (TOMASZ, Priority.MEDIUM), (RUTH, Priority.MEDIUM)),
            duration=30 * MINUTE,
            description="For treatment already under way.",
            place=_PRACTICE,
            price=Decimal(48),
            category="Treatment",
        ),
        Offer(
            slug="sports-massage",
            name="Sports massage",
            type=CalendarType.SERVICE,
            hosts=((MARIT, Priority.MEDIUM),),
            duration=60 * MINUTE,
            description="With Marit Ahrens, before or after the season.",
            place=_PRACTICE,
            price=Decimal(75),
            buffer_after=15 * MINUTE,
            category="Massage",
        ),
        Offer(
            slug="first-visit",
            name="First visit",
            type=CalendarType.ROUND_ROBIN,
            hosts=((INES, Priority.MEDIUM), (TOMASZ, Priority.MEDIUM), (RUTH, Priority.MEDIUM)),
            duration=45 * MINUTE,
            description="We look at the whole story and make a plan.",
            place=_PRACTICE,
            price=Decimal(68),
            buffer_after=15 * MINUTE,
        ),
        Offer(
            slug="check-up",
            name="Check-up",
            type=CalendarType.ROUND_ROBIN,
            hosts=((INES, Priority.MEDIUM), (TOMASZ, Priority.MEDIUM), (RUTH, Priority.MEDIUM)),
            duration=20 * MINUTE,
            description="Half a year later: is everything as it should be?",
            place=_PRACTICE,
            mode=AssignmentMode.EQUAL,
        ),
        Offer(
            slug="joint-assessment",
            name="Joint assessment",
            type=CalendarType.COLLECTIVE,
            hosts=((MARIT, Priority.MEDIUM), (INES, Priority.MEDIUM)),
            lead=MARIT,
            duration=60 * MINUTE,
            description="Two of us look at it together.",
            place=_PRACTICE,
            price=Decimal(120),
        ),
        Offer(
            slug="back-class",
            name="Back class",
            type=CalendarType.CLASS,
            hosts=((TOMASZ, Priority.MEDIUM),),
            seats=8,
            duration=60 * MINUTE,
            description="Eight people, eight mats, one hour.",
            place=_PRACTICE,
            price=Decimal(15),
        ),
        Offer(
            slug="question-by-phone",
            name="Question by phone",
            type=CalendarType.SIMPLE,
            hosts=((OSKAR, Priority.MEDIUM),),
            duration=15 * MINUTE,
            description="Prescriptions, bills, appointments: we call you.",
            place="By phone",
            place_kind=PlaceKind.TEXT,
        ),
        Offer(
            slug="home-visit",
            name="Home visit",
            type=CalendarType.SERVICE,
            hosts=((RUTH, Priority.MEDIUM),),
            duration=60 * MINUTE,
            description="Ruth Okafor comes to you, and says within a day whether she can.",
            place="At your home",
            place_kind=PlaceKind.TEXT,
            price=Decimal(95),
            buffer_after=30 * MINUTE,
            category="Treatment",
            questions=(
                Asked("floor", "Which floor, and is there a lift?"),
                Asked("referral", "Do you have a referral from a doctor?", ("Yes", "Not yet", "No, I pay myself")),
            ),
            needs_approval=True,
            change_notice=timedelta(days=1),
        ),
    ),
    visits=(
        Visit("follow-up", INES, "Henrik Vogt", "henrik.vogt@mail.example", 1, time(9), phone="+49 451 555 0142"),
        Visit("follow-up", INES, "Karin Thoms", "karin.thoms@mail.example", 2, time(14), note="Left knee again."),
        Visit("follow-up", TOMASZ, "Emre Kaya", "emre.kaya@mail.example", 1, time(10), phone="+49 451 555 0177"),
        Visit("follow-up", RUTH, "Priya Nair", "priya.nair@mail.example", 3, time(15)),
        Visit("first-visit", None, "Lotte Brandt", "lotte.brandt@mail.example", 4, time(11, 30)),
        Visit("first-visit", None, "Samuel Eze", "samuel.eze@mail.example", 6, time(9), note="After an operation."),
        Visit("sports-massage", MARIT, "Lars Boysen", "lars.boysen@mail.example", 2, time(9)),
        Visit("back-class", None, "Jonas Petersen", "jonas.petersen@mail.example", 2, time(10)),
        Visit("back-class", None, "Mara Lorenz", "mara.lorenz@mail.example", 2, time(10)),
        Visit("joint-assessment", None, "Ewa Nowak", "ewa.nowak@mail.example", 5, time(10)),
        Visit("home-visit", RUTH, "Gerda Holm", "gerda.holm@mail.example", 4, time(13), note="Second bell."),
        Visit("question-by-phone", OSKAR, "Lena Wiechmann", "lena.wiechmann@mail.example", 1, time(11)),
    ),
)
YOGA = Business(
    name="Yoga am Kai",
    slug="yoga-am-kai",
    accent=Accent.PLUM,
    email="kai@yogaamkai.example",
    phone="+49 451 555 0160",
    places=(
        Place(RUNA, Role.OWNER, _OFFICE),
        Place(INES, Role.STAFF, _STUDIO_HOURS),
    ),
    offers=(
        Offer(
            slug="private-lesson",
            name="Private lesson",
            type=CalendarType.SERVICE,
            hosts=((INES, Priority.MEDIUM),),
            duration=60 * MINUTE,
            description="An hour for you alone, at your own pace.",
            place=_STUDIO,
            price=Decimal(60),
            buffer_after=10 * MINUTE,
        ),
        Offer(
            slug="see-the-studio",
            name="See the studio",
            type=CalendarType.SIMPLE,
            hosts=((RUNA, Priority.MEDIUM),),
            duration=20 * MINUTE,
            description="Come in, look around, ask what you like.",
            place=_STUDIO,
        ),
    ),
    visits=(Visit("private-lesson", INES, "Mina Sato", "mina.sato@mail.example", 3, time(17)),),
)
BUSINESSES = (FAEHRHAUS, YOGA)
