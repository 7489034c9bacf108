"""Our public pages: what can be booked, by which rules, with whom."""

from datetime import timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Member
from availability.models.schedule import Schedule

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LONGEST_BUFFER = timedelta(days=7)


class CalendarType(models.TextChoices):
    SIMPLE = "simple", _("Simple")
    CLASS = "class", _("Class booking")
    ROUND_ROBIN = "round_robin", _("Round robin")
    COLLECTIVE = "collective", _("Collective")
    SERVICE = "service", _("Service")


class AssignmentMode(models.TextChoices):
    AVAILABILITY = "availability", _("Optimise for availability")
    EQUAL = "equal", _("Equal distribution")


# the types whose semantics are built; a page offers no others
WORKING_TYPES = (CalendarType.SERVICE, CalendarType.ROUND_ROBIN, CalendarType.SIMPLE)
WORKING_MODES = (AssignmentMode.AVAILABILITY,)


class CalendarQuerySet(models.QuerySet["Calendar"]):
    def public(self) -> "CalendarQuerySet":
        """Calendars with a public page."""
        return self.filter(switched_off_at__isnull=True, type__in=WORKING_TYPES).select_related("account")


class Calendar(models.Model):
    """One kind of appointment that can be booked, with its public page."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="calendars", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=60)
    description = models.TextField(_("description"), blank=True)
    type = models.CharField(_("type"), max_length=12, choices=CalendarType.choices, default=CalendarType.SERVICE)
    assignment_mode = models.CharField(
        _("who gets the booking"),
        max_length=12,
        choices=AssignmentMode.choices,
        default=AssignmentMode.AVAILABILITY,
    )
    duration = models.DurationField(_("slot duration"), default=30 * MINUTE)
    interval = models.DurationField(_("slot interval"), default=30 * MINUTE)
    buffer_before = models.DurationField(_("buffer before"), default=timedelta)
    buffer_after = models.DurationField(_("buffer after"), default=timedelta)
    minimum_notice = models.DurationField(_("minimum notice"), default=timedelta(hours=1))
    horizon_days = models.PositiveSmallIntegerField(
        _("date range in days"), default=60, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    price = models.DecimalField(_("price"), max_digits=8, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    time_zone_locked = models.BooleanField(
        _("always show the account's time zone"),
        default=False,
        help_text=_("Otherwise customers see their own."),
    )
    switched_off_at = models.DateTimeField(_("switched off"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects: ClassVar[CalendarQuerySet] = CalendarQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ("account", "name")
        constraints = (
            models.UniqueConstraint(fields=("account", "slug"), name="one_calendar_per_address"),
            models.CheckConstraint(
                condition=Q(duration__gte=MINUTE, duration__lte=DAY, interval__gte=MINUTE, interval__lte=DAY),
                name="calendar_slots_last_a_minute_to_a_day",
            ),
            models.CheckConstraint(
                condition=Q(buffer_before__gte=timedelta(), buffer_before__lte=LONGEST_BUFFER)
                & Q(buffer_after__gte=timedelta(), buffer_after__lte=LONGEST_BUFFER),
                name="calendar_buffers_last_a_week_at_most",
            ),
            models.CheckConstraint(condition=Q(minimum_notice__gte=timedelta()), name="calendar_notice_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.account} · {self.name}"

    def clean(self) -> None:
        super().clean()
        if self.type not in WORKING_TYPES:
            raise ValidationError({"type": _("This type cannot be chosen yet.")})
        if self.assignment_mode not in WORKING_MODES:
            raise ValidationError({"assignment_mode": _("This mode cannot be chosen yet.")})
        for name in ("buffer_before", "buffer_after"):
            if not timedelta() <= (getattr(self, name) or timedelta()) <= LONGEST_BUFFER:
                raise ValidationError({name: _("A buffer lasts between nothing and seven days.")})
        for name in ("duration", "interval"):
            if not MINUTE <= (getattr(self, name) or timedelta()) <= DAY:
                raise ValidationError({name: _("Between one minute and one day.")})

    @property
    def looks_outside(self) -> bool:
        """Simple calendars do not take part in calendar sync: no push, no external busy time."""
        return self.type != CalendarType.SIMPLE


class Priority(models.IntegerChoices):
    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")


class CalendarMember(models.Model):
    """A member who gives time to a calendar; without a schedule of its own, the member's default counts."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="calendar_members", verbose_name=_("calendar"))
    member = models.ForeignKey(Member, models.CASCADE, related_name="calendar_members", verbose_name=_("member"))
    schedule = models.ForeignKey(
        Schedule, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("schedule")
    )
    priority = models.SmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.MEDIUM)

    class Meta:
        verbose_name = _("calendar member")
        verbose_name_plural = _("calendar members")
        ordering = ("calendar", "id")
        constraints = (models.UniqueConstraint(F("calendar"), F("member"), name="a_member_serves_a_calendar_once"),)

    def __str__(self) -> str:
        return f"{self.calendar} · {self.member.user}"

    def clean(self) -> None:
        super().clean()
        if self.calendar_id and self.member_id and self.calendar.account_id != self.member.account_id:
            raise ValidationError({"member": _("This member belongs to another account.")})
        if self.schedule and self.schedule.member_id != self.member_id:
            raise ValidationError({"schedule": _("This schedule belongs to somebody else.")})
