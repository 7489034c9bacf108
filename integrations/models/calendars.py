"""Calendars at the provider, and which of them count for a member."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from availability.models import BusySource
from integrations.models.connection import Connection


class CapabilityChoice(models.TextChoices):
    """The port's capabilities, in a reader's words."""

    WRITE = "write", _("Can write")
    READ_ONLY = "read_only", _("Read only")
    SUBSCRIBED = "subscribed", _("Subscribed")
    NO_EVENTS = "no_events", _("No events")


_READABLE = (CapabilityChoice.WRITE, CapabilityChoice.READ_ONLY)


class RemoteCalendar(models.Model):
    """One calendar of a connection. ``key`` is its host-less path; ``url`` is where it was last seen.

    ``token`` is what the home listing said when we last read it, ``cursor`` how far we have read.
    ``unlisted_at``: the home left it out once, a second time makes it gone. ``held_back_at``: a listing left out so
    much that nothing is removed before a second one agrees. ``problem`` says why it alone cannot be used.
    The four ``…_blocks`` are its owner's policy; cancelled events never block (Y5).
    """

    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="remote_calendars", verbose_name=_("connection")
    )
    source = models.OneToOneField(
        BusySource,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="remote_calendar",
        verbose_name=_("busy source"),
    )
    key = models.CharField(_("key"), max_length=700)
    url = models.TextField(_("address"))
    name = models.CharField(_("name"), max_length=200)
    colour = models.CharField(_("colour"), max_length=20, blank=True)
    capability = models.CharField(_("capability"), max_length=12, choices=CapabilityChoice.choices)
    token = models.TextField(_("token"), blank=True)
    cursor = models.TextField(_("cursor"), blank=True)
    listed_in_full_at = models.DateTimeField(_("last listed in full"), null=True, blank=True)
    expanded_at = models.DateTimeField(_("last expanded"), null=True, blank=True)
    expanded_zone = models.CharField(_("expanded in time zone"), max_length=64, blank=True)
    unlisted_at = models.DateTimeField(_("left out of the listing"), null=True, blank=True)
    gone_at = models.DateTimeField(_("gone"), null=True, blank=True)
    held_back_at = models.DateTimeField(_("removal held back"), null=True, blank=True)
    write_refused_at = models.DateTimeField(_("writing refused"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    missing_rounds = models.PositiveSmallIntegerField(_("rounds with missing objects"), default=0)
    free_blocks = models.BooleanField(_("events marked as free block"), default=False)
    tentative_blocks = models.BooleanField(_("tentative events block"), default=True)
    unanswered_blocks = models.BooleanField(_("invitations not answered yet block"), default=True)
    declined_blocks = models.BooleanField(_("declined invitations block"), default=False)

    class Meta:
        verbose_name = _("remote calendar")
        verbose_name_plural = _("remote calendars")
        ordering = ("connection", "name")
        constraints = (models.UniqueConstraint(fields=("connection", "key"), name="one_remote_calendar_per_key"),)

    def __str__(self) -> str:
        return f"{self.name} · {self.connection.username}"

    @property
    def can_be_written(self) -> bool:
        return self.capability == CapabilityChoice.WRITE and self.gone_at is None

    @property
    def can_be_read(self) -> bool:
        return self.capability in _READABLE and self.gone_at is None


class CalendarConfiguration(models.Model):
    """Which remote calendars count for a member: one primary to write to, any number to check for conflicts."""

    member = models.OneToOneField(
        Member, models.CASCADE, related_name="calendar_configuration", verbose_name=_("member")
    )
    primary = models.ForeignKey(
        RemoteCalendar,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="primary_for",
        verbose_name=_("primary calendar"),
    )
    conflicts = models.ManyToManyField(
        RemoteCalendar, blank=True, related_name="checked_for", verbose_name=_("check for conflicts")
    )

    class Meta:
        verbose_name = _("calendar configuration")
        verbose_name_plural = _("calendar configurations")

    def __str__(self) -> str:
        return str(self.member)


def configured() -> Q:
    """Remote calendars that somebody's configuration names: those are read."""
    return Q(primary_for__isnull=False) | Q(checked_for__isnull=False)


def readable() -> Q:
    """Remote calendars that are still there and hold events we may read."""
    return Q(capability__in=_READABLE, gone_at__isnull=True)
