"""Operators' view of customers and appointments. What the promise rests on is changed by services alone."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.models import Appointment, Contact, IdempotencyKey, OwnItem
from bookings.services.cancel import AlreadyClosed, AlreadyOver, cancel_appointment
from bookings.services.history import OPERATOR
from bookings.services.remove_own_item import remove_own_item


@admin.register(Contact)
class ContactAdmin(admin.ModelAdmin[Contact]):
    """Contacts come with a booking; one with appointments cannot be deleted (the database protects them)."""

    list_display = ("name", "email", "phone", "account", "created_at")
    list_filter = ("account", "locale")
    search_fields = ("name", "email", "phone")
    list_select_related = ("account",)
    autocomplete_fields = ("account",)
    date_hierarchy = "created_at"


@admin.register(Appointment)
class AppointmentAdmin(admin.ModelAdmin[Appointment]):
    """Shown and not edited: time and host are held by host time, and copies outside follow services alone."""

    list_display = ("starts_at", "customer_name", "calendar", "host", "status_label", "booked_at")
    list_filter = ("calendar__account", ("cancelled_at", admin.EmptyFieldListFilter), "calendar__type", "calendar")
    search_fields = ("customer_name", "contact__name", "contact__email", "uid", "host__user__name", "host__user__email")
    search_help_text = _("Customer, e-mail address, host or uid.")
    list_select_related = ("calendar__account", "contact", "host__user", "host__account")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at",)
    actions = ("cancel",)
    fields = (
        ("calendar", "host", "further_hosts"),
        ("starts_at", "ends_at", "time_zone"),
        "status_label",
        ("customer_name", "customer_phone", "contact"),
        "place",
        "note",
        ("booked_at", "confirmed_at", "cancelled_at", "changed_at"),
        ("uid", "session_uid", "sequence"),
    )
    readonly_fields = (
        *(
            "calendar",
            "host",
            "further_hosts",
            "session_uid",
            "starts_at",
            "ends_at",
            "time_zone",
            "status_label",
            "contact",
        ),
        *("customer_name", "customer_phone", "place", "note"),
        *("booked_at", "confirmed_at", "cancelled_at", "changed_at", "uid", "sequence"),
    )

    @admin.display(description=_("status"))
    def status_label(self, appointment: Appointment) -> str:
        return str(appointment.status.label)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["subtitle"] = _(
            "The time belongs to the host's time, which keeps anybody from being booked twice. It cannot be edited "
            "here; cancel the appointment with the action in the list."
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Appointment | None = None) -> bool:
        return False

    @admin.action(description=_("Cancel the chosen appointments"), permissions=("change",))
    def cancel(self, request: HttpRequest, chosen: QuerySet[Appointment]) -> None:
        """Each in a transaction of its own: what is over stays, the others are cancelled."""
        now, over = timezone.now(), 0
        for appointment in chosen:
            try:
                cancel_appointment(appointment, now=now, by=OPERATOR)
            except (AlreadyClosed, AlreadyOver):
                over += 1
        cancelled = chosen.count() - over
        if cancelled:
            message = ngettext("%d appointment is cancelled.", "%d appointments are cancelled.", cancelled)
            self.message_user(request, message % cancelled, messages.SUCCESS)
        if over:
            message = ngettext("%d was over already and stays.", "%d were over already and stay.", over)
            self.message_user(request, message % over, messages.WARNING)


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(admin.ModelAdmin[IdempotencyKey]):
    """Looked at only: a key that goes early lets a repeated request book twice."""

    list_display = ("key", "calendar", "appointment", "created_at")
    list_filter = ("calendar__account",)
    search_fields = ("key", "appointment__uid")
    list_select_related = ("calendar__account", "appointment")
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: IdempotencyKey | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: IdempotencyKey | None = None) -> bool:
        return False


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
