"""The shapes of the JSON interface, as its description shows them."""

from ninja import Schema


class SlotsIn(Schema):
    """``start`` and ``end``: days like 2026-11-24. ``time_zone``: an IANA name, the account's when left out."""

    start: str
    end: str
    time_zone: str = ""
    host: str = ""


class SlotOut(Schema):
    """``seats_left``: of a class that shows them, else null."""

    start: str
    end: str
    seats_left: int | None = None


class SlotsOut(Schema):
    slots: list[SlotOut]
    time_zone: str


class AppointmentIn(Schema):
    """``start``: ISO 8601 with an offset. ``host``: the public slug of a member.

    ``answers``: "note", "place" where the calendar asks for one, and its questions by their names; a box to tick is
    true or false.
    """

    start: str
    name: str
    email: str
    phone: str = ""
    time_zone: str = ""
    host: str = ""
    answers: dict[str, bool | str] = {}


class AppointmentOut(Schema):
    id: str
    start: str
    end: str
    host: str
    manage_url: str


class ErrorsOut(Schema):
    """One message per field."""

    error: str
    errors: dict[str, str]


class ErrorOut(Schema):
    error: str
    message: str


class RefusalOut(ErrorOut):
    """``reasons``: codes, the weightiest first; why a host is not free is never told, it reads BOOKED."""

    reasons: list[str] = []
    next_slots: list[SlotOut] = []


class TooManyOut(ErrorOut):
    """``retry_after``: in seconds, as in the header Retry-After."""

    retry_after: int
