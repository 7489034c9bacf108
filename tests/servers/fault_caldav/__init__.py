"""A CalDAV server in memory that keeps to the RFCs, and does not when it is told so.

:class:`FaultCalDAV` answers; :class:`DirectSession` asks it without a socket, :class:`HttpFront` puts it on loopback.
What one request meets is a :class:`Fault`; what the server always does is in its :class:`Quirks`.
"""

from tests.servers.fault_caldav import faults
from tests.servers.fault_caldav.direct import DirectSession, open_direct
from tests.servers.fault_caldav.exchange import Answer, Ending, Request
from tests.servers.fault_caldav.faults import Fault, Killed
from tests.servers.fault_caldav.http_front import HttpFront
from tests.servers.fault_caldav.quirks import Etags, Forgotten, Quirks, UidScope, Withheld
from tests.servers.fault_caldav.server import FaultCalDAV
from tests.servers.fault_caldav.store import Calendar, Login

__all__ = [
    "Answer",
    "Calendar",
    "DirectSession",
    "Ending",
    "Etags",
    "Fault",
    "FaultCalDAV",
    "Forgotten",
    "HttpFront",
    "Killed",
    "Login",
    "Quirks",
    "Request",
    "UidScope",
    "Withheld",
    "faults",
    "open_direct",
]
