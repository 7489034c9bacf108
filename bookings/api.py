"""The JSON interface: free slots, and booking one. Open to everybody, like the public pages; no address goes out."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

from django.conf import settings
from django.forms import BooleanField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, NinjaAPI, Query, Schema, Status
from ninja.errors import HttpError
from ninja.errors import ValidationError as Malformed

from accounts.models import Member
from accounts.queries import address_of
from availability.core.hours import midnight
from availability.core.intervals import moment
from availability.models import Calendar
from availability.queries.public import public_calendar
from availability.queries.slots import Slot
from bookings.core.refusals import public_codes
from bookings.core.spelled_slots import spelled_slots
from bookings.core.zones import zone_named
from bookings.forms.appointment import UNKNOWN_ZONE, YEARS, AppointmentForm
from bookings.forms.json_shapes import (
    AppointmentIn,
    AppointmentOut,
    ErrorOut,
    ErrorsOut,
    RefusalOut,
    SlotOut,
    SlotsIn,
    SlotsOut,
    TooManyOut,
)
from bookings.forms.questions import field_name
from bookings.forms.refusals import refusals
from bookings.forms.too_many import too_many_sentence
from bookings.models import Appointment
from bookings.queries import pages
from bookings.queries.alternatives import next_free
from bookings.queries.questions import questions_of
from bookings.queries.team import team_of
from bookings.services.admission import TooMany, admit_booking
from bookings.services.book import KeyUsedDifferently, SlotTaken, book_appointment
from bookings.tokens import manage_token

LONGEST_SPAN = timedelta(days=62)
LONGEST_KEY = 200
NEXT_SLOTS = 5
QUESTIONS = ("note", "place")
_DAY = timedelta(days=1)

api = NinjaAPI(
    title="Holdfast",
    version="1",
    description="Free slots of public calendars, and booking one of them.",
    docs_url=None,
    urls_namespace="api",
)


class FieldErrors(Exception):
    """The request cannot be understood; one message per field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__()
        self.errors = errors


@api.get("calendars/{slug:account}/{slug:calendar}/slots", response={200: SlotsOut, 404: ErrorOut, 422: ErrorsOut})
def slots(request: HttpRequest, account: str, calendar: str, asked: Query[SlotsIn]) -> HttpResponse:
    """Free slots that start on the days from ``start`` to ``end``, both included."""
    now = timezone.now()
    first, last = _days(asked.start, asked.end)
    # in any zone a day lies between the UTC days before and after it
    public = public_calendar(account, calendar, first=max(first - _DAY, now.date()), last=last + _DAY, now=now)
    if public is None:
        raise _no_such_calendar()
    found = public.calendar
    zone = _zone(asked.time_zone, found)
    host = _host(asked.host, found) if asked.host else None
    start, end = moment(midnight(first, zone)), moment(midnight(last + _DAY, zone))
    times = public.open_times(start=start, end=end, now=now, host=host)
    # spelled without schemas, which take ten times as long as all the rest
    seats_left = tuple(times.seats_left) if found.shows_seats and times.seats_left else None
    spelled = spelled_slots(tuple(times.starts), seats_left, found.duration, zone)
    return HttpResponse(spelled, content_type="application/json; charset=utf-8")


@api.post(
    "calendars/{slug:account}/{slug:calendar}/appointments",
    response={201: AppointmentOut, 404: ErrorOut, 409: RefusalOut, 413: ErrorOut, 422: ErrorsOut, 429: TooManyOut},
)
def appointments(
    request: HttpRequest,
    account: str,
    calendar: str,
    asked: AppointmentIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key")] = "",
) -> Status[Schema] | HttpResponse:
    """Book. The same key with the same body is the same appointment."""
    found = _calendar(account, calendar)
    form = _understood(found, asked, idempotency_key)
    start, host, now = form.cleaned_data["start"], form.cleaned_data["host"], timezone.now()
    zone, email = ZoneInfo(form.cleaned_data["time_zone"]), form.cleaned_data["email"]
    try:
        admit_booking(found, email=email, address=address_of(request), now=now, key=idempotency_key)
        appointment = book_appointment(
            found, starts_at=start, customer=form.customer(), now=now, host=host, key=idempotency_key
        )
    except TooMany as refused:
        return _come_later(request, found, refused)
    except SlotTaken as lost:
        instead = next_free(found, start, now=now, count=NEXT_SLOTS, host=host)
        return Status(409, _refusal(lost, [_slot(one, found, zone) for one in instead]))
    except KeyUsedDifferently:
        message = _("This Idempotency-Key was used for another request.")
        return Status(409, RefusalOut(error="key_used_differently", message=message))
    return Status(201, _appointment(appointment, zone))


def _come_later(request: HttpRequest, calendar: Calendar, refused: TooMany) -> HttpResponse:
    content = {
        "error": "too_many_requests",
        "message": too_many_sentence(calendar.account),
        "retry_after": refused.retry_after,
    }
    response = api.create_response(request, content, status=429)
    response["Retry-After"] = str(refused.retry_after)
    return response


def _calendar(account: str, slug: str) -> Calendar:
    calendar = pages.public_calendar(account, slug)
    if calendar is None:
        raise _no_such_calendar()
    return calendar


def _no_such_calendar() -> HttpError:
    return HttpError(404, _("There is no such calendar."))


def _zone(name: str, calendar: Calendar) -> ZoneInfo:
    zone = zone_named(name or str(calendar.account.time_zone))
    return zone or _complain(time_zone=UNKNOWN_ZONE)


def _days(start: str, end: str) -> tuple[date, date]:
    days, errors = [], {}
    for field, text in (("start", start), ("end", end)):
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            errors[field] = _("A day is written like 2026-11-24.")
        else:
            if days[-1].year not in YEARS:
                errors[field] = _("This day is out of reach.")
    if errors:
        _complain(**errors)
    first, last = days
    if last < first:
        _complain(end=_("The end is before the start."))
    if last - first > LONGEST_SPAN:
        _complain(end=_("At most 62 days can be asked for at once."))
    return first, last


def _host(slug: str, calendar: Calendar) -> Member:
    named = [member for member in team_of(calendar).hosts if member.slug == slug]
    return named[0] if named else _complain(host=_("Nobody of this name takes bookings here."))


def _understood(calendar: Calendar, asked: AppointmentIn, key: str) -> AppointmentForm:
    questions = questions_of(calendar)
    field_of = {question.key: field_name(question) for question in questions} | {name: name for name in QUESTIONS}
    fields = asked.dict(exclude={"answers"}) | {field_of.get(name, ""): said for name, said in asked.answers.items()}
    hosts = team_of(calendar).hosts if asked.host else ()
    form = AppointmentForm(fields, calendar=calendar, hosts=hosts, questions=questions)
    errors = dict(_misunderstood(form, asked, field_of))
    key_of = {field: f"answers.{name}" for name, field in field_of.items()}
    errors |= {key_of.get(name, name): str(messages[0]) for name, messages in form.errors.items()}
    if not key:
        errors["Idempotency-Key"] = _("The header Idempotency-Key is missing.")
    elif len(key) > LONGEST_KEY or not key.isprintable():
        errors["Idempotency-Key"] = _("An Idempotency-Key has at most 200 printable characters.")
    if errors:
        raise FieldErrors(errors)
    return form


def _misunderstood(
    form: AppointmentForm, asked: AppointmentIn, field_of: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Answers to what is not asked, and such as are no answer to it."""
    for name, said in asked.answers.items():
        field = form.fields.get(field_of.get(name, ""))
        if field is None:
            yield f"answers.{name}", _("There is no such question.")
        elif isinstance(field, BooleanField) != isinstance(said, bool):
            yield f"answers.{name}", _("This has the wrong form.")


def _complain(**errors: Any) -> NoReturn:
    raise FieldErrors({field: str(message) for field, message in errors.items()})


def _slot(slot: Slot, calendar: Calendar, zone: ZoneInfo) -> SlotOut:
    seats_left = slot.seats_left if calendar.shows_seats else None
    return SlotOut(start=_iso(slot.starts_at, zone), end=_iso(slot.ends_at, zone), seats_left=seats_left)


def _refusal(lost: SlotTaken, instead: list[SlotOut]) -> RefusalOut:
    return RefusalOut(
        error="slot_taken",
        message=" ".join(str(refusal.sentence) for refusal in refusals(lost.codes)),
        reasons=list(public_codes(lost.codes)),
        next_slots=instead,
    )


def _appointment(appointment: Appointment, zone: ZoneInfo) -> AppointmentOut:
    page = reverse("bookings:manage", args=[manage_token(appointment)])
    return AppointmentOut(
        id=str(appointment.uid),
        start=_iso(appointment.starts_at, zone),
        end=_iso(appointment.ends_at, zone),
        host=appointment.host.slug,
        manage_url=settings.PUBLIC_BASE_URL + page,
    )


def _iso(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()


@api.exception_handler(FieldErrors)
def _answer_field_errors(request: HttpRequest, error: FieldErrors) -> HttpResponse:
    return _errors(request, error.errors)


@api.exception_handler(Malformed)
def _answer_malformed(request: HttpRequest, error: Malformed) -> HttpResponse:
    """What does not even have the right shape, in the same form as all other complaints."""
    errors = {}
    for one in error.errors:
        # an answer that is neither text nor true or false is wrong once, not once for each
        path = [str(part) for part in one["loc"][1:] if part != "asked"][:2]
        missing = one["type"] == "missing"
        errors[".".join(path) or "body"] = _("This is missing.") if missing else _("This has the wrong form.")
    return _errors(request, errors)


@api.exception_handler(HttpError)
def _answer_plainly(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:
        return _errors(request, {"body": _("The body is not JSON.")})
    content = {"error": "not_found", "message": str(error)}
    return api.create_response(request, content, status=error.status_code)


def _errors(request: HttpRequest, errors: dict[str, str]) -> HttpResponse:
    return api.create_response(request, {"error": "invalid", "errors": errors}, status=422)
