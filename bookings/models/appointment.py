"""A slot somebody took."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from accounts.models import Member
from availability.models import Calendar
from bookings.models.contact import Contact


class Status(models.TextChoices):
    PENDING = "pending", _("Waiting for approval")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Cancelled")
    SHOWED = "showed", _("Showed")
    NO_SHOW = "no_show", _("No-show")


CLOSING = ("cancelled_at", "declined_at", "expired_at")


def _closed_once() -> Q:
    """At most one of the facts that end an appointment."""
    open_, once = Q(*((f"{name}__isnull", True) for name in CLOSING)), Q()
    for name in CLOSING:
        others = [other for other in CLOSING if other != name]
        once |= Q((f"{name}__isnull", False), *((f"{other}__isnull", True) for other in others))
    return open_ | once


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def active(self) -> "AppointmentQuerySet":
        """Those that have their time: asked for or confirmed, and not ended in any way."""
        return self.filter(**{f"{name}__isnull": True for name in CLOSING})

    def pending(self) -> "AppointmentQuerySet":
        return self.active().filter(confirmed_at__isnull=True)

    def overlapping(self, start: datetime, end: datetime) -> "AppointmentQuerySet":
        return self.filter(ends_at__gt=start, starts_at__lt=end)


class Appointment(models.Model):
    """Facts, not flags: what happened is a time; ``status`` is read off them. ``uid`` is its name everywhere.

    Name and telephone are kept as given with this booking: whoever knows only somebody's e-mail address must
    neither rename that contact nor be shown what is known of them. ``host`` is the lead where several take part;
    ``session_uid`` names the class session the appointment is a seat of. ``answers`` are pairs of a question, as it
    was asked, and its answer. Until ``expires_at`` a request waits for an answer.
    """

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="appointments", verbose_name=_("calendar"))
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="appointments", verbose_name=_("contact"))
    host = models.ForeignKey(Member, models.PROTECT, related_name="appointments", verbose_name=_("host"))
    further_hosts = models.ManyToManyField(
        Member, related_name="further_appointments", blank=True, verbose_name=_("further hosts")
    )
    session_uid = models.UUIDField(_("class session"), null=True, blank=True, editable=False)
    uid = models.UUIDField(_("uid"), default=uuid.uuid4, unique=True, editable=False)
    customer_name = models.CharField(_("name as given"), max_length=120)
    customer_phone = models.CharField(_("telephone as given"), max_length=40, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = TimeZoneField(_("customer's time zone"), default="Europe/Berlin")
    place = models.CharField(_("place"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    answers = models.JSONField(_("answers"), default=list, blank=True)
    locale = models.CharField(_("customer's language"), max_length=8, choices=settings.LANGUAGES, default="en-gb")
    is_overbooked = models.BooleanField(_("booked although something stood against it"), default=False)
    sequence = models.PositiveIntegerField(_("sequence"), default=0, editable=False)
    token_version = models.PositiveIntegerField(_("token version"), default=1, editable=False)
    booked_at = models.DateTimeField(_("booked"))
    changed_at = models.DateTimeField(_("changed"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    expires_at = models.DateTimeField(_("answer wanted until"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    expired_at = models.DateTimeField(_("expired"), null=True, blank=True)
    showed_at = models.DateTimeField(_("showed"), null=True, blank=True)
    no_show_at = models.DateTimeField(_("no-show"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects: ClassVar[AppointmentQuerySet] = AppointmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("starts_at",)
        indexes = (
            models.Index(fields=("host", "ends_at", "starts_at"), name="appointment_by_host_and_end"),
            models.Index(fields=("calendar", "starts_at"), name="appointment_by_calendar"),
            models.Index(fields=("session_uid",), name="appointment_by_session"),
            models.Index(
                fields=("expires_at",),
                condition=Q(confirmed_at__isnull=True, expires_at__isnull=False),
                name="appointment_that_waits",
            ),
            models.Index(
                fields=("starts_at",),
                condition=Q(*((f"{name}__isnull", True) for name in CLOSING), ("confirmed_at__isnull", False)),
                name="appointment_to_come",
            ),
        )
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_it_starts"),
            models.CheckConstraint(condition=_closed_once(), name="appointment_ends_in_one_way"),
            models.CheckConstraint(
                condition=Q(showed_at__isnull=True, no_show_at__isnull=True)
                | Q(
                    Q(showed_at__isnull=True) | Q(no_show_at__isnull=True),
                    *((f"{name}__isnull", True) for name in CLOSING),
                    confirmed_at__isnull=False,
                ),
                name="who_showed_was_confirmed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_name} · {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def status(self) -> Status:
        facts = (
            (self.cancelled_at, Status.CANCELLED),
            (self.declined_at, Status.DECLINED),
            (self.expired_at, Status.EXPIRED),
            (self.showed_at, Status.SHOWED),
            (self.no_show_at, Status.NO_SHOW),
            (self.confirmed_at, Status.CONFIRMED),
        )
        return next((status for fact, status in facts if fact), Status.PENDING)

    @property
    def closed_at(self) -> datetime | None:
        """When it was cancelled, declined or expired; None while it has its time."""
        return self.cancelled_at or self.declined_at or self.expired_at

    @property
    def is_active(self) -> bool:
        return self.closed_at is None

    def has_run_out(self, now: datetime) -> bool:
        """A request nobody answered in time: as good as expired, even before it is swept."""
        is_pending = self.is_active and self.confirmed_at is None
        return is_pending and self.expires_at is not None and self.expires_at <= now
