"""A time kept for a customer who is filling in the form."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from availability.models import Calendar


class Hold(models.Model):
    """What one browser keeps: one time at most. The host's time (or the seat) bears its ``uid`` and expires with it.

    ``browser`` and ``address`` are digests. ``host``: whose time is kept, for the time being; ``asked_for`` says that
    the customer named them.
    """

    uid = models.UUIDField(_("uid"), default=uuid.uuid4, unique=True, editable=False)
    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="+", verbose_name=_("calendar"))
    host = models.ForeignKey(Member, models.CASCADE, related_name="+", verbose_name=_("host"))
    asked_for = models.BooleanField(_("host asked for"), default=False)
    browser = models.CharField(_("browser, as a digest"), max_length=64, unique=True)
    address = models.CharField(_("address, as a digest"), max_length=64)
    starts_at = models.DateTimeField(_("starts"))
    expires_at = models.DateTimeField(_("expires"))
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ("expires_at",)
        indexes = (
            models.Index(fields=("address", "expires_at"), name="hold_by_address"),
            models.Index(fields=("calendar", "starts_at"), name="hold_by_calendar"),
        )

    def __str__(self) -> str:
        return f"{self.calendar} · {self.starts_at:%Y-%m-%d %H:%M}"
