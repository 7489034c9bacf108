"""When members can be booked."""

from django.contrib import admin
from django.http import HttpRequest

from availability.admin.rows import ChangesSlots
from availability.models import DateOverride, Schedule, WeeklyHours


class WeeklyHoursInline(admin.TabularInline[WeeklyHours, Schedule]):
    model = WeeklyHours
    extra = 1


class DateOverrideInline(admin.TabularInline[DateOverride, Schedule]):
    model = DateOverride
    extra = 1


@admin.register(Schedule)
class ScheduleAdmin(ChangesSlots):
    calendars_by = "calendar_members__member__schedules"
    edits = (Schedule, "pk")
    list_display = ("name", "member", "time_zone", "is_default", "works_on_holidays", "day_limit", "week_limit")
    list_filter = ("is_default", "works_on_holidays", "member__account")
    search_fields = ("name", "member__user__email", "member__user__name")
    list_select_related = ("member__user", "member__account")
    autocomplete_fields = ("member",)
    readonly_fields = ("edition",)
    inlines = (WeeklyHoursInline, DateOverrideInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Schedule | None = None) -> tuple[str, ...]:
        """A schedule stays with its member: calendars point to both."""
        return (*self.readonly_fields, "member") if obj else self.readonly_fields


@admin.register(WeeklyHours)
class WeeklyHoursAdmin(ChangesSlots):
    calendars_by = "calendar_members__member__schedules__weekly_hours"
    edits = (Schedule, "weekly_hours")
    list_display = ("schedule", "weekday", "opens_minute", "closes_minute")
    list_filter = ("weekday",)
    search_fields = ("schedule__name", "schedule__member__user__name")
    list_select_related = ("schedule__member__user", "schedule__member__account")
    autocomplete_fields = ("schedule",)


@admin.register(DateOverride)
class DateOverrideAdmin(ChangesSlots):
    calendars_by = "calendar_members__member__schedules__overrides"
    edits = (Schedule, "overrides")
    list_display = ("schedule", "date", "opens_minute", "closes_minute")
    search_fields = ("schedule__name", "schedule__member__user__name")
    list_select_related = ("schedule__member__user", "schedule__member__account")
    autocomplete_fields = ("schedule",)
    date_hierarchy = "date"
