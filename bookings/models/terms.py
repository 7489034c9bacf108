"""On which terms a calendar is booked: approval, what customers may change, reminders."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from availability.models import Calendar

ANSWERED_WITHIN = timedelta(hours=24)
LONGEST_NOTICE = timedelta(days=60)
MOST_REMINDERS = 5
EARLIEST_REMINDER = timedelta(days=30)


def a_day_before() -> list[int]:
    return [24 * 60]


class BookingTerms(models.Model):
    """One row for each calendar that differs from the defaults. ``reminders``: minutes before the start, each once."""

    calendar = models.OneToOneField(
        Calendar, models.CASCADE, primary_key=True, related_name="terms", verbose_name=_("calendar")
    )
    needs_approval = models.BooleanField(
        _("bookings need approval"),
        default=False,
        help_text=_("A request keeps its time until somebody answers, a day at most."),
    )
    may_reschedule = models.BooleanField(_("customers may reschedule"), default=True)
    may_cancel = models.BooleanField(_("customers may cancel"), default=True)
    change_notice = models.DurationField(
        _("notice period"),
        default=timedelta,
        help_text=_("Until how long before the start customers may reschedule or cancel."),
    )
    reminders = ArrayField(
        models.PositiveIntegerField(),
        verbose_name=_("reminders"),
        default=a_day_before,
        blank=True,
        help_text=_("Minutes before the start."),
    )

    class Meta:
        verbose_name = _("booking terms")
        verbose_name_plural = _("booking terms")
        constraints = (
            models.CheckConstraint(
                condition=Q(change_notice__gte=timedelta(), change_notice__lte=LONGEST_NOTICE),
                name="notice_of_changes_is_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.calendar}"
