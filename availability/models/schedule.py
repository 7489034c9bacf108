"""When a member can be booked: weekly hours by the clock on the wall, in an IANA zone."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from accounts.models import Member

DAY_MINUTES = 24 * 60


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Schedule(models.Model):
    """Named weekly hours of a member; one is the default."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="schedules", verbose_name=_("member"))
    name = models.CharField(_("name"), max_length=80)
    time_zone = TimeZoneField(_("time zone"), default="Europe/Berlin")
    is_default = models.BooleanField(_("default"), default=False)

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        ordering = ("member", "name")
        constraints = (
            models.UniqueConstraint(fields=("member", "name"), name="one_schedule_per_name"),
            models.UniqueConstraint(
                fields=("member",), condition=Q(is_default=True), name="one_default_schedule_per_member"
            ),
        )

    def __str__(self) -> str:
        return f"{self.member} · {self.name}"


class WeeklyHours(models.Model):
    """One opening on a weekday, in minutes from midnight; closing at or before opening is on the next day."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="weekly_hours", verbose_name=_("schedule"))
    weekday = models.SmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens_minute = models.SmallIntegerField(_("opens"), validators=[MaxValueValidator(DAY_MINUTES - 1)])
    closes_minute = models.SmallIntegerField(_("closes"), validators=[MaxValueValidator(DAY_MINUTES)])

    class Meta:
        verbose_name = _("weekly hours")
        verbose_name_plural = _("weekly hours")
        ordering = ("schedule", "weekday", "opens_minute")
        constraints = (
            models.CheckConstraint(
                condition=Q(opens_minute__gte=0, opens_minute__lt=DAY_MINUTES)
                & Q(closes_minute__gte=0, closes_minute__lte=DAY_MINUTES)
                & Q(weekday__gte=0, weekday__lte=6),
                name="weekly_hours_lie_within_a_day",
            ),
            models.UniqueConstraint(fields=("schedule", "weekday", "opens_minute"), name="one_opening_at_a_time"),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {clock(self.opens_minute)}–{clock(self.closes_minute)}"

    def clean(self) -> None:
        super().clean()
        if None in (self.schedule_id, self.weekday, self.opens_minute, self.closes_minute):
            return
        others = WeeklyHours.objects.filter(schedule_id=self.schedule_id).exclude(pk=self.pk)
        if any(self._overlaps(other) for other in others):
            raise ValidationError({"opens_minute": _("These hours overlap others of the same schedule.")})

    def _overlaps(self, other: "WeeklyHours") -> bool:
        week = 7 * DAY_MINUTES
        start, end = self._stretch()
        return any(
            start < theirs_end + shift and theirs_start + shift < end
            for theirs_start, theirs_end in (other._stretch(),)
            for shift in (-week, 0, week)
        )

    def _stretch(self) -> tuple[int, int]:
        start = self.weekday * DAY_MINUTES + self.opens_minute
        closes = self.closes_minute if self.closes_minute > self.opens_minute else self.closes_minute + DAY_MINUTES
        return start, self.weekday * DAY_MINUTES + closes


def clock(minute: int) -> str:
    """Minutes from midnight as a clock shows them: 570 is "09:30"."""
    return f"{minute // 60:02}:{minute % 60:02}"
