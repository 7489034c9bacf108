"""``manage.py work``: the workers with their supervisor. SIGTERM drains within 30 seconds."""

from argparse import SUPPRESS
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext_lazy as _

from config.cluster import Cluster, run_queue
from config.supervisor import Supervisor


class Command(BaseCommand):
    help = str(_("Run the workers, and keep them running."))
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        # how the supervisor starts its own queue
        parser.add_argument("--queue-of", type=int, help=SUPPRESS)

    def handle(self, *args: Any, queue_of: int | None = None, **options: Any) -> None:
        if queue_of is None:
            Supervisor(Cluster()).run()
        else:
            run_queue(supervisor=queue_of)
