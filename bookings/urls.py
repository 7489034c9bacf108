from django.urls import path

from bookings.views import appointment, book, booking_form, manage, my_calendar, preview, session

app_name = "bookings"

urlpatterns = [
    path("book/manage/<str:token>/", manage.manage, name="manage"),
    path("book/<slug:account>/", book.group, name="group"),
    path("book/<slug:account>/<slug:slug>/", book.book, name="book"),
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
    path("calendar/appointments/<uuid:uid>/", appointment.appointment, name="appointment"),
    path("calendar/appointments/<uuid:uid>/cancel/", appointment.cancel, name="cancel"),
    path("calendar/sessions/<uuid:uid>/", session.session, name="session"),
]
