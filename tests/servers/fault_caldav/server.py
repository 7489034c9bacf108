"""The server itself: who asks, what for, what it meets on the way, and a log of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.servers.fault_caldav.exchange import Answer, Request
from tests.servers.fault_caldav.faults import Choice
from tests.servers.fault_caldav.objects import delete, get, put
from tests.servers.fault_caldav.phone import Phone
from tests.servers.fault_caldav.places import Place, Site, place_of
from tests.servers.fault_caldav.properties import propfind
from tests.servers.fault_caldav.quirks import Etags, Quirks, quoted
from tests.servers.fault_caldav.reports import report
from tests.servers.fault_caldav.store import Calendar, Login, Stored

Verb = Callable[[Site, Request, Place], Answer]

_VERBS: dict[str, Verb] = {"PROPFIND": propfind, "REPORT": report, "GET": get, "PUT": put, "DELETE": delete}


@dataclass(frozen=True, slots=True)
class Logged:
    """One exchange. ``headers`` are without the credentials; ``fault`` is what it met, empty for nothing."""

    method: str
    path: str
    headers: Mapping[str, str]
    size: int
    login: str
    fault: str
    status: int
    answered: int


class FaultCalDAV(Phone):
    """Answers one request at a time. ``faults`` chooses what each meets; ``quirks`` are its standing habits.

    ``log``: every exchange, in order. ``puts``: path and text of every PUT that arrived, carried out or refused.
    ``counts``: requests by method. ``max_inflight``: most requests of one login at the same time, by username.
    """

    def __init__(self, *, quirks: Quirks | None = None, origin: str = "https://calendars.example.com") -> None:
        super().__init__()
        self.quirks = quirks or Quirks()
        self.origin = origin
        self.faults: Choice = lambda _request: None
        self.forget_log()
        self._inflight: Counter[str] = Counter()

    def forget_log(self) -> None:
        self.log: list[Logged] = []
        self.puts: list[tuple[str, str]] = []
        self.counts: Counter[str] = Counter()
        self.max_inflight: dict[str, int] = {}
        self.bytes_in = 0
        self.bytes_out = 0

    def handle(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """The honest answer, with this server's quirks and without faults: status, headers, body."""
        named = {name.lower(): value for name, value in headers.items()}
        answer = self._honest(Request(method, target, named, body))
        return answer.status, answer.headers, answer.body

    def exchange(self, request: Request) -> Answer:
        """What the other side gets to hear. Raises what a fault raises, in the log as status 0."""
        username = request.pair[0]
        fault = self.faults(request)
        status, answered = 0, 0
        try:
            answer = self._honest(request) if fault is None else fault.play(request, lambda: self._honest(request))
            status, answered = answer.status, len(answer.body)
            return answer
        finally:
            self._note(request, username, fault.name if fault else "", status, answered)

    @contextmanager
    def waiting(self, request: Request) -> Iterator[None]:
        """Around an exchange from its arrival to its answer: counts how many a login has at once."""
        username = request.pair[0]
        with self.lock:
            self._inflight[username] += 1
            self.max_inflight[username] = max(self.max_inflight.get(username, 0), self._inflight[username])
        try:
            yield
        finally:
            with self.lock:
                self._inflight[username] -= 1

    def login_of(self, request: Request) -> Login | None:
        username, password = request.pair
        login = self.logins.get(username)
        return login if login is not None and login.password == password else None

    def url_of(self, calendar: Calendar) -> str:
        """As an adapter knows it."""
        return self.origin + quoted(calendar.path)

    def href(self, path: str) -> str:
        spelled = quoted(path)
        return spelled if self.quirks.spell is None else self.quirks.spell(spelled)

    def etag_of(self, stored: Stored) -> str:
        prefix = {Etags.STRONG: "", Etags.WEAK: "W/", Etags.NONE: ""}[self.quirks.etags]
        return prefix + stored.etag

    def _honest(self, request: Request) -> Answer:
        with self.lock:
            if request.path == "/.well-known/caldav":
                return Answer(301, b"", {"Location": "/"})
            login = self.login_of(request)
            if login is None:
                return Answer(401, b"", {"WWW-Authenticate": 'Basic realm="calendars"'})
            if request.method == "OPTIONS":
                return Answer(200, b"", {"DAV": "1, 3, calendar-access", "Allow": ", ".join(["OPTIONS", *_VERBS])})
            return self._verb(request, login)

    def _verb(self, request: Request, login: Login) -> Answer:
        verb = _VERBS.get(request.method)
        if verb is None:
            return Answer(405)
        place = place_of(login, request.path)
        if place is not None:
            return verb(self, request, place)
        foreign = any(request.path.startswith(other.home) for other in self.logins.values() if other is not login)
        missing = self.quirks.missing_calendar_status if request.method == "PUT" else 404
        return Answer(403 if foreign else missing)

    def _note(self, request: Request, username: str, fault: str, status: int, answered: int) -> None:
        headers = {name: value for name, value in request.headers.items() if name != "authorization"}
        path = urlsplit(request.target).path if "://" in request.target else request.target
        with self.lock:
            self.counts[request.method] += 1
            self.bytes_in += len(request.body)
            self.bytes_out += answered
            if request.method == "PUT":
                self.puts.append((path, request.body.decode("utf-8", "replace")))
            self.log.append(Logged(request.method, path, headers, len(request.body), username, fault, status, answered))
