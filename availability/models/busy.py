"""What sources outside the promise report: busy time, one row per occurrence, and which sources count where."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Member, User


class WhenStale(models.TextChoices):
    WARN = "warn", _("Warn me, and go on with the last known busy times")
    BLOCK = "block", _("Offer nothing until it can be read again")


class BusySource(models.Model):
    """Anything that reports busy time of a user, such as one remote calendar.

    ``is_shown``, ``shown_days_before`` and ``shown_days_after`` (from today; empty: without end) say what My Calendar
    shows of it, ``shares_titles`` whether colleagues see more than that it is busy. None of them changes what blocks.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="busy_sources", verbose_name=_("user"))
    name = models.CharField(_("name"), max_length=200)
    read_at = models.DateTimeField(_("last read"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    asked_at = models.DateTimeField(_("first asked for"), db_default=Now())
    page_url = models.CharField(_("page"), max_length=200, blank=True)
    is_own = models.BooleanField(
        _("own items"),
        default=False,
        help_text=_("What the user keeps free in My Calendar; it counts in all their accounts and is never stale."),
    )

    is_shown = models.BooleanField(_("shown in My Calendar"), default=True)
    shown_days_before = models.PositiveSmallIntegerField(_("days shown before today"), null=True, blank=True)
    shown_days_after = models.PositiveSmallIntegerField(_("days shown after today"), null=True, blank=True)
    shares_titles = models.BooleanField(_("colleagues see titles"), default=False)

    class Meta:
        verbose_name = _("busy source")
        verbose_name_plural = _("busy sources")
        ordering = ("user", "name")
        constraints = (
            models.UniqueConstraint(fields=("user",), condition=Q(is_own=True), name="one_source_of_own_items"),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.name}"


class BusyTimeQuerySet(models.QuerySet["BusyTime"]):
    def reaching(self, start: datetime, end: datetime) -> "BusyTimeQuerySet":
        """Busy times that overlap ``[start, end)``; spelled for the (user, end, start) index."""
        return self.filter(end__gt=start, start__lt=end)


class BusyTime(models.Model):
    """One occurrence. ``group`` names the object it comes from, ``key`` the occurrence in it, in the source's terms.

    Free events are rows that do not block.
    """

    source = models.ForeignKey(BusySource, models.CASCADE, related_name="busy_times", verbose_name=_("source"))
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("user"))
    group = models.CharField(_("object"), max_length=700)
    key = models.CharField(_("occurrence"), max_length=100)
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    blocks = models.BooleanField(_("blocks"), default=True)
    all_day = models.BooleanField(_("all day"), default=False)
    label = models.CharField(_("label"), max_length=200, blank=True)

    objects: ClassVar[BusyTimeQuerySet] = BusyTimeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("busy time")
        verbose_name_plural = _("busy times")
        ordering = ("start",)
        indexes = (models.Index(fields=("user", "end", "start"), name="busy_time_by_user_and_end"),)
        constraints = (
            models.UniqueConstraint(fields=("source", "group", "key"), name="one_busy_time_per_occurrence"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="busy_time_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M} – {self.end:%H:%M}"


class BlockingSource(models.Model):
    """This source counts for this member: what it reports blocks their calendars in that account."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="blocking_sources", verbose_name=_("member"))
    source = models.ForeignKey(BusySource, models.CASCADE, related_name="blocking", verbose_name=_("source"))
    stale_after = models.DurationField(_("out of date after"), default=timedelta(minutes=15))
    when_stale = models.CharField(_("then"), max_length=8, choices=WhenStale.choices, default=WhenStale.WARN)

    class Meta:
        verbose_name = _("blocking source")
        verbose_name_plural = _("blocking sources")
        constraints = (models.UniqueConstraint(fields=("member", "source"), name="a_source_blocks_a_member_once"),)

    def __str__(self) -> str:
        return f"{self.source} → {self.member.account}"
