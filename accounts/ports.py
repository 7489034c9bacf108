"""What apps above give to this one: who writes the mails that are sent from here, and what waits for somebody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOrder:
    """Which mail is to be written: about what, at which step, to whom."""

    subject_uid: UUID
    kind: str
    recipient: str
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as it goes out. Subject and names are single lines.

    ``invitation`` is an iCalendar object with the METHOD ``method``, or empty.
    """

    subject: str
    text: str
    html: str
    sender_name: str
    recipient_name: str = ""
    reply_to: str = ""
    invitation: bytes = b""
    method: str = ""


# None: there is nothing to tell any more
Composer: TypeAlias = Callable[[MailOrder, datetime], Letter | None]

_composers: dict[str, Composer] = {}


def compose_with(composer: Composer, kinds: Iterable[str]) -> None:
    """From now on mails of these kinds are written by ``composer``, which is given the order and ``now``.

    "reminder" stands for "reminder_60" and every other number.
    """
    _composers.update(dict.fromkeys(kinds, composer))


def compose(order: MailOrder, now: datetime) -> Letter | None:
    """The letter, or None if there is nothing to tell any more; KeyError for a kind nobody writes."""
    return _composers[_family(order.kind)](order, now)


def _family(kind: str) -> str:
    family, _line, number = kind.rpartition("_")
    return family if number.isdecimal() else kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What stands on top of every page of a member, with a link to where it is mended."""

    text: str
    link: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """How many things wait for a member, and what must be said on every page of theirs."""

    count: int = 0
    notices: tuple[Notice, ...] = ()
