"""Other hours, or none, on one date or on several in a row."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from availability.core.hours import DayHours, Opening
from availability.core.week_picture import overlapping
from availability.forms.hours import HoursField, TypedHours
from availability.services.save_override import Days

MOST_DAYS = 366
FARTHEST = timedelta(days=3 * 366)
_NO_DATE = gettext_lazy("This is not a date. Example: 2026-12-24")


class DayField(forms.DateField):
    """Always in the spelling that date fields of browsers send."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], error_messages={"invalid": _NO_DATE}, **kwargs)


class OverrideForm(forms.Form):
    """``was_first`` and ``was_last``: the dates in a row that are being changed, and that these take the place of."""

    first = DayField(label=gettext_lazy("Day"))
    last = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Only for several days in a row, such as holidays."),
    )
    hours = HoursField(
        label=gettext_lazy("Hours"),
        error_messages={"none": gettext_lazy("There are no hours yet. Add some, or choose “Closed”.")},
    )
    was_first = DayField(required=False)
    was_last = DayField(required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        for name in ("was_first", "was_last"):
            self.fields[name].widget = forms.HiddenInput()

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first < self._today:
            raise ValidationError(_("%(day)s is past. Choose today or a later day.") % {"day": _in_words(first)})
        return self._near_enough(first)

    def clean_last(self) -> date | None:
        last: date | None = self.cleaned_data["last"]
        return last and self._near_enough(last)

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        elif first and last and (last - first).days >= MOST_DAYS:
            said = _("These are more than %(most)s days. Enter them in parts.") % {"most": MOST_DAYS}
            self.add_error("last", said)
        elif first and last and last > first and _runs_into_next(self.cleaned_data.get("hours", ())):
            said = _("On days in a row these hours run into those of the next morning. Let one end before.")
            self.add_error("hours", said)
        return self.cleaned_data

    def days(self) -> Days:
        first: date = self.cleaned_data["first"]
        return first, self.cleaned_data["last"] or first

    def instead_of(self) -> Days | None:
        """The dates that were shown to be changed, those that are past left alone; also while others are not right."""
        self.full_clean()
        first, last = self.cleaned_data.get("was_first"), self.cleaned_data.get("was_last")
        if not (first and last):
            return None
        return max(first, self._today), last

    def openings(self) -> tuple[Opening, ...]:
        openings: tuple[Opening, ...] = self.cleaned_data["hours"]
        return openings

    def typed(self) -> TypedHours:
        hours: TypedHours = self["hours"].value()
        return hours

    def typed_on(self, hours: TypedHours) -> "OverrideForm":
        """The same form with everything typed so far, other rows of hours, and nothing judged yet."""
        typed = {name: self[name].value() for name in self.fields}
        return OverrideForm(initial=typed | {"hours": hours}, today=self._today)

    def _near_enough(self, day: date) -> date:
        if day > self._today + FARTHEST:
            raise ValidationError(_("More than three years ahead nothing can be entered yet."))
        return day


def _runs_into_next(openings: tuple[Opening, ...]) -> bool:
    two_days = [DayHours(weekday, *opening) for weekday in (1, 2) for opening in openings]
    return any(two_days[first].weekday != two_days[second].weekday for first, second in overlapping(two_days))


def _in_words(day: date) -> str:
    return date_format(day, pgettext("date format: 24 November 2026", "j F Y"))
