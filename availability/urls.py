from django.urls import path

from availability.views import (
    calendar_editor,
    calendars,
    closures,
    overrides,
    schedule_editor,
    schedules,
    troubleshooter,
)

app_name = "availability"

urlpatterns = [
    path("settings/calendars/", calendars.calendars, name="calendars"),
    path("settings/calendars/new/", calendar_editor.new, name="calendar-new"),
    path("settings/calendars/<int:pk>/", calendar_editor.edit, name="calendar"),
    path("settings/calendars/<int:pk>/type/", calendar_editor.types, name="calendar-type"),
    path("settings/calendars/<int:pk>/state/", calendars.state, name="calendar-state"),
    path("settings/calendars/<int:pk>/duplicate/", calendars.duplicate, name="calendar-duplicate"),
    path("settings/calendars/<int:pk>/delete/", calendars.delete, name="calendar-delete"),
    path("settings/schedules/", schedules.schedules, name="schedules"),
    path("settings/schedules/new/", schedule_editor.new_schedule, name="schedule-new"),
    path("settings/schedules/<int:pk>/", schedule_editor.schedule, name="schedule"),
    path("settings/schedules/<int:pk>/days/", overrides.days, name="schedule-days"),
    path("settings/schedules/<int:pk>/default/", schedules.default, name="schedule-default"),
    path("settings/schedules/<int:pk>/duplicate/", schedules.duplicate, name="schedule-duplicate"),
    path("settings/schedules/<int:pk>/delete/", schedules.delete, name="schedule-delete"),
    path("settings/closures/", closures.closures, name="closures"),
    path("settings/closures/new/", closures.add, name="closure-add"),
    path("settings/closures/<int:pk>/", closures.change, name="closure-change"),
    path("settings/closures/<int:pk>/remove/", closures.remove, name="closure-remove"),
    path("settings/closures/booked/", closures.booked, name="closures-booked"),
    path("settings/closures/holidays/", closures.holidays, name="closures-holidays"),
    path("settings/troubleshooter/", troubleshooter.troubleshooter, name="troubleshooter"),
]
