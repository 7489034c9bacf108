"""Our public pages: what can be booked, by which rules, with whom."""

import secrets
from datetime import date, timedelta
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
LONGEST_HORIZON_DAYS = 730
MOST_SEATS = 9999
# a fixed date range lies between these: room to reckon on both sides
EARLIEST_DAY, LATEST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class CalendarType(models.TextChoices):
    SIMPLE = "simple", _("Simple")
    CLASS = "class", _("Class booking")
    ROUND_ROBIN = "round_robin", _("Round robin")
    COLLECTIVE = "collective", _("Collective")
    SERVICE = "service", _("Service")


class AssignmentMode(models.TextChoices):
    AVAILABILITY = "availability", _("Optimise for availability")
    EQUAL = "equal", _("Equal distribution")


class DateRange(models.TextChoices):
    ROLLING = "rolling", _("A number of days from today")
    FIXED = "fixed", _("From one date to another")


class PlaceKind(models.TextChoices):
    ADDRESS = "address", _("An address")
    WE_CALL = "we_call", _("By phone: we call the customer")
    THEY_CALL = "they_call", _("By phone: the customer calls us")
    LINK = "link", _("A link")
    TEXT = "text", _("Something else")
    ASK = "ask", _("Ask the customer")


class CustomerDetail(models.TextChoices):
    """How much of the customer goes into the event in the host's own calendar."""

    EVERYTHING = "everything", _("Name, e-mail address, telephone and note")
    NAME = "name", _("The name alone")
    NOTHING = "nothing", _("Nothing")


def new_epoch() -> int:
    """A number no calendar ever had: also after a rollback nothing kept under an epoch is taken for current."""
    return secrets.randbits(62)


class CalendarQuerySet(models.QuerySet["Calendar"]):
    def public(self) -> "CalendarQuerySet":
        """Calendars with a public page."""
        return self.filter(switched_off_at__isnull=True).select_related("account")

    def listed(self) -> "CalendarQuerySet":
        """Those the group page names; the others are reached by their link alone."""
        return self.public().filter(hidden_at__isnull=True)


class Calendar(models.Model):
    """One kind of appointment that can be booked, with its public page.

    ``epoch`` changes with everything slots depend on but time itself: settings, members, schedules, closures,
    holidays. ``edition`` counts what people saved, so that the second of two is told.
    """

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
    lead_cap = models.PositiveSmallIntegerField(
        _("lead cap"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_(
            "Equal distribution: who is this many bookings ahead in a month is not offered until the others catch up."
        ),
    )
    keeps_host = models.BooleanField(
        _("keep the host when rescheduling"),
        default=True,
        help_text=_("If they are free at the new time. Otherwise the host is chosen anew."),
    )
    members_changed_at = models.DateTimeField(_("members or mode changed"), db_default=Now(), editable=False)
    seats = models.PositiveSmallIntegerField(
        _("seats"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)],
        help_text=_("How many customers can book the same session of a class."),
    )
    shows_seats = models.BooleanField(
        _("show the seats left"), default=True, help_text=_("On the public page, beside each time.")
    )
    duration = models.DurationField(
        _("slot duration"), default=30 * MINUTE, help_text=_("How long an appointment lasts.")
    )
    interval = models.DurationField(
        _("slot interval"),
        default=30 * MINUTE,
        help_text=_(
            "How often one can begin, counted from the start of each opening: every 15 minutes gives 9:00, 9:15, 9:30."
        ),
    )
    buffer_before = models.DurationField(
        _("buffer before"), default=timedelta, help_text=_("Time kept free before each appointment.")
    )
    buffer_after = models.DurationField(
        _("buffer after"), default=timedelta, help_text=_("Time kept free after each appointment.")
    )
    minimum_notice = models.DurationField(
        _("minimum notice"),
        default=timedelta(hours=1),
        help_text=_("How long before its start an appointment must be booked."),
    )
    date_range = models.CharField(_("date range"), max_length=8, choices=DateRange.choices, default=DateRange.ROLLING)
    horizon_days = models.PositiveSmallIntegerField(
        _("date range in days"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_HORIZON_DAYS)],
        help_text=_("How far ahead can be booked."),
    )
    range_first = models.DateField(_("first day"), null=True, blank=True)
    range_last = models.DateField(_("last day"), null=True, blank=True)
    day_limit = models.PositiveSmallIntegerField(
        _("appointments a day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("At most this many begin on a day. Empty: any number."),
    )
    week_limit = models.PositiveSmallIntegerField(
        _("appointments a week"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("At most this many begin in a week from Monday to Sunday. Empty: any number."),
    )
    look_busy = models.PositiveSmallIntegerField(
        _("look busy"),
        default=0,
        validators=[MaxValueValidator(90)],
        help_text=_(
            "Hides this many per cent of the free times from the page, always the same ones. "
            "A link to a hidden time still books it."
        ),
    )
    category = models.CharField(
        _("category"), max_length=80, blank=True, help_text=_("Services of one category stand together on the page.")
    )
    place_kind = models.CharField(
        _("kind of place"), max_length=12, choices=PlaceKind.choices, default=PlaceKind.ADDRESS
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    title_template = models.CharField(
        _("title in your calendar"),
        max_length=200,
        blank=True,
        help_text=_(
            "What the event in the host’s own calendar is called. {calendar} and {customer} are filled in. "
            "Empty: “{calendar}: {customer}”."
        ),
    )
    customer_detail = models.CharField(
        _("what it tells of the customer"),
        max_length=12,
        choices=CustomerDetail.choices,
        default=CustomerDetail.EVERYTHING,
    )
    price = models.DecimalField(_("price"), max_digits=8, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    time_zone_locked = models.BooleanField(
        _("always show the account's time zone"),
        default=False,
        help_text=_("Otherwise customers see their own."),
    )
    hidden_at = models.DateTimeField(
        _("hidden"), null=True, blank=True, help_text=_("Not on the group page; whoever has the link can book.")
    )
    paused_at = models.DateTimeField(
        _("paused"), null=True, blank=True, help_text=_("The page stays and says that nothing can be booked now.")
    )
    switched_off_at = models.DateTimeField(_("switched off"), null=True, blank=True, help_text=_("There is no page."))
    epoch = models.BigIntegerField(default=new_epoch, editable=False)
    edition = models.PositiveIntegerField(default=1, editable=False)
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
            models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=MOST_SEATS), name="calendar_has_seats"),
            models.CheckConstraint(condition=Q(look_busy__lte=90), name="calendar_hides_ninety_per_cent_at_most"),
            models.CheckConstraint(
                condition=Q(date_range=DateRange.ROLLING)
                | Q(range_first__isnull=False, range_last__isnull=False, range_last__gte=F("range_first")),
                name="calendar_fixed_range_has_two_ends",
            ),
            models.CheckConstraint(
                condition=(Q(day_limit__isnull=True) | Q(day_limit__gte=1))
                & (Q(week_limit__isnull=True) | Q(week_limit__gte=1)),
                name="calendar_limits_allow_something",
            ),
        )

    def __str__(self) -> str:
        return f"{self.account} · {self.name}"

    def clean(self) -> None:
        super().clean()
        if self.date_range == DateRange.FIXED:
            self._clean_fixed_range()
        for name in ("buffer_before", "buffer_after"):
            if not timedelta() <= (getattr(self, name) or timedelta()) <= LONGEST_BUFFER:
                raise ValidationError({name: _("A buffer lasts between nothing and seven days.")})
        for name in ("duration", "interval"):
            if not MINUTE <= (getattr(self, name) or timedelta()) <= DAY:
                raise ValidationError({name: _("Between one minute and one day.")})

    def _clean_fixed_range(self) -> None:
        for name in ("range_first", "range_last"):
            day = getattr(self, name)
            if day is None:
                raise ValidationError({name: _("A fixed range has a first and a last day.")})
            if not EARLIEST_DAY <= day <= LATEST_DAY:
                raise ValidationError({name: _("This day is out of reach.")})
        if self.range_first and self.range_last and self.range_last < self.range_first:
            raise ValidationError({"range_last": _("The last day is before the first.")})

    @property
    def is_open(self) -> bool:
        """Whether anything can be booked at all."""
        return self.switched_off_at is None and self.paused_at is None

    @property
    def shares_equally(self) -> bool:
        """Round robin in the mode that counts bookings (T5)."""
        return self.type == CalendarType.ROUND_ROBIN and self.assignment_mode == AssignmentMode.EQUAL

    @property
    def looks_outside(self) -> bool:
        """Simple calendars do not take part in calendar sync: no push, no external busy time."""
        return self.type != CalendarType.SIMPLE


class Priority(models.IntegerChoices):
    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")


class CalendarMember(models.Model):
    """A member who gives time to a calendar; without a schedule of its own, the member's default counts.

    ``position`` is the team order. ``is_fixed``: round robin, must be free as well. ``is_lead``: the one host of
    a collective calendar who answers for it.
    """

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="calendar_members", verbose_name=_("calendar"))
    member = models.ForeignKey(Member, models.CASCADE, related_name="calendar_members", verbose_name=_("member"))
    schedule = models.ForeignKey(
        Schedule, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("schedule")
    )
    priority = models.SmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.MEDIUM)
    position = models.PositiveSmallIntegerField(_("team order"), default=0)
    is_fixed = models.BooleanField(
        _("always takes part"), default=False, help_text=_("Round robin: this host must be free as well.")
    )
    is_lead = models.BooleanField(
        _("lead"), default=False, help_text=_("Collective: the one host who answers for the appointment.")
    )

    class Meta:
        verbose_name = _("calendar member")
        verbose_name_plural = _("calendar members")
        ordering = ("calendar", "position", "id")
        constraints = (
            models.UniqueConstraint(F("calendar"), F("member"), name="a_member_serves_a_calendar_once"),
            models.UniqueConstraint(
                fields=("calendar",), condition=Q(is_lead=True), name="a_calendar_has_one_lead_at_most"
            ),
        )

    def __str__(self) -> str:
        return f"{self.calendar} · {self.member.user}"

    def clean(self) -> None:
        super().clean()
        if self.calendar_id and self.member_id and self.calendar.account_id != self.member.account_id:
            raise ValidationError({"member": _("This member belongs to another account.")})
        if self.schedule and self.schedule.member_id != self.member_id:
            raise ValidationError({"schedule": _("This schedule belongs to somebody else.")})
