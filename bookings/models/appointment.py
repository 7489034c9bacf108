"""A slot somebody took."""

import uuid
from datetime import datetime
from typing import ClassVar

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
    CANCELLED = "cancelled", _("Cancelled")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def active(self) -> "AppointmentQuerySet":
        return self.filter(cancelled_at__isnull=True)

    def overlapping(self, start: datetime, end: datetime) -> "AppointmentQuerySet":
        return self.filter(ends_at__gt=start, starts_at__lt=end)


class Appointment(models.Model):
    """Facts, not flags: what happened is a time; ``status`` is read off them. ``uid`` is its name everywhere.

    Name and telephone are kept as given with this booking: whoever knows only somebody's e-mail address must
    neither rename that contact nor be shown what is known of them. ``host`` is the lead where several take part;
    ``session_uid`` names the class session the appointment is a seat of.
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
    sequence = models.PositiveIntegerField(_("sequence"), default=0, editable=False)
    token_version = models.PositiveIntegerField(_("token version"), default=1, editable=False)
    booked_at = models.DateTimeField(_("booked"))
    changed_at = models.DateTimeField(_("changed"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
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
        )
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"{self.customer_name} · {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def status(self) -> Status:
        if self.cancelled_at:
            return Status.CANCELLED
        return Status.CONFIRMED if self.confirmed_at else Status.PENDING
