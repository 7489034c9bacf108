"""The composition root as a Django app: it owns the commands that run the whole house."""

from django.apps import AppConfig


class HoldfastConfig(AppConfig):
    name = "config"
    label = "holdfast"
    verbose_name = "Holdfast"

    def ready(self) -> None:
        from config import heartbeats

        heartbeats.listen()
