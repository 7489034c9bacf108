"""Slots as they were computed, and the versions that say whether they still hold (A11)."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from availability.models.calendar import Calendar


class HostDay(models.Model):
    """How often the time of a user changed on a UTC day. Whoever changes it adds one, under the host's lock."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("user"))
    day = models.DateField(_("day in UTC"))
    version = models.BigIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("version of a host’s day")
        verbose_name_plural = _("versions of hosts’ days")
        ordering = ("user", "day")
        constraints = (models.UniqueConstraint(fields=("user", "day"), name="one_version_per_host_and_day"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.day}: {self.version}"


class StoredDay(models.Model):
    """The open starts of a calendar on one UTC day, host by host, by all rules that do not move with the clock.

    True exactly while ``epoch`` is the calendar's and ``versions`` is the sum of its hosts' ``HostDay`` versions
    over the days its rules reach. ``starts`` is packed by ``availability.core.packing``.
    """

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="stored_days", verbose_name=_("calendar"))
    day = models.DateField(_("day in UTC"))
    epoch = models.BigIntegerField(_("epoch"))
    versions = models.BigIntegerField(_("versions"))
    starts = models.BinaryField(_("starts"))
    computed_at = models.DateTimeField(_("computed"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("stored day")
        verbose_name_plural = _("stored days")
        ordering = ("calendar", "day")
        constraints = (models.UniqueConstraint(fields=("calendar", "day"), name="one_stored_day_per_calendar"),)

    def __str__(self) -> str:
        return f"{self.calendar} · {self.day}"
