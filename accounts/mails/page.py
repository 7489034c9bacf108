"""A mail about no appointment, as it is laid out: one set of values, written as text and as HTML."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string

from accounts.models import Account
from accounts.ports import Letter
from accounts.services.message import LONGEST_NAME, line

_WIDTH = 78


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """``subject`` and ``title`` a line each, ``lead`` some sentences."""

    subject: str
    title: str
    lead: str


@dataclass(frozen=True, slots=True)
class Button:
    words: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """``after`` says until when ``buttons`` can be used, ``because`` why this mail comes."""

    account: Account
    words: Words
    buttons: tuple[Button, ...]
    after: str
    because: str

    @property
    def preview(self) -> str:
        """What an inbox shows beside the subject."""
        return self.words.lead

    @property
    def colour(self) -> str:
        return self.account.colours.on_light


def letter_of(page: Page, *, recipient_name: str) -> Letter:
    return Letter(
        subject=page.words.subject,
        text="\n\n".join(paragraph for paragraph in _paragraphs(page) if paragraph) + "\n",
        html=render_to_string("mail/letter.html", {"page": page}),
        sender_name=page.account.name,
        recipient_name=recipient_name,
        reply_to=page.account.email,
    )


def one_line(name: str) -> str:
    """What somebody typed as a name, so that it cannot pass for a line of ours."""
    return line(name, LONGEST_NAME)


def _paragraphs(page: Page) -> Iterator[str]:
    yield one_line(page.account.name)
    yield f"{_wrapped(page.words.title)}\n{_wrapped(page.words.lead)}"
    yield "\n".join(f"{button.words}:\n{button.url}" for button in page.buttons)
    yield _wrapped(page.after)
    yield f"-- \n{_wrapped(page.because)}"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
