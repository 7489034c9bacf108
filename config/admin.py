"""The administration's view of the queue: signs of life, and its tables for superusers, to look at only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django_q import admin as queue_admin
from django_q.models import Failure, OrmQ, Schedule, Success

from config.models import Heartbeat


@admin.register(Heartbeat)
class HeartbeatAdmin(admin.ModelAdmin[Heartbeat]):
    list_display = ("task", "heard_at")
    list_filter = ("heard_at",)
    search_fields = ("task",)
    readonly_fields = ("task", "heard_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class QueueAdmin:
    """A task is a nudge: nobody runs, edits or adds one by hand, and only superusers see what was asked for."""

    actions = ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


# importing the queue's own admin above has registered it; ours takes its place
for model, theirs in (
    (Success, queue_admin.TaskAdmin),
    (Failure, queue_admin.FailAdmin),
    (OrmQ, queue_admin.QueueAdmin),
    (Schedule, queue_admin.ScheduleAdmin),
):
    # the queue's rows are there only while PostgreSQL is its broker
    if admin.site.is_registered(model):
        admin.site.unregister(model)
        admin.site.register(model, type(theirs.__name__, (QueueAdmin, theirs), {}))
