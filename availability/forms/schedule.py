"""A schedule as a whole: name, zone, limits and the week."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from availability.core.hours import DayHours, Opening
from availability.core.week_picture import overlapping, times_of
from availability.forms.hours import HoursField, TypedHours, minute
from availability.forms.zones import ZoneField, zone_names
from availability.models import Schedule
from availability.models.schedule import Weekday
from availability.services.save_schedule import ScheduleTerms

_MOST_LIMIT = 1000
_OFFICE_HOURS = tuple(DayHours(weekday, 9 * 60, 17 * 60) for weekday in range(5))


class ScheduleForm(forms.Form):
    """``day_0`` to ``day_6`` are the weekdays, Monday first."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("For you and your colleagues. Customers do not see it."),
    )
    time_zone = ZoneField(
        label=gettext_lazy("Time zone of these hours"),
        help_text=gettext_lazy("By the clock there, in summer and winter."),
    )
    day_limit = forms.IntegerField(
        label=gettext_lazy("Appointments a day at most"),
        min_value=1,
        max_value=_MOST_LIMIT,
        required=False,
        help_text=gettext_lazy("Counts all appointments of this person, on every calendar. Empty: any number."),
    )
    week_limit = forms.IntegerField(
        label=gettext_lazy("Appointments a week at most"),
        min_value=1,
        max_value=_MOST_LIMIT,
        required=False,
        help_text=gettext_lazy("From Monday to Sunday, on every calendar. Empty: any number."),
    )
    works_on_holidays = forms.BooleanField(
        label=gettext_lazy("Open on public holidays"),
        required=False,
        help_text=gettext_lazy("Otherwise nothing can be booked on the public holidays your account keeps."),
    )
    day_0, day_1, day_2, day_3, day_4, day_5, day_6 = (HoursField(label=day.label) for day in Weekday)

    def __init__(self, *args: Any, member: Member, schedule: Schedule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.schedule = schedule

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        others = Schedule.objects.filter(member=self.member, name=name)
        if self.schedule is not None:
            others = others.exclude(pk=self.schedule.pk)
        if others.exists():
            raise ValidationError(name_taken())
        return name

    def clean(self) -> dict[str, Any]:
        """Hours of one day that run into those of the next, Sunday's into Monday's."""
        hours = list(self.hours())
        for first, second in overlapping(hours):
            if hours[first].weekday != hours[second].weekday:
                self.add_error(day_name(hours[second].weekday), self._runs_into(hours[first], hours[second]))
        return self.cleaned_data

    def hours(self) -> Iterator[DayHours]:
        """The weekly hours, as far as each day is right in itself."""
        for weekday in Weekday:
            for opening in self.cleaned_data.get(day_name(weekday), ()):
                yield DayHours(weekday, *opening)

    def terms(self) -> ScheduleTerms:
        return ScheduleTerms(**{name: self.cleaned_data[name] for name in ScheduleTerms.__dataclass_fields__})

    def typed(self, weekday: int) -> TypedHours:
        hours: TypedHours = self[day_name(weekday)].value()
        return hours

    def readable_hours(self) -> Iterator[DayHours]:
        """What can be drawn already, saved or not, right or not."""
        for weekday in Weekday:
            for opening in self.typed(weekday).readable():
                yield DayHours(weekday, *opening)

    def zone(self) -> ZoneInfo:
        """The zone chosen, or the one saved while none is."""
        chosen = str(self["time_zone"].value())
        if chosen in zone_names():
            return ZoneInfo(chosen)
        return ZoneInfo(str(self.schedule.time_zone if self.schedule else self.member.account.time_zone))

    def typed_on(self, changed: Mapping[str, TypedHours]) -> "ScheduleForm":
        """The same form with everything typed so far, some days changed, and nothing judged yet."""
        typed = {name: self[name].value() for name in self.fields}
        return ScheduleForm(initial={**typed, **changed}, member=self.member, schedule=self.schedule)

    def _runs_into(self, first: DayHours, second: DayHours) -> ValidationError:
        rows = enumerate(self.typed(second.weekday).openings)
        return ValidationError(
            _("%(before)s %(first)s runs into %(day)s %(second)s. Let one end before the other begins."),
            params={
                "before": Weekday(first.weekday).label,
                "first": times_of(Opening(first.opens, first.closes)),
                "day": Weekday(second.weekday).label,
                "second": times_of(Opening(second.opens, second.closes)),
                "rows": [row for row, typed in rows if minute(typed.opens) == second.opens],
            },
        )


def day_name(weekday: int) -> str:
    return f"day_{weekday}"


def initial_of(schedule: Schedule, hours: Iterable[DayHours]) -> dict[str, Any]:
    terms = {name: getattr(schedule, name) for name in ScheduleTerms.__dataclass_fields__}
    return {**terms, "time_zone": str(schedule.time_zone), **_days(hours)}


def initial_of_new(member: Member) -> dict[str, Any]:
    """Office hours in the account's zone."""
    return {"time_zone": str(member.account.time_zone), **_days(_OFFICE_HOURS)}


def name_taken() -> str:
    return _("There is another schedule of this name. Choose a different one, so that you can tell them apart.")


def _days(hours: Iterable[DayHours]) -> dict[str, TypedHours]:
    week: dict[int, list[Opening]] = {weekday: [] for weekday in Weekday}
    for weekday, opens, closes in hours:
        week[weekday].append(Opening(opens, closes))
    return {day_name(weekday): TypedHours.of(openings) for weekday, openings in week.items()}
