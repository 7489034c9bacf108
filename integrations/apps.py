from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = _("Integrations")

    def ready(self) -> None:
        from accounts.services.crew import Crew
        from availability import ports
        from integrations import receivers
        from integrations.services.refresh import CREW_SIZE, CalendarRefresher

        receivers.connect()
        ports.register(CalendarRefresher(Crew(CREW_SIZE)))
