"""What goes wrong in a trial of the sync: answers, deaths at any exchange and any statement, others at the same row."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any

from django.db import connection as database

from integrations.models import Connection
from integrations.providers.caldav.adapter import CalDAVProvider
from tests.flows.sync_ledger import Ledger, item_of
from tests.flows.sync_phone import Phones
from tests.servers.fault_caldav import (
    Answer,
    DirectSession,
    Ending,
    Etags,
    Fault,
    FaultCalDAV,
    Forgotten,
    Killed,
    Quirks,
    Request,
    UidScope,
    faults,
    open_direct,
)
from tests.servers.fault_caldav.chance import READING, WRITING
from tests.servers.fault_caldav.quirks import absolute, doubled_slash, encoded_otherwise
from tests.servers.fault_caldav.rewriting import into_zone, other_order, stamped, without_extensions
from tests.servers.fault_caldav.store import uid_of

_READING = (*READING, faults.only_first_rows(1), faults.says(401), faults.says(409), faults.says(410), faults.says(507))
_WRITING = (*WRITING, faults.says(401), faults.says(409))


class Mischief:
    """``rate``: the share of exchanges that go wrong. ``others``: what may happen in the middle of one.

    ``reading``: what goes wrong where something is read; ``phones`` then look at what is written at the moment.
    ``overtaken``: the share of writes just before which their owner changes the same copy.
    """

    def __init__(self, server: FaultCalDAV, ledger: Ledger, random: Random, *, rate: float, death_rate: float) -> None:
        self._server, self._ledger, self._random = server, ledger, random
        self.phones: Phones | None = None
        self.reading: tuple[Fault, ...] = _READING
        self._rate, self._death_rate = rate, death_rate
        self.overtaken = 0.0
        self._late: list[Request] = []
        self._depth = 0
        self.others: Sequence[Callable[[], object]] = ()
        server.faults = self._choose

    def provider_of(self, connection: Connection) -> CalDAVProvider:
        login = self._server.logins[connection.username]
        session = DirectSession(self._server)
        session.before = self._before
        session.after = self._after
        return open_direct(self._server, login, session=session)

    @contextmanager
    def mortal(self) -> Iterator[None]:
        """Inside, whoever works may die before or after any statement and any exchange; nobody hears of it."""
        try:
            with database.execute_wrapper(self._statement):
                yield
        except Killed:
            self._ledger.deaths += 1
            self._ledger.trouble += 1
            self._ledger.note("… dies")

    def stop(self) -> None:
        """All that is under way arrives, and from now on nothing goes wrong."""
        self._rate = self._death_rate = self.overtaken = 0.0
        self.others = ()
        self._arrive()
        self._server.quirks.stale_reads = 0

    # ── exchanges ────────────────────────────────────────────────────────────────────────────────────────────────

    def _before(self, request: Request) -> None:
        if self._late and self._random.random() < 0.2:
            self._arrive()
        if request.method == "PUT" and self._random.random() < self.overtaken:
            self._overtake(request)
        self._meanwhile(request)

    def _overtake(self, request: Request) -> None:
        if self.phones is not None and self.phones.has(request.path):
            self._ledger.trouble += 1
            self._ledger.note("… just before", request.method, request.path)
            self.phones.focus = request.path
            self._random.choice((self.phones.annotate, self.phones.move))()
            self.phones.focus = ""

    def _after(self, request: Request, _answer: Answer) -> None:
        self._meanwhile(request)

    def _meanwhile(self, request: Request) -> None:
        """Not beside what is itself beside another one."""
        if self._depth or not self.others or self._random.random() >= self._rate / 2:
            return
        self._depth += 1
        try:
            self._ledger.trouble += 1
            self._ledger.note("… in the middle of", request.method, request.path)
            # what is written just now is what somebody is likely to look at
            if self.phones is not None and request.method != "PROPFIND":
                self.phones.focus = request.path
            self._random.choice(self.others)()
        finally:
            self._depth -= 1
            if self.phones is not None:
                self.phones.focus = ""

    def _choose(self, request: Request) -> Fault | None:
        if self._random.random() >= self._rate:
            return None
        is_writing = request.method in {"PUT", "DELETE"}
        if is_writing and self._random.random() < 0.1:
            fault = Fault("arrives late", self._delay)
        else:
            fault = self._random.choice(_WRITING if is_writing else self.reading)
        self._ledger.trouble += 1
        self._ledger.note("… ", request.method, request.path, "meets:", fault.name)
        return fault

    def _delay(self, request: Request, _honest: Callable[[], Answer]) -> Answer:
        self._late.append(request)
        return Answer(503, ending=Ending.SILENCE)

    def _arrive(self) -> None:
        for request in self._late:
            status, _headers, _body = self._server.handle(request.method, request.target, request.headers, request.body)
            self._ledger.note("… late:", request.method, request.path, status)
            uid = item_of(uid_of(request.body)) if status == 201 else None
            if uid is not None:
                self._ledger.late_creations.add(uid)
        self._late = []

    # ── deaths ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self._dies():
            raise Killed
        found = execute(sql, params, many, context)
        if self._dies():
            raise Killed
        return found

    def _dies(self) -> bool:
        return bool(self._death_rate) and self._random.random() < self._death_rate


def quirks_by_chance(random: Random) -> Quirks:
    """A server with a habit or two; often with none."""
    quirks = Quirks()
    for _habit in range(random.choice((0, 0, 1, 1, 2, 3))):
        name, values = random.choice(_HABITS)
        setattr(quirks, name, random.choice(values))
    return quirks


_HABITS: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("etag_after_put", (False,)),
    ("rewrite", (stamped, other_order, without_extensions, into_zone("Europe/Berlin"))),
    ("stale_reads", (1,)),
    ("demands_end", (True,)),
    ("uid_scope", (UidScope.LOGIN,)),
    ("uid_conflict_status", (409, 412)),
    ("missing_calendar_status", (403, 404)),
    ("knows_sync", (False,)),
    ("knows_multiget", (False,)),
    ("tells_privileges", (False,)),
    ("tells_ctag", (False,)),
    ("unknown_token", tuple(Forgotten)),
    ("page", (1, 2, 5)),
    ("names_collection", (True,)),
    ("repeats", (True,)),
    ("spell", (absolute("https://calendars.example.com"), doubled_slash, encoded_otherwise)),
    ("etags", (Etags.STRONG,)),
)
