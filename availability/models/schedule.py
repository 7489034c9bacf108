"""When a member can be booked: weekly hours by the clock on the wall, in an IANA zone."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from accounts.models import Account, Member

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
    works_on_holidays = models.BooleanField(
        _("open on public holidays"),
        default=False,
        help_text=_("Otherwise the public holidays of the account are closed."),
    )
    day_limit = models.PositiveSmallIntegerField(
        _("appointments a day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Counts all appointments of this person, on every calendar. Empty: any number."),
    )
    week_limit = models.PositiveSmallIntegerField(
        _("appointments a week"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("From Monday to Sunday, on every calendar. Empty: any number."),
    )
    edition = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        ordering = ("member", "name")
        constraints = (
            models.UniqueConstraint(fields=("member", "name"), name="one_schedule_per_name"),
            models.UniqueConstraint(
                fields=("member",), condition=Q(is_default=True), name="one_default_schedule_per_member"
            ),
            models.CheckConstraint(
                condition=(Q(day_limit__isnull=True) | Q(day_limit__gte=1))
                & (Q(week_limit__isnull=True) | Q(week_limit__gte=1)),
                name="schedule_limits_allow_something",
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


class DateOverride(models.Model):
    """What opens on one date instead of the weekly hours: one row per opening, or one without times for "closed"."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="overrides", verbose_name=_("schedule"))
    date = models.DateField(_("date"))
    opens_minute = models.SmallIntegerField(
        _("opens"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(DAY_MINUTES - 1)]
    )
    closes_minute = models.SmallIntegerField(
        _("closes"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(DAY_MINUTES)]
    )

    class Meta:
        verbose_name = _("date override")
        verbose_name_plural = _("date overrides")
        ordering = ("schedule", "date", "opens_minute")
        constraints = (
            models.UniqueConstraint(
                fields=("schedule", "date", "opens_minute"),
                nulls_distinct=False,
                name="one_opening_at_a_time_of_a_date",
            ),
            models.CheckConstraint(
                condition=Q(opens_minute__isnull=True, closes_minute__isnull=True)
                | Q(
                    opens_minute__gte=0,
                    opens_minute__lt=DAY_MINUTES,
                    closes_minute__gte=0,
                    closes_minute__lte=DAY_MINUTES,
                ),
                name="override_hours_lie_within_a_day",
            ),
        )

    def __str__(self) -> str:
        if self.opens_minute is None or self.closes_minute is None:
            return f"{self.date}"
        return f"{self.date} {clock(self.opens_minute)}–{clock(self.closes_minute)}"


class Closure(models.Model):
    """Time in which the whole account is closed; it cuts everything."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="closures", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ("account", "starts_at")
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="closure_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return self.name or f"{self.starts_at:%Y-%m-%d %H:%M} – {self.ends_at:%Y-%m-%d %H:%M}"


class PublicHolidays(models.Model):
    """Whose public holidays an account keeps: an ISO 3166 country, and one of its parts if they differ."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="public_holidays", verbose_name=_("account"))
    country = models.CharField(_("country"), max_length=2)
    subdivision = models.CharField(_("state or region"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("public holidays")
        verbose_name_plural = _("public holidays")

    def __str__(self) -> str:
        return f"{self.account}: {self.country} {self.subdivision}".strip()


def clock(minute: int) -> str:
    """Minutes from midnight as a clock shows them: 570 is "09:30"."""
    return f"{minute // 60:02}:{minute % 60:02}"
