"""Sets the stage once Django is configured: tables, people, calendars on the server, connections; and describes it."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from config.demo import people
from config.demo.connections import CaldavAccess, connect_once, describe_connected
from config.demo.filling import fill_calendars
from config.demo.items import add_items
from config.demo.kept import Kept
from config.demo.month import LIVES, TEAM
from config.demo.parts import Parts
from config.demo.ports import HOST
from config.demo.report import CaldavLogin, Report, describe_seeded
from config.demo.rows import seed_rows
from config.demo.visits import book_visits
from config.embedded.radicale import RadicaleServer, start_radicale


def open_calendar_server(folder: Path, kept: Kept, *, port: int) -> RadicaleServer:
    """The demo's CalDAV server. Its port is kept: connections name it."""
    logins = {username: kept.caldav_password(username) for username in LIVES}
    server = start_radicale(folder / "radicale", logins, port=port, read_only=(TEAM,))
    kept.caldav_port = port
    return server


def set_stage(kept: Kept, caldav: RadicaleServer, *, now: datetime) -> None:
    """Everything the demo shows. What an earlier start has made, and what people have changed since, stays."""
    call_command("migrate", interactive=False, verbosity=0)
    seed_rows(kept)
    # before anything is connected: a calendar that was never read blocks
    book_visits(now=now)
    add_items(now=now)
    fill_calendars(caldav, kept, today=now.date())
    for person in people.CONNECTED:
        access = CaldavAccess(caldav.url, person.username, kept.caldav_password(person.username))
        connect_once(person, access, now=now)


def describe_stage(kept: Kept, parts: Parts, *, base_url: str) -> Report:
    report = describe_seeded(
        kept,
        base_url=base_url,
        database_url=settings.DATABASE_URL,
        mail_folder=settings.LOCAL_DIR / "mail",
        caldav=describe_connected(kept),
    )
    report["caldav_to_connect"] = [_login_of_the_owner(kept)]
    report["log_files"] = [str(path) for path in (*parts.log_files(), settings.LOCAL_DIR / "log" / "demo.log")]
    report["processes"] = {
        "web": [parts.web.pid],
        "work": [parts.work.pid],
        "postgres": [parts.postgres.pid] if parts.postgres.pid else [],
        "caldav": [parts.caldav.pid] if parts.caldav.pid else [],
    }
    # nothing is read for as long as all goes well, and an idle connection would be in the way of a database's end
    connections.close_all()
    return report


def _login_of_the_owner(kept: Kept) -> CaldavLogin:
    owner = people.NOT_CONNECTED_YET
    return {
        "owner": owner.email,
        "host": owner.slug,
        "url": f"http://{HOST}:{kept.caldav_port}/",
        "username": owner.username,
        "password": kept.caldav_password(owner.username),
    }
