"""What the calendar editor sends: a valid form of each type, to be changed in one place."""

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from accounts.models import Member
from availability.forms.calendar import CalendarEditor, editor_for
from availability.models import Calendar, CalendarType
from tests.factories import NOW

SETTINGS = {
    "name": "First visit",
    "slug": "first-visit",
    "description": "",
    "category": "",
    "price": "68.50",
    "currency": "EUR",
    "assignment_mode": "availability",
    "lead_cap": "3",
    "keeps_host": "on",
    "seats": "10",
    "shows_seats": "on",
    "duration": "30",
    "duration_unit": "minutes",
    "interval": "15",
    "interval_unit": "minutes",
    "buffer_before": "0",
    "buffer_before_unit": "minutes",
    "buffer_after": "0",
    "buffer_after_unit": "minutes",
    "minimum_notice": "0",
    "minimum_notice_unit": "hours",
    "date_range": "rolling",
    "horizon_days": "60",
    "range_first": "",
    "range_last": "",
    "day_limit": "",
    "week_limit": "",
    "look_busy": "0",
    "place_kind": "address",
    "place": "Obertrave 14",
    "title_template": "",
    "customer_detail": "everything",
    "edition": "1",
}


def answers(kind: str, *members: Member, **changes: object) -> dict[str, object]:
    """A valid form; ``changes`` replace answers, None leaves one out."""
    sent = {**SETTINGS, "type": kind, "members": [str(member.pk) for member in members]}
    if kind == CalendarType.COLLECTIVE and members:
        sent["lead"] = str(members[0].pk)
    return {name: value for name, value in {**sent, **changes}.items() if value is not None}


def as_query(sent: dict[str, object]) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(MultiValueDict({name: value if isinstance(value, list) else [value] for name, value in sent.items()}))
    return data


def editor_with(calendar: Calendar, sent: dict[str, object]) -> CalendarEditor:
    """The editor as the view makes it."""
    return editor_for(calendar, data=as_query(sent), wanted_type=str(sent["type"]), now=NOW)
