"""Operators' view of customers and appointments. What the promise rests on is changed by services alone."""

from datetime import datetime
from typing import Any, Protocol

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.models import (
    Appointment,
    AppointmentChange,
    BookingTerms,
    Contact,
    Hold,
    IdempotencyKey,
    OwnItem,
    Question,
)
from bookings.models.appointment import CLOSING
from bookings.services.answer_request import NotPending, confirm_appointment, decline_appointment
from bookings.services.cancel import AlreadyClosed, AlreadyOver, cancel_appointment
from bookings.services.history import OPERATOR, Author
from bookings.services.remove_own_item import remove_own_item


class _Deed(Protocol):
    """What an action does to one appointment."""

    def __call__(self, appointment: Appointment, *, now: datetime, by: Author) -> None: ...


@admin.register(Contact)
class ContactAdmin(admin.ModelAdmin[Contact]):
    """Contacts come with a booking; one with appointments cannot be deleted (the database protects them)."""

    list_display = ("name", "email", "phone", "account", "created_at")
    list_filter = ("account", "locale")
    search_fields = ("name", "email", "phone")
    list_select_related = ("account",)
    autocomplete_fields = ("account",)
    date_hierarchy = "created_at"


class ReadOnly:
    """Looked at only: rows that services alone write."""

    def has_add_permission(self, *arguments: Any) -> bool:
        return False

    def has_change_permission(self, *arguments: Any) -> bool:
        return False

    def has_delete_permission(self, *arguments: Any) -> bool:
        return False


class ChangeInline(ReadOnly, admin.TabularInline[AppointmentChange, Appointment]):
    """The history of an appointment, which nobody rewrites."""

    model = AppointmentChange
    extra = 0
    fields = ("at", "kind", "who", "member", "starts_at", "host", "reason", "sequence")
    readonly_fields = fields
    ordering = ("pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppointmentChange]:
        return (
            super()
            .get_queryset(request)
            .select_related("member__user", "member__account", "host__user", "host__account")
        )


@admin.register(AppointmentChange)
class AppointmentChangeAdmin(ReadOnly, admin.ModelAdmin[AppointmentChange]):
    """All histories together, newest first: what happened on the site, and who did it."""

    list_display = ("at", "kind", "who", "member", "appointment", "starts_at", "host")
    list_filter = ("kind", "who", "appointment__calendar__account")
    search_fields = ("appointment__uid", "appointment__customer_name", "appointment__contact__email", "reason")
    list_select_related = ("appointment", "member__user", "member__account", "host__user", "host__account")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")


@admin.register(Appointment)
class AppointmentAdmin(admin.ModelAdmin[Appointment]):
    """Shown and not edited: time and host are held by host time, and copies outside follow services alone."""

    list_display = ("starts_at", "customer_name", "calendar", "host", "status_label", "booked_at")
    list_filter = (
        "calendar__account",
        ("confirmed_at", admin.EmptyFieldListFilter),
        *((name, admin.EmptyFieldListFilter) for name in CLOSING),
        *((name, admin.EmptyFieldListFilter) for name in ("showed_at", "no_show_at")),
        "is_overbooked",
        "calendar__type",
        "calendar",
    )
    search_fields = ("customer_name", "contact__name", "contact__email", "uid", "host__user__name", "host__user__email")
    search_help_text = _("Customer, e-mail address, host or uid.")
    list_select_related = ("calendar__account", "contact", "host__user", "host__account")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at",)
    actions = ("confirm", "decline", "cancel")
    inlines = (ChangeInline,)
    fields = (
        ("calendar", "host", "further_hosts"),
        ("starts_at", "ends_at", "time_zone", "is_overbooked"),
        "status_label",
        ("customer_name", "customer_phone", "contact", "locale"),
        "place",
        "answers",
        "note",
        ("booked_at", "confirmed_at", "expires_at", "changed_at"),
        ("cancelled_at", "declined_at", "expired_at"),
        ("showed_at", "no_show_at"),
        ("uid", "session_uid", "sequence"),
    )
    readonly_fields = tuple(name for row in fields for name in ((row,) if isinstance(row, str) else row))

    @admin.display(description=_("status"))
    def status_label(self, appointment: Appointment) -> str:
        return str(appointment.status.label)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["subtitle"] = _(
            "The time belongs to the host's time, which keeps anybody from being booked twice. It cannot be edited "
            "here; confirm, decline or cancel the appointment with the actions in the list."
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Appointment | None = None) -> bool:
        return False

    @admin.action(description=_("Confirm the chosen requests"), permissions=("change",))
    def confirm(self, request: HttpRequest, chosen: QuerySet[Appointment]) -> None:
        confirmed = self._each(request, chosen, confirm_appointment)
        if confirmed:
            message = ngettext("%d appointment is confirmed.", "%d appointments are confirmed.", confirmed)
            self.message_user(request, message % confirmed, messages.SUCCESS)

    @admin.action(description=_("Decline the chosen requests"), permissions=("change",))
    def decline(self, request: HttpRequest, chosen: QuerySet[Appointment]) -> None:
        declined = self._each(request, chosen, decline_appointment)
        if declined:
            message = ngettext("%d request is declined.", "%d requests are declined.", declined)
            self.message_user(request, message % declined, messages.SUCCESS)

    @admin.action(description=_("Cancel the chosen appointments"), permissions=("change",))
    def cancel(self, request: HttpRequest, chosen: QuerySet[Appointment]) -> None:
        cancelled = self._each(request, chosen, cancel_appointment)
        if cancelled:
            message = ngettext("%d appointment is cancelled.", "%d appointments are cancelled.", cancelled)
            self.message_user(request, message % cancelled, messages.SUCCESS)

    def _each(self, request: HttpRequest, chosen: QuerySet[Appointment], do: _Deed) -> int:
        """Each in a transaction of its own; how many it could be done to. The others stay, and that is said."""
        now, done, stays = timezone.now(), 0, 0
        for appointment in chosen:
            try:
                do(appointment, now=now, by=OPERATOR)
            except (AlreadyClosed, AlreadyOver, NotPending):
                stays += 1
            else:
                done += 1
        if stays:
            message = ngettext(
                "%d was closed, answered or over already and stays.",
                "%d were closed, answered or over already and stay.",
                stays,
            )
            self.message_user(request, message % stays, messages.WARNING)
        return done


@admin.register(BookingTerms)
class BookingTermsAdmin(admin.ModelAdmin[BookingTerms]):
    list_display = ("calendar", "needs_approval", "may_reschedule", "may_cancel", "change_notice", "reminders")
    list_filter = ("calendar__account", "needs_approval")
    search_fields = ("calendar__name",)
    list_select_related = ("calendar__account",)
    autocomplete_fields = ("calendar",)


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin[Question]):
    list_display = ("label", "calendar", "key", "kind", "is_required", "position")
    list_filter = ("calendar__account", "kind", "is_required")
    search_fields = ("label", "key", "calendar__name")
    list_select_related = ("calendar__account",)
    autocomplete_fields = ("calendar",)


@admin.register(Hold)
class HoldAdmin(ReadOnly, admin.ModelAdmin[Hold]):
    """Looked at only: the time of a hold is given back by services alone."""

    list_display = ("starts_at", "calendar", "host", "asked_for", "expires_at")
    list_filter = ("calendar__account",)
    search_fields = ("uid", "calendar__name", "host__user__name")
    list_select_related = ("calendar__account", "host__user", "host__account")
    date_hierarchy = "starts_at"


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnly, admin.ModelAdmin[IdempotencyKey]):
    """Looked at only: a key that goes early lets a repeated request book twice."""

    list_display = ("key", "calendar", "appointment", "created_at")
    list_filter = ("calendar__account",)
    search_fields = ("key", "appointment__uid")
    list_select_related = ("calendar__account", "appointment")
    date_hierarchy = "created_at"


@admin.register(OwnItem)
class OwnItemAdmin(admin.ModelAdmin[OwnItem]):
    """Shown and not edited: the busy time of those assigned follows services alone."""

    list_display = ("starts_at", "ends_at", "kind", "title", "account", "blocks", "removed_at")
    list_filter = ("account", "kind", "blocks", ("removed_at", admin.EmptyFieldListFilter))
    search_fields = ("title", "uid", "assignees__user__name", "assignees__user__email")
    list_select_related = ("account",)
    date_hierarchy = "starts_at"
    ordering = ("-starts_at",)
    actions = ("remove",)
    fields = (
        ("account", "kind", "title"),
        ("starts_at", "ends_at", "all_day"),
        ("blocks", "assignees"),
        ("place", "note"),
        ("changed_at", "removed_at"),
        ("uid", "sequence"),
    )
    readonly_fields = (
        *("account", "kind", "title", "starts_at", "ends_at", "all_day", "blocks", "assignees"),
        *("place", "note", "changed_at", "removed_at", "uid", "sequence"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OwnItem | None = None) -> bool:
        return False

    @admin.action(description=_("Remove the chosen items"), permissions=("change",))
    def remove(self, request: HttpRequest, chosen: QuerySet[OwnItem]) -> None:
        """Each in a transaction of its own; what was removed already stays so."""
        now = timezone.now()
        standing = list(chosen.filter(removed_at__isnull=True))
        for item in standing:
            remove_own_item(item, now=now)
        message = ngettext(
            "%d item is removed, and its time is free.", "%d items are removed, and their time is free.", len(standing)
        )
        self.message_user(request, message % len(standing), messages.SUCCESS)
