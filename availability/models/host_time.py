"""Time of a host that is taken. The constraint here is the promise: nobody is ever booked twice."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from availability.models.calendar import Calendar


class HostTimeKind(models.TextChoices):
    APPOINTMENT = "appointment", _("Appointment")
    SESSION = "session", _("Class session")
    HOLD = "hold", _("Hold")


class _Stretch(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class HostTimeQuerySet(models.QuerySet["HostTime"]):
    def reaching(self, start: datetime, end: datetime) -> "HostTimeQuerySet":
        """Host time that overlaps ``[start, end)``; spelled for the (user, ends_at, starts_at) index."""
        return self.filter(ends_at__gt=start, starts_at__lt=end)


class HostTime(models.Model):
    """``[starts_at, ends_at)`` of ``user`` belongs to the taker ``uid``. Written by this app's services alone.

    Across all calendars of all accounts no two exclusive rows of a user overlap. ``booked_at`` stays when the
    taker moves.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="host_times", verbose_name=_("host"))
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="host_times", verbose_name=_("calendar"))
    uid = models.UUIDField(_("taker"))
    kind = models.CharField(_("kind"), max_length=12, choices=HostTimeKind.choices)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    exclusive = models.BooleanField(_("exclusive"), default=True)
    buffer_before = models.DurationField(_("buffer before"), default=timedelta)
    buffer_after = models.DurationField(_("buffer after"), default=timedelta)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    booked_at = models.DateTimeField(_("booked"), db_default=Now())
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects: ClassVar[HostTimeQuerySet] = HostTimeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("host time")
        verbose_name_plural = _("host times")
        ordering = ("starts_at",)
        indexes = (
            models.Index(fields=("user", "ends_at", "starts_at"), name="host_time_by_host_and_end"),
            models.Index(fields=("uid",), name="host_time_by_taker"),
            models.Index(fields=("calendar", "starts_at"), name="host_time_by_calendar"),
            # few among many, and asked for with every page
            models.Index(fields=("user", "ends_at"), condition=Q(kind=HostTimeKind.HOLD), name="holds_by_host"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="host_time_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(kind=HostTimeKind.HOLD, expires_at__isnull=False)
                | (~Q(kind=HostTimeKind.HOLD) & Q(expires_at__isnull=True)),
                name="holds_and_only_holds_expire",
            ),
            ExclusionConstraint(
                name="host_is_never_booked_twice",
                expressions=[
                    (F("user"), RangeOperators.EQUAL),
                    (_Stretch(F("starts_at"), F("ends_at"), RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(exclusive=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.starts_at:%Y-%m-%d %H:%M} – {self.ends_at:%H:%M}"
