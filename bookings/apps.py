from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = _("Appointments")

    def ready(self) -> None:
        from accounts.access import count_with
        from bookings import receivers
        from bookings.mails import composing
        from bookings.queries.pending import requests_to_count

        receivers.connect()
        composing.register()
        count_with(requests_to_count)
