from django.urls import path

from bookings.views import (
    book,
    booking_form,
    hold,
    manage,
    manage_cancel,
    manage_move,
    my_calendar,
    preview,
    session,
)
from bookings.views.appointments import answers, attendance, cancel, move, new, page

app_name = "bookings"

urlpatterns = [
    path("book/manage/<str:token>/", manage.manage, name="manage"),
    path("book/manage/<str:token>/reschedule/", manage_move.reschedule, name="manage-reschedule"),
    path("book/manage/<str:token>/cancel/", manage_cancel.cancel, name="manage-cancel"),
    path("book/manage/<str:token>/appointment.ics", manage.appointment_ics, name="manage-ics"),
    path("book/<slug:account>/", book.group, name="group"),
    path("book/<slug:account>/<slug:slug>/", book.book, name="book"),
    path("book/<slug:account>/<slug:slug>/hold/", hold.hold, name="hold"),
    path("book/<slug:account>/<slug:slug>/hold/release/", hold.release, name="release"),
    path("settings/calendars/new/preview/", preview.preview, name="calendar-preview-new"),
    path("settings/calendars/<int:pk>/preview/", preview.preview, name="calendar-preview"),
    path("settings/calendars/<int:pk>/form/", booking_form.booking_form, name="booking-form"),
    path("settings/calendars/<int:pk>/form/new/", booking_form.question_new, name="question-new"),
    path("settings/calendars/<int:pk>/form/<int:question_pk>/", booking_form.question, name="question"),
    path("settings/calendars/<int:pk>/form/<int:question_pk>/move/", booking_form.question_move, name="question-move"),
    path(
        "settings/calendars/<int:pk>/form/<int:question_pk>/remove/",
        booking_form.question_remove,
        name="question-remove",
    ),
    path("calendar/", my_calendar.my_calendar, name="my-calendar"),
    path("calendar/requests/", answers.requests, name="requests"),
    path("calendar/appointments/new/", new.new, name="appointment-new"),
    path("calendar/appointments/new/<int:pk>/", new.new_on, name="appointment-new-on"),
    path("calendar/appointments/<uuid:uid>/", page.appointment, name="appointment"),
    path("calendar/appointments/<uuid:uid>/again/", new.again, name="appointment-again"),
    path("calendar/appointments/<uuid:uid>/attendance/", attendance.attendance, name="attendance"),
    path("calendar/appointments/<uuid:uid>/cancel/", cancel.cancel, name="cancel"),
    path("calendar/appointments/<uuid:uid>/confirm/", answers.confirm, name="confirm"),
    path("calendar/appointments/<uuid:uid>/decline/", answers.decline, name="decline"),
    path("calendar/appointments/<uuid:uid>/move/", move.move, name="move"),
    path("calendar/sessions/<uuid:uid>/", session.session, name="session"),
]
