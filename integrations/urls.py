from django.urls import path
from django.views.generic import RedirectView

from integrations.views import attention, configuration, connecting, connections, journal, set_up, sync_settings

app_name = "integrations"
_HERE = "settings/profile/integrations/"

urlpatterns = [
    path(
        "settings/connections/",
        RedirectView.as_view(pattern_name="integrations:integrations", query_string=True),
        name="connections",
    ),
    path("calendar/attention/", attention.attention, name="attention"),
    path("calendar/attention/<uuid:uid>/", attention.answered, name="answer"),
    path(_HERE, connections.integrations, name="integrations"),
    path(f"{_HERE}icloud/", connecting.connect_icloud, name="connect-icloud"),
    path(f"{_HERE}caldav/", connecting.connect_caldav, name="connect-caldav"),
    path(f"{_HERE}<int:pk>/", connections.connection, name="connection"),
    path(f"{_HERE}<int:pk>/freshness/", connections.freshness, name="connection-freshness"),
    path(f"{_HERE}<int:pk>/active/", connections.active, name="connection-active"),
    path(f"{_HERE}<int:pk>/off/", connections.off, name="connection-off"),
    path(f"{_HERE}<int:pk>/progress/", connections.progress, name="connection-progress"),
    path(f"{_HERE}<int:pk>/wizard/trial/", set_up.trial, name="set-up-trial"),
    path(f"{_HERE}<int:pk>/wizard/<slug:name>/", set_up.step, name="set-up"),
    path(f"{_HERE}<int:pk>/settings/", sync_settings.sync_settings, name="connection-settings"),
    path(f"{_HERE}<int:pk>/sync/", connections.sync, name="connection-sync"),
    path(f"{_HERE}<int:pk>/password/", connecting.new_password, name="connection-password"),
    path(f"{_HERE}<int:pk>/delete/", connections.delete, name="connection-delete"),
    path("settings/profile/calendar-configuration/", configuration.configuration, name="calendar-configuration"),
    path(
        "settings/profile/calendar-configuration/<int:pk>/", sync_settings.calendar_blocking, name="calendar-blocking"
    ),
    path("settings/journal/", journal.journal, name="journal"),
    path("settings/journal/export/", journal.journal_export, name="journal-export"),
]
