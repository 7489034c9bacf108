"""A mail as it is laid out: one set of values, written as text and as HTML."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from bookings.core.plain_text import one_line
from bookings.templatetags import times

_WIDTH = 78


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """``lines`` is what somebody else wrote, each a line; it is set apart from our own words."""

    label: str
    text: str = ""
    lines: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """``is_quiet``: a link rather than a button."""

    words: str
    url: str
    is_danger: bool = False
    is_quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a kind of mail says: ``subject`` and ``title`` a line each, ``lead`` some sentences."""

    subject: str
    title: str
    lead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Written in the language and the zone that are active. ``is_off``: the time named does not hold any more.

    ``starts_at`` and ``ends_at`` are None where the mail is about no single time. ``after`` says until when ``buttons``
    can be used, ``because`` why this mail comes.
    """

    account: Account
    words: Words
    starts_at: datetime | None
    ends_at: datetime | None
    is_off: bool
    facts: tuple[Fact, ...]
    buttons: tuple[Button, ...]
    after: str
    because: str

    @property
    def preview(self) -> str:
        """What an inbox shows beside the subject."""
        return ", ".join(fact.text for fact in self.facts[:3] if fact.text)

    @property
    def colour(self) -> str:
        return self.account.colours.on_light

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(str(timezone.get_current_timezone()))


def as_html(page: Page) -> str:
    return render_to_string("mail/letter.html", {"page": page})


def as_text(page: Page) -> str:
    """Paragraphs with an empty line between, whole addresses on lines of their own."""
    return "\n\n".join(paragraph for paragraph in _paragraphs(page) if paragraph) + "\n"


def _paragraphs(page: Page) -> Iterator[str]:
    yield one_line(page.account.name)
    yield f"{_wrapped(page.words.title)}\n{_wrapped(page.words.lead)}"
    yield _when(page)
    yield "\n".join(_fact(fact) for fact in page.facts)
    yield "\n".join(f"{button.words}:\n{button.url}" for button in page.buttons)
    yield _wrapped(page.after)
    yield f"-- \n{_wrapped(page.because)}"


def _when(page: Page) -> str:
    if page.starts_at is None or page.ends_at is None:
        return ""
    time = f"{times.full_day_clock(page.starts_at)} – {times.clock(page.ends_at)}"
    words = _("%(length)s, %(city)s time (%(offset)s)") % {
        "length": times.length_words(page.ends_at - page.starts_at),
        "city": times.city(page.zone),
        "offset": times.offset(page.starts_at),
    }
    return f"{time}\n{words}"


def _fact(fact: Fact) -> str:
    if fact.lines:
        return "\n".join((f"{fact.label}:", *(f"> {line}".rstrip() for line in fact.lines)))
    return f"{fact.label}: {fact.text}"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
