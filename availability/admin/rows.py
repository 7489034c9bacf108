"""Two kinds of rows: those only services write, and those slots depend on."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest

from availability.models import Calendar, Schedule
from availability.services.versions import change_epochs


class ReadOnly:
    """Rows that services write and people only look at; for pages and for tables within a page."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ChangesSlots(admin.ModelAdmin[Any]):
    """Rows that slots depend on: whatever is done to them changes the epochs of the calendars they reach.

    ``calendars_by`` is the calendars' lookup for such rows. ``edits`` names what counts one more edition, so that
    whoever has it open in an editor is told: a model, and its lookup for such rows.
    """

    calendars_by: ClassVar[str]
    edits: ClassVar[tuple[type[Calendar] | type[Schedule], str] | None] = None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What it belonged to before is reached as well."""
        before = self._reached([obj.pk]) if change else set()
        # what was not touched may have moved on since the page was opened
        obj.save(**({"update_fields": form.changed_data} if change else {}))
        self._change(before | self._reached([obj.pk]))
        self._count_editions([obj.pk])

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        self._change(self._reached([form.instance.pk]))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        reached = self._reached([obj.pk])
        self._count_editions([obj.pk])
        super().delete_model(request, obj)
        self._change(reached)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        pks = list(queryset.values_list("pk", flat=True))
        with transaction.atomic():
            reached = self._reached(pks)
            self._count_editions(pks)
            super().delete_queryset(request, queryset)
            self._change(reached)

    def _reached(self, pks: Collection[int]) -> set[int]:
        return set(Calendar.objects.filter(**{f"{self.calendars_by}__in": pks}).values_list("pk", flat=True))

    def _change(self, calendars: Collection[int]) -> None:
        change_epochs(Calendar.objects.filter(pk__in=calendars))

    def _count_editions(self, pks: Collection[int]) -> None:
        if self.edits:
            model, lookup = self.edits
            edited = model._default_manager.filter(**{f"{lookup}__in": pks}).values_list("pk", flat=True)
            model._default_manager.filter(pk__in=list(edited)).update(edition=F("edition") + 1)
