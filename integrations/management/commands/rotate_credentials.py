"""`manage.py rotate_credentials`: after a new first key in FERNET_KEYS, before the old one is taken out."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.services.rotate import rotate_credentials


class Command(BaseCommand):
    help = "Encrypts credentials and stored events anew with the first of FERNET_KEYS; may be interrupted and repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        rotated = unopened = 0
        for batch in rotate_credentials():
            rotated += batch.rotated
            unopened += batch.unopened
            self.stdout.write(f"{batch.table}: {batch.rotated} encrypted anew")
        self.stdout.write(f"{rotated} in all; nothing needs an older key.")
        if unopened:
            raise CommandError(
                f"{unopened} cannot be opened with any key. They were left as they are: bring the key back, "
                "or have their owners enter the passwords again."
            )
