"""`python -m config.demo`: shows Holdfast until it is told to stop, and leaves nothing running."""

import os
import signal
import sys
from contextlib import ExitStack
from types import FrameType

from config.demo.environment import local_folder
from config.demo.parts import NotReady, PartEnded
from config.demo.ports import PortTaken
from config.demo.processes import ROOT
from config.demo.running import AlreadyRunning, only_demo
from config.demo.show import NowhereToReport, show
from config.embedded import local
from config.embedded.binaries import PostgresNotFound
from config.embedded.loopback import ServerDidNotStart
from config.embedded.postgres import PostgresDidNotStart
from config.embedded.server_user import NobodyToRunAs

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
EXPECTED = (
    AlreadyRunning,
    NobodyToRunAs,
    NotReady,
    NowhereToReport,
    PartEnded,
    PortTaken,
    PostgresDidNotStart,
    PostgresNotFound,
    ServerDidNotStart,
)


def main() -> int:
    for number in STOPS:
        signal.signal(number, _stop)
    folder = local_folder(ROOT)
    local.open_folder(folder)
    try:
        with only_demo(folder) as running, ExitStack() as stack:
            show(folder, running, stack)
    except KeyboardInterrupt:
        return 0
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _stop(_number: int, _frame: FrameType | None) -> None:
    # once is enough: a second Ctrl-C must not keep the children from being stopped
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    os.write(sys.stderr.fileno(), b"\nStopping ...\n")
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
