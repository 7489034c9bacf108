from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = _("Integrations")

    def ready(self) -> None:
        from accounts.access import count_with
        from accounts.services.crew import Crew
        from availability import ports
        from bookings.ports import tell_connected_with, tell_copies_with
        from integrations import receivers
        from integrations.mails import composing
        from integrations.queries.copies import copies_of
        from integrations.queries.first_steps import has_primary
        from integrations.services.refresh import CREW_SIZE, CalendarRefresher
        from integrations.views.attention import needs_of

        receivers.connect()
        composing.register()
        count_with(needs_of)
        tell_copies_with(copies_of)
        tell_connected_with(has_primary)
        ports.register(CalendarRefresher(Crew(CREW_SIZE)))
