"""The same request twice is one appointment."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from availability.models import Calendar
from bookings.models.appointment import Appointment


class IdempotencyKey(models.Model):
    """A key a client sent, the digest of what it asked for, and what came of it. Kept a day.

    The row goes in first and names the appointment by its uid, which is known before the appointment is made
    (the foreign key is checked at commit): a second request with the same key waits for the first at this row.
    """

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="+", verbose_name=_("calendar"))
    key = models.CharField(_("key"), max_length=200)
    digest = models.CharField(_("digest of the request"), max_length=64)
    appointment = models.ForeignKey(
        Appointment, models.CASCADE, to_field="uid", related_name="+", verbose_name=_("appointment")
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        indexes = (models.Index(fields=("created_at",), name="idempotency_key_by_age"),)
        constraints = (models.UniqueConstraint(fields=("calendar", "key"), name="one_answer_per_idempotency_key"),)

    def __str__(self) -> str:
        return self.key
