"""When an account is closed: whole days, or from one time to another, by the clock of the account."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from availability.core.whole_days import DayAndTime, NotOnTheClock, end_of, start_of
from availability.queries.closures import ClosureLine

LONGEST = timedelta(days=2 * 366)
_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)
_NO_DAY = gettext_lazy("This is not a day we know. Example: 2026-12-24")
_NO_TIME = gettext_lazy("This is not a time of day. Example: 12:30")


class _DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            validators=[MinValueValidator(_EARLIEST, _NO_DAY), MaxValueValidator(_LATEST, _NO_DAY)],
            error_messages={"required": gettext_lazy("Please choose the first day."), "invalid": _NO_DAY},
            **options,
        )


class _ClockField(forms.TimeField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            error_messages={"invalid": _NO_TIME},
            **options,
        )


class ClosureForm(forms.Form):
    """Without times, whole days are closed. ``starts_at`` and ``ends_at`` are set once the form is valid."""

    name = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For you and your colleagues. Customers do not see it."),
    )
    first = _DayField(label=gettext_lazy("First day"), help_text=gettext_lazy("Without times, whole days are closed."))
    last = _DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: the same as the first day.")
    )
    opens = _ClockField(label=gettext_lazy("Closed from"), help_text=gettext_lazy("Empty: from the start of the day."))
    closes = _ClockField(label=gettext_lazy("Closed until"), help_text=gettext_lazy("Empty: to the end of the day."))

    starts_at: datetime
    ends_at: datetime

    def __init__(self, asked: Mapping[str, Any] | None, *, zone: ZoneInfo, line: ClosureLine | None = None) -> None:
        super().__init__(asked, initial=_initial(line) if line else None)
        self._zone = zone

    def clean(self) -> None:
        super().clean()
        if self.errors:
            return
        first: date = self.cleaned_data["first"]
        last: date = self.cleaned_data["last"] or first
        if last < first:
            self.add_error("last", _("The last day is before the first."))
            return
        self._clean_times(first, last)

    def _clean_times(self, first: date, last: date) -> None:
        opens = DayAndTime(first, self.cleaned_data["opens"])
        closes = DayAndTime(last, self.cleaned_data["closes"])
        try:
            self.starts_at = start_of(opens, self._zone)
        except NotOnTheClock:
            self.add_error("opens" if opens.at else "first", _skipped(opens))
            return
        try:
            self.ends_at = end_of(closes, self._zone)
        except NotOnTheClock:
            self.add_error("closes" if closes.at else "last", _skipped(closes))
            return
        if self.ends_at <= self.starts_at:
            self.add_error("closes", _("This is not after the time from which you are closed."))
        elif self.ends_at - self.starts_at > LONGEST:
            self.add_error("last", _("A closure lasts two years at most."))


def _initial(line: ClosureLine) -> dict[str, object]:
    return {
        "name": line.closure.name,
        "first": line.first.day,
        "opens": line.first.at,
        "last": line.last.day,
        "closes": line.last.at,
    }


def _skipped(said: DayAndTime) -> str:
    day = date_format(said.day, pgettext("date format: 24 November 2026", "j F Y"))
    if said.at is None:
        return _("%(day)s does not exist in your time zone.") % {"day": day}
    said_at = time_format(said.at, "H:i")
    return _("%(time)s does not exist on %(day)s: the clocks are put forward over it.") % {"time": said_at, "day": day}
