"""What is taken, by whom it was reported, and what was computed from it: all to look at only."""

from typing import Any

from django.contrib import admin

from availability.admin.rows import ReadOnly
from availability.models import (
    Assignment,
    BlockingSource,
    BusySource,
    BusyTime,
    ClassSession,
    HostDay,
    HostTime,
    Seat,
    StoredDay,
)


@admin.register(BusySource)
class BusySourceAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("name", "user", "is_own", "read_at", "failing_since", "asked_at")
    list_filter = ("is_own", ("failing_since", admin.EmptyFieldListFilter), ("read_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "user__email", "user__name")
    list_select_related = ("user",)


@admin.register(BusyTime)
class BusyTimeAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Without titles: what lies in somebody's own calendar is theirs."""

    list_display = ("source", "start", "end", "blocks", "all_day")
    list_filter = ("blocks", "all_day")
    search_fields = ("source__name", "user__email")
    list_select_related = ("source__user",)
    fields = ("source", "user", "start", "end", "blocks", "all_day")
    date_hierarchy = "start"


@admin.register(BlockingSource)
class BlockingSourceAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("source", "member", "stale_after", "when_stale")
    list_filter = ("when_stale", "member__account")
    search_fields = ("source__name", "member__user__email", "member__account__name")
    list_select_related = ("source__user", "member__user", "member__account")


@admin.register(HostTime)
class HostTimeAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("user", "starts_at", "ends_at", "kind", "calendar", "exclusive", "expires_at", "uid")
    list_filter = ("kind", "exclusive", "calendar__account")
    search_fields = ("user__email", "user__name", "uid")
    list_select_related = ("user", "calendar__account")
    date_hierarchy = "starts_at"


@admin.register(Assignment)
class AssignmentAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("calendar", "member", "rule", "assigned_at", "uid")
    list_filter = ("rule", "calendar__account")
    search_fields = ("member__user__name", "member__user__email", "uid")
    list_select_related = ("calendar__account", "member__user", "member__account")
    date_hierarchy = "assigned_at"


class SeatInline(ReadOnly, admin.TabularInline[Seat, ClassSession]):
    model = Seat
    extra = 0


@admin.register(ClassSession)
class ClassSessionAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("calendar", "user", "starts_at", "ends_at", "seats_taken", "seats", "uid")
    list_filter = ("calendar__account", "calendar")
    search_fields = ("calendar__name", "user__email", "user__name", "uid")
    list_select_related = ("calendar__account", "user")
    date_hierarchy = "starts_at"
    inlines = (SeatInline,)


@admin.register(Seat)
class SeatAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("session", "uid", "expires_at", "booked_at")
    list_filter = (("expires_at", admin.EmptyFieldListFilter),)
    search_fields = ("uid", "session__uid", "session__calendar__name")
    list_select_related = ("session__calendar__account",)


@admin.register(HostDay)
class HostDayAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("user", "day", "version")
    search_fields = ("user__email", "user__name")
    list_select_related = ("user",)
    date_hierarchy = "day"


@admin.register(StoredDay)
class StoredDayAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("calendar", "day", "epoch", "versions", "computed_at")
    list_filter = ("calendar__account", "calendar")
    search_fields = ("calendar__name", "calendar__slug")
    list_select_related = ("calendar__account",)
    fields = ("calendar", "day", "epoch", "versions", "computed_at")
    date_hierarchy = "day"
