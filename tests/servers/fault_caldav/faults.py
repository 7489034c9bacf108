"""What one request may meet instead of an honest answer. Each is a value: print it to see what happened."""

import gzip
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from tests.servers.fault_caldav.exchange import Answer, Ending, Request
from tests.servers.fault_caldav.wording import multistatus, status_row

_ROW = re.compile(rb"<d:response>.*?</d:response>", re.DOTALL)

Honest = Callable[[], Answer]
Choice = Callable[[Request], "Fault | None"]


class Killed(BaseException):
    """The process that asked is gone at this very moment; nothing of it may go on."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``play`` gets the request and may carry it out honestly by calling its second argument, or not."""

    name: str
    play: Callable[[Request, Honest], Answer] = field(repr=False, compare=False)


def says(
    status: int, body: str | bytes = b"", *, headers: Mapping[str, str] | None = None, applied: bool = False
) -> Fault:
    """This answer; ``applied``: the request is carried out before all the same."""
    content = body.encode() if isinstance(body, str) else body

    def play(_request: Request, honest: Honest) -> Answer:
        if applied:
            honest()
        return Answer(status, content, {"Content-Type": "text/plain", **(headers or {})})

    named = "".join(f" {name}: {value}" for name, value in (headers or {}).items())
    return Fault(f"{status}{named}{' although applied' if applied else ''}", play)


def busy(retry_after: str = "", *, status: int = 503, date: str = "") -> Fault:
    """Wants to be left alone, for as long as the header says: seconds, a date, or nonsense."""
    headers = {"Retry-After": retry_after} if retry_after else {}
    return says(status, headers={**headers, "Date": date} if date else headers)


def html(*, applied: bool = False) -> Fault:
    """A login page or a notice of maintenance in the place of the answer."""
    page = "<html><body><h1>Back soon</h1></body></html>"
    return replace(says(200, page, headers={"Content-Type": "text/html"}, applied=applied), name="200 text/html")


def nothing_listed() -> Fault:
    """A well-formed multistatus without a row."""
    return Fault("207 listing nothing", lambda _request, _honest: multistatus([]))


def only_first_rows(count: int) -> Fault:
    """A multistatus cut after so many rows without a word, its token as if it were whole."""

    def twist(answer: Answer) -> Answer:
        rows = _ROW.findall(answer.body)
        head = answer.body.partition(b"<d:response>")[0]
        return replace(answer, body=head + b"".join(rows[:count]) + answer.body.rpartition(b"</d:response>")[2])

    return _twisted(f"only the first {count} rows", twist)


def also_gone(href: str) -> Fault:
    """A multistatus that names this href as not found, after all it has to say."""

    def twist(answer: Answer) -> Answer:
        row = status_row(href, 404).encode()
        return replace(answer, body=answer.body.replace(b"<d:sync-token>", row + b"<d:sync-token>"))

    return _twisted(f"also says that {href} is gone", twist)


def empty_body(status: int = 207) -> Fault:
    return replace(says(status), name=f"{status} with an empty body")


def truncated(*, applied: bool = True) -> Fault:
    """XML that ends in the middle, in an answer that is complete to HTTP."""
    return _twisted("truncated XML", lambda answer: replace(answer, body=answer.body[: len(answer.body) // 2]), applied)


def wrong_namespace() -> Fault:
    return _twisted(
        "wrong namespace", lambda answer: replace(answer, body=answer.body.replace(b'"DAV:"', b'"urn:other:"'))
    )


def bad_bytes() -> Fault:
    """Bytes that are no UTF-8, where the answer says it is."""
    return _twisted("bad UTF-8", lambda answer: replace(answer, body=answer.body.replace(b"</d:", b"\xff\xfe</d:", 1)))


def compressed() -> Fault:
    """Although nobody asked for it."""

    def twist(answer: Answer) -> Answer:
        return replace(answer, body=gzip.compress(answer.body), headers={**answer.headers, "Content-Encoding": "gzip"})

    return _twisted("gzip", twist)


def huge(size: int = 50 * 1024 * 1024) -> Fault:
    """An answer of so many bytes, well-formed to its end."""

    def twist(answer: Answer) -> Answer:
        return replace(answer, body=answer.body + b" " * (size - len(answer.body)))

    return _twisted(f"{size} bytes", twist)


def deep(levels: int = 100_000) -> Fault:
    """XML of so many elements, one inside the other."""
    body = b"<x>" * levels + b"</x>" * levels
    return _twisted(f"XML {levels} deep", lambda answer: replace(answer, body=body))


def ends(ending: Ending, *, applied: bool = True) -> Fault:
    """The honest answer, and what becomes of it on its way; not ``applied``: the request never arrived."""

    def play(_request: Request, honest: Honest) -> Answer:
        return replace(honest() if applied else Answer(503), ending=ending)

    return Fault(f"{ending.value}{'' if applied else ', before anything was done'}", play)


def lost_before() -> Fault:
    return ends(Ending.LOST, applied=False)


def lost_after() -> Fault:
    return ends(Ending.LOST)


def timed_out(*, applied: bool = True) -> Fault:
    return ends(Ending.SILENCE, applied=applied)


def kill_before() -> Fault:
    """In process only: who asked dies before the request is carried out."""
    return Fault("killed before", _kill(applied=False))


def kill_after() -> Fault:
    """In process only: who asked dies when the request is carried out, before it hears so."""
    return Fault("killed after", _kill(applied=True))


def meanwhile(action: Callable[[], object]) -> Fault:
    """Something happens just before the request is carried out honestly."""

    def play(_request: Request, honest: Honest) -> Answer:
        action()
        return honest()

    return Fault("something happens meanwhile", play)


def afterwards(action: Callable[[], object]) -> Fault:
    """Something happens just after the request was carried out honestly, before its answer arrives."""

    def play(_request: Request, honest: Honest) -> Answer:
        answer = honest()
        action()
        return answer

    return Fault("something happens before the answer arrives", play)


def one_by_one(faults: Iterable[Fault | None]) -> Choice:
    """Each request meets the next; None and what comes after the last is honest."""
    left = iter(faults)
    return lambda _request: next(left, None)


def on(method: str, *faults: Fault | None, path: str = "", containing: bytes = b"") -> Choice:
    """The n-th request of this method (to a path that ends so, with this in its body) meets the n-th of the faults."""
    left = iter(faults)

    def choose(request: Request) -> Fault | None:
        fits = request.method == method and request.path.endswith(path) and containing in request.body
        return next(left, None) if fits else None

    return choose


def always(fault: Fault, *, method: str = "", path: str = "", containing: bytes = b"") -> Choice:
    def choose(request: Request) -> Fault | None:
        fits = method in {"", request.method} and request.path.endswith(path) and containing in request.body
        return fault if fits else None

    return choose


def _twisted(name: str, twist: Callable[[Answer], Answer], applied: bool = True) -> Fault:
    def play(_request: Request, honest: Honest) -> Answer:
        return twist(honest() if applied else multistatus([]))

    return Fault(name, play)


def _kill(*, applied: bool) -> Callable[[Request, Honest], Answer]:
    def play(_request: Request, honest: Honest) -> Answer:
        if applied:
            honest()
        raise Killed

    return play
