"""A mail server on loopback that does what a test tells it at any step, and keeps what it accepted."""

import asyncio
import email
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

LONG_SECONDS = 60.0


class Step(StrEnum):
    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"


@dataclass(frozen=True)
class Fault:
    """What is done instead of going on: wait, then hang up or answer; without either, go on as if nothing were.

    ``accepted``: at the dot, the mail is taken all the same, before the wait. ``gate``: wait until it is opened.
    """

    seconds: float = 0.0
    gate: threading.Event | None = None
    answer: str = ""
    cut: bool = False
    accepted: bool = False


@dataclass(frozen=True)
class Accepted:
    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = email.message_from_bytes(self.content, policy=SMTP_POLICY)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"]).strip()


# the step and whom the mail is for, as far as that is known
Script = Callable[[Step, str], Fault | None]


def all_well(_step: Step, _recipient: str) -> None:
    """The script of a good server."""


def once(step: Step, fault: Fault, recipient: str = "") -> Script:
    """The fault at the first mail that comes so far, or the first for this recipient."""
    left = [fault]

    def script(now_at: Step, to: str) -> Fault | None:
        return left.pop() if left and now_at == step and recipient in ("", to) else None

    return script


@dataclass
class MailSink:
    script: Script = all_well
    accepted: list[Accepted] = field(default_factory=list)
    steps: int = 0
    connections: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.BaseTransport] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self.come_back()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.go_down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def deliveries(self) -> Counter[str]:
        """How often each Message-ID was accepted."""
        return Counter(mail.message_id for mail in list(self.accepted))

    def forget(self) -> None:
        """As if just started: all well, nothing taken."""
        self.come_back()
        self.script, self.steps, self.connections = all_well, 0, 0
        self.accepted.clear()

    def come_back(self) -> None:
        """Listen, always on the same port."""
        self._do(self._listen())

    def go_down(self) -> None:
        """Refuse connections and break those that are open."""
        self._do(self._hang_up())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(LONG_SECONDS)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await self._loop.create_server(lambda: _Conversation(self), "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for transport in list(self._open):
            transport.abort()  # type: ignore[attr-defined]
        while self._open:
            await asyncio.sleep(0)


class _Conversation(SMTP):
    """aiosmtpd's server, asking the script before each step."""

    def __init__(self, sink: MailSink) -> None:
        self._sink = sink
        super().__init__(self, hostname="sink.example", loop=sink._loop)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._sink.connections += 1
        self._sink._open.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._sink._open.discard(self.transport)
        super().connection_lost(error)

    async def _handle_client(self) -> None:
        if await self._goes_on(Step.CONNECT):
            await super()._handle_client()
        elif self.transport is not None:
            self.transport.close()

    async def smtp_MAIL(self, arg: str | None) -> None:
        if await self._goes_on(Step.MAIL):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        recipient = (arg or "").partition("<")[2].partition(">")[0]
        if await self._goes_on(Step.RCPT, recipient):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if await self._goes_on(Step.DATA, self._recipient()):
            await super().smtp_DATA(arg)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        fault = self._asked(Step.DOT, self._recipient())
        if fault is None or fault.accepted or not (fault.cut or fault.answer):
            mail = Accepted(str(envelope.mail_from), tuple(envelope.rcpt_tos), bytes(envelope.original_content or b""))
            self._sink.accepted.append(mail)
        await self._do(fault)
        return fault.answer if fault and fault.answer else "250 OK"

    async def _goes_on(self, step: Step, recipient: str = "") -> bool:
        fault = self._asked(step, recipient)
        await self._do(fault)
        if fault is None or not fault.answer:
            return True
        await self.push(fault.answer)
        return False

    def _asked(self, step: Step, recipient: str) -> Fault | None:
        self._sink.steps += 1
        return self._sink.script(step, recipient)

    async def _do(self, fault: Fault | None) -> None:
        if fault is None:
            return
        if fault.gate is not None:
            await asyncio.get_running_loop().run_in_executor(None, fault.gate.wait, LONG_SECONDS)
        await asyncio.sleep(fault.seconds)
        if fault.cut and self.transport is not None:
            self.transport.abort()
            # the end of the connection cancels us
            await asyncio.sleep(LONG_SECONDS)

    def _recipient(self) -> str:
        return self.envelope.rcpt_tos[0] if self.envelope and self.envelope.rcpt_tos else ""
