"""Sessions of a class: one host's time, shared by several customers."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from availability.models.calendar import MOST_SEATS, Calendar


class ClassSession(models.Model):
    """A start of a class that somebody booked. Its host time bears its ``uid`` and goes with its last seat."""

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="sessions", verbose_name=_("calendar"))
    user = models.ForeignKey(User, models.PROTECT, related_name="sessions", verbose_name=_("host"))
    uid = models.UUIDField(_("uid"), default=uuid.uuid4, unique=True, editable=False)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    seats = models.PositiveSmallIntegerField(_("seats"))
    seats_taken = models.PositiveSmallIntegerField(_("seats taken"), default=0)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("class session")
        verbose_name_plural = _("class sessions")
        ordering = ("starts_at",)
        constraints = (
            models.UniqueConstraint(fields=("calendar", "user", "starts_at"), name="one_session_per_start"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(seats_taken__gte=0, seats_taken__lte=F("seats"), seats__lte=MOST_SEATS),
                name="session_never_has_fewer_than_no_seats",
            ),
        )

    def __str__(self) -> str:
        return f"{self.calendar}: {self.starts_at:%Y-%m-%d %H:%M}"


class Seat(models.Model):
    """A seat of a session that belongs to the taker ``uid``; with ``expires_at`` it is only held."""

    session = models.ForeignKey(ClassSession, models.CASCADE, related_name="places", verbose_name=_("session"))
    uid = models.UUIDField(_("taker"), unique=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    booked_at = models.DateTimeField(_("booked"), db_default=Now())

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ("session", "id")

    def __str__(self) -> str:
        return f"{self.session}"
