"""Operators' view of calendars and availability. Host time is shown, never edited: services alone keep the promise."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from availability.models import (
    Assignment,
    BlockingSource,
    BusySource,
    BusyTime,
    Calendar,
    CalendarMember,
    HostTime,
    Schedule,
    WeeklyHours,
)


class ReadOnly(admin.ModelAdmin[Any]):
    """Rows that services write and people only look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class WeeklyHoursInline(admin.TabularInline[WeeklyHours, Schedule]):
    model = WeeklyHours
    extra = 1


@admin.register(Schedule)
class ScheduleAdmin(admin.ModelAdmin[Schedule]):
    list_display = ("name", "member", "time_zone", "is_default")
    list_filter = ("is_default", "member__account")
    search_fields = ("name", "member__user__email", "member__user__name")
    list_select_related = ("member__user", "member__account")
    autocomplete_fields = ("member",)
    inlines = (WeeklyHoursInline,)


@admin.register(WeeklyHours)
class WeeklyHoursAdmin(admin.ModelAdmin[WeeklyHours]):
    list_display = ("schedule", "weekday", "opens_minute", "closes_minute")
    list_filter = ("weekday",)
    search_fields = ("schedule__name", "schedule__member__user__name")
    list_select_related = ("schedule__member__user", "schedule__member__account")
    autocomplete_fields = ("schedule",)


class CalendarMemberInline(admin.TabularInline[CalendarMember, Calendar]):
    model = CalendarMember
    extra = 1
    autocomplete_fields = ("member", "schedule")


@admin.register(Calendar)
class CalendarAdmin(admin.ModelAdmin[Calendar]):
    list_display = ("name", "account", "type", "duration", "interval", "minimum_notice", "switched_off_at")
    list_filter = ("type", "account", ("switched_off_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "slug", "account__name")
    list_select_related = ("account",)
    autocomplete_fields = ("account",)
    readonly_fields = ("created_at",)
    inlines = (CalendarMemberInline,)


@admin.register(CalendarMember)
class CalendarMemberAdmin(admin.ModelAdmin[CalendarMember]):
    list_display = ("calendar", "member", "priority", "schedule")
    list_filter = ("priority", "calendar__account")
    search_fields = ("calendar__name", "member__user__name", "member__user__email")
    list_select_related = ("calendar__account", "member__user", "member__account", "schedule__member__user")
    autocomplete_fields = ("calendar", "member", "schedule")


@admin.register(BusySource)
class BusySourceAdmin(ReadOnly):
    list_display = ("name", "user", "read_at", "failing_since", "asked_at")
    list_filter = (("failing_since", admin.EmptyFieldListFilter), ("read_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "user__email", "user__name")
    list_select_related = ("user",)


@admin.register(BusyTime)
class BusyTimeAdmin(ReadOnly):
    """Without titles: what lies in somebody's own calendar is theirs."""

    list_display = ("source", "start", "end", "blocks", "all_day")
    list_filter = ("blocks", "all_day")
    search_fields = ("source__name", "user__email")
    list_select_related = ("source__user",)
    fields = ("source", "user", "start", "end", "blocks", "all_day")
    date_hierarchy = "start"


@admin.register(BlockingSource)
class BlockingSourceAdmin(ReadOnly):
    list_display = ("source", "member", "stale_after", "when_stale")
    list_filter = ("when_stale", "member__account")
    search_fields = ("source__name", "member__user__email", "member__account__name")
    list_select_related = ("source__user", "member__user", "member__account")


@admin.register(HostTime)
class HostTimeAdmin(ReadOnly):
    list_display = ("user", "starts_at", "ends_at", "kind", "calendar", "exclusive", "expires_at", "uid")
    list_filter = ("kind", "exclusive", "calendar__account")
    search_fields = ("user__email", "user__name", "uid")
    list_select_related = ("user", "calendar__account")
    date_hierarchy = "starts_at"


@admin.register(Assignment)
class AssignmentAdmin(ReadOnly):
    list_display = ("calendar", "member", "rule", "assigned_at", "uid")
    list_filter = ("rule", "calendar__account")
    search_fields = ("member__user__name", "member__user__email", "uid")
    list_select_related = ("calendar__account", "member__user", "member__account")
    date_hierarchy = "assigned_at"
