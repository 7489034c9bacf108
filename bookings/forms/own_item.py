"""What a member enters to put something without a customer into My Calendar."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from bookings.core.moving import exists
from bookings.forms.text import LongText, Text
from bookings.models import OwnItem, OwnItemKind

_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)
_NO_DAY = gettext_lazy("This is not a day we know. Example: 2026-12-24")
_NO_TIME = gettext_lazy("This is not a time. Example: 14:15")
_DAY = timedelta(days=1)
_MIDNIGHT = time()


def _day_field(**options: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "data-width": "auto"}),
        validators=[MinValueValidator(_EARLIEST, _NO_DAY), MaxValueValidator(_LATEST, _NO_DAY)],
        error_messages={"invalid": _NO_DAY, "required": gettext_lazy("The date is missing.")},
        **options,
    )


def _time_field(**options: Any) -> forms.TimeField:
    return forms.TimeField(
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "data-width": "auto"}),
        error_messages={"invalid": _NO_TIME},
        required=False,
        **options,
    )


class OwnItemForm(forms.Form):
    """By the clock of ``zone``. ``members``: whom it may be given to; with one alone nobody is asked.

    ``edition`` is the item as it was seen, so that nobody writes over what somebody else has changed meanwhile.
    """

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=OwnItemKind.choices)
    title = Text(label=gettext_lazy("Title"), max_length=200, required=False)
    day = _day_field(label=gettext_lazy("Day"))
    starts = _time_field(label=gettext_lazy("From"))
    ends = _time_field(label=gettext_lazy("Until"))
    last_day = _day_field(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Only for what ends on another day than it begins."),
        required=False,
    )
    all_day = forms.BooleanField(
        label=gettext_lazy("All day"),
        help_text=gettext_lazy("Without times it is all day too, and the day stays free to be booked."),
        required=False,
    )
    blocks = forms.ChoiceField(
        label=gettext_lazy("While it lasts"),
        help_text=gettext_lazy("Usually tasks and to-dos leave the time free, and everything else takes it."),
        choices=[
            ("", gettext_lazy("As usual for its kind")),
            ("yes", gettext_lazy("The time is taken: nobody can book it")),
            ("no", gettext_lazy("The time stays free to be booked")),
        ],
        required=False,
    )
    place = Text(label=gettext_lazy("Where"), max_length=200, required=False)
    note = LongText(
        label=gettext_lazy("Note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    assignees = forms.MultipleChoiceField(
        label=gettext_lazy("For whom"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one colleague.")},
    )
    edition = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: ZoneInfo, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = zone
        self._members = {member.slug: member for member in members}
        assignees = self.fields["assignees"]
        if len(members) > 1 and isinstance(assignees, forms.MultipleChoiceField):
            assignees.choices = [(one.slug, one.user.name) for one in members]
        else:
            del self.fields["assignees"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not {"day", "starts", "ends", "last_day"} & set(self.errors):
            self._refuse_half_a_time()
        if not self.errors:
            self._refuse_times_that_never_come()
        if not self.errors:
            self._refuse_what_ends_first()
        return cleaned

    def _refuse_half_a_time(self) -> None:
        if self._is_all_day or bool(self.cleaned_data["starts"]) == bool(self.cleaned_data["ends"]):
            return
        if self.cleaned_data["ends"] is None:
            self.add_error("ends", _("Until when? Without both times it would last all day."))
        else:
            self.add_error("starts", _("From when? Without both times it would last all day."))

    def _refuse_times_that_never_come(self) -> None:
        for name, wall in zip(("starts", "ends"), self._walls, strict=True):
            if not self._is_all_day and not exists(wall, self._zone):
                self.add_error(name, _("The clocks are put forward then: this time does not exist on that day."))

    def _refuse_what_ends_first(self) -> None:
        starts_at, ends_at = self._span
        if ends_at > starts_at:
            return
        if self._last_day < self.cleaned_data["day"]:
            self.add_error("last_day", _("The last day lies before the first."))
        else:
            self.add_error("ends", _("It ends before it starts. For what lasts into the night, name the last day too."))

    def item(self) -> dict[str, Any]:
        """What the services take."""
        kind, (starts_at, ends_at) = OwnItemKind(self.cleaned_data["kind"]), self._span
        return {
            "kind": kind,
            "title": " ".join(self.cleaned_data["title"].split()),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "all_day": self._is_all_day,
            "blocks": self._blocks(kind),
            "place": self.cleaned_data["place"],
            "note": self.cleaned_data["note"],
        }

    def assigned(self) -> list[Member] | None:
        """Who was chosen; None where nobody was asked."""
        if "assignees" not in self.fields:
            return None
        return [self._members[slug] for slug in self.cleaned_data["assignees"]]

    def _blocks(self, kind: OwnItemKind) -> bool:
        chosen = self.cleaned_data["blocks"]
        if chosen:
            return bool(chosen == "yes")
        # a date without a time says what is due then, not that somebody is away
        return kind.blocks and not (self._is_all_day and not self.cleaned_data["all_day"])

    @property
    def _is_all_day(self) -> bool:
        times = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        return bool(self.cleaned_data.get("all_day")) or times == (None, None)

    @property
    def _last_day(self) -> date:
        last: date = self.cleaned_data["last_day"] or self.cleaned_data["day"]
        return last

    @property
    def _walls(self) -> tuple[datetime, datetime]:
        if self._is_all_day:
            days = self.cleaned_data["day"], self._last_day + _DAY
            return datetime.combine(days[0], _MIDNIGHT), datetime.combine(days[1], _MIDNIGHT)
        starts, ends = self.cleaned_data["starts"], self.cleaned_data["ends"]
        # midnight closes the day it is named for
        last = self._last_day + (_DAY if ends == _MIDNIGHT and not self.cleaned_data["last_day"] else timedelta())
        return datetime.combine(self.cleaned_data["day"], starts), datetime.combine(last, ends)

    @property
    def _span(self) -> tuple[datetime, datetime]:
        starts, ends = (wall.replace(tzinfo=self._zone).astimezone(UTC) for wall in self._walls)
        return starts, ends


def filled_from(item: OwnItem, assignees: Sequence[Member], zone: ZoneInfo) -> Mapping[str, object]:
    """The form of an item that is there already."""
    starts, ends = item.starts_at.astimezone(zone), item.ends_at.astimezone(zone)
    last = ends.date() - (_DAY if item.all_day or _closes_its_day(starts, ends) else timedelta())
    times = {} if item.all_day else {"starts": starts.time(), "ends": ends.time()}
    return {
        **times,
        "kind": item.kind,
        "title": item.title,
        "day": starts.date(),
        "last_day": last if last > starts.date() else None,
        "all_day": item.all_day,
        "blocks": "yes" if item.blocks else "no",
        "place": item.place,
        "note": item.note,
        "assignees": [member.slug for member in assignees],
        "edition": item.sequence,
    }


def _closes_its_day(starts: datetime, ends: datetime) -> bool:
    return ends.time() == _MIDNIGHT and ends.date() - starts.date() == _DAY
