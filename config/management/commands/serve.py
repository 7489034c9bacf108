"""``manage.py serve``: the site under gunicorn. SIGTERM lets running requests end, within 30 seconds."""

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

DRAIN_SECONDS = 25
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - where gunicorn's workers show that they live; the folder is their own


class Command(BaseCommand):
    help = "Runs the site. Put a proxy that speaks TLS in front of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="host:port, unix:path or fd://number")
        parser.add_argument("--processes", type=int, default=2, help="default %(default)s")
        parser.add_argument("--threads", type=int, default=8, help="per process (default %(default)s)")

    def handle(self, *args: Any, bind: str, processes: int, threads: int, **options: Any) -> None:
        _collect_static_files()
        command = [sys.executable, "-m", "gunicorn", *_arguments(bind, processes, threads), "config.wsgi:application"]
        # gunicorn takes this process over: its signals, its pid
        os.execv(sys.executable, command)  # noqa: S606


def _collect_static_files() -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # development reads them where they lie; elsewhere their names carry a digest of what they are now
    if not settings.DEVELOPMENT:
        call_command("collectstatic", interactive=False, verbosity=0)


def _arguments(bind: str, processes: int, threads: int) -> list[str]:
    return [
        f"--bind={bind}",
        f"--workers={processes}",
        "--worker-class=gthread",
        f"--threads={threads}",
        f"--graceful-timeout={DRAIN_SECONDS}",
        f"--chdir={settings.BASE_DIR}",
        "--no-control-socket",
        *([f"--worker-tmp-dir={SHARED_MEMORY}"] if SHARED_MEMORY.is_dir() else []),
    ]
