from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = _("Appointments")

    def ready(self) -> None:
        from bookings import receivers
        from bookings.mails import composing

        receivers.connect()
        composing.register()
