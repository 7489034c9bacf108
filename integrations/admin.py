"""Operators' view of the outside: which logins work, what is read, what waits. Nothing secret, no event's content."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from integrations.models import (
    CalendarConfiguration,
    Connection,
    ConnectionTry,
    JournalEntry,
    OpenQuestion,
    PendingPush,
    RemoteCalendar,
    RemoteCopy,
    RemoteEvent,
)
from integrations.services.connections import (
    USUALLY_BLOCKS,
    NotWorking,
    delete_connection,
    switch_off,
    switch_on,
    sync_now,
)


class LookOnly:
    """Made by the sync alone: operators look, and delete where that is harmless."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Connection)
class ConnectionAdmin(LookOnly, admin.ModelAdmin[Connection]):
    list_display = ("user", "provider", "username", "state", "is_on", "synced_at", "next_look_at", "failures")
    list_filter = ("provider", "state", ("switched_off_at", admin.EmptyFieldListFilter))
    search_fields = ("username", "server_url", "user__email", "user__name")
    list_select_related = ("user",)
    date_hierarchy = "connected_at"
    # what is here is all that is shown: the credential is not
    fields = readonly_fields = (
        *("user", "provider", "server_url", "username", "home_url", "state", "reason"),
        *("connected_at", "switched_off_at", "refused_at", "paused_until"),
        *("looked_at", "synced_at", "next_look_at", "failures", "unfinished", "claimed_until", "fence"),
    )
    actions = ("sync_now", "switch_off", "switch_on")

    @admin.display(boolean=True, description=_("active"))
    def is_on(self, connection: Connection) -> bool:
        return connection.switched_off_at is None

    @admin.action(description=_("Sync now"))
    def sync_now(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        due = sum(_made_due(connection) for connection in queryset)
        said = ngettext("%(count)s connection is being read now.", "%(count)s connections are being read now.", due)
        self.message_user(request, said % {"count": due}, messages.SUCCESS if due else messages.WARNING)

    @admin.action(description=_("Switch off"))
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        for connection in queryset:
            switch_off(connection, blocks_until=timezone.now() + USUALLY_BLOCKS, now=timezone.now())

    @admin.action(description=_("Switch on"))
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        for connection in queryset:
            switch_on(connection, now=timezone.now())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connection]:
        return super().get_queryset(request).defer("credential")

    def get_deleted_objects(
        self, objs: Iterable[Connection], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """The login; its mirror goes with it and is not counted up."""
        names = [str(connection) for connection in objs]
        return names, {str(Connection._meta.verbose_name_plural): len(names)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Connection) -> None:
        delete_connection(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        for connection in queryset:
            delete_connection(connection)


@admin.register(RemoteCalendar)
class RemoteCalendarAdmin(LookOnly, admin.ModelAdmin[RemoteCalendar]):
    list_display = ("name", "connection", "capability", "source", "listed_in_full_at", "gone_at", "problem")
    list_filter = ("capability", ("gone_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "key", "connection__username", "connection__user__email")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RemoteCalendar]:
        remotes = super().get_queryset(request).select_related("connection", "source__user")
        return remotes.defer("connection__credential")

    def has_delete_permission(self, request: HttpRequest, obj: RemoteCalendar | None = None) -> bool:
        return False


@admin.register(CalendarConfiguration)
class CalendarConfigurationAdmin(LookOnly, admin.ModelAdmin[CalendarConfiguration]):
    list_display = ("member", "primary")
    list_filter = ("member__account",)
    search_fields = ("member__user__email", "member__user__name", "member__account__name", "primary__name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalendarConfiguration]:
        configurations = super().get_queryset(request)
        related = configurations.select_related("member__user", "member__account", "primary__connection")
        return related.defer("primary__connection__credential")

    def has_delete_permission(self, request: HttpRequest, obj: CalendarConfiguration | None = None) -> bool:
        return False


@admin.register(RemoteEvent)
class RemoteEventAdmin(LookOnly, admin.ModelAdmin[RemoteEvent]):
    """What lies in somebody's calendar is nobody else's: where it lies and whether it could be read, no more."""

    list_display = ("key", "remote_calendar", "item_uid", "unreadable")
    list_filter = (("unreadable", admin.EmptyFieldListFilter), ("item_uid", admin.EmptyFieldListFilter))
    search_fields = ("key", "remote_calendar__name", "remote_calendar__connection__username")
    fields = ("remote_calendar", "key", "url", "etag", "uid", "item_uid", "unreadable")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[RemoteEvent]:
        events = super().get_queryset(request).select_related("remote_calendar__connection")
        return events.defer("reduced", "remote_calendar__connection__credential")

    def has_delete_permission(self, request: HttpRequest, obj: RemoteEvent | None = None) -> bool:
        return False


@admin.register(RemoteCopy)
class RemoteCopyAdmin(LookOnly, admin.ModelAdmin[RemoteCopy]):
    list_display = ("uid", "remote_calendar", "etag", "written_at")
    list_filter = ("written_at",)
    search_fields = ("uid", "remote_uid", "remote_calendar__name", "remote_calendar__connection__username")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RemoteCopy]:
        copies = super().get_queryset(request).select_related("remote_calendar__connection")
        return copies.defer("remote_calendar__connection__credential")

    def has_delete_permission(self, request: HttpRequest, obj: RemoteCopy | None = None) -> bool:
        return False


@admin.register(PendingPush)
class PendingPushAdmin(LookOnly, admin.ModelAdmin[PendingPush]):
    list_display = ("uid", "remote_calendar", "due_at", "attempts", "parked_at", "error")
    list_filter = (("parked_at", admin.EmptyFieldListFilter), "attempts")
    search_fields = ("uid", "error", "remote_calendar__name", "remote_calendar__connection__username")
    actions = ("requeue",)

    @admin.action(description=_("Try again now"))
    def requeue(self, request: HttpRequest, queryset: QuerySet[PendingPush]) -> None:
        asked = queryset.update(parked_at=None, attempts=0, unfinished=0, due_at=Now())
        said = ngettext("%(count)s push is tried again now.", "%(count)s pushes are tried again now.", asked)
        self.message_user(request, said % {"count": asked}, messages.SUCCESS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PendingPush]:
        pushes = super().get_queryset(request).select_related("remote_calendar__connection")
        return pushes.defer("remote_calendar__connection__credential")


@admin.register(OpenQuestion)
class OpenQuestionAdmin(LookOnly, admin.ModelAdmin[OpenQuestion]):
    list_display = ("kind", "user", "remote_calendar", "asked_at", "answered_at", "answer")
    list_filter = ("kind", ("answered_at", admin.EmptyFieldListFilter), "answer")
    search_fields = ("item_uid", "user__email", "user__name", "remote_calendar__name")
    date_hierarchy = "asked_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[OpenQuestion]:
        related = ("user", "member__user", "member__account", "remote_calendar__connection")
        return super().get_queryset(request).select_related(*related).defer("remote_calendar__connection__credential")

    def has_delete_permission(self, request: HttpRequest, obj: OpenQuestion | None = None) -> bool:
        return False


@admin.register(JournalEntry)
class JournalEntryAdmin(LookOnly, admin.ModelAdmin[JournalEntry]):
    """What was decided and why; it names no customer and no event."""

    list_display = ("at", "user", "decision", "calendar_name", "retry_at")
    list_filter = ("decision", "at")
    search_fields = ("user__email", "user__name", "calendar_name", "item_uid")
    list_select_related = ("user",)
    date_hierarchy = "at"
    fields = ("at", "user", "connection", "calendar_name", "decision", "item_uid", "facts", "retry_at")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[JournalEntry]:
        return super().get_queryset(request).select_related("connection").defer("connection__credential")

    def has_delete_permission(self, request: HttpRequest, obj: JournalEntry | None = None) -> bool:
        return False


@admin.register(ConnectionTry)
class ConnectionTryAdmin(LookOnly, admin.ModelAdmin[ConnectionTry]):
    list_display = ("user", "tried_at")
    list_filter = ("tried_at",)
    search_fields = ("user__email", "user__name")
    list_select_related = ("user",)


def _made_due(connection: Connection) -> bool:
    try:
        sync_now(connection, now=timezone.now())
    except NotWorking:
        return False
    return True
