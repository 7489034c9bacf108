"""Calendars and who serves them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from availability.admin.rows import ChangesSlots
from availability.models import Calendar, CalendarMember

# after a change of these, bookings are counted anew (T5)
_COUNTED = frozenset(("assignment_mode", "calendar", "member", "is_fixed", "DELETE"))


class CalendarMemberInline(admin.TabularInline[CalendarMember, Calendar]):
    model = CalendarMember
    extra = 1
    autocomplete_fields = ("member", "schedule")


@admin.register(Calendar)
class CalendarAdmin(ChangesSlots):
    calendars_by = "pk"
    edits = (Calendar, "pk")
    list_display = ("name", "account", "type", "duration", "interval", "minimum_notice", "paused_at", "switched_off_at")
    list_filter = (
        "type",
        "account",
        ("switched_off_at", admin.EmptyFieldListFilter),
        ("paused_at", admin.EmptyFieldListFilter),
        ("hidden_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("name", "slug", "category", "account__name")
    list_select_related = ("account",)
    autocomplete_fields = ("account",)
    readonly_fields = ("created_at", "edition", "members_changed_at")
    inlines = (CalendarMemberInline,)
    fieldsets = (
        (None, {"fields": (("account", "name"), "slug", "description", "category", ("price", "currency"))}),
        (_("Type"), {"fields": ("type", ("assignment_mode", "lead_cap", "keeps_host"), ("seats", "shows_seats"))}),
        (
            _("Times"),
            {
                "fields": (
                    ("duration", "interval"),
                    ("buffer_before", "buffer_after"),
                    "minimum_notice",
                    ("date_range", "horizon_days", "range_first", "range_last"),
                    ("day_limit", "week_limit"),
                    "look_busy",
                    "time_zone_locked",
                )
            },
        ),
        (_("Place and copy"), {"fields": (("place_kind", "place"), "title_template", "customer_detail")}),
        (_("State"), {"fields": (("hidden_at", "paused_at", "switched_off_at"),)}),
        (_("History"), {"fields": (("created_at", "members_changed_at", "edition"),)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Calendar | None = None) -> tuple[str, ...]:
        """The type is changed in the editor, which knows what is still to come."""
        return (*self.readonly_fields, "type") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Calendar, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and _is_counted(form):
            _count_anew([obj.pk])

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if any(_is_counted(one) for one in formset.forms):
            _count_anew([form.instance.pk])


@admin.register(CalendarMember)
class CalendarMemberAdmin(ChangesSlots):
    calendars_by = "calendar_members"
    edits = (Calendar, "calendar_members")
    list_display = ("calendar", "member", "position", "priority", "is_fixed", "is_lead", "schedule")
    list_filter = ("priority", "is_fixed", "is_lead", "calendar__account")
    search_fields = ("calendar__name", "member__user__name", "member__user__email")
    list_select_related = ("calendar__account", "member__user", "member__account", "schedule__member__user")
    autocomplete_fields = ("calendar", "member", "schedule")

    def save_model(self, request: HttpRequest, obj: CalendarMember, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if _is_counted(form):
            _count_anew({obj.calendar_id, form.initial.get("calendar", obj.calendar_id)})

    def delete_model(self, request: HttpRequest, obj: CalendarMember) -> None:
        super().delete_model(request, obj)
        _count_anew([obj.calendar_id])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CalendarMember]) -> None:
        calendars = list(queryset.values_list("calendar", flat=True))
        super().delete_queryset(request, queryset)
        _count_anew(calendars)


def _is_counted(form: Any) -> bool:
    return not _COUNTED.isdisjoint(form.changed_data)


def _count_anew(calendars: Any) -> None:
    Calendar.objects.filter(pk__in=calendars).update(members_changed_at=Now())
