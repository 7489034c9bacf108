"""``manage.py seed_demo``: two accounts with people, calendars and appointments. Runs as often as one likes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo.connections import CaldavAccess, NothingToWriteTo, connect_person
from config.demo.items import add_items
from config.demo.kept import Kept
from config.demo.people import CONNECTED_ON_REQUEST
from config.demo.report import CaldavEntry, Report, describe_seeded, write_report
from config.demo.rows import seed_rows
from config.demo.visits import book_visits
from integrations.ports import ProviderError
from integrations.services.address import AddressHasLogin, UnusableAddress
from integrations.services.tries import TooManyTries


class Command(BaseCommand):
    help = "Fills in the demo's accounts, people, calendars and appointments; what is there already is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", type=Path, metavar="FILE", help="write there what was seeded, passwords included")
        parser.add_argument("--caldav-url", help="connect a staff member of the demo to this server …")
        parser.add_argument("--caldav-user", help="… with this user name …")
        parser.add_argument("--caldav-password", help="… and this password")

    def handle(self, *args: Any, **options: Any) -> None:
        access = _access(options)
        kept = Kept(settings.LOCAL_DIR)
        seed_rows(kept)
        booked = book_visits(now=timezone.now())
        add_items(now=timezone.now())
        connected = [_connect(access)] if access else []
        if options["json"]:
            write_report(options["json"], _report(kept, connected))
        self.stdout.write(f"The demo's people and calendars are there; {booked} appointments booked.")
        for entry in connected:
            self.stdout.write(f"{entry['owner']} writes to {entry['primary']}.")
        self.stdout.write(f"Passwords are kept in {settings.LOCAL_DIR / 'demo.json'}.")


def _access(options: dict[str, Any]) -> CaldavAccess | None:
    given = [options[name] for name in ("caldav_url", "caldav_user", "caldav_password")]
    if not any(given):
        return None
    if not all(given):
        raise CommandError("--caldav-url, --caldav-user and --caldav-password go together.")
    return CaldavAccess(*given)


def _connect(access: CaldavAccess) -> CaldavEntry:
    try:
        return connect_person(CONNECTED_ON_REQUEST, access, now=timezone.now())
    except AddressHasLogin:
        raise CommandError("The address must not contain a user name or password.") from None
    except UnusableAddress:
        raise CommandError("This is not the address of a server.") from None
    except TooManyTries:
        raise CommandError("Too many servers were tried within the last hour.") from None
    except (ProviderError, NothingToWriteTo) as error:
        raise CommandError(str(error)) from None


def _report(kept: Kept, connected: list[CaldavEntry]) -> Report:
    return describe_seeded(
        kept,
        base_url=settings.PUBLIC_BASE_URL,
        database_url=settings.DATABASE_URL,
        mail_folder=settings.LOCAL_DIR / "mail",
        caldav=connected,
    )
