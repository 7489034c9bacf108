"""The demo from its first process to its last word. Whatever is started goes to a stack that stops it in reverse."""

import logging
import os
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from socket import socket

import django

from config.demo.environment import shared_environment
from config.demo.kept import Kept
from config.demo.parts import Parts, Server
from config.demo.ports import HOST, listen_for_the_site, port_of_the_calendars
from config.demo.processes import Child
from config.demo.running import Running
from config.embedded import local
from config.embedded.postgres import start_persistent

USUAL_PORT = 8000


class NowhereToReport(RuntimeError):
    """DEMO_JSON names a place that does not exist."""


def show(folder: Path, running: Running, stack: ExitStack) -> None:
    """Runs until a signal or the end of one of its parts ends it, by an exception."""
    kept = Kept(folder)
    door = stack.enter_context(listen_for_the_site(os.environ.get("DEMO_PORT") or None, usual=USUAL_PORT))
    site_port = door.getsockname()[1]
    caldav_port = port_of_the_calendars(kept.caldav_port)
    report_file = _cleared_report_file()
    _say("Starting PostgreSQL …")
    database_url, postgres = _open_database(folder, stack)
    environment = shared_environment(folder, database_url=database_url, site_port=site_port, caldav_port=caldav_port)
    _configure(folder, environment)
    running.share(environment)
    _say("Setting the stage …")
    parts = _open(folder, kept, postgres, stack, door=door, caldav_port=caldav_port)
    _tell_and_watch(kept, parts, report_file, site_port=site_port)


def _cleared_report_file() -> Path | None:
    """Where DEMO_JSON is wanted; that of an earlier start goes, so that its being there says that all is ready."""
    name = os.environ.get("DEMO_JSON")
    if not name:
        return None
    path = Path(name).absolute()
    if not path.parent.is_dir():
        raise NowhereToReport(f"DEMO_JSON is to be written to {path}, but there is no folder {path.parent}.")
    path.unlink(missing_ok=True)
    return path


def _open_database(folder: Path, stack: ExitStack) -> tuple[str, Server]:
    given, log_file = os.environ.get("DATABASE_URL"), local.postgres_folder(folder) / "log"
    if given:
        return given, Server("PostgreSQL", None, log_file)
    server = stack.enter_context(start_persistent(folder))
    return server.url, Server("PostgreSQL", server.pid, log_file)


def _configure(folder: Path, environment: dict[str, str]) -> None:
    """From here on this process is a part of the site; what it logs goes where the others' logs are."""
    os.environ.update(environment)
    django.setup()
    logs = _logs(folder)
    logs.mkdir(mode=0o700, exist_ok=True)
    logging.basicConfig(filename=logs / "demo.log", level=logging.INFO, force=True)


def _open(folder: Path, kept: Kept, postgres: Server, stack: ExitStack, *, door: socket, caldav_port: int) -> Parts:
    from config.demo.stage import open_calendar_server, set_stage

    calendars = open_calendar_server(folder, kept, port=caldav_port)
    stack.callback(calendars.stop)
    set_stage(kept, calendars, now=datetime.now(UTC))
    work = Child("The workers", ["work"], log_file=_logs(folder) / "work.log")
    stack.callback(work.stop)
    door_number = door.fileno()
    web = Child(
        "The site", ["serve", "--bind", f"fd://{door_number}"], log_file=_logs(folder) / "web.log", keep=(door_number,)
    )
    stack.callback(web.stop)
    door.close()
    caldav = Server("The CalDAV server", calendars.pid, calendars.log_file)
    return Parts(postgres=postgres, caldav=caldav, work=work, web=web)


def _tell_and_watch(kept: Kept, parts: Parts, report_file: Path | None, *, site_port: int) -> None:
    from config.demo.readiness import wait_until_ready
    from config.demo.report import Report, as_text, write_report
    from config.demo.stage import describe_stage

    def tell() -> Report:
        report = describe_stage(kept, parts, base_url=f"http://{HOST}:{site_port}")
        if report_file:
            write_report(report_file, report)
        return report

    wait_until_ready(site_port, check=parts.check)
    _say(as_text(tell()))
    parts.watch(restarted=tell)


def _logs(folder: Path) -> Path:
    return folder / "log"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
