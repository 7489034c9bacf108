"""Which calendar and which days the fairness report is about."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from availability.models import Calendar
from bookings.queries.fairness import Period

LONGEST = timedelta(days=366)
_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)
_NO_DAY = gettext_lazy("This is not a day we know. Example: 2026-12-24")
_DAY = timedelta(days=1)


class Usual(models.TextChoices):
    """Periods that need no dates."""

    THIS_MONTH = "this-month", gettext_lazy("This month")
    LAST_MONTH = "last-month", gettext_lazy("Last month")
    DAYS_90 = "90-days", gettext_lazy("Last 90 days")

    def period(self, today: date) -> Period:
        first = today.replace(day=1)
        if self is Usual.LAST_MONTH:
            return Period((first - _DAY).replace(day=1), first - _DAY)
        if self is Usual.DAYS_90:
            return Period(today - 89 * _DAY, today)
        return Period(first, (first + 31 * _DAY).replace(day=1) - _DAY)


class _DayField(forms.DateField):
    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "data-width": "auto"}),
            validators=[MinValueValidator(_EARLIEST, _NO_DAY), MaxValueValidator(_LATEST, _NO_DAY)],
            error_messages={"invalid": _NO_DAY, "required": gettext_lazy("The date is missing.")},
        )


class FairnessForm(forms.Form):
    """Sent by GET; what is not asked for is filled in: the first calendar, this month.

    ``usual``: the period that is shown, if it is one that has a name.
    """

    calendar = forms.ChoiceField(label=gettext_lazy("Calendar"), widget=forms.Select(attrs={"data-width": "auto"}))
    since = _DayField(gettext_lazy("From"))
    until = _DayField(gettext_lazy("To"))

    def __init__(self, asked: Mapping[str, Any], *, calendars: Sequence[Calendar], today: date) -> None:
        days = _iso(_usual(asked.get("period", "")).period(today))
        if asked.get("since") or asked.get("until"):
            days = {name: asked.get(name, "") for name in days}
        self.usual = next((one for one in Usual if _iso(one.period(today)) == days), None)
        super().__init__({"calendar": asked.get("calendar") or calendars[0].pk, **days})
        self._calendars = {str(calendar.pk): calendar for calendar in calendars}
        self.fields["calendar"].choices = [(pk, one.name) for pk, one in self._calendars.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first one."))
        elif since and until and until - since >= LONGEST:
            self.add_error("until", _("A report covers a year at most."))
        return cleaned

    @property
    def chosen(self) -> Calendar:
        return self._calendars[self.cleaned_data["calendar"]]

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["since"], self.cleaned_data["until"])


def _usual(asked: str) -> Usual:
    return Usual(asked) if asked in Usual.values else Usual.THIS_MONTH


def _iso(period: Period) -> dict[str, str]:
    return {"since": period.first.isoformat(), "until": period.last.isoformat()}
