"""The journal: what the sync decided, one row a decision, never changed afterwards."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from integrations.models.calendars import RemoteCalendar
from integrations.models.connection import Connection


class Decision(models.TextChoices):
    """What was decided, in a reader's words."""

    READ = "read", _("Changes read")
    LISTED_IN_FULL = "listed_in_full", _("Listed in full")
    HELD_BACK = "held_back", _("Removal held back")
    UNREADABLE = "unreadable", _("Event not understood")
    NOT_HANDED_OUT = "not_handed_out", _("Event not handed out")
    LOOK_FAILED = "look_failed", _("Look failed")
    CALENDAR_FAILED = "calendar_failed", _("Calendar not readable")
    CALENDAR_GONE = "calendar_gone", _("Calendar gone")
    LOGIN_REFUSED = "login_refused", _("Login refused")
    BROKEN = "broken", _("Connection stopped")
    MENDED = "mended", _("Connection works again")
    CREATED = "created", _("Appointment written")
    REPLACED = "replaced", _("Appointment updated")
    REMOVED = "removed", _("Appointment taken away")
    PUSH_FAILED = "push_failed", _("Writing failed")
    PUSH_STOPPED = "push_stopped", _("Writing stopped")
    NOTES_KEPT = "notes_kept", _("Your additions kept")
    MOVED = "moved", _("Move followed")
    PUT_BACK = "put_back", _("Put back")
    MISSING = "missing", _("Not found, looked for again")
    FOUND_AGAIN = "found_again", _("Found again")
    ASKED = "asked", _("You are asked")
    CANCELLED = "cancelled", _("Appointment cancelled")
    WRITTEN_BACK = "written_back", _("Written again")
    LEFT_OUT = "left_out", _("Left without a copy")
    ELSEWHERE = "elsewhere", _("Followed into another calendar")
    DUPLICATE = "duplicate", _("Your own duplicate")
    BRAKE = "brake", _("Many deletions stopped")
    CONFLICT = "conflict", _("Conflict found")
    ANSWERED = "answered", _("Question answered")
    SETTINGS = "settings", _("Settings changed")


class JournalQuerySet(models.QuerySet["JournalEntry"]):
    def of(self, user: User) -> "JournalQuerySet":
        return self.filter(user=user)


class JournalEntry(models.Model):
    """``facts``: plain values, such as counts, times and reasons; no titles, no secrets.

    ``item_uid``: which of our items it was about. ``calendar_name`` stays when the calendar is forgotten.
    ``retry_at``: when it is tried again, if it is.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="journal", verbose_name=_("user"))
    connection = models.ForeignKey(
        Connection, models.SET_NULL, null=True, blank=True, related_name="journal", verbose_name=_("connection")
    )
    remote_calendar = models.ForeignKey(
        RemoteCalendar,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="journal",
        verbose_name=_("remote calendar"),
    )
    calendar_name = models.CharField(_("calendar"), max_length=200, blank=True)
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices)
    item_uid = models.UUIDField(_("item"), null=True, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    at = models.DateTimeField(_("when"))
    retry_at = models.DateTimeField(_("tried again"), null=True, blank=True)

    objects: ClassVar[JournalQuerySet] = JournalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("user", "-at", "-id"), name="journal_of_user"),
            models.Index(fields=("item_uid",), name="journal_of_item"),
            models.Index(fields=("at",), name="journal_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.get_decision_display()} · {self.at:%Y-%m-%d %H:%M}"
