"""The history of an appointment: who did what to it, and when."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from bookings.models.appointment import Appointment


class ChangeKind(models.TextChoices):
    REQUESTED = "requested", _("Asked for")
    BOOKED = "booked", _("Booked")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    RESCHEDULED = "rescheduled", _("Rescheduled")
    CANCELLED = "cancelled", _("Cancelled")
    SHOWED = "showed", _("Showed")
    NO_SHOW = "no_show", _("No-show")
    ATTENDANCE_OPEN = "attendance_open", _("Attendance open again")


class Who(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    STAFF = "staff", _("Staff")
    OPERATOR = "operator", _("Operator")
    OUTSIDE = "outside", _("Connected calendar")
    SYSTEM = "system", _("By itself")


# these raise the sequence and are told to the customer
TOLD = (
    ChangeKind.REQUESTED,
    ChangeKind.BOOKED,
    ChangeKind.CONFIRMED,
    ChangeKind.DECLINED,
    ChangeKind.EXPIRED,
    ChangeKind.RESCHEDULED,
    ChangeKind.CANCELLED,
)


class AppointmentChange(models.Model):
    """A step in the history, with the appointment as it was after it: mails about a step are written from here.

    ``sequence`` is the appointment's after the step; steps that are not told leave it as it is.
    """

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="changes", verbose_name=_("appointment"))
    kind = models.CharField(_("what"), max_length=20, choices=ChangeKind.choices)
    who = models.CharField(_("who"), max_length=12, choices=Who.choices)
    member = models.ForeignKey(
        Member, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("member")
    )
    at = models.DateTimeField(_("when"))
    reason = models.TextField(_("reason"), blank=True)
    sequence = models.PositiveIntegerField(_("sequence"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    host = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("host"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    is_confirmed = models.BooleanField(_("confirmed"), default=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("change of an appointment")
        verbose_name_plural = _("changes of appointments")
        ordering = ("appointment", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("appointment", "sequence"),
                condition=Q(kind__in=[kind.value for kind in TOLD]),
                name="a_step_has_a_sequence_of_its_own",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.at:%Y-%m-%d %H:%M}"
