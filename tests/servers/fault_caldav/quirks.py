"""Standing habits of a server, within the RFCs and outside of them. All may be changed while it runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import quote, unquote, unquote_to_bytes


class Etags(Enum):
    STRONG = "strong"
    WEAK = "weak"
    NONE = "none"


class Forgotten(Enum):
    """How a sync-token that is not known any more is answered."""

    PRECONDITION_403 = "403 with valid-sync-token"
    PRECONDITION_409 = "409 with valid-sync-token"
    PRECONDITION_412 = "412 with valid-sync-token"
    BARE_403 = "403 without a word"
    BARE_410 = "410 without a word"
    BARE_500 = "500 without a word"
    EVERYTHING = "207 with everything"
    NOTHING = "207 with nothing"


class Withheld(Enum):
    """What multiget says about an object it does not hand out."""

    NOT_FOUND = "404"
    LEFT_OUT = "no row"
    EMPTY = "a row with an empty calendar-data"
    WITHOUT_DATA = "a row without calendar-data"
    FAILS_ALL = "500 for the whole answer"
    TOO_LARGE = "413 for the whole answer"


class UidScope(Enum):
    CALENDAR = "calendar"
    LOGIN = "login"


Spelling = Callable[[str], str]


@dataclass(slots=True)
class Quirks:
    """The defaults are a server that keeps to RFC 4791 and 6578.

    ``home_token``: what the home goes on saying of every calendar, whatever moves; empty for the truth. ``overlooked``:
    names of objects whose changes a sync answer leaves out; ``phantoms``: those it calls 404 although they are there.
    ``withheld``: names of objects and what multiget says of them. ``page``: most rows of one sync answer;
    ``page_never_moves``: its token stays the same. ``ghosts``: names a first sync calls 404. ``failing_members``:
    names a sync answer gives the status 507. ``rewrite``: text stored instead of the one that was put. ``stale_reads``:
    reads of an object after a PUT that still see what was there before. ``spell``: from a path to the href in answers.
    """

    etags: Etags = Etags.STRONG
    etag_after_put: bool = True
    rewrite: Callable[[str], str] | None = None
    renames: Callable[[str], str] | None = None
    stale_reads: int = 0
    heeds_conditions: bool = True
    demands_end: bool = False
    uid_scope: UidScope = UidScope.CALENDAR
    uid_conflict_status: int = 403
    missing_calendar_status: int = 409
    knows_sync: bool = True
    knows_multiget: bool = True
    tells_privileges: bool = True
    tells_ctag: bool = True
    unknown_token: Forgotten = Forgotten.PRECONDITION_403
    page: int | None = None
    page_never_moves: bool = False
    names_collection: bool = False
    repeats: bool = False
    home_token: str = ""
    overlooked: frozenset[str] = frozenset()
    phantoms: frozenset[str] = frozenset()
    ghosts: tuple[str, ...] = ()
    failing_members: frozenset[str] = frozenset()
    withheld: dict[str, Withheld] = field(default_factory=dict)
    spell: Spelling | None = None


def absolute(origin: str) -> Spelling:
    """Hrefs that name a server."""
    return lambda path: origin.rstrip("/") + path


def doubled_slash(path: str) -> str:
    head, _, name = path.rstrip("/").rpartition("/")
    return f"{head}//{name}{'/' if path.endswith('/') else ''}"


def encoded_otherwise(path: str) -> str:
    """Every byte but the slashes percent-encoded, in lower-case digits."""
    return "".join(char if char == "/" else f"%{ord(char):02x}" for char in unquote_to_bytes(path).decode("latin-1"))


def without_encoding(path: str) -> str:
    return unquote(path)


def quoted(path: str) -> str:
    """A decoded path as it stands in a URL."""
    return quote(path, safe="/@:!$'()*+,;=~-._")
